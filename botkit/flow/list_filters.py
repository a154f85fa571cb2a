"""Filters on numbers, lists and mappings. Each takes the locale, the value, its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow import values
from botkit.flow.locale import Locale
from botkit.flow.operators import bounded, half_up, number
from botkit.flow.values import MAX_ITEMS, bare, is_choice, kind_of, show, truth


def _list(value: Any, where: str) -> list[Any]:
    value = bare(value)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise EvaluationError(f"'{where}' needs a list, not {kind_of(value)}")


def length(_: Locale, value: Any) -> int:
    """Count characters, items or keys."""
    value = bare(value)
    if isinstance(value, (str, list, dict)):
        return len(value)
    raise EvaluationError(f"'length' needs a text, a list or a mapping, not {kind_of(value)}")


def join(locale: Locale, value: Any, between: Any = ", ") -> str:
    """Join what the items print as."""
    return values.join(_list(value, "join"), show(between, locale.language), locale.language)


def append(_: Locale, value: Any, item: Any) -> list[Any]:
    """Return a list with one more item."""
    items = _list(value, "append")
    if len(items) >= MAX_ITEMS:
        raise EvaluationError(f"'append': a list of more than {MAX_ITEMS} items")
    return [*items, item]


def put(locale: Locale, value: Any, key: Any, item: Any) -> dict[str, Any]:
    """Return a mapping with a key set: one that it has keeps its place, a new one comes last."""
    mapping = bare(value)
    if mapping is None:
        mapping = {}
    if not isinstance(mapping, dict):
        raise EvaluationError(f"'put' needs a mapping, not {kind_of(mapping)}")
    key = bare(key)
    if key is None or isinstance(key, (list, dict)):
        raise EvaluationError(f"'put': a key is a text or a number, not {kind_of(key)}")
    out = {**mapping, show(key, "en"): item}
    if len(out) > MAX_ITEMS:
        raise EvaluationError(f"'put': a mapping of more than {MAX_ITEMS} keys")
    if is_choice(out):
        raise EvaluationError("'put': no key may have this name")
    return out


def items(_: Locale, value: Any) -> list[Any]:
    """Return a mapping as a list of {key, value}."""
    mapping = bare(value)
    if not isinstance(mapping, dict):
        raise EvaluationError(f"'items' needs a mapping, not {kind_of(mapping)}")
    return [{"key": key, "value": item} for key, item in mapping.items()]


def where(_: Locale, pairs: list[tuple[Any, Any]]) -> list[Any]:
    """Return the items whose expression is true."""
    return [item for item, found in pairs if truth(found)]


def pick(_: Locale, pairs: list[tuple[Any, Any]]) -> list[Any]:
    """Return what the expression made of each item."""
    return [found for _, found in pairs]


def first(_: Locale, value: Any) -> Any:
    """Return the first item."""
    found = _list(value, "first")
    return found[0] if found else None


def last(_: Locale, value: Any) -> Any:
    """Return the last item."""
    found = _list(value, "last")
    return found[-1] if found else None


def rounded(_: Locale, value: Any, places: Any = 0) -> Any:
    """Round halves away from zero, to so many decimals (negative: tens, hundreds)."""
    digits = max(-15, min(15, int(number(places, "round"))))
    amount = bounded(number(value, "round"), "round")
    result = half_up(amount, digits)
    return bounded(int(result) if digits <= 0 or isinstance(amount, int) else float(result), "round")


def total(_: Locale, value: Any) -> Any:
    """Add up numbers."""
    return bounded(sum(number(item, "sum") for item in _list(value, "sum")), "sum")


def _in_order(where: str, choose: Callable[[list[Any]], Any]) -> Callable[[Locale, Any], Any]:
    def apply(_: Locale, value: Any) -> Any:
        found = [bare(item) for item in _list(value, where)]
        numbers = all(isinstance(item, (int, float)) for item in found)
        if not numbers and not all(isinstance(item, str) for item in found):
            raise EvaluationError(f"'{where}' needs numbers or texts, not a mixture")
        return choose(found) if found else (found if where == "sort" else None)

    return apply


ordered = _in_order("sort", sorted)
greatest = _in_order("max", max)
least = _in_order("min", min)
