"""Waiting for what other tasks, threads and processes do: for a condition, with a bound, and never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable
from typing import TypeVar

#: Nothing that is waited for may take longer: only to end a hang. How often a test looks. Both in seconds.
PATIENCE_S, LOOK_S = 40.0, 0.02

Found = TypeVar("Found")


def until(found: Callable[[], Found | None], what: str) -> Found:
    """Return the first true value of `found`; fails after PATIENCE_S, and says `what` never came."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(LOOK_S)
    raise AssertionError(f"no {what} within {PATIENCE_S:g} s")


async def eventually(holds: Callable[[], object]) -> None:
    """Let the loop run until something holds that has no event of its own; fails after PATIENCE_S.

    What is asked may be a coroutine function.
    """
    async with asyncio.timeout(PATIENCE_S):
        while True:
            held = holds()
            if await held if isawaitable(held) else held:
                return
            await asyncio.sleep(LOOK_S)


async def forever() -> None:
    """Never end by itself: what a test cuts off."""
    await asyncio.Event().wait()
