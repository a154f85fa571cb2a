"""Requests, and how they add up: each message one, or (merged) neighbouring texts of a turn one together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Most characters of a request that carries several texts, and those that stand between two of them (a blank line).
ROOM, BETWEEN = 4000, 2


class Sent(NamedTuple):
    """One message as the gateway gets it: whether it may share a request with other texts, and its characters."""

    joins: bool
    length: int


class Speech(NamedTuple):
    """What is sent at one place: the least that can be, and the most."""

    least: tuple[Sent, ...] = ()
    most: tuple[Sent, ...] = ()


NOTHING = Speech()


class Span(NamedTuple):
    """The least and the most requests."""

    least: int
    most: int


#: What a request weighs in a sum; below it stand the characters of the last one, which are fewer.
REQUEST = 1 << 24
#: Nothing is sent yet, or a turn is over: there is no request that a text could join.
NONE = ROOM


def add(sum: int, sent: Sequence[Sent], *, merged: bool) -> int:
    """Return a sum with what is sent next in the same turn.

    A sum holds requests and characters of the last one, in one number. Whatever follows, the greater of two sums stays
    the greater or becomes equal.
    """
    if not sent:
        return sum
    if not merged:
        return sum + REQUEST * len(sent)
    for joins, length in sent:
        if joins and sum % REQUEST + BETWEEN + length <= ROOM:
            sum += BETWEEN + length
        else:
            sum = closed(sum) + REQUEST + (length - ROOM if joins else 0)
    return sum


def closed(sum: int) -> int:
    """Return a sum to whose last request nothing is joined any more."""
    return sum - sum % REQUEST + ROOM


def count(sent: Sequence[Sent], *, merged: bool) -> int:
    """Return the requests of what is sent in a turn of its own."""
    return add(NONE, sent, merged=merged) // REQUEST
