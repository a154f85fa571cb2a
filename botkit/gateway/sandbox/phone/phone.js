// The phone: contacts, the open chat, and one event stream that keeps both up to date.

import { author, bubble, element, replies, summary, unsentBubble } from "/bubble.js";
import { keepContact, keepOpen, keepUnsent, keptContacts, keptOpen, keptUnsent, knewAnother } from "/kept.js";
import { clockTime, dayName, translate, word } from "/words.js";

const TYPING_MS = 5_000;
const KEPT = 300;
const $ = (id) => document.getElementById(id);

const contacts = new Map(); // id -> {id, name, last_at, last, unread}
const chats = new Map(); // id -> Map of n -> entry
const unsent = new Set(keptUnsent()); // {from, message, at, detail}
const onTheWay = new Set(); // those of them that are being tried again
let open = null;
let run = null; // which sandbox the chats are of; null while they are being read
let restarted = false;
let atBottom = true;
let typingTimer = 0;

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error((await response.json()).error);
  return response.json();
}

function tell(message) {
  atBottom = true;
  return deliver({ from: open, message, at: Date.now() / 1000 });
}

// What does not arrive stays in the chat as a bubble of its own, until it does or is discarded.
async function deliver(letter) {
  if (onTheWay.has(letter)) return;
  onTheWay.add(letter);
  try {
    const side = letter.message.type === "echo" ? "to" : "from"; // an echo goes to the person
    await post("/_sandbox/inbound", { [side]: letter.from, ...letter.message });
    unsent.delete(letter);
  } catch (error) {
    letter.detail = error instanceof TypeError ? "" : error.message; // a TypeError: nobody answered
    unsent.add(letter);
    $("announcer").textContent = `${word("unsent")}: ${summary({ type: letter.message.type, body: letter.message })}`;
  }
  onTheWay.delete(letter);
  unsentChanged();
}

function unsentChanged() {
  keepUnsent([...unsent]);
  drawChat();
}

function unsentRow(letter) {
  const retry = () => {
    deliver(letter);
    $("text").focus();
  };
  const discard = () => {
    unsent.delete(letter);
    unsentChanged();
    $("text").focus();
  };
  return unsentBubble(letter, retry, discard);
}

function notice(text) {
  $("bot-state").hidden = !text;
  $("bot-state").textContent = text;
}

// --- contacts ---

function learn(contact) {
  const known = contacts.get(contact.id) ?? { unread: 0, last: null };
  contacts.set(contact.id, { ...known, ...contact });
}

function remember(entry) {
  if (!contacts.has(entry.contact)) learn({ id: entry.contact, name: entry.contact, last_at: entry.at });
  if (!chats.has(entry.contact)) chats.set(entry.contact, new Map());
  const chat = chats.get(entry.contact);
  const isNew = !chat.has(entry.n);
  if (!isNew && chat.get(entry.n).attempts > entry.attempts) return false; // an event overtook the history
  chat.set(entry.n, entry);
  if (chat.size > KEPT) chat.delete(chat.keys().next().value);
  const contact = contacts.get(entry.contact);
  if (entry.type !== "typing" && entry.n >= (contact.last?.n ?? 0)) Object.assign(contact, { last: entry, last_at: entry.at });
  return isNew;
}

function avatar(node, contact) {
  const hue = [...contact.id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 6, 7);
  node.textContent = [...contact.name.replace(/^\+/, "")][0]?.toUpperCase() ?? "?";
  node.dataset.hue = String(hue);
  return node;
}

function plus(id) {
  return /^\d+$/.test(id) ? `+${id}` : id;
}

function shownName({ id, name }) {
  return name === id ? plus(id) : name;
}

function contactRow(contact) {
  const face = avatar(element("span", "avatar"), contact);
  face.setAttribute("aria-hidden", "true");
  const last = contact.last ? summary(contact.last) : plus(contact.id);
  const row = element(
    "button",
    "contact",
    face,
    element("span", "contact-name", shownName(contact)),
    element("span", "contact-last", last),
    element("time", "contact-time", contact.last ? clockTime(contact.last_at) : ""),
  );
  if (contact.unread) {
    const badge = element("span", "badge", String(contact.unread));
    badge.setAttribute("aria-label", `${contact.unread} ${word("unread")}`);
    row.append(badge);
  }
  row.type = "button";
  row.dataset.contact = contact.id;
  if (contact.id === open) row.setAttribute("aria-current", "true");
  row.addEventListener("click", () => openChat(contact.id));
  return element("li", "", row);
}

