"""Durable timers: whatever falls due goes through its conversation's inbox, once.

One loop sleeps until the earliest timer of the store, moves what is due into the inbox in one transaction, and lets the
runtime look. What falls due while the process is down is moved at the next start. Due times are wall time: the loop
never sleeps longer than MAX_SLEEP_S, so that a clock that was set is noticed. Where that was set back, what lasts for
a while (`wait: 3s`, a silence) is moved with it: nobody waits two hours longer because a clock was two hours wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from botkit.errors import StoreUnavailable
from botkit.ports import Clock, TimerStore
from botkit.waiting import sleep_until_woken

#: Longest sleep, in seconds: how late a wall clock that was set forward is noticed.
MAX_SLEEP_S = 60.0
#: A difference between wall time and monotonic time that is a jump and no drift, in seconds.
JUMP_S = 2.0
#: Most timers that are moved in one transaction: bounds how long it holds the writer.
FIRED_AT_ONCE = 500
#: How long a store that refuses work is left alone, in seconds.
STORE_RETRY_S = 1.0

log = structlog.get_logger("botkit.timers")


class Timers:
    """Fires timers; `on_fired` is called when rows were put into the inbox."""

    def __init__(self, store: TimerStore, clock: Clock, on_fired: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_fired = on_fired
        self._wakened = asyncio.Event()
        self._sleeps_until = float("inf")
        #: By how much the wall clock was ahead of the monotonic one when it was last looked at.
        self._offset_s = self._offset()
        #: Due times of timers that were set since then, and that difference.
        self._set: list[tuple[float, float]] = []
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Fire what fell due while no process ran, and go on."""
        self._loop = asyncio.create_task(self._run(), name="timers")

    async def stop(self) -> None:
        """Fire nothing more; what is due waits in the store."""
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop

    def wake(self, due_at: float) -> None:
        """Sleep no longer than until `due_at`: a timer was set."""
        self._set.append((due_at, self._offset()))
        if due_at < self._sleeps_until:
            self._wakened.set()

    async def fire(self) -> float | None:
        """Move what is due into the inbox; return when the next timer is due."""
        while True:
            fired = await self._store.fire(self._clock.now(), FIRED_AT_ONCE)
            if fired.moved:
                self._on_fired()
            if fired.moved < FIRED_AT_ONCE:
                return fired.next_at

    async def _run(self) -> None:
        while True:
            self._wakened.clear()
            self._sleeps_until = float("inf")  # a timer set from now on may have been missed by the look at the store
            try:
                await self._follow_clock()
                next_at = await self.fire()
            except StoreUnavailable as error:
                log.error("store_unavailable", reason=error.reason, error=str(error))
                next_at = self._clock.now() + STORE_RETRY_S
            await self._sleep(next_at)

    async def _sleep(self, until: float | None) -> None:
        """Sleep until a due time, a timer that was set before it, or MAX_SLEEP_S."""
        began = self._clock.now()
        self._sleeps_until = min(began + MAX_SLEEP_S, until if until is not None else float("inf"))
        await sleep_until_woken(self._clock, max(0.0, self._sleeps_until - began), self._wakened)

    async def _follow_clock(self) -> None:
        """Note a wall clock that was set; where it was set back, what lasts for a while lasts no longer for it.

        One set forward lets timers fire at once: a machine that was suspended looks the same.
        """
        offset_s = self._offset()
        by_s = offset_s - self._offset_s
        if abs(by_s) > JUMP_S:
            if by_s < 0:
                spared = [due_at for due_at, at in self._set if abs(at - offset_s) < JUMP_S]
                await self._store.move_timers(self._clock.now(), by_s, spared)
            log.warning("clock_jumped", by_s=round(by_s, 3))
        self._offset_s = offset_s
        self._set.clear()

    def _offset(self) -> float:
        return self._clock.now() - self._clock.monotonic()
