"""A key's gate while a worker runs: its slots, its state, and one steady clock for both.

The wall clock jumps, so a running gate counts on a clock that began with the wall's time and goes on with monotonic
seconds. The ledger has an answer at the later of both, and a restart has the ledger.

A wall clock that was set would make that restart take requests of a moment ago for old ones, and their slots for free.
The monotonic clock goes on over restarts until the machine's own, so the difference of both, which is kept with the
key, tells by how much the wall clock was set from one gate's start to the next. The answers are moved ahead by that, up
to now; one that never came, and counts late, up to when it does. Whatever was done to the clock, while a gate ran, as
it died or while there was none, an answer then stands no earlier on the new gate's clock than it came: on the old one's
it did not, and the move, if the clock was set back, is more than is needed. So a slot stays taken longer (until all are
free that are taken now), never shorter.

Only the last answers are moved, as many as there are slots: while an older one held a slot, each of them would. A hold
is only ever shortened, as the clock was set back: after the machine's own restart the difference is larger, and means
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from botkit.outbox.alert import Alert
from botkit.outbox.key import link, load_key, reload, rest
from botkit.outbox.learn import Departure
from botkit.outbox.load import most_ahead, wait_s
from botkit.outbox.rate import ROUNDING_S, Go, KeyState, Limits, Wait, decide
from botkit.outbox.restored import held_anew
from botkit.outbox.retry import QUOTA_PROBES_S, Attempt, Outcome, judge
from botkit.outbox.slots import Slots
from botkit.outbox.spell import become_long, long_at
from botkit.ports import Answer, Clock, Flight, LedgerEntry

OnAlert = Callable[[Alert, KeyState], None]


class Gate:
    """What one key may do next; only its worker and the errands that it lets go change it.

    `on_alert` is called with what a person must know, and the key as it then is.
    """

    def __init__(self, limits: Limits, clock: Clock, on_alert: OnAlert = lambda alert, key: None) -> None:
        self._on_alert = on_alert
        self._limits = limits
        self._clock = clock
        self._offset_s = clock.now() - clock.monotonic()
        self._slots = Slots(limits)
        self._talked_at = float("-inf")
        #: Held from the gate's word until its slot is taken, where something is awaited between the two.
        self.asking = asyncio.Lock()
        #: Set once the gate knows what the store kept; before that nothing may leave.
        self.restored = asyncio.Event()
        self.key = KeyState()

    def now(self) -> float:
        """Return the steady clock's seconds."""
        return self._clock.monotonic() + self._offset_s

    def ledger_at(self, late_s: float = 0.0) -> float:
        """Return when the ledger has something answered that counts so `late_s` from now: by the later clock."""
        return max(self.now(), self._clock.now()) + late_s

    def set_since(self, state: bytes | None) -> float:
        """Return by how many seconds the wall clock was set since a key's state was stored; 0 if that is not known."""
        known = load_key(state).clock_s
        return 0.0 if known is None else self._offset_s - known

    def restore(self, state: bytes | None, entries: Iterable[LedgerEntry]) -> bool:
        """Take up what the store kept; return whether the store has to keep it anew.

        Times from a wall clock that ran ahead are no later than they can be.
        """
        now, set_s = self.now(), self.set_since(state)
        latest = now + self._limits.given_up_s
        stored = load_key(state)
        held_until = max(0.0, stored.held_until + min(set_s, 0.0))
        key = reload(replace(stored, held_until=held_until, clock_s=self._offset_s), now)
        key = held_anew(key, self._limits)
        self._know(replace(key, held_until=min(key.held_until, now + QUOTA_PROBES_S[-1])))
        self._slots.rebuild(
            ((min(each.sent_at, now), min(each.answered_at or latest, latest)) for each in entries), now
        )
        self.restored.set()
        return stored.clock_s is None or abs(set_s) > ROUNDING_S

    def reload(self) -> None:
        """Probe at once what a new configuration may have mended; a session may have been linked again, too."""
        self.key = reload(link(self.key, is_linked=True), self.now())

    def link(self, *, is_linked: bool, at: float | None = None) -> None:
        """Note that the gateway's session was linked to a phone, or lost it, `at` by the gateway's clock."""
        was_linked = self.key.is_linked
        self.key = link(self.key, is_linked=is_linked, at=at)
        if was_linked and not self.key.is_linked:
            self._on_alert("unlinked", self.key)

    def watch(self) -> float:
        """Raise the alert that the clock brings; return when it will bring one."""
        self.key, alert = become_long(self.key, self.now())
        if alert is not None:
            self._on_alert(alert, self.key)
        return long_at(self.key)

    @property
    def is_held(self) -> bool:
        """Whether nothing leaves because of the key itself, however few wait."""
        return self.key.stopped or not self.key.is_linked or self.now() < self.key.held_until

    def decide(self, rank: int) -> Go | Wait:
        """Return whether a request of class `rank` may leave now."""
        now = self.now()
        limits = self._slots.limits.in_talk(now - self._talked_at)
        return decide(limits, self.key, self._slots.usage(now), rank, now)

    def wait_s(self, ahead: int) -> float:
        """Return about how long a new reply would wait behind `ahead` others."""
        now = self.now()
        return wait_s(self._slots.limits, self.key, self._slots.usage(now), ahead, now)

    @property
    def most_ahead(self) -> int:
        """How many requests ahead are enough to know how loaded the key is."""
        return most_ahead(self._slots.limits)

    def take(self, ledger_id: int, *, is_talk: bool) -> None:
        """Take a slot for a request, whose ledger entry is committed; `is_talk`: a person waits for what it says."""
        now = self.now()
        self._slots.leave(ledger_id, now)
        if is_talk:
            self._talked_at = now

    def give_back(self, ledger_id: int, *, is_lost: bool) -> tuple[Departure, float]:
        """Give a slot back a period after the answer, or after the latest time that a lost request can be counted at.

        Return how the request left, and how many seconds from now it counts as answered.
        """
        now = self.now()
        counted_at = max(now, self._slots.left_at(ledger_id) + self._limits.given_up_s) if is_lost else now
        return self._slots.answer(ledger_id, counted_at), counted_at - now

    def judge(
        self, answer: Answer, request_id: int = 0, conversation_id: str = "", left: Departure | None = None
    ) -> Outcome:
        """Take in what an answer says of the key; return what it means."""
        attempt = Attempt(answer.verdict, self.now(), request_id, conversation_id, answer.retry_after_s, left)
        outcome = judge(attempt, self.key, self._slots.limits)
        outcome = replace(outcome, key=self._rested(outcome.key, answer))
        self._know(outcome.key)
        if outcome.alert is not None:
            self._on_alert(outcome.alert, outcome.key)
        return outcome

    def land(self, flight: Flight, answer: Answer) -> tuple[Outcome, float]:
        """Take an answer in; return what it means and how many seconds from now the request counts as answered."""
        left, late_s = self.give_back(flight.ledger_id, is_lost=answer.verdict == "silent")
        return self.judge(answer, flight.request_id, flight.conversation_id, left), late_s

    def heed(self, answer: Answer) -> bool:
        """Take in what an answer's headers say of the limit; return whether that holds the key."""
        before, self.key = self.key, self._rested(self.key, answer)
        return self.key != before

    def _rested(self, key: KeyState, answer: Answer) -> KeyState:
        """Return the key until the limit is whole again; a slot comes back within a period, whatever a header says.

        A pause that the gateway names (`Retry-After`) says it better.
        """
        if answer.spent_s is None or answer.retry_after_s is not None:
            return key
        return rest(key, self.now() + min(answer.spent_s, self._slots.limits.held_s))

    def _know(self, key: KeyState) -> None:
        self.key = key
        self._slots.limits = self._limits.after(key.learned)
