"""The attempts at one inbox row: how long the next one waits, and what becomes of a row after the last."""

from __future__ import annotations

import contextlib

import structlog

from botkit.errors import StoreUnavailable
from botkit.legs import APOLOGY, log_fields, restore
from botkit.ports import Arrival, Clock, InboxRow, InboxStore
from botkit.turn.codec import dump_filed
from botkit.turn.event import FILED_KINDS, Apology, Due

#: Seconds before each attempt at a row; after the last one it is a dead letter.
RETRY_S = (0.0, 1.0, 5.0, 30.0, 120.0)
#: The kind of the inbox row of a clock that ran out.
CLOCK = FILED_KINDS[Due]

log = structlog.get_logger("botkit.runtime")


class Attempts:
    """Puts rows off, and buries those that had their last attempt."""

    def __init__(self, store: InboxStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def put_off(self, row: InboxRow, error: Exception) -> InboxRow:
        """Wait for the next attempt; the wait is stored first, for a process that ends meanwhile."""
        fields = log_fields(restore(row.conversation), row.id)
        log.error("turn_crashed", **fields, attempt=row.attempts, exc_info=error)
        if row.attempts < len(RETRY_S):
            wait_s = RETRY_S[row.attempts]
            with contextlib.suppress(StoreUnavailable):  # the row is still there, and the next attempt meets the same
                await self._store.put_off(row.id, self._clock.now() + wait_s, repr(error)[:500], "")
            await self._clock.sleep(wait_s)
        return row._replace(attempts=row.attempts + 1)

    async def bury(self, row: InboxRow) -> list[InboxRow]:
        """Give a row up; return the row of its own by which the contact gets the `error` flow.

        That one is given up in silence, and so is a clock: nobody waits for an answer to it, and a question that it
        would have ended stays open. What it would have done is lost, which the log tells.
        """
        now = self._clock.now()
        snapshot = row.conversation
        fields = log_fields(restore(snapshot), row.id)
        log.error("dead_letter", **fields, attempts=row.attempts - 1)
        if row.kind == APOLOGY:
            await self._store.bury(row.id, now, "the apology failed too", "")
            return []
        if row.kind == CLOCK:
            log.error("clock_lost", **fields)
            await self._store.bury(row.id, now, f"gave up after {row.attempts - 1} attempts", "")
            return []
        event = dump_filed(Apology("a message could not be handled"))
        arrival = Arrival(*(snapshot.channel, "api", APOLOGY, snapshot.contact, str(row.id), "", b"", event), turn=True)
        receipts = await self._store.accept([arrival], now)
        await self._store.bury(row.id, now, f"gave up after {row.attempts - 1} attempts", "")
        return [receipt.row for receipt in receipts if receipt.row is not None]
