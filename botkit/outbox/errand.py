"""Errands: requests of a key that are no messages: fetches of media, and polls, which ask what is new.

The gateway counts them like messages, so each takes a slot of the key, which is entered in the store before the request
leaves and so outlives a restart. An errand is one more that somebody waits for: it goes behind replies that were queued
before it and ahead of those that were not. So a queue of replies cannot hold it up for ever, nor it them.

What the gateway says of the key itself (401, 403, 429) holds the key for messages, too. A medium's other answers speak
of that medium. A poll always asks the same and has nothing to lose, so that the gateway is away (503, no connection)
counts as if a message had found out; and its good answer ends what the same answers began. Nothing else that an errand
is answered tells whether a message would get through.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from botkit.errors import StoreUnavailable
from botkit.outbox.gate import Gate
from botkit.outbox.key import dump_key
from botkit.outbox.learn import Departure
from botkit.outbox.rate import GRAIN_S, Wait
from botkit.outbox.report import report_key
from botkit.outbox.spell import AWAY
from botkit.ports import Answer, Clock, Errand, OutboxRow, OutboxStore
from botkit.turn.effect import CLASSES
from botkit.waiting import sleep_until_woken

log = structlog.get_logger("botkit.outbox")

#: How long whoever waits for a slot leaves a held key alone: a new configuration may open it sooner than it says.
LOOK_S = 5.0
#: How long a poll leaves a key whose hold is over to a message, which is the better probe.
PROBE_S = 5.0
#: How long whoever waits behind a reply leaves it to its worker, unless it is told to go.
BEHIND_S = 0.25
#: Verdicts that are about the key, whatever was asked with it.
OF_THE_KEY = frozenset(("unauthorized", "throttled"))
#: Verdicts of a poll that count for the key, and why a key is held or probed that its good answer opens.
OF_POLLS = OF_THE_KEY | AWAY
OPENED_BY_POLLS = OF_POLLS


class Errands:
    """The errands of one key.

    `wake` is called when one has left or is over: the key may do the next thing. `head` returns the row that its worker
    would send next: both must see the same one, or each would leave it to the other.
    """

    def __init__(
        self,
        store: OutboxStore,
        gate: Gate,
        clock: Clock,
        *,
        key: str,
        owner: str,
        wake: Callable[[], None],
        head: Callable[[], Awaitable[OutboxRow | None]],
    ) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._key = key
        self._owner = owner
        self._wake = wake
        self._head = head
        #: When each that waits for its turn began to, the first one first.
        self._waiting: dict[object, float] = {}
        self._turn = asyncio.Event()

    @asynccontextmanager
    async def slot(self, *, is_poll: bool = False) -> AsyncIterator[Errand]:
        """Wait for leave and hold a slot for one request, whose answer the caller puts into the errand.

        It counts as one that a person waits for; a block that raises counts as not answered. Raises StoreUnavailable
        when the store refuses the slot.
        """
        ledger_id = await self._take(is_poll=is_poll)
        errand, is_answered = Errand(), False
        try:
            yield errand
            is_answered = True
        finally:
            left, late_s = self._gate.give_back(ledger_id, is_lost=not is_answered)
            state = self._judge(errand.answer, left, is_poll=is_poll)
            await self._write_down(ledger_id, errand.answer, state, self._gate.ledger_at(late_s))
            self._wake()

    def goes_before(self, row: OutboxRow) -> bool:
        """Tell whether it is an errand's turn before a row's; if so it is told to go."""
        began = next(iter(self._waiting.values()), None)
        if began is None or _is_before(row, began):
            return False
        self._turn.set()
        return True

    async def _take(self, *, is_poll: bool) -> int:
        """Take a slot once one is free, in its turn; return the ledger's entry."""
        await self._gate.restored.wait()
        me, began = object(), self._clock.now()
        try:
            while True:
                until = self._gate.key.held_until + PROBE_S if is_poll and self._gate.key.probing else 0.0
                if until > self._gate.now():
                    self._waiting.pop(me, None)
                else:
                    self._waiting.setdefault(me, began)
                    async with self._gate.asking:
                        word = self._gate.decide(CLASSES["interactive"])
                        if not isinstance(word, Wait) and not await self._is_behind(began):
                            return await self._leave()
                    until = word.until if isinstance(word, Wait) else self._gate.now() + BEHIND_S
                self._turn.clear()
                delay_s = min(max(until - self._gate.now(), GRAIN_S), LOOK_S)
                await sleep_until_woken(self._clock, delay_s, self._turn)
        finally:
            self._waiting.pop(me, None)

    async def _is_behind(self, began: float) -> bool:
        """Tell whether a reply that may leave was queued before; its worker wakes at the same word of the gate."""
        row = await self._head()
        return row is not None and _is_before(row, began)

    async def _leave(self) -> int:
        rank = CLASSES["interactive"]
        ledger_id = await self._store.begin_errand(self._key, self._owner, rank, self._clock.now())
        self._gate.take(ledger_id, is_talk=False)
        self._wake()
        return ledger_id

    def _judge(self, answer: Answer | None, left: Departure, *, is_poll: bool) -> bytes | None:
        """Let an answer change the key if it speaks of it; return the key's state then."""
        if answer is None:
            return None
        opens = is_poll and answer.verdict == "sent" and self._gate.key.why in OPENED_BY_POLLS
        if not opens and answer.verdict not in (OF_POLLS if is_poll else OF_THE_KEY):
            return dump_key(self._gate.key) if self._gate.heed(answer) else None
        before = self._gate.key
        outcome = self._gate.judge(answer, left=left)
        report_key(before, outcome, answer.at)
        return dump_key(outcome.key)

    async def _write_down(self, ledger_id: int, answer: Answer | None, state: bytes | None, answered_at: float) -> None:
        status = answer.http_status if answer is not None else None
        try:
            await self._store.end_errand(self._key, ledger_id, answered_at, status, state)
        except StoreUnavailable as error:  # the next start counts it as lost, which is late enough
            log.warning("errand_not_written_down", error=str(error))


def _is_before(row: OutboxRow, began: float) -> bool:
    """Tell whether a row is a reply that was queued before an errand began to wait."""
    return row.rank <= CLASSES["interactive"] and row.created_at <= began
