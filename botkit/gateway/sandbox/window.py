"""The rate windows that a server may keep, with `now` as an argument.

The published page says "30 requests per minute" and not how they are counted, so every common way is
here. With N = limit, W = period and t = now, in seconds:

* `fixed`: at most N per calendar window floor((t + phase) / W); rejected ones count.
* `first-hit`: the same, but a window opens at the first hit after the last one closed.
* `sliding-log`: a request passes if fewer than N were accepted in (t - W, t].
* `sliding-log-strict`: the same with rejected ones counted: who hammers stays outside.
* `one-second-grain`: `sliding-log` on whole seconds, both ends counted.
* `token-bucket`: holds `capacity` tokens, starts full, refills N / W a second.
* `leaky`: `token-bucket` with capacity 1: one request every W / N seconds.

All are O(1) a hit. A log keeps only its last N entries: a request fits exactly if the N-th before it is
out of the window, whatever lies between.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from typing import Protocol

# A token that floating point left this far from whole is whole.
TOKEN_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Rule:
    """How many requests a key has, and how the server counts them."""

    limit: int = 30
    period_s: float = 60.0
    algorithm: str = "sliding-log"
    capacity: int | None = None
    phase_s: float = 0.0


class Window(Protocol):
    """One key's account."""

    def hit(self, now: float) -> float:
        """Count a request; return 0.0 if it passes, else the seconds until one would."""


class Fixed:
    """Counts per calendar window."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._index: int | None = None
        self._count = 0

    def hit(self, now: float) -> float:
        """Count a request; return 0.0 if it passes, else the seconds until one would."""
        rule = self._rule
        index = floor((now + rule.phase_s) / rule.period_s)
        if index != self._index:
            self._index, self._count = index, 0
        self._count += 1
        if self._count <= rule.limit:
            return 0.0
        return (index + 1) * rule.period_s - rule.phase_s - now


class FirstHit:
    """Counts in a window that its first request opens."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._closes_at = float("-inf")
        self._count = 0

    def hit(self, now: float) -> float:
        """Count a request; return 0.0 if it passes, else the seconds until one would."""
        if now >= self._closes_at:
            self._closes_at, self._count = now + self._rule.period_s, 0
        self._count += 1
        return 0.0 if self._count <= self._rule.limit else self._closes_at - now


class SlidingLog:
    """Remembers when the last N requests were counted."""

    def __init__(self, rule: Rule, *, count_rejected: bool = False) -> None:
        self._period_s = rule.period_s
        self._count_rejected = count_rejected
        self._log: deque[float] = deque(maxlen=rule.limit)

    def hit(self, now: float) -> float:
        """Count a request; return 0.0 if it passes, else the seconds until one would."""
        log = self._log
        passes = len(log) < (log.maxlen or 0) or now - log[0] >= self._period_s
        if passes or self._count_rejected:
            log.append(now)
        return 0.0 if passes else log[0] + self._period_s - now


class SecondGrain:
    """A sliding log whose clock shows whole seconds and whose window has both ends."""

    def __init__(self, rule: Rule) -> None:
        self._period_s = rule.period_s
        self._log: deque[int] = deque(maxlen=rule.limit)

    def hit(self, now: float) -> float:
        """Count a request; return 0.0 if it passes, else the seconds until one would."""
        second = floor(now)
        log = self._log
        if len(log) < (log.maxlen or 0) or second - log[0] > self._period_s:
            log.append(second)
            return 0.0
        return floor(log[0] + self._period_s) + 1 - now


class TokenBucket:
    """Saves up to `capacity` requests."""

    def __init__(self, rule: Rule, *, capacity: int) -> None:
        self._capacity = float(capacity)
        self._rate = rule.limit / rule.period_s
        self._tokens = self._capacity
        self._seen_at: float | None = None

    def hit(self, now: float) -> float:
        """Count a request; return 0.0 if it passes, else the seconds until one would."""
        elapsed_s = 0.0 if self._seen_at is None else now - self._seen_at
        self._tokens = min(self._capacity, self._tokens + elapsed_s * self._rate)
        self._seen_at = now
        if self._tokens >= 1 - TOKEN_DUST:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate


ALGORITHMS: dict[str, Callable[[Rule], Window]] = {
    "fixed": Fixed,
    "first-hit": FirstHit,
    "sliding-log": SlidingLog,
    "sliding-log-strict": lambda rule: SlidingLog(rule, count_rejected=True),
    "one-second-grain": SecondGrain,
    "token-bucket": lambda rule: TokenBucket(rule, capacity=rule.capacity or rule.limit),
    "leaky": lambda rule: TokenBucket(rule, capacity=1),
}


def open_window(rule: Rule) -> Window:
    """Return a fresh account for `rule`; raise ValueError if it makes no sense."""
    if rule.algorithm not in ALGORITHMS:
        raise ValueError(f"unknown algorithm {rule.algorithm!r}; known: {', '.join(ALGORITHMS)}")
    if rule.limit < 1 or rule.period_s <= 0 or (rule.capacity is not None and rule.capacity < 1):
        raise ValueError("limit, period and capacity must be positive")
    return ALGORITHMS[rule.algorithm](rule)
