"""Ways in which a gateway may count a key's requests, as a means to judge answers that were seen.

Each asks of every request in turn whether it would be taken, and then goes on with what was really answered: one answer
that a rounding explains costs one miss, and not all that follow. Times are seconds of one clock, in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

#: A window that stands still, one that the first request opens, one that slides (strictly: refused requests count),
#: a bucket of tokens, and one that holds a single token.
Kind = Literal["fixed", "first-hit", "sliding-log", "sliding-log-strict", "token-bucket", "leaky"]
BUCKETS: frozenset[Kind] = frozenset(("token-bucket", "leaky"))
#: A token that rounding left so far from whole is whole.
DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Hit:
    """A request: when it was counted, and whether it was taken."""

    at: float
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A way to count: `limit` requests in `period_s`. `phase_s` is a fixed one's; a bucket holds `capacity`."""

    kind: Kind
    limit: float
    period_s: float
    phase_s: float = 0.0
    capacity: int = 0


def misses(window: Window, hits: Sequence[Hit], most: int) -> int:
    """Return how many answers a window does not explain; counting stops beyond `most`."""
    if window.kind in BUCKETS:
        return _bucket(window, hits, most)
    if window.kind in ("fixed", "first-hit"):
        return _counter(window, hits, most)
    return _log(window, hits, most)


def _counter(window: Window, hits: Sequence[Hit], most: int) -> int:
    """Count in windows one after the other; what is refused counts, too, and makes no difference."""
    limit, period_s, is_fixed = window.limit, window.period_s, window.kind == "fixed"
    missed, count, index, closes_at = 0, 0, None, float("-inf")
    for hit in hits:
        if is_fixed:
            now = floor((hit.at + window.phase_s) / period_s)
            if now != index:
                index, count = now, 0
        elif hit.at >= closes_at:
            closes_at, count = hit.at + period_s, 0
        missed += (count < limit) != hit.is_taken
        if missed > most:
            break
        count += 1
    return missed


def _log(window: Window, hits: Sequence[Hit], most: int) -> int:
    limit, period_s, counts_all = window.limit, window.period_s, window.kind == "sliding-log-strict"
    log: deque[float] = deque()
    missed = 0
    for hit in hits:
        while log and log[0] <= hit.at - period_s:
            log.popleft()
        missed += (len(log) < limit) != hit.is_taken
        if missed > most:
            break
        if hit.is_taken or counts_all:
            log.append(hit.at)
    return missed


def _bucket(window: Window, hits: Sequence[Hit], most: int) -> int:
    rate, capacity = window.limit / window.period_s, float(window.capacity)
    tokens, at, missed = capacity, hits[0].at if hits else 0.0, 0
    for hit in hits:
        tokens, at = min(capacity, tokens + (hit.at - at) * rate), hit.at
        missed += (tokens >= 1 - DUST) != hit.is_taken
        if missed > most:
            break
        if hit.is_taken:
            tokens = max(0.0, tokens - 1)
    return missed
