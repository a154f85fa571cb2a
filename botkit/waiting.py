"""Waiting no longer than a time of a clock, for something else to happen first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from botkit.ports import Clock

S = TypeVar("S")
T = TypeVar("T")


async def both(first: Awaitable[S], second: Awaitable[T]) -> tuple[S, T]:
    """Return what two at once give; when one raises, the other has ended, too."""
    one, other = await asyncio.gather(first, second, return_exceptions=True)
    if isinstance(one, BaseException):
        raise one
    if isinstance(other, BaseException):
        raise other
    return one, other


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
