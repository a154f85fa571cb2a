"""What can be reached, however far, over ways of any kind."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

_N = TypeVar("_N", bound=Hashable)


def reached(first: Iterable[_N], ahead: Callable[[_N], Iterable[_N]]) -> set[_N]:
    """Return `first` and all that its members lead to; `ahead` gives what is next to one of them."""
    seen = set(first)
    todo = list(seen)
    while todo:
        new = [each for each in ahead(todo.pop()) if each not in seen]
        seen.update(new)
        todo += new
    return seen
