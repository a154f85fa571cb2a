"""When the requests of a probe leave, each by what was answered before. Pure: a generator that is sent the answers.

    a third of the limit at once     a bucket that is shallower refuses already
    a pause of a third of a period   so that a window that slides gives back this third alone, and gives it back first
    until one is refused             how many it takes
    one more, after one and a half tokens' time, and if it is taken some at once
        the first is taken, and soon one refused:  a bucket. Empty it after a rest: how fast it fills; if that gave a
                  single token: how far apart they come
        else:     a window. Ask some times until it opens: a fixed one opens at a moment of its own, the others a
                  period after the first request. Then send more than the first third:
                      as many as the third and no more     it slides
                      fewer by those that were refused     it slides, and refused requests count
                      more                                 it begins anew

Every request follows the answer to the one before. Times are seconds since the first one left.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass

#: What a probe costs at most, after the gateway's page.
REQUESTS = 65
#: Of them, what is kept for after the first refusal: a fixed window that ends meanwhile takes twice its limit.
KEPT = 4
#: Asked so long after a refusal, in tokens' times, a bucket has a token, or two, and no more.
TOKEN_AND_HALF = 1.6
#: When a window is asked whether it has opened, in periods since the first request. Before the period is over only
#: now and then: where refused requests count, each of them costs a slot.
ASKED = (0.55, 0.7, 0.85, 0.985, 1.015, 1.1, 1.2, 1.3, 1.4, 1.5, 1.65, 1.8, 2.0)
#: How far beyond a period its end is certain, as a part of it.
BEYOND = 0.015
#: How long a bucket fills before it is emptied again, in periods.
FILLING = 0.4
#: How long after the last token of a bucket that holds one it is asked for the next, in tokens' times.
BEATS = (0.6, 0.8, 0.92, 1.08, 1.25, 1.5, 2.0, 3.0, 5.0)

AT_ONCE = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that was answered: when it left and was answered, and whether it was taken or answered 429."""

    sent_at: float
    answered_at: float
    is_taken: bool


#: Yields when the next request may leave, is sent what came of it, and ends when nothing is left to ask.
Course = Generator[float, Seen, None]


def course(limit: int, period_s: float, most: int = REQUESTS) -> Course:
    """Return the course of a probe that expects `limit` requests in `period_s` and sends `most` of them at most."""
    with suppress(_Spent):
        yield from _course(limit, period_s, most)


def _course(limit: int, period_s: float, most: int) -> Course:
    budget = iter(range(most))
    beat_s = period_s / limit
    third = max(1, limit // 3)
    first = seen = yield from _ask(AT_ONCE, budget)
    if not seen.is_taken:
        return  # the key is used up before it is begun with
    for _ in range(third - 1):
        if not seen.is_taken:
            break
        seen = yield from _ask(AT_ONCE, budget)
    third_s = seen.answered_at
    if seen.is_taken:
        seen = yield from _until_refused(first.sent_at + period_s / 3, budget, most - third - KEPT)
    if seen.is_taken:
        return  # it takes more than can be asked for
    seen = yield from _ask(seen.answered_at + TOKEN_AND_HALF * beat_s, budget)
    if seen.is_taken:
        seen = yield from _until_refused(AT_ONCE, budget, third)
        if not seen.is_taken:
            yield from _bucket(seen, period_s, beat_s, budget)
            return
    else:
        seen = yield from _until_open(first.sent_at, period_s, seen, budget)
    if seen.is_taken:
        yield from _until_refused(third_s + period_s * (1 + BEYOND), budget, third + 2)


def _ask(not_before: float, budget: Iterator[int]) -> Generator[float, Seen, Seen]:
    """Send one request; ends the course when none is left."""
    if next(budget, None) is None:
        raise _Spent
    return (yield not_before)


class _Spent(Exception):
    """No request is left."""


def _until_refused(not_before: float, budget: Iterator[int], most: int) -> Generator[float, Seen, Seen]:
    """Send requests at once, one after the other, until one is refused; return the last."""
    seen = yield from _ask(not_before, budget)
    for _ in range(most - 1):
        if not seen.is_taken:
            break
        seen = yield from _ask(AT_ONCE, budget)
    return seen


def _until_open(begun_at: float, period_s: float, seen: Seen, budget: Iterator[int]) -> Generator[float, Seen, Seen]:
    """Ask until a request is taken; return the last."""
    for part in ASKED:
        at = begun_at + part * period_s
        if at > seen.answered_at:
            seen = yield from _ask(at, budget)
        if seen.is_taken:
            break
    return seen


def _bucket(seen: Seen, period_s: float, beat_s: float, budget: Iterator[int]) -> Generator[float, Seen, None]:
    """Let a bucket that is empty fill, and empty it; of one that holds a single token, see how far apart they come."""
    taken = 0
    not_before = seen.answered_at + FILLING * period_s
    while (seen := (yield from _ask(not_before if not taken else AT_ONCE, budget))).is_taken:
        taken += 1
        token_at = seen.sent_at
    if taken != 1:
        return
    for part in BEATS:
        seen = yield from _ask(token_at + part * beat_s, budget)
        if seen.is_taken:
            return
