"""A time limit that a process does not miss asleep: what came meanwhile lies in a buffer and is read first.

A process that was stopped, or whose machine was, wakes with its time limits over and its answers unread. Its event loop
ends what is late before whoever waits for an answer gets to it; so a loop that comes much too late waits once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

#: A loop that comes so much too late has slept; one that is busy is far from it, in seconds.
ASLEEP_S = 1.0
#: How long it reads then what is there, in seconds.
READS_S = 1.0


@asynccontextmanager
async def within(until: float) -> AsyncIterator[None]:
    """Raise TimeoutError where a block is not done at `until`, on the loop's clock, or soon after it woke."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:

        def end() -> None:
            now = loop.time()
            limit.reschedule(now + READS_S if now - until > ASLEEP_S else now)

        timer = loop.call_at(until, end)
        try:
            yield
        finally:
            timer.cancel()
