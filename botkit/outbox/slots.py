"""The slots of one key: a log in memory, rebuilt from the store's ledger at start; each step costs O(log n)."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

from botkit.outbox.learn import Departure
from botkit.outbox.rate import Limits, Usage


class Slots:
    """Which slots are taken. Requests are named by the caller, `now` never runs backwards.

    `limits` may change from one call to the next: what was learned counts for slots that are taken already.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._flying: dict[int, tuple[float, Departure]] = {}
        self._answered: list[float] = []
        self._pace_at = float("-inf")

    def rebuild(self, entries: Iterable[tuple[float, float | None]], now: float) -> None:
        """Take back (sent_at, answered_at) pairs, of which None counts as given up."""
        held = [(sent, sent + self.limits.given_up_s if answer is None else answer) for sent, answer in entries]
        self._answered = sorted(answered for _, answered in held)
        for sent_at in sorted(sent for sent, _ in held):
            self._pace(min(sent_at, now))
        if self.limits.is_serial and self._answered:
            self._pace_at = max(self._pace_at, self._answered[-1] + self.limits.spacing_s)

    def leave(self, request: int, now: float) -> None:
        """Take a slot for a request that leaves."""
        ahead = max(0.0, self._pace_at - now) / self.limits.spacing_s
        taken = len(self._flying) + len(self._answered) + 1
        self._flying[request] = now, Departure(ahead, taken)
        self._pace(now)

    def left_at(self, request: int) -> float:
        """Return when a request that is out left."""
        return self._flying[request][0]

    def answer(self, request: int, at: float) -> Departure:
        """Give the slot of a request back one period after `at`; return how it left."""
        _, left = self._flying.pop(request)
        heappush(self._answered, at)
        if self.limits.is_serial:
            self._pace_at = max(self._pace_at, at + self.limits.spacing_s)
        return left

    def usage(self, now: float) -> Usage:
        """Return what is taken at `now`."""
        held_s = self.limits.held_s
        while self._answered and self._answered[0] + held_s <= now:
            heappop(self._answered)
        back_at = self._answered[0] + held_s if self._answered else now + self.limits.given_up_s
        return Usage(len(self._flying) + len(self._answered), len(self._flying), back_at, self._pace_at)

    def backs(self) -> tuple[float, ...]:
        """Return when the slots that are taken come back, in order; what is out counts as never answered."""
        given_up = (left_at + self.limits.given_up_s for left_at, _ in self._flying.values())
        return tuple(answered + self.limits.held_s for answered in sorted([*self._answered, *given_up]))

    def _pace(self, now: float) -> None:
        self._pace_at = max(self._pace_at, now) + self.limits.spacing_s
