"""Functions of a text that remember what they made of short ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

#: Texts up to here are remembered, in characters: authors' words and short answers, not what people tell.
REMEMBERED = 48
#: Texts that one function remembers; those asked for longest ago go first.
TEXTS = 4096

More = TypeVarTuple("More")
T = TypeVar("T")


def remembered(read: Callable[[str, *More], T]) -> Callable[[str, *More], T]:
    """Return a pure function of a text, and maybe of its language, that remembers its results for short texts."""
    kept = lru_cache(maxsize=TEXTS)(read)

    @wraps(read)
    def recall(text: str, *more: *More) -> T:
        return kept(text, *more) if len(text) <= REMEMBERED else read(text, *more)

    return recall
