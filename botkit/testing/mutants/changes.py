"""What a scalar of a flow is changed into: small mistakes as an author might make them.

    text        another text
    target      `end`; where `end` stands, `restart`
    condition   its contrary; the neighbour of each comparison (`<` for `<=`), `or` for `and`, of each level of `load`
    duration    twice and half as long
    number      one more and one less

A text with `{% if %}` is changed in its conditions, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from botkit.flow.duration import WRITTEN
from botkit.flow.level import LEVELS
from botkit.flow.parse import pieces

#: What stands for any text: it has no words, so it is nobody's translation.
OTHER_TEXT = "…"

#: operator -> its neighbour, which differs from it at the bound alone; those that a contrary differs from everywhere
#: are of use only where a condition has several parts.
_NEIGHBOURS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_CONTRARIES = {"==": "!=", "!=": "=="}
_JUNCTIONS = {"and": "or", "or": "and"}
_LEVELS = dict(zip(LEVELS, (*LEVELS[1:], LEVELS[0]), strict=True))
_DURATION = re.compile(WRITTEN)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


class Change(NamedTuple):
    """What a scalar becomes, and the part of it that this is about: offset, length, what that becomes."""

    value: str
    start: int
    length: int
    becomes: str


def changes(role: str, value: str) -> list[Change]:
    """Return what a scalar of a role may become; nothing for one that is computed (`{{ }}`) and no text."""
    return list(_CHANGES[role](value))


def _whole(value: str, becomes: str) -> Change:
    return Change(becomes, 0, len(value), becomes)


def _part(value: str, start: int, length: int, becomes: str) -> Change:
    return Change(value[:start] + becomes + value[start + length :], start, length, becomes)


def _text(value: str) -> Iterator[Change]:
    if value.strip() != OTHER_TEXT:
        yield _whole(value, OTHER_TEXT)
    if "{%" in value:
        for start, end in _conditions(value):
            yield from _condition(value, start, end)


def _target(value: str) -> Iterator[Change]:
    yield _whole(value, "restart" if value == "end" else "end")


def _condition(value: str, start: int = 0, end: int | None = None) -> Iterator[Change]:
    end = len(value) if end is None else end
    words = value[start:end]
    yield _part(value, start, len(words), f"not ({words})")
    found = [(at + start, text) for at, kind, text in pieces(words, template=False) if kind in ("operator", "name")]
    known = {**_NEIGHBOURS, **_JUNCTIONS}
    if any(text in _JUNCTIONS for _, text in found):
        known |= _CONTRARIES
    yield from (_part(value, at, len(text), known[text]) for at, text in found if text in known)
    if any(text == "load" for _, text in found):
        yield from _levels(value, start, words)


def _levels(value: str, start: int, words: str) -> Iterator[Change]:
    """Put another level in the place of each that `load` may be compared with."""
    for at, kind, text in pieces(words, template=False):
        level = text.strip("'\"")
        if kind == "string" and level in _LEVELS:
            yield _part(value, start + at + 1, len(level), _LEVELS[level])


def _conditions(value: str) -> Iterator[tuple[int, int]]:
    """Yield where the conditions of a template begin and end."""
    found = pieces(value, template=True)
    for index, (_, kind, _) in enumerate(found[:-1]):
        if kind == "block_begin" and found[index + 1][2] in ("if", "elif"):
            inner = _until_end(found[index + 2 :])
            if inner:
                yield inner[0][0], inner[-1][0] + len(inner[-1][2])


def _until_end(found: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    end = next((index for index, (_, kind, _) in enumerate(found) if kind == "block_end"), 0)
    return list(found[:end])


def _duration(value: str) -> Iterator[Change]:
    written = _DURATION.fullmatch(value)
    if written:
        number, unit = float(written[1]), written[2]
        yield from (_whole(value, f"{each:g}{unit}") for each in (number * 2, number / 2) if each != number)


def _number(value: str) -> Iterator[Change]:
    written = _NUMBER.fullmatch(value.strip())
    if written:
        number = float(value) if written[1] else int(value)
        yield from (_whole(value, f"{each:.15g}") for each in (number + 1, number - 1))


_CHANGES: dict[str, Callable[[str], Iterator[Change]]] = {
    "text": _text,
    "target": _target,
    "condition": _condition,
    "duration": _duration,
    "number": _number,
}
