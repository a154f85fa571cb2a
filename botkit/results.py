"""What a handler returned, as the JSON that a conversation keeps: bounded before anything is written."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import orjson

from botkit.errors import message_of

#: Largest result that a handler may return, as JSON, in bytes: it is stored in the conversation.
MAX_RESULT = 64 * 1024
#: Most values that a result may hold, items and keys included.
MAX_VALUES = 20_000
#: Whole numbers from here on are no JSON of ours.
_INTEGERS = 2**63


class ResultError(Exception):
    """A handler returned something that cannot be stored."""


def as_json(value: Any) -> Any:
    """Return a handler's result as JSON types (dates become ISO texts); raises ResultError."""
    budget = _Budget()
    try:
        budget.spend(value)
        raw = orjson.dumps(value, default=budget.plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        if isinstance(error.__cause__, ResultError):
            raise error.__cause__ from None
        raise ResultError(f"it returned something that is not JSON: {message_of(error)}") from None
    if len(raw) > MAX_RESULT:
        raise ResultError(f"it returned {len(raw)} bytes; at most {MAX_RESULT} can be kept")
    return orjson.loads(raw)


class _Budget:
    """What a result may hold, counted before anything is written: a huge one would hold up the event loop."""

    def __init__(self) -> None:
        self.values, self.text = MAX_VALUES, MAX_RESULT

    def spend(self, value: Any) -> None:
        """Count what a value holds, however deep; raises ResultError when it is too much."""
        waiting = [value]
        while waiting:
            item = waiting.pop()
            inner: Sequence[Any] | Set[Any] = ()
            if isinstance(item, str):
                self.text -= len(item)
            elif isinstance(item, (list, tuple, set, frozenset)):
                inner = item
            elif isinstance(item, dict):
                self._count(2 * len(item))
                waiting.extend(item.keys())
                waiting.extend(item.values())
            elif is_dataclass(item) and not isinstance(item, type):
                inner = [getattr(item, each.name, None) for each in fields(item)]
            self._count(len(inner))
            waiting.extend(inner)

    def _count(self, values: int) -> None:
        self.values -= values
        if self.values < 0:
            raise ResultError(f"it returned more than {MAX_VALUES} values")
        if self.text < 0:
            raise ResultError(f"it returned a text of more than {MAX_RESULT} characters")

    def plain(self, value: Any) -> Any:
        """Return JSON types for what orjson does not know."""
        if isinstance(value, (set, frozenset)):
            return sorted(value)
        if isinstance(value, Decimal) and abs(value) < _INTEGERS:  # what databases give for money
            return int(value) if value == value.to_integral_value() else float(value)
        if not hasattr(value, "model_dump"):
            raise TypeError(type(value).__name__)
        dumped = value.model_dump(mode="json")
        self.spend(dumped)
        return dumped
