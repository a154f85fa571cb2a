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
    kind = type(value)
    if kind is dict:
        return value["value"] if _CHOICE in value else {key: plain(item) for key, item in value.items()}
    if kind is list:
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Moment) else value


def show(value: Any, language: str) -> str:
    """Return a value as a message prints it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _WORDS.get(language, _WORDS["en"])[value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(show(item, language) for item in value)
    if isinstance(value, Mapping):
        return str(value["label"]) if is_choice(value) else json.dumps(plain(value), ensure_ascii=False)
    return str(value)


def fits(value: Any) -> bool:
    """Tell whether a slot may keep a value: lists that hold one list many times over grow without being written."""
    left = MAX_KEPT
    todo = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        left -= len(item) + 1 if isinstance(item, (str, list, dict)) else 1
        if left < 0 or depth > MAX_NESTING:
            return False
        if isinstance(item, dict):
            left -= sum(len(key) for key in item)
            todo += [(inner, depth + 1) for inner in item.values()]
        elif isinstance(item, list):
            todo += [(inner, depth + 1) for inner in item]
    return True


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
    return bool(value["value"] if is_choice(value) else value)


def attribute(value: Any, name: Any) -> Any:
    """Return `value.name` or `value[name]`; what is not there is none."""
    if isinstance(name, dict):
        name = plain(name)
    if isinstance(value, dict):
        if name in ("label", "value") or _CHOICE not in value:
            return value.get(name) if isinstance(name, str) and name != _CHOICE else None
        return attribute(value["value"], name)
    if isinstance(value, list):
        fits = isinstance(name, int) and not isinstance(name, bool) and -len(value) <= name < len(value)
        return value[name] if fits else None
    return value.parts.get(name) if isinstance(value, Moment) and isinstance(name, str) else None


def contains(container: Any, item: Any) -> bool:
    """Tell whether `item in container`; nothing is in none."""
    container, item = plain(container), plain(item)
    if container is None:
        return False
    if isinstance(container, str):
        return isinstance(item, str) and item in container
    if isinstance(container, dict):
        return isinstance(item, (str, int, float)) and item in container
    if isinstance(container, list):
        return item in container
    raise EvaluationError(f"'in' needs a list, a mapping or a text, not {kind_of(container)}")


def compare(symbol: str, order: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return an ordering operator: false with none, an error where types do not fit."""

    def operator(left: Any, right: Any) -> bool:
        left, right = plain(left), plain(right)
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
    """Return `left + right` of two numbers, two texts or two lists."""
    left, right = plain(left), plain(right)
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
    value = plain(value)
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
}
