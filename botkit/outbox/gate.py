"""A key's gate while a worker runs: its slots, its state, and one steady clock for both.

The wall clock jumps, so a running gate counts on a clock that began with the wall's time and goes on with monotonic
seconds. The store keeps wall times, which is what a restart has.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

from botkit.outbox.rate import GRAIN_S, Go, KeyState, Limits, Slots, Wait, decide
from botkit.outbox.retry import RETRY_AFTER_CAP_S, Attempt, Outcome, judge, load_key, reload
from botkit.ports import Answer, Clock, Flight, LedgerEntry
from botkit.turn.effect import CLASSES

#: How long whoever waits for a slot leaves a held key alone: a new configuration may open it sooner than it says.
LOOK_S = 5.0


class Gate:
    """What one key may do next; only its worker changes it."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._offset_s = clock.now() - clock.monotonic()
        self._slots = Slots(limits)
        self._others = 0
        #: Held from the gate's word until its slot is taken, where something is awaited between the two.
        self.asking = asyncio.Lock()
        self.key = KeyState()

    def now(self) -> float:
        """Return the steady clock's seconds."""
        return self._clock.monotonic() + self._offset_s

    def restore(self, state: bytes | None, entries: Iterable[LedgerEntry]) -> None:
        """Take up what the store kept. Times from a wall clock that ran ahead are no later than they can be."""
        now = self.now()
        latest = now + self._limits.given_up_s
        key = reload(load_key(state), now)
        self.key = replace(key, held_until=min(key.held_until, now + RETRY_AFTER_CAP_S))
        self._slots.rebuild(
            ((min(each.sent_at, now), min(each.answered_at or latest, latest)) for each in entries), now
        )

    def reload(self) -> None:
        """Probe at once what a new configuration may have mended."""
        self.key = reload(self.key, self.now())

    def decide(self, rank: int) -> Go | Wait:
        """Return whether a request of class `rank` may leave now."""
        now = self.now()
        return decide(self._limits, self.key, self._slots.usage(now), rank, now)

    def leave(self, flight: Flight) -> None:
        """Take a slot for a flight, whose ledger entry is committed."""
        self._slots.leave(flight.ledger_id, self.now())

    @asynccontextmanager
    async def slot(self, on_back: Callable[[], None]) -> AsyncIterator[None]:
        """Wait for leave and hold a slot for a request that is no message, such as a fetch; `on_back` at its end.

        It counts as one that a person waits for; a block that raises counts as not answered. Only this process knows
        of it: within a period after a restart the gateway may count more requests than the gate does.
        """
        while (slot := await self._take()) is None:
            pass
        answered_at = self._slots.left_at(slot) + self._limits.given_up_s
        try:
            yield
            answered_at = self.now()
        finally:
            self._slots.answer(slot, max(self.now(), answered_at))
            on_back()

    async def _take(self) -> int | None:
        """Take a slot, or wait until one may be free."""
        async with self.asking:
            if not isinstance(word := self.decide(CLASSES["interactive"]), Wait):
                self._others -= 1  # the ledger counts up from 1
                self._slots.leave(self._others, self.now())
                return self._others
        await self._clock.sleep(min(max(word.until - self.now(), GRAIN_S), LOOK_S))
        return None

    def land(self, flight: Flight, answer: Answer) -> tuple[Outcome, float]:
        """Take an answer in; return what it means and how many seconds from now the request counts as answered."""
        now = self.now()
        left_at = self._slots.left_at(flight.ledger_id)
        is_counted_late = answer.verdict == "silent"
        counted_at = max(now, left_at + self._limits.given_up_s) if is_counted_late else now
        self._slots.answer(flight.ledger_id, counted_at)
        attempt = Attempt(answer.verdict, now, flight.request_id, flight.conversation_id, answer.retry_after_s)
        outcome = judge(attempt, self.key, self._limits)
        self.key = outcome.key
        return outcome, counted_at - now
