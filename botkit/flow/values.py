"""The values that slots hold, and how the expression language treats them.

Values are JSON: none, booleans, numbers, texts, lists, mappings. A chosen option is a mapping of its own shape
(`make_choice`): it prints its label and otherwise counts as its value. What is not set is none: false, an empty list,
printed as nothing, and every `<` or `>` with it is false.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from botkit.errors import EvaluationError

#: Longest text and list that an operator may make, in characters and items.
MAX_TEXT = 16_384
MAX_ITEMS = 10_000
#: Largest value that a slot keeps, in characters and items together, and its deepest nesting.
MAX_KEPT = 262_144
MAX_NESTING = 32
#: Numbers beyond this are refused: SQLite, JSON and JavaScript readers of a record stop here (2**63).
MAX_NUMBER = 2**63
#: Digits of a fraction that are printed: all that a double keeps of a decimal number, so that 0.1 + 0.2 is 0.3.
SHOWN_DIGITS = 15

_CHOICE = "·choice"
_DATE_PARTS = ("year", "month", "day", "weekday")
_TIME_PARTS = ("hour", "minute")
#: of 15:30, 2026-05-12 and 2026-05-12T15:30, which is how dates and times are stored
_MOMENT_LENGTHS = (5, 10, 16)
_WORDS = {"es": ("no", "sí"), "en": ("no", "yes")}


def make_choice(label: str, value: Any) -> dict[str, Any]:
    """Return what a slot holds after `choose`."""
    return {_CHOICE: True, "label": label, "value": value}


def is_choice(value: Any) -> bool:
    """Tell whether a value is a chosen option."""
    return type(value) is dict and _CHOICE in value


def plain(value: Any) -> Any:
    """Return a value as data: a chosen option as its value, lists and mappings likewise."""
    if type(value) in (dict, list):
        weigh(value)
        return _plain(value)
    return str(value) if isinstance(value, Moment) else value


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return _plain(value["value"]) if _CHOICE in value else {key: _plain(item) for key, item in value.items()}
    if kind is list:
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Moment) else value


def bare(value: Any) -> Any:
    """Return a chosen option as its value, anything else as it is."""
    return value["value"] if type(value) is dict and _CHOICE in value else value


def show(value: Any, language: str) -> str:
    """Return a value as a message prints it; raises EvaluationError for a list that prints over MAX_TEXT characters."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if type(value) is int:
        return str(value)
    if is_choice(value):
        return show(value["label"], language)
    if isinstance(value, bool):
        return _WORDS.get(language, _WORDS["en"])[value]
    if isinstance(value, float):
        value = float(f"{value:.{SHOWN_DIGITS}g}")
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, list):
        return join(value, ", ", language)
    if isinstance(value, Mapping):
        return json.dumps(plain(value), ensure_ascii=False)
    if value is OMIT:
        raise EvaluationError("'omit' is no text: it drops a key where it stands alone")
    return str(value)


def join(items: list[Any], between: str, language: str) -> str:
    """Return what items print as, with a text between; raises EvaluationError over MAX_TEXT characters."""
    room, parts = MAX_TEXT + len(between), []
    for item in items:
        text = item if type(item) is str else show(item, language)
        room -= len(text) + len(between)
        if room < 0:
            raise EvaluationError(f"a text of more than {MAX_TEXT} characters")
        parts.append(text)
    return between.join(parts)


def weigh(value: Any) -> int:
    """Return the size of a value in characters and items together.

    Lists that hold one list many times over grow without being written: raises EvaluationError over MAX_KEPT, and for
    one nested deeper than MAX_NESTING.
    """
    weight, depth, level = 0, 0, [value]
    while level:
        if depth > MAX_NESTING:
            raise EvaluationError(f"a value nested deeper than {MAX_NESTING}")
        below: list[Any] = []
        for item in level:
            kind = type(item)
            weight += len(item) + 1 if kind in _SIZED else 1
            if weight > MAX_KEPT:
                raise EvaluationError(f"a value of more than {MAX_KEPT} characters and items")
            if kind is list:
                below += item
            elif kind is dict:
                weight += sum(map(len, item))
                below += item.values()
        level, depth = below, depth + 1
    return weight


_SIZED = frozenset((str, list, dict))
_SCALARS = frozenset((type(None), bool, int, float))


def fits(value: Any) -> bool:
    """Tell whether a slot may keep a value."""
    if type(value) in _SCALARS:
        return True
    try:
        weigh(value)
    except EvaluationError:
        return False
    return value is not OMIT


class _Omit:
    """What `omit` means: the key that holds it is dropped."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "omit"

    def __bool__(self) -> bool:
        return False


OMIT = _Omit()


class Moment(str):
    """A date or a time as ISO text that also has parts: `today.year`, `now.hour`."""

    __slots__ = ("parts",)
    parts: Mapping[str, int]

    @classmethod
    def make(cls, text: str, parts: Mapping[str, int]) -> Moment:
        """Return ISO `text` with its parts."""
        moment = cls(text)
        moment.parts = parts
        return moment


def truth(value: Any) -> bool:
    """Tell whether a value counts as true in a condition."""
    return bool(bare(value))


def attribute(value: Any, name: Any) -> Any:
    """Return `value.name` or `value[name]`; what is not there is none."""
    name = bare(name)
    if isinstance(value, dict):
        if name in ("label", "value") or _CHOICE not in value:
            return value.get(name) if isinstance(name, str) and name != _CHOICE else None
        return attribute(value["value"], name)
    if isinstance(value, list):
        fits = isinstance(name, int) and not isinstance(name, bool) and -len(value) <= name < len(value)
        return value[name] if fits else None
    return part(value, name) if isinstance(value, str) and isinstance(name, str) else None


def part(text: str, name: str) -> int | None:
    """Return a part of a date, a time or both (`dia.weekday`), none for a text that is no such thing or lacks it."""
    if isinstance(text, Moment):
        return text.parts.get(name)
    has_date, has_time = name in _DATE_PARTS, name in _TIME_PARTS
    if not (has_date or has_time) or len(text) not in _MOMENT_LENGTHS:
        return None
    try:
        if len(text) == len("15:30"):
            return int(getattr(time.fromisoformat(text), name)) if has_time else None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if has_time and len(text) == len("2026-05-12"):
        return None
    return moment.isoweekday() if name == "weekday" else int(getattr(moment, name))


def kind_of(value: Any) -> str:
    """Name a value's type in an author's words."""
    return _KINDS.get(type(value), "a value")


_KINDS: dict[type, str] = {
    type(None): "nothing",
    bool: "a yes/no",
    int: "a number",
    float: "a number",
    str: "a text",
    Moment: "a date",
    list: "a list",
    dict: "a mapping",
    _Omit: "'omit'",
}
