"""What a step says: bubbles of text, media, places and contact cards, or variants of these.

`FORMS` is the closed table of what a bubble may be; the reader (`message_reader.py`), the docs and the errors use it.
Rendering gives gateway-neutral mappings (`turn/effect.py`, MESSAGE_TYPES); an empty text, or a medium whose slot is
not set, gives none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from botkit.errors import EvaluationError
from botkit.flow.problem import Place
from botkit.flow.scope import Scope
from botkit.flow.shape import ANYTHING, SCALAR, TEMPLATE, WORDING, Key, any_of, group, list_of, matching, ref
from botkit.flow.text import Data, Expression, Template, Wording
from botkit.flow.values import plain

#: Longest text of one message, in characters (WhatsApp's own limit).
MAX_MESSAGE = 4096

_DEGREES = any_of({"type": "number"}, matching(TEMPLATE))
_PLACE = any_of(
    {"type": "array", "items": _DEGREES, "minItems": 2, "maxItems": 2},
    group(
        {
            "latitude": Key("degrees north", _DEGREES),
            "longitude": Key("degrees east", _DEGREES),
            "name": Key("what stands below the pin", ANYTHING),
        },
        ("latitude", "longitude"),
    ),
    matching(TEMPLATE),
)
#: Keys of a contact card.
CARD_KEYS: dict[str, Key] = {
    "name": Key("whose card it is", WORDING),
    "phone": Key("the number", SCALAR),
}
_CARD = group(CARD_KEYS, CARD_KEYS)
#: What a bubble may be.
FORMS: dict[str, Key] = {
    "text": Key("a text; short: the text alone", WORDING),
    "image": Key("a picture: a URL, a file under the flows folder, or a slot that holds a received one", SCALAR),
    "document": Key("a document, likewise", SCALAR),
    "audio": Key("a sound, likewise", SCALAR),
    "video": Key("a film, likewise", SCALAR),
    "location": Key(
        "a place: [latitude, longitude], {latitude, longitude, name}, or a slot that holds a received one", _PLACE
    ),
    "contact": Key("a contact card: {name, phone}", _CARD),
    "one_of": Key("variants, of which one is said", list_of(ref("bubble"), 1)),
}
#: The forms that are sent as a file.
MEDIA = ("image", "document", "audio", "video")

Outgoing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """A text."""

    wording: Wording

    def render(self, scope: Scope, fallback: str, _: Callable[[int], int]) -> Outgoing | None:
        """Return the text message, None for an empty one; raises EvaluationError over MAX_MESSAGE characters."""
        text = self.wording.render(scope, fallback)
        if len(text) > MAX_MESSAGE:
            place = self.wording.pick(scope.locale.language, fallback).place
            raise EvaluationError(f"a message of more than {MAX_MESSAGE} characters", place)
        return {"type": "text", "text": text} if text else None


@dataclass(frozen=True, slots=True)
class Medium:
    """A file of `type`: `source` gives a URL, a name under the flows folder, or what a gateway gave."""

    type: str
    source: Template
    caption: Wording | None = None

    def render(self, scope: Scope, fallback: str, _: Callable[[int], int]) -> Outgoing | None:
        """Return the message, None when the source is not set; raises EvaluationError for what is no medium."""
        source = plain(self.source.value(scope))
        if source is None or source == "":
            return None
        message: Outgoing = {"type": self.type, **self._where(source)}
        caption = self.caption.render(scope, fallback) if self.caption else ""
        return {**message, "caption": caption} if caption else message

    def _where(self, source: Any) -> dict[str, Any]:
        if isinstance(source, Mapping) and (source.get("id") or source.get("url")):
            return {"media": dict(source)}
        if not isinstance(source, str):
            raise EvaluationError(f"'{self.type}' needs a URL, a file or received media", self.source.place)
        source = source.strip()
        if "://" not in source:
            return {"file": source}
        if not is_web_address(source):
            raise EvaluationError(f"'{self.type}' needs an address that begins with https://", self.source.place)
        return {"url": source}


def is_web_address(text: object) -> TypeGuard[str]:
    """Tell whether this is an address of the web, which a gateway may be told to fetch from."""
    if not isinstance(text, str):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map; `data` gives a pair or a mapping."""

    data: Data
    place: Place
    caption: Wording | None = None

    def render(self, scope: Scope, fallback: str, _: Callable[[int], int]) -> Outgoing | None:
        """Return the message, None when the place is not set; raises EvaluationError for what is no place."""
        value = plain(self.data.value(scope))
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 2:
            value = {"latitude": value[0], "longitude": value[1]}
        if not isinstance(value, Mapping) or not is_place(value.get("latitude"), value.get("longitude")):
            raise EvaluationError("'location' needs a latitude and a longitude", self.place)
        name = self.caption.render(scope, fallback) if self.caption else value.get("name")
        message = {"type": "location", "latitude": value["latitude"], "longitude": value["longitude"]}
        return {**message, "name": str(name)} if name else message


@dataclass(frozen=True, slots=True)
class Card:
    """A contact card."""

    name: Wording
    phone: Template

    def render(self, scope: Scope, fallback: str, _: Callable[[int], int]) -> Outgoing | None:
        """Return the message, None without a phone."""
        phone = self.phone.render(scope).strip()
        return {"type": "contact", "name": self.name.render(scope, fallback), "phone": phone} if phone else None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Variants; those whose guard holds are drawn from."""

    variants: tuple[Bubble, ...]

    def render(self, scope: Scope, fallback: str, draw: Callable[[int], int]) -> Outgoing | None:
        """Return the variant that `draw` picks (a number below the count it is given)."""
        fitting = [each for each in self.variants if each.guard is None or each.guard.holds(scope)]
        return fitting[draw(len(fitting))].content.render(scope, fallback, draw) if fitting else None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of a step, and maybe a guard."""

    content: Words | Medium | Spot | Card | OneOf
    guard: Expression | None = None


Message = tuple[Bubble, ...]


def render(message: Message, scope: Scope, fallback: str, draw: Callable[[int], int]) -> list[Outgoing]:
    """Return the messages whose guard holds, in order; `draw(n)` picks among n variants, reproducibly."""
    out: list[Outgoing] = []
    for bubble in message:
        if bubble.guard is None or bubble.guard.holds(scope):
            said = bubble.content.render(scope, fallback, draw)
            if said is not None:
                out.append(said)
    return out


def is_place(latitude: Any, longitude: Any) -> bool:
    """Tell whether two values are degrees on the globe."""
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (latitude, longitude))
    return numbers and abs(latitude) <= 90 and abs(longitude) <= 180
