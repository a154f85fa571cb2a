"""Dataclasses that nobody may change, checked by mypy and not at run time.

`dataclass(frozen=True)` sets each field by a call of `object.__setattr__`: a frame of twenty fields takes 2.1 µs, and
0.4 µs without it (Python 3.11). Every turn makes several.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Return a class as a dataclass with slots, whose fields are set once, when it is made."""
    return dataclass(slots=True)(cls)
