"""A key's gate while a worker runs: its slots, its state, and one steady clock for both.

The wall clock jumps, so a running gate counts on a clock that began with the wall's time and goes on with monotonic
seconds. The store keeps wall times, which is what a restart has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from botkit.outbox.rate import Go, KeyState, Limits, Slots, Wait, decide
from botkit.outbox.retry import RETRY_AFTER_CAP_S, Attempt, Outcome, judge, load_key, reload
from botkit.ports import Answer, Clock, Flight, LedgerEntry


class Gate:
    """What one key may do next; only its worker changes it."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._offset_s = clock.now() - clock.monotonic()
        self._slots = Slots(limits)
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
