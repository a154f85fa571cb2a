"""The machine's clock, as `ports.Clock`."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Wall time, monotonic time and sleep of this machine."""

    def __init__(self) -> None:
        self._offset_s = time.time() - time.monotonic()

    def now(self) -> float:
        """Return UTC seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    def moved_s(self) -> float:
        """Return by how many seconds wall time was set since this clock was made; a suspended machine counts too."""
        return time.time() - time.monotonic() - self._offset_s

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)
