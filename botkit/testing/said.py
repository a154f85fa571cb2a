"""What is said in a conversation test: what the person sends or taps, and what the bot must send."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from botkit.flow.fields import Fields
from botkit.flow.message import MEDIA, is_place
from botkit.flow.reader import Reading
from botkit.flow.scalar import core_value, value_of
from botkit.flow.shape import PAIR, SCALAR, TEXTS, TRUTH, Key, any_of, group, list_of, whole
from botkit.flow.source import Map, Node, Seq, Text
from botkit.turn.event import OperatorSaid, Release

#: What a person may send besides a text.
USER_FORMS: dict[str, Key] = {
    **dict.fromkeys(MEDIA, Key("a file of this name, and maybe a caption", SCALAR)),
    "location": Key("a place: [latitude, longitude]", PAIR),
}
_CAPTION = {"caption": Key("what stands below the file", SCALAR)}
USER = any_of(
    SCALAR,
    *(group({form: USER_FORMS[form], **_CAPTION}, (form,)) for form in MEDIA),
    group({"location": USER_FORMS["location"]}, ("location",)),
)
#: Keys of a line `tap`.
TAP_KEYS: dict[str, Key] = {
    "tap": Key("the person taps the option with this label", SCALAR),
    "of": Key("on the menu that was shown as this one, from 1 on", whole(1)),
}
#: What a bubble may be held to.
BUBBLE_KEYS: dict[str, Key] = {
    "text": Key("its text is this", SCALAR),
    "contains": Key("its text holds this", SCALAR),
    "matches": Key("a regular expression that its text holds", SCALAR),
    "options": Key("its options are these, by their labels", TEXTS),
    **dict.fromkeys(MEDIA, Key("it is a file of this name", SCALAR)),
    "location": Key("it is this place: [latitude, longitude]", PAIR),
    **_CAPTION,
}
#: A bubble that is that of a step, and none at all.
STEP_KEYS: dict[str, Key] = {"step": Key("it is the question of this step", SCALAR)}
SILENT_KEYS: dict[str, Key] = {"silent": Key("true: the bot says nothing", {"const": True})}
#: What all that the bot says is held to, however many bubbles that is; a pattern sees a bubble as `as_seen` gives it.
WHOLE_KEYS: dict[str, Key] = {
    "any": Key("true: whatever the bot says, or nothing", {"const": True}),
    "some": Key("a regular expression that one of the bubbles holds, whatever the others say", SCALAR),
    "never": Key("a regular expression that no bubble holds, however many there are", SCALAR),
}
_BUBBLE = any_of(SCALAR, group(BUBBLE_KEYS, minProperties=1), group(STEP_KEYS, STEP_KEYS))
BOT = any_of(_BUBBLE, group(SILENT_KEYS, SILENT_KEYS), group(WHOLE_KEYS, minProperties=1), list_of(_BUBBLE))
#: What the business does besides writing on its phone.
OPERATOR_KEYS: dict[str, Key] = {
    "reply": Key("it writes this from its desk, and the bot sends it", SCALAR),
    "release": Key("true: it gives the conversation back", TRUTH),
}
OPERATOR = any_of(SCALAR, group(OPERATOR_KEYS, minProperties=1, maxProperties=1))


@dataclass(frozen=True, slots=True)
class Message:
    """What the person sends; `media` and `location` as in `turn.event.Inbound`."""

    text: str | None = None
    media: Mapping[str, Any] | None = None
    location: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        if self.media:
            caption = self.media.get("caption")
            return f"[{self.media['type']} {self.media['name']}]" + (f" {caption}" if caption else "")
        if self.location:
            return f"[location {self.location['latitude']}, {self.location['longitude']}]"
        return self.text or ""


@dataclass(frozen=True, slots=True)
class Tapped:
    """An option that the person taps: on the menu on show, or on the one that was shown as number `of` (from 1)."""

    label: str
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What one bubble must be; None does not matter. `medium` is its kind and the file's name.

    `step` stands for the bubbles of that step's question.
    """

    text: str | None = None
    contains: str | None = None
    matches: str | None = None
    options: tuple[str, ...] | None = None
    medium: tuple[str, str] | None = None
    caption: str | None = None
    location: tuple[float, float] | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """What all that was said must be: `some` is a pattern that one bubble holds, `never` one that none does."""

    some: str | None = None
    never: str | None = None

    def fits(self, messages: Sequence[Mapping[str, Any]]) -> bool:
        """Tell whether the bubbles are as wanted."""
        seen = [as_seen(message) for message in messages]
        return (self.some is None or any(re.search(self.some, each) for each in seen)) and (
            self.never is None or not any(re.search(self.never, each) for each in seen)
        )

    def __str__(self) -> str:
        return " ".join(f"{key}: /{value}/" for key, value in (("some", self.some), ("never", self.never)) if value)


def as_seen(message: Mapping[str, Any]) -> str:
    """Return a bubble as a person sees it: its words, then each option on a line of its own, in brackets."""
    words = [message.get(name) for name in ("header", "text", "caption", "footer")]
    titles = [f"[{option['title']}]" for option in message.get("options", ())]
    return "\n".join([*(str(each) for each in words if each), *titles])


