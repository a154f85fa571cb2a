"""How a message is shown with what a gateway can show: the best form that loses nothing. Pure.

`choices`: buttons if there are few enough and their titles short enough, else a list, else numbered text. A header
becomes a bold first line and a footer the last one where the gateway has none of its own. A text over the limit is
split at paragraphs, else lines, else words; options stay with its last part. A location becomes a maps link, a medium
that the gateway does not take its caption and link. The link to a file is made when it is sent (`media.py`): here a
text only names the `file`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from botkit.ports import Capabilities

Message = Mapping[str, Any]

#: Characters; WhatsApp's own limit. A longer caption follows its medium as a text.
CAPTION_LIMIT = 1024

#: Characters above buttons or a list; WhatsApp's own limit for the body of an interactive message. What is longer goes
#: before them as texts.
BODY_LIMIT = 1024

#: Characters that are left free for the link to a file, whose length is known only when it is sent.
LINK_ROOM = 400

_BREAKS = ("\n\n", "\n", " ")
_FOOTER = MappingProxyType({"footer": ""})


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
    text = _framed(message)
    parts = split(text, capabilities.text)
    return [message] if parts == [message["text"]] else [_say(part) for part in parts]


def _say(text: str) -> Message:
    return {"type": "text", "text": text}


def _choices(message: Message, capabilities: Capabilities) -> list[Message]:
    shown = _shown(message["options"], capabilities)
    if shown is None:
        return [_say(part) for part in _numbered(message, capabilities.text)]
    own = _own_frame(message, capabilities)
    parts = _over_options(_framed(message, without=own).rstrip(), capabilities.text)
    if own and (len(parts) > 1 or not parts[0]):
        # A header belongs above the first part, and options need a text to stand under.
        own, parts = {}, _over_options(_framed(message), capabilities.text)
    *before, last = parts
    return [*map(_say, before), {"type": "choices", "text": last, "options": message["options"], "shown": shown, **own}]


def _over_options(text: str, limit: int) -> list[str]:
    """Return a text in parts, the last of which may stand above buttons or a list."""
    *before, last = split(text, limit)
    return [*before, *split(last, min(BODY_LIMIT, limit))]


def _own_frame(message: Message, capabilities: Capabilities) -> dict[str, str]:
    """Return the header and footer that the gateway has a place for."""
    room = {"header": capabilities.header, "footer": capabilities.footer}
    return {name: message[name] for name, limit in room.items() if 0 < len(message.get(name) or "") <= limit}


def _framed(message: Message, *, without: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the text between its header and footer; most have neither."""
    if not message.get("header") and not message.get("footer"):
        return message.get("text") or ""
    header, footer = ("" if name in without else message.get(name) or "" for name in ("header", "footer"))
    return _paragraphs(f"*{header}*" if header else "", message.get("text") or "", footer)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _shown(options: Sequence[Message], capabilities: Capabilities) -> str | None:
    longest = max((len(option["title"]) for option in options), default=0)
    if 0 < len(options) <= capabilities.buttons and longest <= capabilities.button_title:
        return "buttons"
    if 0 < len(options) <= capabilities.list_rows and longest <= capabilities.list_title:
        return "list"
    return None


def _numbered(message: Message, limit: int) -> list[str]:
    lines = "\n".join(f"{number}. {option['title']}" for number, option in enumerate(message["options"], 1))
    text = _framed(message, without=_FOOTER).rstrip()
    menu = _paragraphs(lines, message.get("footer") or "")
    whole = _paragraphs(text, menu)
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
    if message["type"] not in capabilities.media or not can_carry(message, capabilities.media_from):
        return _linked(message, caption, capabilities)
    if len(caption) <= CAPTION_LIMIT:
        return [message]
    bare = {name: value for name, value in message.items() if name != "caption"}
    return [bare, *map(_say, split(caption, capabilities.text))]


def can_carry(message: Message, media_from: Collection[str]) -> bool:
    """Tell whether one of a gateway's ways to take a medium fits its source."""
    if "file" in message:
        return not {"inline", "url"}.isdisjoint(media_from)
    given = message.get("media") or message
    return any(way in media_from and given.get(way) for way in ("id", "url"))


def _linked(message: Message, caption: str, capabilities: Capabilities) -> list[Message]:
    if "url" in message:
        return _lines(capabilities, caption, message.get("name"), message["url"])
    if "file" not in message:
        # What a gateway gave opens for nobody else: as a link it would be a dead one. Sending it fails, and says so.
        return [message]
    *before, last = _lines(capabilities, caption, message.get("name"))
    has_room = len(last["text"]) + LINK_ROOM <= capabilities.text
    before, last = (before, last) if has_room else ([*before, last], _say(""))
    return [*before, {**last, "file": message["file"]}]


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
