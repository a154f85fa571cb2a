"""`-k`: which tests are meant, by words of their names.

    expression = both, { "or", both } ;
    both       = one, { "and", one } ;
    one        = "not", one | "(", expression, ")" | words ;

Words count together, as part of a name, whatever its case and accents. A name that holds all of what was written is
meant in any case, so that nobody need think of `and` in a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from botkit.answers.fold import flatten

#: Tells whether a folded name is meant.
Wanted = Callable[[str], bool]
_TOKEN = re.compile(r"[()]|[^\s()]+")
_SIGNS = frozenset(("and", "or", "not", "(", ")"))


class _NoExpression(Exception):
    """The words are no expression: they count as they stand."""


def chooser(pattern: str | None) -> Wanted:
    """Return what tells whether a test of this name is meant; without a pattern each is."""
    if pattern is None:
        return lambda name: True
    whole, chosen = flatten(pattern), _read(pattern)
    return lambda name: whole in flatten(name) or (chosen is not None and chosen(flatten(name)))


def is_expression(pattern: str) -> bool:
    """Tell whether a pattern can be read; one that cannot still means the names that hold all of it."""
    return _read(pattern) is not None


def _read(pattern: str) -> Wanted | None:
    try:
        return _Expression(_TOKEN.findall(flatten(pattern))).read()
    except _NoExpression:
        return None


class _Expression:
    """Reads an expression from its tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens

    def read(self) -> Wanted:
        """Return what the whole says; raises _NoExpression."""
        found = self._either()
        if self._tokens:
            raise _NoExpression
        return found

    def _either(self) -> Wanted:
        ways = [self._both()]
        while self._take("or"):
            ways.append(self._both())
        return lambda name: any(way(name) for way in ways)

    def _both(self) -> Wanted:
        ways = [self._one()]
        while self._take("and"):
            ways.append(self._one())
        return lambda name: all(way(name) for way in ways)

    def _one(self) -> Wanted:
        if self._take("not"):
            inner = self._one()
            return lambda name: not inner(name)
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise _NoExpression
            return inner
        words = self._words()
        return lambda name: words in name

    def _words(self) -> str:
        taken = []
        while self._tokens and self._tokens[0] not in _SIGNS:
            taken.append(self._tokens.pop(0))
        if not taken:
            raise _NoExpression
        return " ".join(taken)

    def _take(self, sign: str) -> bool:
        if self._tokens[:1] == [sign]:
            del self._tokens[0]
            return True
        return False
