"""Waiting no longer than a time of a clock, for something else to happen first."""

from __future__ import annotations

import asyncio
from typing import Any

from botkit.ports import Clock


async def done_within(clock: Clock, task: asyncio.Future[Any], seconds: float) -> bool:
    """Return whether a task is done once it is, or `seconds` are over; a task that is not done goes on."""
    nap = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, nap}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        nap.cancel()
    return task.done()


async def sleep_until_woken(clock: Clock, seconds: float, wakened: asyncio.Event) -> None:
    """Return when `seconds` are over, or the event is set."""
    woken = asyncio.ensure_future(wakened.wait())
    try:
        await done_within(clock, woken, seconds)
    finally:
        woken.cancel()
