"""How a message is shown with what a gateway can show: the best form that loses nothing. Pure.

`choices`: buttons if there are few enough and their titles short enough, else a list, else numbered text. A header
becomes a bold first line and a footer the last one, which every gateway shows alike. A text over the limit is split at
paragraphs, else lines, else words; options stay with its last part. A location becomes a maps link, a medium that
the gateway does not take its caption and link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botkit.ports import Capabilities

Message = Mapping[str, Any]

#: Characters; WhatsApp's own limit. A longer caption follows its medium as a text.
CAPTION_LIMIT = 1024

_BREAKS = ("\n\n", "\n", " ")


def fit(message: Message, capabilities: Capabilities) -> list[Message]:
    """Return the messages that show `message`, in order; `choices` gain `shown`: buttons or list."""
    return _FORMS.get(message["type"], _medium)(message, capabilities)


def split(text: str, limit: int) -> list[str]:
    """Return `text` in parts of at most `limit` characters, cut where it hurts least; spaces at a cut are dropped."""
    parts = []
    while len(text) > limit:
        cut = _cut(text, limit)
        if head := text[:cut].rstrip():
            parts.append(head)
        text = text[cut:].lstrip()
    return [*parts, text] if text or not parts else parts


def _cut(text: str, limit: int) -> int:
    for mark in _BREAKS:
        # A mark that begins right behind the limit still leaves a part that fits.
        cut = text.rfind(mark, 1, limit + len(mark))
        if cut > 0:
            return cut
    return limit


def _text(message: Message, capabilities: Capabilities) -> list[Message]:
    parts = split(message["text"], capabilities.text)
    return [message] if len(parts) == 1 and parts[0] == message["text"] else [_say(part) for part in parts]


def _say(text: str) -> Message:
    return {"type": "text", "text": text}


def _choices(message: Message, capabilities: Capabilities) -> list[Message]:
    text = _with_frame(message).rstrip()
    shown = _shown(message["options"], capabilities)
    if shown is None:
        return [_say(part) for part in _numbered(text, message["options"], capabilities.text)]
    *before, last = split(text, capabilities.text)
    return [*map(_say, before), {"type": "choices", "text": last, "options": message["options"], "shown": shown}]


def _with_frame(message: Message) -> str:
    header, footer = message.get("header"), message.get("footer")
    parts = [f"*{header}*" if header else "", message.get("text") or "", footer or ""]
    return "\n\n".join(part for part in parts if part)


def _shown(options: Sequence[Message], capabilities: Capabilities) -> str | None:
    longest = max((len(option["title"]) for option in options), default=0)
    if 0 < len(options) <= capabilities.buttons and longest <= capabilities.button_title:
        return "buttons"
    if 0 < len(options) <= capabilities.list_rows and longest <= capabilities.list_title:
        return "list"
    return None


def _numbered(text: str, options: Sequence[Message], limit: int) -> list[str]:
    menu = "\n".join(f"{number}. {option['title']}" for number, option in enumerate(options, 1))
    whole = "\n\n".join(part for part in (text, menu) if part)
    if len(whole) <= limit:
        return [whole]
    room = limit - len(menu) - len("\n\n")
    if room < limit // 4:
        return [*split(text, limit), *split(menu, limit)]
    *before, last = split(text, limit)
    *more, last = split(last, room)
    return [*before, *more, f"{last}\n\n{menu}"]


def _location(message: Message, capabilities: Capabilities) -> list[Message]:
    if "location" in capabilities.media:
        return [message]
    link = f"https://maps.google.com/?q={message['latitude']},{message['longitude']}"
    return _lines(capabilities, message.get("name"), link)


def _contact(message: Message, capabilities: Capabilities) -> list[Message]:
    if "contact" in capabilities.media:
        return [message]
    return _lines(capabilities, message.get("name"), message.get("phone"))


def _medium(message: Message, capabilities: Capabilities) -> list[Message]:
    caption = message.get("caption") or ""
    if message["type"] not in capabilities.media:
        return _lines(capabilities, caption, message.get("name"), message["url"])
    if len(caption) <= CAPTION_LIMIT:
        return [message]
    bare = {name: value for name, value in message.items() if name != "caption"}
    return [bare, *map(_say, split(caption, capabilities.text))]


def _typing(message: Message, capabilities: Capabilities) -> list[Message]:
    return [message] if "typing" in capabilities.media else []


def _lines(capabilities: Capabilities, *lines: str | None) -> list[Message]:
    return [_say(part) for part in split("\n".join(line for line in lines if line), capabilities.text)]


_FORMS: dict[str, Callable[[Message, Capabilities], list[Message]]] = {
    "text": _text,
    "choices": _choices,
    "location": _location,
    "contact": _contact,
    "typing": _typing,
}
