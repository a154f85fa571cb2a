"""The sandbox's time, as an argument, so that a test never sleeps."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the sandbox needs of time."""

    def time(self) -> float:
        """Return seconds since the Unix epoch; never runs backwards."""

    async def sleep(self, delay_s: float) -> None:
        """Return after `delay_s` seconds."""


class SystemClock:
    """Real time: the wall clock at the start, carried on by the monotonic one."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def time(self) -> float:
        """Return seconds since the Unix epoch."""
        return time.monotonic() + self._offset

    async def sleep(self, delay_s: float) -> None:
        """Return after `delay_s` seconds."""
        await asyncio.sleep(delay_s)