function drawContacts() {
  const focused = document.activeElement?.dataset?.contact;
  const order = [...contacts.values()].sort((a, b) => b.last_at - a.last_at);
  $("contacts").replaceChildren(...order.slice(0, KEPT).map(contactRow));
  if (focused) document.querySelector(`.contact[data-contact="${CSS.escape(focused)}"]`)?.focus();
  const unread = order.reduce((sum, contact) => sum + contact.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}botkit · sandbox`;
}

// --- the open chat ---

async function openChat(id, { focus = true } = {}) {
  open = id;
  contacts.get(id).unread = 0;
  keepOpen(id);
  keepContact(contacts.get(id));
  atBottom = true;
  if (focus) document.body.dataset.pane = "chat";
  drawContacts();
  drawChat(); // at once, for who writes now is this contact, even if the sandbox is down
  if (focus) $("text").focus();
  const { history } = await get(`/_sandbox/history?contact=${encodeURIComponent(id)}`).catch(() => ({ history: [] }));
  history.forEach(remember);
  drawContacts();
  drawChat();
}

function drawChat() {
  const contact = contacts.get(open);
  $("chat-name").textContent = shownName(contact);
  $("chat-number").textContent = contact.id === contact.name ? "" : plus(contact.id);
  avatar($("chat-avatar"), contact);
  const entries = [...(chats.get(open)?.values() ?? [])].filter(({ type }) => type !== "typing").sort((a, b) => a.n - b.n);
  const rows = restarted ? [element("li", "restarted", word("restarted"))] : [];
  let day = "";
  const last = entries.at(-1);
  for (const entry of entries) {
    if (dayName(entry.at) !== day) rows.push(element("li", "day", (day = dayName(entry.at))));
    rows.push(bubble(entry));
    if (entry === last) rows.push(...quickReplies(entry));
    else if (entry.type === "choices") rows.push(pastOptions(entry));
  }
  const mine = [...unsent].filter(({ from }) => from === open);
  if (!entries.length && !mine.length) rows.push(element("li", "empty", word("empty")));
  $("messages").replaceChildren(...rows, ...mine.map(unsentRow));
  keepBottom();
}

function keepBottom() {
  if (atBottom) $("messages").scrollTop = $("messages").scrollHeight;
}

// Buttons that were answered stay to be read; a numbered list is in the text anyway.
function pastOptions(entry) {
  return element("li", "replies", ...replies(entry).map(({ label }) => element("span", "reply", label)));
}

function quickReplies(entry) {
  const options = replies(entry);
  if (!options.length) return [];
  const row = element("li", "replies");
  for (const { id, title, text, label } of options) {
    const button = element("button", "reply", label);
    button.type = "button";
    button.dataset.reply = id ?? text;
    const choice = { type: "choice", choice: { id, title, message_id: entry.id } };
    button.addEventListener("click", () => {
      tell(text ? { text } : choice);
      $("text").focus();
    });
    row.append(button);
  }
  return [row];
}

function showTyping() {
  $("chat-number").textContent = word("typing");
  clearTimeout(typingTimer);
  typingTimer = setTimeout(drawChat, TYPING_MS);
}

// --- events ---

function onMessage(entry) {
  if (!remember(entry)) return;
  if (entry.type === "typing") {
    if (entry.contact === open) showTyping();
    return;
  }
  const contact = contacts.get(entry.contact);
  const seen = entry.contact === open && !document.hidden && isChatShown();
  if (entry.direction === "out" && !seen) contact.unread += 1;
  if (entry.direction === "out") $("announcer").textContent = `${shownName(contact)}, ${author(entry)}: ${summary(entry)}`;
  drawContacts();
  if (entry.contact === open) drawChat();
}

function isWide() {
  return matchMedia("(min-width: 601px)").matches;
}

function isChatShown() {
  return document.body.dataset.pane === "chat" || isWide();
}

function onState(entry) {
  if (!chats.get(entry.contact)?.has(entry.n)) return;
  remember(entry);
  if (entry.contact === open) document.querySelector(`.bubble[data-n="${entry.n}"]`)?.replaceWith(bubble(entry));
  if (entry.contact === open) keepBottom();
}

function onBot(bot) {
  if (bot.reachable === false) notice(`${word("botDown")} (${word(bot.detail)} · ${bot.webhook_url})`);
  else notice(bot.detail ? `${word("botRefuses")} (${bot.detail})` : "");
}

// A sandbox that starts again knows nobody: the page tells it whom it wrote as, under their names.
async function introduce(known) {
  const names = new Map(known.map(({ id, name }) => [id, name]));
  for (const { id, name } of keptContacts()) {
    if ((names.get(id) ?? id) === id) learn(await post("/_sandbox/contacts", { id, name }));
  }
}

async function load() {
  const state = await get("/_sandbox/state");
  onBot(state.bot);
  if (state.run === run) return;
  chats.clear();
  contacts.clear();
  for (const contact of keptContacts()) learn({ ...contact, last_at: 0 });
  const list = await get("/_sandbox/contacts");
  list.contacts.forEach(learn);
  await introduce(list.contacts);
  const recent = await get("/_sandbox/history");
  recent.history.forEach(remember);
  restarted = knewAnother(state.run);
  run = state.run;
  const isFirst = open === null;
  const remembered = contacts.has(keptOpen()) ? keptOpen() : list.contacts[0].id;
  await openChat(open ?? remembered, { focus: false });
  if (isFirst && isWide()) $("text").focus();
}

// A load that fails is done again when the stream is back.
function connected() {
  load().catch(() => notice(word("streamDown")));
}

// Firefox and Chromium both go on by themselves, with the id of the last event they saw.
// The stream is open before anything is read, so nothing falls between the two.
function listen() {
  const events = new EventSource("/_sandbox/events");
  const on = (name, react) => events.addEventListener(name, (event) => react(JSON.parse(event.data)));
  on("message", onMessage);
  on("state", onState);
  on("bot", onBot);
  on("contact", (contact) => {
    learn(contact);
    drawContacts();
  });
  on("reset", () => {
    run = null;
    connected();
  });
  events.addEventListener("error", () => notice(word("streamDown")));
  events.addEventListener("open", connected);
}

// --- what the reader does ---

function sendText(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || !open) return;
  $("text").value = "";
  tell(isOperator() ? { type: "echo", text } : { text });
}

// The person's phone is the page's; with this on, what is written is typed on the phone of the business.
function isOperator() {
  return $("operator").getAttribute("aria-pressed") === "true";
}

function setOperator(on) {
  $("operator").setAttribute("aria-pressed", String(on));
  $("composer").dataset.as = on ? "operator" : "person";
  toggle($("attach"), $("attach-menu"), false);
  $("attach").disabled = on;
  $("text").placeholder = word(on ? "writeAsOperator" : "write");
  $("text").setAttribute("aria-label", $("text").placeholder);
}

function toggle(button, panel, shown) {
  panel.hidden = !shown;
  button.setAttribute("aria-expanded", String(shown));
}

function attach(message) {
  if (!open) return;
  toggle($("attach"), $("attach-menu"), false);
  tell(message);
  $("text").focus();
}

// A file goes to the sandbox first, which then tells the bot where to fetch it; what is written is its caption.
async function attachFile(file, asDocument) {
  const family = file.type.split("/")[0];
  const type = !asDocument && ["image", "video", "audio"].includes(family) ? family : "document";
  const headers = { "Content-Type": file.type || "application/octet-stream" };
  const caption = type === "audio" ? "" : $("text").value.trim();
  toggle($("attach"), $("attach-menu"), false);
  let medium;
  try {
    const response = await fetch(`/_sandbox/media?name=${encodeURIComponent(file.name)}`, { method: "POST", headers, body: file });
    medium = await response.json();
    if (!response.ok) throw new Error(medium.error);
  } catch (error) {
    return notice(error instanceof TypeError ? word("notAttached") : `${word("notAttached")} (${error.message})`);
  }
  if (caption) $("text").value = "";
  attach({ type, ...medium, ...(caption && { caption }) });
}

// Tell what is wrong with one of the form's fields, or with none.
function complain(field, text) {
  for (const input of [$("contact-name"), $("contact-number")]) input.setAttribute("aria-invalid", String(input === field));
  $("contact-error").textContent = text;
  $("contact-error").hidden = !text;
  field?.focus();
}

async function saveContact(event) {
  event.preventDefault();
  const written = $("contact-number").value;
  const contact = { id: written.replace(/\D/g, ""), name: $("contact-name").value.trim() };
  if (!contact.name) return complain($("contact-name"), word("badName"));
  if (!/^[+\d\s().-]+$/.test(written) || !/^\d{5,15}$/.test(contact.id)) return complain($("contact-number"), word("badNumber"));
  complain(null, "");
  try {
    learn(await post("/_sandbox/contacts", contact));
  } catch (error) {
    return complain(null, error instanceof TypeError ? word("notAdded") : error.message);
  }
  $("contact-form").reset();
  toggle($("add-contact"), $("contact-form"), false);
  openChat(contact.id);
}

function wire() {
  $("composer").addEventListener("submit", sendText);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) sendText(event);
  });
  $("messages").addEventListener("scroll", ({ target }) => {
    atBottom = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
  });
  $("messages").addEventListener("load", keepBottom, true);
  new ResizeObserver(keepBottom).observe($("messages"));
  $("back").addEventListener("click", () => {
    document.body.dataset.pane = "list";
    document.querySelector(".contact[aria-current]")?.focus();
  });
  $("add-contact").addEventListener("click", () => {
    toggle($("add-contact"), $("contact-form"), $("contact-form").hidden);
    complain(null, "");
    if (!$("contact-form").hidden) $("contact-name").focus();
  });
  $("contact-cancel").addEventListener("click", () => toggle($("add-contact"), $("contact-form"), false));
  $("contact-form").addEventListener("submit", saveContact);
  $("operator").addEventListener("click", () => {
    setOperator(!isOperator());
    $("text").focus();
  });
  $("attach").addEventListener("click", () => toggle($("attach"), $("attach-menu"), $("attach-menu").hidden));
  for (const kind of ["picture", "document"]) {
    $(`attach-${kind}`).addEventListener("click", () => $(`${kind}-file`).click());
    $(`${kind}-file`).addEventListener("change", ({ target }) => {
      if (target.files[0]) attachFile(target.files[0], kind === "document");
      target.value = ""; // the same file can be chosen again
    });
  }
  $("attach-location").addEventListener("click", () =>
    attach({ type: "location", latitude: -16.4957, longitude: -68.1336, place: "Plaza Murillo, La Paz" }),
  );
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    toggle($("attach"), $("attach-menu"), false);
    toggle($("add-contact"), $("contact-form"), false);
  });
}

translate(document);
wire();
listen();
