"""The operators of expressions: what they take, and how large what they make may be."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.values import MAX_ITEMS, MAX_NUMBER, MAX_TEXT, bare, kind_of


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


#: Room for the figures of MAX_NUMBER and fifteen decimals.
_EXACT = Context(prec=64)


def half_up(value: int | float, places: int) -> Decimal:
    """Return a number rounded as people do, halves away from zero, by the digits it is written with: 2.675 is 2.68."""
    found = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    return found if found else abs(found)  # no "-0"


def bounded(value: Any, where: str) -> Any:
    """Return a number unless it is too large or no number at all."""
    if isinstance(value, complex) or value != value or abs(value) > MAX_NUMBER:
        raise EvaluationError(f"'{where}': the result is too large")
    return value
