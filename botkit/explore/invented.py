"""Values made up for a shape or an annotation: a typical one first, then those at the edges."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import re
import types
import typing
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from botkit.explore.shapes import Shape

_DAY, _HOUR = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")

#: What a value most likely is that is called so, where nothing else tells.
_BY_NAME: tuple[tuple[re.Pattern[str], tuple[Any, ...]], ...] = (
    (re.compile(r"precio|total|monto|cantidad|saldo|costo|stock|price|amount|count|balance|qty", re.I), (7, 0, 250)),
    (re.compile(r"fecha|date|^dia|^day", re.I), ("2026-11-24",)),
    (re.compile(r"hora|time", re.I), ("15:30",)),
)

#: How many items the lists have that are made up, besides none: one, a few, more than a menu shows.
LISTS = (2, 0, 1, 12)
#: Deepest that an annotation is looked into.
DEPTH = 5


class Vague(Exception):
    """An annotation that does not tell what the result is."""


# ── by use ──


def by_use(shape: Shape, name: str = "dato") -> list[Any]:
    """Return values of a shape; of what is not known a text."""
    if shape.item is not None or "list" in shape.kinds:
        items = by_use(shape.item or Shape(), name)
        return [[_numbered(items[0], number) for number in range(count)] for count in LISTS]
    if shape.parts:
        parts = {key: by_use(part, key) for key, part in shape.parts.items()}
        return _mappings(parts)
    if shape.constants:
        return _around(shape.constants, shape.kinds)
    if "number" in shape.kinds:
        return [7, 0, 1, 250]
    if "moment" in shape.kinds:
        return ["2026-11-24", "2027-03-01"]
    if "mapping" in shape.kinds:
        return [{name: 1}, {}]
    by_name = next((values for pattern, values in _BY_NAME if pattern.search(name)), None)
    return list(by_name) if by_name else [f"{name}-7"]


def _around(constants: Sequence[Any], kinds: Collection[str]) -> list[Any]:
    found: list[Any] = []
    for each in constants:
        is_number = isinstance(each, (int, float)) and not isinstance(each, bool)
        found += [each, each + 1, each - 1] if is_number else [each]
    return list({repr(each): each for each in found if each is not None}.values()) + ["otro"] * ("number" not in kinds)


def _mappings(parts: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return a typical mapping, then those in which one part is another value."""
    typical = {key: values[0] for key, values in parts.items()}
    return [typical, *({**typical, key: value} for key, values in parts.items() for value in values[1:])][:24]


def _numbered(value: Any, number: int) -> Any:
    """Return the value of an item with a number, so that a list holds no twins."""
    if isinstance(value, dict):
        return {key: _numbered(inner, number) for key, inner in value.items()}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value + number
    return _later(value, number) if isinstance(value, str) else value


def _later(text: str, number: int) -> str:
    """Return another text of the kind: a later day or hour, else one with a number."""
    if _DAY.match(text):
        return f"{text[:8]}{number + 10:02d}{text[10:]}"
    return f"{number + 9:02d}{text[2:]}" if _HOUR.match(text) else f"{text} {number + 1}"


# ── by annotation ──


def by_annotation(annotation: Any, depth: int = DEPTH) -> list[Any]:
    """Return values of an annotation as JSON types; raises Vague for one that tells nothing: `Any`, a bare `dict`."""
    if depth == 0 or annotation in (Any, object, dict, list, tuple, set) or isinstance(annotation, typing.TypeVar):
        raise Vague
    if annotation in _PLAIN:
        return list(_PLAIN[annotation])
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return by_annotation(arguments[0], depth)
    if origin in (typing.Union, types.UnionType):
        return [value for each in arguments for value in by_annotation(each, depth - 1)]
    if origin is typing.Literal:
        return list(arguments)
    if origin is not None and isinstance(origin, type):
        return _generic(origin, arguments, depth)
    return _structured(annotation, depth)


def _generic(origin: type, arguments: Sequence[Any], depth: int) -> list[Any]:
    if issubclass(origin, tuple) and arguments and arguments[-1] is not ...:
        return [[by_annotation(each, depth - 1)[0] for each in arguments]]
    if issubclass(origin, Mapping):
        values = by_annotation(arguments[1], depth - 1)
        return [{"uno": values[0], "dos": values[-1]}, {}]
    if issubclass(origin, Iterable) and arguments:
        values = by_annotation(arguments[0], depth - 1)
        return [[_numbered(values[0], number) for number in range(count)] for count in LISTS]
    raise Vague


def _structured(annotation: Any, depth: int) -> list[Any]:
    if not isinstance(annotation, type):
        raise Vague
    if issubclass(annotation, enum.Enum):
        return [each.value for each in annotation]
    hints: Mapping[str, Any] = {}
    if typing.is_typeddict(annotation) or dataclasses.is_dataclass(annotation) or hasattr(annotation, "model_fields"):
        hints = typing.get_type_hints(annotation)
    elif issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        return [[by_annotation(each, depth - 1)[0] for each in typing.get_type_hints(annotation).values()]]
    hints = {name: hint for name, hint in hints.items() if not name.startswith("model_") and not name.startswith("_")}
    if not hints:
        raise Vague
    return _mappings({name: by_annotation(hint, depth - 1) for name, hint in hints.items()})


_PLAIN: dict[Any, tuple[Any, ...]] = {
    None: (None,),
    type(None): (None,),
    bool: (True, False),
    int: (3, 0, 1, 250),
    float: (3.5, 0.0, 1.0, 250.0),
    decimal.Decimal: ("3.50", "0", "250"),
    str: ("A-7", "Calle Sucre"),
    datetime.date: ("2026-11-24", "2027-03-01"),
    datetime.datetime: ("2026-11-24T15:30:00", "2027-03-01T09:00:00"),
    datetime.time: ("15:30:00", "09:00:00"),
    datetime.timedelta: (3600.0,),
    uuid.UUID: ("6f1c2d3e-0000-4000-8000-000000000007",),
}


def returns(function: Callable[..., Any]) -> list[Any]:
    """Return values that a handler may return by its annotation; raises Vague."""
    try:
        hints = typing.get_type_hints(function)
    except Exception:  # names that exist for type checkers only
        raise Vague from None
    if "return" not in hints:
        raise Vague
    return by_annotation(hints["return"])
