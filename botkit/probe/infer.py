"""From answers to how the gateway counts: every window of a grid that explains them all. Pure.

Nothing is concluded that the answers do not hold: what several kinds of windows explain is told as that, the likeliest
first. Those are likelier that explain them with the limit and the period that are expected; and a fixed window that
does so at few of its phases only is less likely than one that has no phase. A request is taken to be counted halfway
between its first byte and its answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import get_args

from botkit.probe.course import Seen
from botkit.probe.windows import BUCKETS, Hit, Kind, Window, misses

#: Answers that a window may leave unexplained: a request that was counted sooner or later than halfway.
SLACK = 2
#: Periods that are tried, as parts of the one that is expected: from the least to the most, by steps.
LEAST, MOST, STEP = 0.1, 3.0, 1.02
#: Phases of a fixed window that are tried; its periods are tried in coarser steps.
PHASES, COARSE = 24, 1.08
#: The distance between a bucket's tokens is tried in these steps.
BEAT_STEP = 1.05


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind of window that explains the answers but for `missed`: with these limits and periods, from least to most.

    Of a bucket `period_s` is how far apart its tokens come, `limit` how many it holds. `is_expected` says that what is
    expected is among them, `weight` at which part of its phases a fixed window explains the answers.
    """

    kind: Kind
    missed: int
    limit: tuple[int, int]
    period_s: tuple[float, float]
    is_expected: bool
    weight: float = 1.0

    @property
    def is_bucket(self) -> bool:
        """Tell whether it is a kind of bucket."""
        return self.kind in BUCKETS


def infer(seen: Sequence[Seen], limit: int, period_s: float) -> list[Guess]:
    """Return the kinds that explain the answers best, the likeliest first; none where nothing was refused.

    `limit` and `period_s` are those that are expected.
    """
    if all(each.is_taken for each in seen) or not seen[0].is_taken:
        return []
    hits = [Hit((each.sent_at + each.answered_at) / 2, each.is_taken) for each in seen]
    guesses = [guess for kind in get_args(Kind) if (guess := _fit(kind, hits, limit, period_s)) is not None]
    least = min((guess.missed for guess in guesses), default=0)
    trip_s = median(each.answered_at - each.sent_at for each in seen)
    likely = [_blurred(each, trip_s) for each in guesses if each.missed == least]
    return sorted(likely, key=lambda each: (not each.is_expected, -each.weight))


def _blurred(guess: Guess, trip_s: float) -> Guess:
    """Return a guess whose period is no more exact than a round trip: when a request was counted nobody knows."""
    least, most = guess.period_s
    return replace(guess, period_s=(max(0.0, least - trip_s), most + trip_s))


def _fit(kind: Kind, hits: Sequence[Hit], limit: int, period_s: float) -> Guess | None:
    """Return the windows of a kind that explain the most, None if all of them leave more than SLACK."""
    least, found = SLACK, list[Window]()
    # What is expected goes first: where it explains all, the others can be dropped at their first miss.
    for window in dict.fromkeys([*_meant(kind, limit, period_s), *_tried(kind, _burst(hits), limit, period_s)]):
        missed = misses(window, hits, least)
        if missed < least:
            found.clear()
        if missed <= least:
            least = missed
            found.append(window)
    return _guess(kind, least, found, limit, period_s) if found else None


def _guess(kind: Kind, missed: int, found: Sequence[Window], limit: int, period_s: float) -> Guess:
    """Return what was found of a kind, with periods as exact as the steps in which they were tried."""
    step = BEAT_STEP if kind in BUCKETS else COARSE if kind == "fixed" else STEP
    counts = [each.capacity if kind in BUCKETS else int(each.limit) for each in found]
    periods = [each.period_s for each in found]
    meant = (1, period_s / limit) if kind in BUCKETS else (limit, period_s)
    phases = [each.phase_s for each in found if (each.limit, each.period_s) == meant]
    widest = max(Counter((each.limit, each.period_s) for each in found).values())
    weight = (len(phases) or widest) / PHASES if kind == "fixed" else 1.0
    reach = (min(periods) / step, max(periods) * step)
    return Guess(kind, missed, (min(counts), max(counts)), reach, bool(phases), weight)


def _meant(kind: Kind, limit: int, period_s: float) -> Iterator[Window]:
    """Yield the windows of a kind that have the limit and the period that are expected."""
    if kind == "leaky":
        yield Window(kind, 1, period_s / limit, capacity=1)
    elif kind == "token-bucket":
        yield Window(kind, 1, period_s / limit, capacity=limit)
    elif kind == "fixed":
        yield from _phased(limit, period_s)
    else:
        yield Window(kind, limit, period_s)


def _phased(limit: int, period_s: float) -> Iterator[Window]:
    return (Window("fixed", limit, period_s, period_s * step / PHASES) for step in range(PHASES))


def _burst(hits: Sequence[Hit]) -> int:
    """Return how many were taken before the first that was not: no window takes fewer, and none many more."""
    return next(number for number, hit in enumerate(hits) if not hit.is_taken)


def _tried(kind: Kind, burst: int, limit: int, period_s: float) -> Iterator[Window]:
    """Yield the windows of a kind that are worth trying."""
    if kind == "leaky":
        yield from (Window(kind, 1, beat_s, capacity=1) for beat_s in _beats(limit, period_s))
    elif kind == "token-bucket":
        for capacity in range(2, burst + 1):
            yield from (Window(kind, 1, beat_s, capacity=capacity) for beat_s in _beats(limit, period_s))
    elif kind == "fixed":
        for count in range(max(1, burst // 2), burst + 1):
            for each_s in _scaled(period_s, LEAST, MOST, COARSE):
                yield from _phased(count, each_s)
    else:
        for count in range(1, burst + 1):
            yield from (Window(kind, count, each_s) for each_s in _scaled(period_s, LEAST, MOST, STEP))


def _beats(limit: int, period_s: float) -> Iterable[float]:
    return _scaled(period_s / limit, 0.1, 10.0, BEAT_STEP)


def _scaled(value: float, least: float, most: float, step: float) -> list[float]:
    """Return values around one, which is among them, from `least` to `most` times as much."""
    scales = [1.0]
    while scales[-1] * step <= most:
        scales.append(scales[-1] * step)
    while scales[0] / step >= least:
        scales.insert(0, scales[0] / step)
    return [value * scale for scale in scales]
