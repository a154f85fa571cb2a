"""Eight ways in which a server may limit a key to N requests in W seconds, from their definitions alone.

Each is told the moments at which it counts requests, in order, and says whether it takes the request. Nothing here
knows the gate: what both got wrong alike would not be found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import floor
from typing import Protocol


class Server(Protocol):
    """A limiter: counts a request at `at` seconds and returns whether it is within the limit."""

    def take(self, at: float) -> bool:
        """Count a request; `at` never runs backwards."""
        ...


class Fixed:
    """Windows that stand fixed, at a phase; rejected requests count."""

    def __init__(self, limit: int, period_s: float, phase_s: float = 17.3) -> None:
        self._limit, self._period_s, self._phase_s = limit, period_s, phase_s
        self._window, self._count = -1, 0

    def take(self, at: float) -> bool:
        """Count in the window of this moment."""
        window = floor((at + self._phase_s) / self._period_s)
        self._count = self._count + 1 if window == self._window else 1
        self._window = window
        return self._count <= self._limit


class FirstHit:
    """A window opens at the first request after the last window closed."""

    def __init__(self, limit: int, period_s: float) -> None:
        self._limit, self._period_s = limit, period_s
        self._opened, self._count = float("-inf"), 0

    def take(self, at: float) -> bool:
        """Count in the open window, or open one."""
        if at >= self._opened + self._period_s:
            self._opened, self._count = at, 0
        self._count += 1
        return self._count <= self._limit


class SlidingLog:
    """Requests taken in (t - W, t]; strictly, those rejected as well."""

    def __init__(self, limit: int, period_s: float, *, strict: bool = False) -> None:
        self._limit, self._period_s, self._strict = limit, period_s, strict
        self._log: deque[float] = deque()

    def take(self, at: float) -> bool:
        """Look back one period."""
        while self._log and self._log[0] <= at - self._period_s:
            self._log.popleft()
        is_taken = len(self._log) < self._limit
        if is_taken or self._strict:
            self._log.append(at)
        return is_taken


class OneSecondGrain:
    """A sliding log on whole seconds that counts both ends."""

    def __init__(self, limit: int, period_s: float) -> None:
        self._limit, self._period_s = limit, period_s
        self._log: deque[int] = deque()

    def take(self, at: float) -> bool:
        """Look back one period, the second at its beginning included."""
        second = floor(at)
        while self._log and self._log[0] < second - self._period_s:
            self._log.popleft()
        if len(self._log) >= self._limit:
            return False
        self._log.append(second)
        return True


class TokenBucket:
    """Starts full, refills N in W, holds `capacity`; of capacity 1 it is a strict leaky bucket."""

    def __init__(self, limit: int, period_s: float, capacity: int) -> None:
        self._rate, self._capacity = limit / period_s, capacity
        self._tokens, self._at = float(capacity), 0.0

    def take(self, at: float) -> bool:
        """Take a token if there is one; a rounding of floats is no refusal."""
        self._tokens = min(self._capacity, self._tokens + (at - self._at) * self._rate)
        self._at = at
        if self._tokens < 1 - 1e-9:
            return False
        self._tokens -= 1
        return True


#: name -> makes the server for a limit and a period in seconds.
SERVERS: dict[str, Callable[[int, float], Server]] = {
    "fixed": Fixed,
    "first-hit": FirstHit,
    "sliding log": SlidingLog,
    "sliding log strict": lambda limit, period_s: SlidingLog(limit, period_s, strict=True),
    "one-second grain": OneSecondGrain,
    "token bucket 30": lambda limit, period_s: TokenBucket(limit, period_s, limit),
    "token bucket 10": lambda limit, period_s: TokenBucket(limit, period_s, 10),
    "strict leaky": lambda limit, period_s: TokenBucket(limit, period_s, 1),
}
