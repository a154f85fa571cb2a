"""The values that slots hold, and how the expression language treats them.

Values are JSON: none, booleans, numbers, texts, lists, mappings. A chosen option is a mapping of its own shape
(`make_choice`): it prints its label and otherwise counts as its value. What is not set is none: false, an empty list,
printed as nothing, and every `<` or `>` with it is false.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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

_CHOICE = "·choice"
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


def same(left: Any, right: Any) -> bool:
    """Tell whether two values, weighed before, are equal as data."""
    left, right = bare(left), bare(right)
    if left == right:
        return True
    if type(left) is list and type(right) is list:
        return len(left) == len(right) and all(map(same, left, right))
    if type(left) is dict and type(right) is dict:
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    return False


def show(value: Any, language: str) -> str:
    """Return a value as a message prints it; raises EvaluationError for a list that prints over MAX_TEXT characters."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _WORDS.get(language, _WORDS["en"])[value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return join(value, ", ", language)
    if isinstance(value, Mapping):
        return show(value["label"], language) if is_choice(value) else json.dumps(plain(value), ensure_ascii=False)
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


def fits(value: Any) -> bool:
    """Tell whether a slot may keep a value."""
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
    return value.parts.get(name) if isinstance(value, Moment) and isinstance(name, str) else None


def contains(container: Any, item: Any) -> bool:
    """Tell whether `item in container`, which are weighed before if they are lists; nothing is in none."""
    container, item = bare(container), bare(item)
    if container is None:
        return False
    if isinstance(container, str):
        return isinstance(item, str) and item in container
    if isinstance(container, dict):
        return isinstance(item, (str, int, float)) and item in container
    if isinstance(container, list):
        if type(item) in (list, dict):
            return any(same(each, item) for each in container)
        return item in container or any(type(each) is dict and bare(each) == item for each in container)
    raise EvaluationError(f"'in' needs a list, a mapping or a text, not {kind_of(container)}")


def compare(symbol: str, order: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return an ordering operator: false with none, an error where types do not fit."""

    def operator(left: Any, right: Any) -> bool:
        left, right = bare(left), bare(right)
        if left is None or right is None:
            return False
        if _orderable(left, right):
            return order(left, right)
        raise EvaluationError(f"'{symbol}' cannot compare {kind_of(left)} with {kind_of(right)}")

    return operator


def _orderable(left: Any, right: Any) -> bool:
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    return numbers or (isinstance(left, str) and isinstance(right, str))


def arithmetic(symbol: str, apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return an operator on numbers whose result is bounded by MAX_NUMBER."""

    def operator(left: Any, right: Any) -> Any:
        left, right = number(left, symbol), number(right, symbol)
        if right == 0 and symbol in ("/", "//", "%"):
            raise EvaluationError(f"'{symbol}': division by zero")
        if symbol == "**" and (abs(right) > 64 or abs(left) > 10**6):
            raise EvaluationError("'**': the numbers are too large")
        try:
            return bounded(apply(left, right), symbol)
        except ArithmeticError:
            raise EvaluationError(f"'{symbol}': the numbers do not fit") from None

    return operator


def add(left: Any, right: Any) -> Any:
    """Return `left + right` of two numbers, two texts or two lists; none is an empty list beside a list."""
    left, right = bare(left), bare(right)
    if isinstance(left, list) and right is None:
        return left
    if left is None and isinstance(right, list):
        return right
    if isinstance(left, str) and isinstance(right, str):
        return join_texts(left, right)
    if isinstance(left, list) and isinstance(right, list):
        if len(left) + len(right) > MAX_ITEMS:
            raise EvaluationError(f"'+': a list of more than {MAX_ITEMS} items")
        return left + right
    return bounded(number(left, "+") + number(right, "+"), "+")


def join_texts(left: str, right: str) -> str:
    """Return two texts as one; raises EvaluationError over MAX_TEXT characters."""
    if len(left) + len(right) > MAX_TEXT:
        raise EvaluationError(f"a text of more than {MAX_TEXT} characters")
    return left + right


def number(value: Any, where: str) -> int | float:
    """Return a value as a number; raises EvaluationError for anything else, booleans included."""
    value = bare(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EvaluationError(f"'{where}' needs a number, not {kind_of(value)}")
    return value


def bounded(value: Any, where: str) -> Any:
    """Return a number unless it is too large or no number at all."""
    if isinstance(value, complex) or value != value or abs(value) > MAX_NUMBER:
        raise EvaluationError(f"'{where}': the result is too large")
    return value


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
