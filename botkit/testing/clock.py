"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count

#: Rounds of the event loop that let everything ready run, chains of awaits included.
ROUNDS = 250


class FakeClock:
    """The Clock of ports, moved by hand: `advance` wakes sleepers in order, `jump` moves the wall clock alone."""

    def __init__(self, now: float = 1_750_000_000.0) -> None:
        self._now = now
        self._monotonic = 1_000.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Return UTC seconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Return once the clock was advanced by `seconds`; at once for none."""
        if seconds <= 0:
            return await asyncio.sleep(0)
        wakened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self._monotonic + seconds, next(self._order), wakened))
        await wakened

    def jump(self, seconds: float) -> None:
        """Set the wall clock as an operator or NTP does; nobody sleeps longer or shorter for it."""
        self._now += seconds

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that falls into it."""
        end = self._monotonic + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, wakened = heappop(self._sleepers)
            self._move(at)
            if not wakened.done():
                wakened.set_result(None)
                await self.settle()
        self._move(end)
        await self.settle()

    async def leap(self, seconds: float) -> None:
        """Let time pass as `advance` does, at once where nobody waits for any: what is ready has run already."""
        if self._sleepers:
            await self.advance(seconds)
        else:
            self._move(self._monotonic + seconds)

    async def settle(self) -> None:
        """Let everything run that is ready now."""
        for _ in range(ROUNDS):
            await asyncio.sleep(0)

    def _move(self, to: float) -> None:
        self._now += max(0.0, to - self._monotonic)
        self._monotonic = max(self._monotonic, to)
