// What the page keeps in the browser: the sandbox forgets everybody when it stops.
// People outlive the tab (localStorage); what was not sent stays with its tab (sessionStorage).

const CONTACTS_KEPT = 50;

function read(storage, name, otherwise) {
  try {
    return JSON.parse(storage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(storage, name, value) {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    // A full storage: the page goes on without.
  }
}

// The contacts that were added or opened here, the one opened last at the end.
export function keptContacts() {
  return read(localStorage, "contacts", []);
}

export function keepContact({ id, name }) {
  const others = keptContacts().filter((contact) => contact.id !== id);
  write(localStorage, "contacts", [...others, { id, name }].slice(-CONTACTS_KEPT));
}

export function keptOpen() {
  return read(sessionStorage, "open", null) ?? read(localStorage, "open", null);
}

export function keepOpen(id) {
  write(sessionStorage, "open", id);
  write(localStorage, "open", id);
}

// Tell whether this tab has known another run of the sandbox than this one.
export function knewAnother(run) {
  const first = read(sessionStorage, "run", run);
  write(sessionStorage, "run", first);
  return first !== run;
}

export function keptUnsent() {
  return read(sessionStorage, "unsent", []);
}

export function keepUnsent(letters) {
  write(sessionStorage, "unsent", letters);
}
