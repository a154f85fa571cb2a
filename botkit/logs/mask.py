"""What may not stand in a log: secrets, phone numbers, names, and what people write.

A field goes by its name first; any text that is left is searched for numbers and keys. The place where a number stood
is marked but says nothing about it, not even its last digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from botkit.errors import type_of

SECRET = "[secret]"
NUMBER = "[number]"

#: A whole number from here on may be somebody's phone.
PHONE_FROM = 10_000_000
#: Shorter texts hold neither a phone number nor a key.
SHORT = 8

#: Fields about a person: left out.
_PERSONAL = frozenset({"contact", "name", "phone", "sender", "to", "from", "user", "address"})
#: Fields with what people or flows wrote: only at debug.
_WORDS = frozenset({"text", "message", "body", "caption", "answer", "raw", "title"})
#: Our own random ids and digests, numbers of rows (after a restore they begin at ten million), and plain quantities.
_OPAQUE = frozenset(
    {"conversation", "conversation_id", "digest", "bytes", "size", "pid", "inbox_id", "letter"}
    | {"request", "requests", "request_id", "row", "rows"}
)
#: Names of flows and steps, which authors give, and quantities of a turn: nothing in them comes from a person.
_OURS = frozenset(
    {"flow", "step", "came_from", "now_at", "legs", "messages", "duration_ms", "attempt", "event_id", "rank", "wait_s"}
)
#: What the line of a turn holds, which is nearly every line: asked of all its fields at once.
_OF_TURN = _OURS | {"conversation"}
_SECRET = re.compile(r"(?i)(api_?key|secret|token|password|authorization|signature|cookie)")

# A date is no phone; eight digits in a row are one, and so are eight with spaces, dashes or brackets between them.
_PHONE = re.compile(r"(?<!\d)(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[ ()-]{0,2}\d){7,}")
#: Groups of digits with dots or slashes between them: a number, unless they are a date or the address of a machine.
_GROUPS = re.compile(r"(?<![\d.])\+?\d{1,4}(?:[./]\d{1,4}){2,5}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d\d[./]\d{1,2}[./]\d{1,2}(?!\d)|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d(?!\d)")
_BEARER = re.compile(r"(?i)\b(?:bearer|basic) +\S+|(?:api_?key|token|secret|password)[\"']? *[=:] *\S+")
_HEX = re.compile(r"[0-9a-f]{16,64}")

#: Longest text of a field, in characters.
LONG = 4_000
#: A text that an evaluation did not like, quoted and perhaps cut: `'date' needs a date, not 'mañana a las…`.
_QUOTED = re.compile(r"(?s)(\bnot )['\"].*")
#: What may be cut in the middle at the end of a text that is too long: a number or a key.
_HALF = re.compile(r"[\d ()+-]*\S{0,200}\Z")

#: Texts whose search is remembered, and their length: names of flows and steps, which every line repeats.
SEEN, SEEN_LENGTH = 2_000, 80

#: Fields with errors -> what they begin with, up to a message that may repeat what people wrote. An error of a handler
#: begins with its type, or with the argument that does not fit; a reason puts the handler before that.
_ERRORS = {
    "error": re.compile(r"([\w.]+|argument '[^']*'): "),
    "reason": re.compile(r"(?s)(.*?: .*?): "),
}

_DROP, _HIDE, _DEBUG, _KEEP, _SEARCH, _AS_IT_IS, _ERROR = range(7)


class Mask:
    """Takes out of fields what may not be logged.

    `secrets` are values that never show, under whatever name; `personal` lets everything but secrets through.
    """

    def __init__(self, secrets: Iterable[str] = (), *, personal: bool = False) -> None:
        self.personal = personal
        self._secrets = tuple(secret for secret in secrets if len(secret) >= SHORT)
        self._kinds: dict[str, int] = {}
        self._seen: dict[str, str] = {}

    def clean(self, fields: Mapping[str, Any], *, debug: bool) -> Mapping[str, Any]:
        """Return the fields that may be logged, in their order."""
        if fields.keys() <= _OF_TURN and _opaque(fields.get("conversation", 0)):
            return fields
        out: dict[str, Any] = {}
        kinds = self._kinds
        for name, value in fields.items():
            kind = kinds.get(name)
            if kind is None:
                kind = kinds[name] = self._kind(name)
            if kind == _AS_IT_IS:
                out[name] = value
            elif kind == _SEARCH or (kind == _DEBUG and debug) or (kind == _KEEP and not _opaque(value)):
                out[name] = self.value(value)
            elif kind == _KEEP:
                out[name] = value
            elif kind == _HIDE:
                out[name] = SECRET
            elif kind == _ERROR:
                out[name] = self.value(value if debug or self.personal else _without_message(name, value))
        return out

    def value(self, value: Any) -> Any:
        """Return a value without numbers and keys; mappings and lists are cleaned inside."""
        if isinstance(value, str):
            return value if len(value) < SHORT else self.text(value)
        if isinstance(value, int):
            return value if self.personal or abs(value) < PHONE_FROM else NUMBER
        if isinstance(value, dict):
            inside = self.clean({str(name): inner for name, inner in value.items()}, debug=False)
            return {self.text(name) if len(name) >= SHORT else name: inner for name, inner in inside.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(item) for item in value]
        if value is None or isinstance(value, float):
            return value
        return self.text(str(value))

    def text(self, text: str) -> str:
        """Return a text with numbers and keys marked."""
        known = self._seen.get(text)
        if known is None:
            known = self._search(text)
            if len(self._seen) < SEEN and len(text) <= SEEN_LENGTH:
                self._seen[text] = known
        return known

    def _search(self, text: str) -> str:
        if len(text) > LONG:
            text = text[: LONG - 400] + _HALF.sub("", text[LONG - 400 : LONG]) + "…"
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, SECRET)
        text = _BEARER.sub(SECRET, text)
        return text if self.personal else _GROUPS.sub(_unless_known, _PHONE.sub(NUMBER, text))

    def _kind(self, name: str) -> int:
        plain = name.lower()
        if _SECRET.search(plain):
            return _HIDE
        if plain in _PERSONAL:
            return _SEARCH if self.personal else _DROP
        if plain in _WORDS:
            return _SEARCH if self.personal else _DEBUG
        if plain in _ERRORS:
            return _ERROR
        if plain in _OURS:
            return _AS_IT_IS
        return _KEEP if plain in _OPAQUE else _SEARCH


def _without_message(name: str, value: Any) -> str:
    """Return what an error's text says of its place and type."""
    if isinstance(value, BaseException):
        return type_of(value)
    text = str(value)
    start = _ERRORS[name.lower()].match(text)
    return _QUOTED.sub(r"\1[text]", start[1] if start else text)


def _unless_known(found: re.Match[str]) -> str:
    """Return what stands for groups of digits: themselves where they are a date, an address or too few."""
    groups = re.split("[./]", found[0].removeprefix("+"))
    is_address = len(groups) == 4 and all(int(group) <= 255 for group in groups)
    is_number = sum(map(len, groups)) >= SHORT and not is_address and not _DATE.match(found[0])
    return NUMBER if is_number else found[0]


def _opaque(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_opaque, value))
    return isinstance(value, int) or (isinstance(value, str) and _HEX.fullmatch(value) is not None)
