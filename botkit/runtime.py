"""The seam between the store and the turn: who plays which row, in which order, and what happens when that fails.

One task works through the rows of one conversation in order of arrival; conversations run beside each other. What
playing a row means is in `legs.py`.

An exception here is a defect of ours or a store that refuses: the row gets another try (0, 1, 5, 30, 120 s), then
goes to the dead letters, and the contact gets the `error` flow once. A row that two processes died with is a suspect
and is tried alone, so that an event that kills the process takes nobody else's along.

Order within a conversation is the store's: a leg of a row that has an older live one before it is refused as stale,
whoever holds it; then the store is asked again for the oldest.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
import structlog

from botkit.errors import StaleLeg, StoreUnavailable
from botkit.legs import APOLOGY, Player, Progress, log_fields, restore
from botkit.ports import Arrival, Clock, InboxRow, InboxStore

#: Seconds before each attempt at a row; after the last one it is a dead letter.
RETRY_S = (0.0, 1.0, 5.0, 30.0, 120.0)
#: Most rows kept in memory; beyond it they wait in the store, which loses nothing.
MAX_IN_HAND = 10_000
#: How often the store is asked for rows that nobody has in hand, in seconds.
SWEEP_S = 5.0
CLAIM_ROWS = 500
#: How long a conversation waits for a store that refuses work, in seconds.
STORE_RETRY_S = 1.0

log = structlog.get_logger("botkit.runtime")


@dataclass(slots=True)
class Work:
    """The rows of one conversation that are in hand, and its state once it is known.

    `progress` is that of the first row. `look_again` says that the store may hold more rows behind these.
    """

    rows: deque[InboxRow] = field(default_factory=deque)
    progress: Progress = field(default_factory=Progress)
    task: asyncio.Task[None] | None = None
    look_again: bool = False


class Runtime:
    """Applies what is in the inbox."""

    def __init__(self, store: InboxStore, player: Player, clock: Clock) -> None:
        self._store = store
        self._player = player
        self._clock = clock
        self._work: dict[str, Work] = {}
        self._in_hand = 0
        self._behind = False
        self._stopping = False
        self._suspect: str | None = None
        self._sweep_now = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self) -> None:
        """Keep the definitions, take up what a former process left, and watch for rows that nobody has in hand."""
        sources = {flow.digest: (flow.name, orjson.dumps(flow.source())) for flow in self._player.flows.flows.values()}
        await self._store.save_definitions(sources, self._clock.now())
        await self._sweep()
        self._sweeper = asyncio.create_task(self._keep_sweeping())

    def notify(self, rows: Sequence[InboxRow]) -> None:
        """Take claimed rows in hand. Rows beyond MAX_IN_HAND wait in the store."""
        if self._stopping or self._behind:
            return
        for row in rows:
            self._take(row)
        if self._in_hand > MAX_IN_HAND:
            self._behind = True
            log.warning("runtime_behind", in_hand=self._in_hand)

    def look(self) -> None:
        """Look for rows that others put into the store: now, and behind those in hand."""
        for work in self._work.values():
            work.look_again = True
        self._sweep_now.set()

    async def idle(self) -> None:
        """Return when no row is in hand."""
        await self._idle.wait()

    async def stop(self, timeout_s: float) -> None:
        """Finish the leg in hand of every conversation, at most `timeout_s`; what is left waits in the store."""
        self._stopping = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        tasks = [work.task for work in self._work.values() if work.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # ── taking rows in hand ──

    def _take(self, row: InboxRow, *, look_again: bool = False) -> None:
        work = self._work.get(row.conversation.id)
        if work is None:
            work = self._work[row.conversation.id] = Work(look_again=look_again)
            work.task = asyncio.create_task(self._work_through(row.conversation.id, work))
            self._idle.clear()
        work.rows.append(row)
        self._in_hand += 1

    async def _work_through(self, conversation_id: str, work: Work) -> None:
        try:
            while work.rows and not self._stopping:
                work.progress.legs = work.rows[0].legs
                if not await self._settle(work.rows[0], work):
                    break
                work.rows.popleft()
                self._in_hand -= 1
        finally:
            self._in_hand -= len(work.rows)
            del self._work[conversation_id]
            if conversation_id == self._suspect:
                self._suspect = None
            if work.rows or work.look_again or (self._behind and self._in_hand < MAX_IN_HAND // 2):
                self._sweep_now.set()
            elif not self._work:
                self._idle.set()

    async def _settle(self, row: InboxRow, work: Work) -> bool:
        """Bring one row to its end, however many attempts it takes; False when others must look at it anew."""
        while not self._stopping:
            if row.attempts > len(RETRY_S):
                await self._bury(row)
                return True
            try:
                await self._player.play(row, work.progress)
                return True
            except StaleLeg:
                # Somebody else applied this row, or moved the conversation on: the store knows better.
                log.info("leg_stale", conversation=row.conversation.id, event_id=row.id)
                return False
            except StoreUnavailable as error:
                log.error("store_unavailable", conversation=row.conversation.id, event_id=row.id, error=str(error))
                await self._clock.sleep(STORE_RETRY_S)
            except Exception as error:  # our own defect: this row waits, others go on
                row = await self._put_off(row, error)
        return False

    async def _put_off(self, row: InboxRow, error: Exception) -> InboxRow:
        """Wait for the next attempt; the wait is stored first, for a process that ends meanwhile."""
        fields = log_fields(restore(row.conversation), row.id)
        log.error("turn_crashed", **fields, attempt=row.attempts, exc_info=error)
        if row.attempts < len(RETRY_S):
            wait_s = RETRY_S[row.attempts]
            with contextlib.suppress(StoreUnavailable):  # the row is still there, and the next attempt meets the same
                await self._store.put_off(row.id, self._clock.now() + wait_s, repr(error)[:500], "")
            await self._clock.sleep(wait_s)
        return row._replace(attempts=row.attempts + 1)

    async def _bury(self, row: InboxRow) -> None:
        """Give a row up: the contact gets the `error` flow by a row of its own, which is given up in silence."""
        now = self._clock.now()
        snapshot = row.conversation
        log.error("dead_letter", **log_fields(restore(snapshot), row.id), attempts=row.attempts - 1)
        if row.kind != APOLOGY:
            event = orjson.dumps({"inbox": row.id})
            arrival = Arrival(
                *(snapshot.channel, "api", APOLOGY, snapshot.contact, str(row.id), "", b"", event), turn=True
            )
            receipts = await self._store.accept([arrival], now)
            await self._store.bury(row.id, now, f"gave up after {row.attempts - 1} attempts", "")
            self.notify([receipt.row for receipt in receipts if receipt.row is not None])
        else:
            await self._store.bury(row.id, now, "the apology failed too", "")

    # ── rows that nobody has in hand ──

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._sweep_now.wait()
            except TimeoutError:
                pass
            self._sweep_now.clear()
            try:
                await self._sweep()
            except StoreUnavailable as error:
                log.error("store_unavailable", error=str(error))

    async def _sweep(self) -> None:
        """Claim the rows that are due and that nobody has in hand, the oldest of each conversation."""
        while not self._stopping and self._in_hand < MAX_IN_HAND:
            # New rows are taken again from before the last look on, so that none falls between.
            self._behind = False
            rows = await self._store.claim(self._clock.now(), CLAIM_ROWS, frozenset(self._work))
            for row in rows:
                if row.conversation.id not in self._work:
                    self._take(row, look_again=True)
            if len(rows) < CLAIM_ROWS:
                break
        await self._take_suspect()
        if not self._work:
            self._idle.set()

    async def _take_suspect(self) -> None:
        """Claim one row that two processes did not bring to its end, if none is in hand.

        One at a time: should this one end the process too, nobody else's row counts an attempt for it.
        """
        if self._stopping or self._suspect is not None:
            return
        now, skip = self._clock.now(), frozenset(self._work)
        for row in await self._store.claim(now, 1, skip, suspects=True, waits_s=RETRY_S):
            self._suspect = row.conversation.id
            self._take(row, look_again=True)
