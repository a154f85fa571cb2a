"""An event loop whose time is no real time: when nothing is ready, it is the moment at which something will be."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from contextvars import Context
from typing import Any

#: Rounds of a run, of which most have some thousand.
MOST_PASSES = 500_000


class Stalled(Exception):
    """Nothing is ready, nothing will ever be, and somebody waits."""

    def __str__(self) -> str:
        return "nothing will ever happen, and somebody waits"


class Endless(Stalled):
    """Something happens again and again."""

    def __str__(self) -> str:
        return f"after {MOST_PASSES} rounds there is no end"


class _Leaping(selectors.SelectSelector):
    """A selector that waits for no file: it lets the loop's time pass instead."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        """Let time pass."""
        if timeout is None:
            raise Stalled
        self.loop.pass_time(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop of a simulation: one thread, no files, time in seconds from 0. `passes` counts its rounds."""

    def __init__(self) -> None:
        self._at = 0.0
        self.passes = 0
        leaping = _Leaping()
        leaping.loop = self
        super().__init__(leaping)

    def time(self) -> float:
        """Return seconds since the loop was made."""
        return self._at

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.passes += 1
        if self.passes > MOST_PASSES:
            raise Endless
        self._at += max(0.0, seconds)

    def after_passes(self, count: int, then: Callable[[], None], context: Context) -> None:
        """Call `then` when so many rounds are over, whatever runs meanwhile."""
        if count <= 0:
            then()
        else:
            self.call_soon(self.after_passes, count - 1, then, context, context=context)