def read_user(node: Node, reading: Reading) -> Message:
    """Read what the person sends."""
    if isinstance(node, Text):
        return Message(text=node.value)
    form = next((key for key in node.entries if key in USER_FORMS), None) if isinstance(node, Map) else None
    if form is None or not isinstance(node, Map):
        reading.not_a_text(node, "user")
        return Message()
    fields = Fields(reading, node, "user", "user")
    fields.finish((form,) if form == "location" else (form, "caption"))
    if form == "location":
        place = _place(node.entries[form].value, reading)
        return Message(location={"latitude": place[0], "longitude": place[1]} if place else None)
    name, caption = fields.text(form), fields.text("caption")
    told = {"id": name.value, "type": form, "name": file_name(name.value)} if name else {}
    return Message(media={**told, "caption": caption.value} if caption else told)


def read_operator(node: Node, reading: Reading) -> OperatorSaid | Release:
    """Read what the business does: writes on its phone, replies from its desk, or gives the conversation back."""
    if isinstance(node, Text):
        return OperatorSaid(node.value, phone=True)
    if not isinstance(node, Map):
        reading.not_a_text(node, "operator")
        return Release()
    fields = Fields(reading, node, "operator", "operator")
    fields.finish(OPERATOR_KEYS)
    reply = fields.text("reply")
    if "reply" in fields and "release" in fields:
        reading.wrong_type(node, "operator", "'reply' o 'release', uno por línea", "'reply' or 'release', one a line")
    if "reply" not in fields and not fields.truth("release"):
        fields.require("reply")
    return OperatorSaid(reply.value) if reply else Release()


def read_tap(node: Map, reading: Reading) -> Tapped:
    """Read a line `{tap: label, of: 2}`."""
    fields = Fields(reading, node, "tap", "tap")
    label = fields.text("tap")
    fields.finish(TAP_KEYS)
    return Tapped(label.value if label else "", fields.integer("of", least=1))


def read_bot(node: Node, reading: Reading) -> tuple[Expected, ...] | Whole:
    """Read what the bot must send: a bubble, a list of them or all at once; `[]` and `{silent: true}` are none."""
    if isinstance(node, Map) and not node.entries.keys().isdisjoint(WHOLE_KEYS):
        return _read_whole(Fields(reading, node, "bot", "bot"))
    if isinstance(node, Map) and "silent" in node.entries:
        if value_of(node) != {"silent": True}:
            reading.wrong_type(node, "bot", "{silent: true} y nada más", "{silent: true} and nothing else")
        return ()
    items = node.items if isinstance(node, Seq) else [node]
    return tuple(expected for item in items if (expected := _read_expected(item, reading)))


def _read_whole(fields: Fields) -> Whole:
    fields.finish(WHOLE_KEYS)
    fields.choice("any", ("true",), "true")
    texts = {key: fields.text(key) for key in ("some", "never")}
    return Whole(**{key: _pattern(text, text.value, fields.reading) for key, text in texts.items() if text})


def _read_expected(node: Node, reading: Reading) -> Expected | None:
    if isinstance(node, Text):
        said = reading.prose(node, "bot").value.strip()
        if len(said) > 2 and said.startswith("/") and said.endswith("/"):
            return Expected(matches=_pattern(node, said[1:-1], reading))
        return Expected(text=said)
    if isinstance(node, Map) and not node.entries.keys().isdisjoint({*BUBBLE_KEYS, *STEP_KEYS, *SILENT_KEYS}):
        return _read_bubble(Fields(reading, node, "bot", "bot"))
    reading.not_a_text(node, "bot")
    return None


def _read_bubble(fields: Fields) -> Expected:
    fields.finish(STEP_KEYS if "step" in fields else BUBBLE_KEYS)
    step = fields.text("step")
    matches = fields.text("matches")
    kind = next((key for key in MEDIA if key in fields), None)
    name = fields.text(kind) if kind else None
    place = fields.get("location")
    return Expected(
        _trimmed(fields, "text"),
        _trimmed(fields, "contains"),
        _pattern(matches, matches.value, fields.reading) if matches else None,
        tuple(item.value for item in fields.texts("options")) if "options" in fields else None,
        (kind, file_name(name.value)) if kind and name else None,
        _trimmed(fields, "caption"),
        _place(place, fields.reading) if place is not None else None,
        step.value if step else None,
    )


def _trimmed(fields: Fields, key: str) -> str | None:
    text = fields.text(key)
    return text.value.strip() if text else None


def _place(node: Node, reading: Reading) -> tuple[float, float] | None:
    pair = [core_value(item) for item in node.items if isinstance(item, Text)] if isinstance(node, Seq) else []
    if len(pair) == 2 and is_place(*pair):
        return pair[0], pair[1]
    reading.wrong_type(node, "location", "[latitud, longitud] en grados", "[latitude, longitude] in degrees")
    return None


def _pattern(node: Node, pattern: str, reading: Reading) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        reading.wrong_type(node, "matches", f"una expresión regular ({error})", f"a regular expression ({error})")
        return ""
    return pattern


def file_name(source: str) -> str:
    """Return the file's name of a path or an address."""
    return PurePosixPath(urlsplit(source).path if "://" in source else source).name


def file_of(message: Mapping[str, Any]) -> str:
    """Return the file's name of a medium that the bot sends."""
    medium = message.get("media") or {}
    return file_name(str(message.get("url") or message.get("file") or medium.get("name") or medium.get("url") or ""))


def of_message(message: Mapping[str, Any]) -> Expected:
    """Return what a message that the bot makes looks like to a test."""
    if message["type"] == "text":
        return Expected(text=str(message["text"]).strip())
    if message["type"] in MEDIA:
        return Expected(medium=(message["type"], file_of(message)), caption=message.get("caption"))
    return Expected()
