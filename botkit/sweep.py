"""The sweeper: takes rows in hand that wait in the store and that nobody has in hand.

Such rows are what a former process left, what others put into the store, and what did not fit in memory. It looks when
told to, and every 5 s. A row that two processes died with is a suspect and is tried alone, so that an event that kills
the process takes nobody else's along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from botkit.attempts import RETRY_S
from botkit.errors import StoreUnavailable
from botkit.ports import Clock, InboxStore
from botkit.work import InHand, Work

#: How often the store is asked for rows that nobody has in hand, in seconds.
SWEEP_S = 5.0
CLAIM_ROWS = 500
#: Works begun before others that are ready have their turn.
BEGIN_ROWS = 64

log = structlog.get_logger("botkit.runtime")


class Sweeper:
    """Claims rows of the store, the oldest of each conversation; `go_on` plays them in a task of their own."""

    def __init__(self, store: InboxStore, clock: Clock, in_hand: InHand, go_on: Callable[[Work], None]) -> None:
        self._store, self._clock, self._in_hand, self._go_on = store, clock, in_hand, go_on
        self._is_stopping = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take in hand what waits, and go on looking. Raises StoreUnavailable."""
        await self.sweep()
        self._task = asyncio.create_task(self._keep_sweeping())

    def stop(self) -> None:
        """Take nothing in hand from here on."""
        self._is_stopping = True
        if self._task is not None:
            self._task.cancel()

    async def sweep(self) -> None:
        """Take in hand the rows that are due and that nobody has in hand. Raises StoreUnavailable."""
        in_hand = self._in_hand
        while not self._is_stopping and in_hand.rows < in_hand.most:
            # New rows are taken again from before the last look on, so that none falls between.
            in_hand.is_behind = False
            rows = await self._store.claim(self._clock.now(), CLAIM_ROWS, frozenset(in_hand.works))
            free = [row for row in rows if row.conversation.id not in in_hand.works]
            works = [in_hand.take(row, look_again=True) for row in free]
            for first in range(0, len(works), BEGIN_ROWS):
                for work in works[first : first + BEGIN_ROWS]:
                    self._go_on(work)
                await asyncio.sleep(0)  # who else is ready need not wait for all of them
            if len(rows) < CLAIM_ROWS:
                break
        await self._take_suspect()
        if not in_hand.works:
            in_hand.idle.set()

    async def _keep_sweeping(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):
                    await self._in_hand.look.wait()
            self._in_hand.look.clear()
            try:
                await self.sweep()
            except StoreUnavailable as error:
                log.error("store_unavailable", reason=error.reason, error=str(error))

    async def _take_suspect(self) -> None:
        """Claim one row that two processes did not bring to its end, if none is in hand.

        One at a time: should this one end the process too, nobody else's row counts an attempt for it.
        """
        in_hand = self._in_hand
        if self._is_stopping or in_hand.suspect is not None:
            return
        now, skip = self._clock.now(), frozenset(in_hand.works)
        for row in await self._store.claim(now, 1, skip, suspects=True, waits_s=RETRY_S):
            if (work := in_hand.works.get(row.conversation.id)) is not None:
                work.look_again = True  # somebody wrote meanwhile: that waits for this row, and this one for its time
                continue
            in_hand.suspect = row.conversation.id
            self._go_on(in_hand.take(row, look_again=True))
