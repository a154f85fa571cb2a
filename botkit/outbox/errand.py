"""Errands: requests of a key that are no messages, such as fetches of media.

The gateway counts them like messages, so each takes a slot of the key, which is entered in the store before the request
leaves and so outlives a restart. What the gateway says of the key itself (401, 403, 429) holds the key for messages,
too; nothing else that an errand is answered tells whether a message would get through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from botkit.errors import StoreUnavailable
from botkit.outbox.gate import Gate
from botkit.outbox.rate import GRAIN_S, Wait
from botkit.outbox.report import report_key
from botkit.outbox.retry import dump_key
from botkit.ports import Answer, Clock, Errand, OutboxStore
from botkit.turn.effect import CLASSES

log = structlog.get_logger("botkit.outbox")

#: How long whoever waits for a slot leaves a held key alone: a new configuration may open it sooner than it says.
LOOK_S = 5.0
#: Verdicts that are about the key, whatever was asked with it.
OF_THE_KEY = frozenset(("unauthorized", "throttled"))


class Errands:
    """The errands of one key. `on_back` is called when one is over: the key may do the next thing."""

    def __init__(
        self, store: OutboxStore, gate: Gate, clock: Clock, *, key: str, owner: str, on_back: Callable[[], None]
    ) -> None:
        self._store = store
        self._gate = gate
        self._clock = clock
        self._key = key
        self._owner = owner
        self._on_back = on_back

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Errand]:
        """Wait for leave and hold a slot for one request, whose answer the caller puts into the errand.

        It counts as one that a person waits for; a block that raises counts as not answered. Raises StoreUnavailable
        when the store refuses the slot.
        """
        while (ledger_id := await self._take()) is None:
            pass
        errand, is_answered = Errand(), False
        try:
            yield errand
            is_answered = True
        finally:
            _, late_s = self._gate.give_back(ledger_id, is_lost=not is_answered)
            await self._write_down(ledger_id, errand.answer, self._clock.now() + late_s)
            self._on_back()

    async def _take(self) -> int | None:
        """Take a slot, or wait until one may be free."""
        await self._gate.restored.wait()
        async with self._gate.asking:
            word = self._gate.decide(CLASSES["interactive"])
            if not isinstance(word, Wait):
                now = self._clock.now()
                ledger_id = await self._store.begin_errand(self._key, self._owner, CLASSES["interactive"], now)
                self._gate.take(ledger_id, is_talk=False)
                return ledger_id
        await self._clock.sleep(min(max(word.until - self._gate.now(), GRAIN_S), LOOK_S))
        return None

    async def _write_down(self, ledger_id: int, answer: Answer | None, answered_at: float) -> None:
        state = self._judge(answer) if answer is not None and answer.verdict in OF_THE_KEY else None
        status = answer.http_status if answer is not None else None
        try:
            await self._store.end_errand(self._key, ledger_id, answered_at, status, state)
        except StoreUnavailable as error:  # the next start counts it as lost, which is late enough
            log.warning("errand_not_written_down", error=str(error))

    def _judge(self, answer: Answer) -> bytes:
        """Let an answer change the key, and return its state."""
        before = self._gate.key
        outcome = self._gate.judge(answer)
        report_key(before, outcome, answer.at)
        return dump_key(outcome.key)
