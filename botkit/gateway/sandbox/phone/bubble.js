// One message as DOM. Text from people and bots only ever becomes text nodes, never markup.

import { icon } from "/icons.js";
import { clockTime, word } from "/words.js";

const MARKS = [
  ["*", "strong"],
  ["_", "em"],
  ["~", "s"],
];
const PLAYERS = { image: "img", video: "video", audio: "audio" };
const KINDS = { image: "photo", document: "document", audio: "audio", video: "video", location: "location", contact: "contact" };
const TROUBLES = new Set(["refused", "given_up", "unsent"]);
const LETTER = /[\p{L}\p{N}]/u;
const MARKED_MAX = 4_096;
const NUMBERED = /^\s*\*?(\d{1,2})\*?\s*[.):\-]\s+(\S.*)$/;

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// A mark opens before a letter and closes after one, within a line, as WhatsApp has it.
function nextMark(text) {
  for (let at = 0; at < text.length; at += 1) {
    const mark = MARKS.find(([sign]) => text[at] === sign);
    if (!mark || LETTER.test(text[at - 1] ?? " ") || /\s/.test(text[at + 1] ?? " ")) continue;
    for (let end = text.indexOf(mark[0], at + 2); end > 0; end = text.indexOf(mark[0], end + 1)) {
      if (!/\s/.test(text[end - 1]) && !LETTER.test(text[end + 1] ?? " ")) return { at, end, tag: mark[1] };
    }
  }
  return null;
}

export function marked(text) {
  const parts = [];
  let rest = text;
  for (let found = nextMark(rest); found; found = nextMark(rest)) {
    parts.push(rest.slice(0, found.at), element(found.tag, "", ...marked(rest.slice(found.at + 1, found.end))));
    rest = rest.slice(found.end + 1);
  }
  return [...parts, rest];
}

function paragraph(text) {
  const node = element("p", "text");
  text.split("\n").forEach((line, index) => node.append(...(index ? ["\n"] : []), ...(line.length > MARKED_MAX ? [line] : marked(line))));
  return node;
}

function link(url, ...children) {
  const node = element("a", "card", ...children);
  if (/^(https?:\/)?\//i.test(url)) node.href = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function card(type, title, detail) {
  return [
    element("span", "card-icon", icon(type)),
    element("span", "card-words", element("b", "", title), element("small", "", detail)),
  ];
}

// What the sandbox holds is shown; what stands elsewhere is only named, for nothing leaves this machine.
function media(type, body) {
  const caption = body.caption ? [paragraph(body.caption)] : [];
  const url = body.media_id ? `/_sandbox/media/${encodeURIComponent(body.media_id)}` : body.url;
  const title = body.name ?? body.filename ?? word(KINDS[type]);
  const named = link(url, ...card(type, title, body.media_id ? (body.mime ?? "") : body.url));
  if (body.media_id && body.name) named.download = title;
  if (!body.media_id || !PLAYERS[type]) return [named, ...caption];
  const player = element(PLAYERS[type], type === "image" ? "picture" : "player");
  if (type === "image") player.alt = body.caption ?? title;
  else player.controls = true;
  player.addEventListener("error", () => player.replaceWith(named)); // of a kind that this browser cannot show
  player.src = url;
  return [player, ...caption];
}

// A question between its header and its footer, as WhatsApp frames what has buttons.
function framed(body) {
  const line = (name) => (body[name] ? [element("p", name, body[name])] : []);
  return [...line("header"), paragraph(body.text ?? ""), ...line("footer")];
}

function place(body) {
  const where = `${body.latitude}, ${body.longitude}`;
  return link(
    `https://www.openstreetmap.org/?mlat=${body.latitude}&mlon=${body.longitude}#map=16`,
    ...card("location", body.name ?? body.place ?? word("location"), where),
  );
}

function content(entry) {
  const { type, body } = entry;
  if (type === "choice") return [paragraph(body.choice.title)];
  if (type === "location") return [place(body)];
  if (type === "contact") return [element("div", "card", ...card("contact", body.name, body.phone))];
  if (body.url || body.media_id) return media(type, body);
  return framed(body);
}

// What a person could tap: real buttons, or the lines of a numbered list of at least two.
export function replies(entry) {
  if (entry.direction !== "out") return [];
  if (entry.type === "choices") return entry.body.options.map(({ id, title }) => ({ id, title, label: title }));
  if (entry.type !== "text") return [];
  const lines = (entry.body.text ?? "").split("\n").map((line) => NUMBERED.exec(line)).filter(Boolean);
  const inOrder = lines.every((line, index) => Number(line[1]) === Number(lines[0][1]) + index);
  if (lines.length < 2 || lines.length > 12 || !inOrder) return [];
  return lines.map(([, number, title]) => ({ text: number, label: `${number} · ${title.replace(/[*_~]/g, "")}` }));
}

export function summary(entry) {
  const { type, body } = entry;
  const text = type === "choice" ? body.choice.title : (body.text ?? body.caption ?? body.name ?? body.place ?? "");
  const parts = [KINDS[type] && word(KINDS[type]), text.replace(/[*_~]/g, "").replace(/\s+/g, " ").trim()];
  return parts.filter(Boolean).join(" · ").slice(0, 90);
}

function foot(entry) {
  const node = element("p", "foot");
  if (entry.type === "echo") node.append(element("span", "", `${word("phoneEcho")} · `));
  const time = element("time", "", clockTime(entry.at));
  time.dateTime = new Date(entry.at * 1000).toISOString();
  time.title = new Date(entry.at * 1000).toLocaleString();
  node.append(time);
  if (entry.direction === "in" || entry.state === "unsent") {
    const told = word(entry.state) + (entry.detail ? ` (${word(entry.detail)})` : "");
    const tick = element("span", "tick", icon(entry.state));
    tick.title = told;
    tick.setAttribute("role", "img");
    tick.setAttribute("aria-label", told);
    node.append(tick);
    if (TROUBLES.has(entry.state)) node.append(element("span", "trouble", told));
  }
  return node;
}

export function author(entry) {
  if (entry.type === "echo") return word("business");
  return word(entry.direction === "in" ? "you" : "bot");
}

export function bubble(entry) {
  const who = element("span", "unseen", `${author(entry)}: `);
  const node = element("li", "bubble", who, ...content(entry), foot(entry));
  Object.assign(node.dataset, { n: entry.n, id: entry.id, direction: entry.direction, state: entry.state, type: entry.type });
  return node;
}

// A message that did not reach the sandbox: nothing is lost, and the reader says what becomes of it.
export function unsentBubble({ message, at, detail }, retry, discard) {
  const type = message.type ?? "text";
  const direction = type === "echo" ? "out" : "in";
  const entry = { n: "", id: "", direction, type, body: message, at, state: "unsent", detail };
  const node = bubble(entry);
  for (const [name, act] of Object.entries({ retry, discard })) {
    const button = element("button", "again", word(name));
    button.type = "button";
    button.dataset.act = name;
    button.addEventListener("click", act);
    node.lastChild.append(button);
  }
  return node;
}
