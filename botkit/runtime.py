"""The seam between the store and the turn: who plays which row, in which order, and what happens when that fails.

The rows of one conversation are played in order of arrival; conversations run beside each other. What playing a row
means is in `legs.py`. Rows that come while their conversation is idle are played together: every first leg of a moment
in one go, and one trip to the store for all of them, each leg committed or refused for itself. Whatever needs a wait or
another attempt (a call, a stale leg, a defect, what a former process left) goes on in a task of its conversation's own.

An exception here is a defect of ours or a store that refuses: the row gets another try (0, 1, 5, 30, 120 s), then
goes to the dead letters, and the contact gets the `error` flow once. Rows that nobody has in hand are `sweep.py`'s.

Order within a conversation is the store's: a leg of a row that has an older live one before it is refused as stale,
whoever holds it; then the store is asked again for the oldest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import structlog

from botkit.attempts import RETRY_S, Attempts
from botkit.definitions import Definitions
from botkit.errors import StaleLeg, StoreUnavailable
from botkit.flow.flowset import FlowSet
from botkit.forgetting import empty_log, forget
from botkit.legs import Played, Player
from botkit.outbox.alert import Tell
from botkit.ports import FORGET, Clock, InboxRow, InboxStore
from botkit.sweep import Sweeper
from botkit.work import InHand, Work

#: How long a conversation waits for a store that refuses work, in seconds.
STORE_RETRY_S = 1.0
#: Passes of the loop in which requests go before turns, so that more share a commit: measured, 5 % less time an event.
PASSES = 8
#: Turns played in one go at most: bounds how long they hold the loop, some 5 ms.
TOGETHER = 64
LinesTogether = Callable[[], AbstractContextManager[None]]

log = structlog.get_logger("botkit.runtime")


class Runtime:
    """Applies what is in the inbox."""

    def __init__(
        self,
        store: InboxStore,
        player: Player,
        clock: Clock,
        *,
        lines_together: LinesTogether = nullcontext,
        on_alert: Tell = lambda alert, fields: None,
    ) -> None:
        """Keep the parts; `lines_together` is in force while many turns write their lines (`logs.Sink.together`).

        `on_alert` is called with what a person must know.
        """
        self._store, self._player, self._clock, self._lines_together = store, player, clock, lines_together
        self._attempts = Attempts(store, clock, lambda: player.flows, on_alert)
        self._definitions = Definitions(store, clock.now)
        self._in_hand = InHand()
        self._sweeper = Sweeper(store, clock, self._in_hand, self._go_on)
        self._fresh: list[Work] = []
        self._tasks: dict[asyncio.Task[None], None] = {}  # in order of their begin: they end in it, too
        self._idle_tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Keep the definitions, take up what a former process left, and watch for rows that nobody has in hand."""
        await self._definitions.keep(self._player.flows)
        self._definitions.start()
        await self._sweeper.start()

    async def replace(self, flows: FlowSet) -> None:
        """Play with other flows from the next leg on; raises StoreUnavailable, and then goes on with those it has."""
        await self._definitions.keep(flows)
        self._player.flows = flows

    def notify(self, rows: Sequence[InboxRow]) -> None:
        """Take claimed rows in hand. Rows beyond what memory may hold wait in the store."""
        in_hand = self._in_hand
        if self._stopping or in_hand.is_behind:
            return
        for row in rows:
            work = in_hand.works.get(row.conversation.id)
            if work is None:
                self._play_soon(in_hand.take(row))
            else:
                work.rows.append(row)
                in_hand.rows += 1
        if in_hand.rows > in_hand.most:
            in_hand.is_behind = True
            log.warning("runtime_behind", in_hand=in_hand.rows)

    def look(self) -> None:
        """Look for rows that others put into the store: now, and behind those in hand."""
        for work in self._in_hand.works.values():
            work.look_again = True
        self._in_hand.look.set()

    async def look_now(self) -> None:
        """Look as `look` does, and return when what was found is in hand."""
        await self._sweeper.sweep()

    async def idle(self) -> None:
        """Return when no row is in hand."""
        await self._in_hand.idle.wait()

    async def stop(self, timeout_s: float) -> None:
        """Finish the leg in hand of every conversation, at most `timeout_s`; what is left waits in the store."""
        self._stopping = True
        self._sweeper.stop()
        await self._definitions.stop()
        for task in self._idle_tasks:
            task.cancel()  # who closes the store ends their work
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
            late = [task for task in self._tasks if not task.done()]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    # ── conversations together ──

    def _play_soon(self, work: Work) -> None:
        """Play a work's first row together with those of all others that come meanwhile."""
        if not self._fresh:
            self._spawn(self._play_together())
        self._fresh.append(work)

    async def _play_together(self) -> None:
        """Play the first rows of conversations and commit their legs at once; what cannot end so goes on by itself."""
        for _ in range(PASSES):
            await asyncio.sleep(0)
        works, self._fresh = self._fresh[:TOGETHER], self._fresh[TOGETHER:]
        if self._fresh:
            self._spawn(self._play_together())
        played = [(work, leg) for work in works if (leg := self._begin(work)) is not None]
        try:
            errors = await self._store.commit_each([first.leg for _, first in played])
        except asyncio.CancelledError:
            for work, _ in played:
                self._in_hand.let_go(work)
            raise
        except Exception as error:
            errors = [error] * len(played)
        with self._lines_together():
            for (work, first), met in zip(played, errors, strict=True):
                self._settle_together(work, first, met)

    def _begin(self, work: Work) -> Played | None:
        """Play the first leg of a work's first row; None when that goes on by itself."""
        error: Exception | None = None
        try:
            leg = self._player.begin(work.rows[0], work.progress)
        except Exception as raised:
            leg, error = None, raised
        if leg is None:
            self._go_on(work, error)
        return leg

    def _settle_together(self, work: Work, played: Played, error: Exception | None) -> None:
        over = False
        if error is None:
            try:
                over = self._player.settle(work.rows[0], played, work.progress)
            except Exception as raised:
                error = raised
        if not over:
            self._go_on(work, error)
            return
        self._in_hand.close_row(work)
        if work.rows and not self._stopping:
            self._play_soon(work)
        else:
            self._in_hand.let_go(work)

    # ── conversations by themselves ──

    def _go_on(self, work: Work, error: Exception | None = None) -> None:
        """Go on with a work in a task of its own; `error` is what its first row has met so far."""
        if self._stopping:
            self._in_hand.let_go(work)
        else:
            self._spawn(self._work_through(work, error))

    async def _work_through(self, work: Work, error: Exception | None = None) -> None:
        try:
            while work.rows and not self._stopping:
                if not await self._settle(work.rows[0], work, error):
                    break
                self._in_hand.close_row(work)
                error = None
        finally:
            self._in_hand.let_go(work)

    async def _settle(self, row: InboxRow, work: Work, met: Exception | None) -> bool:
        """Bring one row to its end, however many attempts it takes; False when others must look at it anew.

        `met` is what the attempt under way has ended with already.
        """
        while not self._stopping:
            try:
                if row.attempts > len(RETRY_S):
                    self.notify(await self._attempts.bury(row, work.progress))
                    return True
                if met is not None:
                    raised, met = met, None
                    raise raised
                if row.kind == FORGET:
                    await self._forget(row)
                    return False  # what came behind it belongs to another conversation now
                await self._player.play(row, work.progress)
                return True
            except StaleLeg:
                # Somebody else applied this row, or moved the conversation on: the store knows better.
                log.info("leg_stale", conversation=row.conversation.id, event_id=row.id)
                return False
            except StoreUnavailable as error:
                told = {"reason": error.reason, "error": str(error)}
                log.error("store_unavailable", conversation=row.conversation.id, event_id=row.id, **told)
                await self._clock.sleep(STORE_RETRY_S)
            except Exception as error:  # our own defect: this row waits, others go on
                row = await self._attempts.put_off(row, work.progress, error)
        return False

    async def _forget(self, row: InboxRow) -> None:
        await forget(self._store, self._clock, row)
        self._player.let_go(row.conversation.id)
        task = asyncio.create_task(empty_log(self._store, self._clock))
        self._idle_tasks.add(task)
        task.add_done_callback(self._idle_tasks.discard)
