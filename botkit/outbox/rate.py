"""The rate gate: whether one more request may leave now.

The gateway's window algorithm is unknown, and so is the moment at which it counts a request. What is certain is that
it counts a request somewhere between its first byte and its answer. So a slot is taken before the request leaves and
comes back one period and a margin after the *answer* (`Slots`), and a request leaves only while fewer than N slots
are taken.

Proof. Let a window of one period, at whatever phase, hold the counts of requests r1 … rk, and let r be the one of
them that left last, at time s. Each other ri was counted at ci ≥ s' for some window start s' with s' + period > c(r)
≥ s, hence ci > s - period. Its answer came at ai ≥ ci, so at s either it was unanswered, or ai > s - period > s -
period - margin: its slot was taken. The gate let r leave, so at most N - 1 of them were taken: k ≤ N. A request that
was never answered counts as answered `timeout + 10 s` after it left, by when any gateway has counted it or never
will. A restart rebuilds the slots from the store, where a request is entered before it leaves.

Pacing. Gateways whose bucket is shallower than N refuse a burst that the log allows. So requests are spread over the
period (theoretical arrival time, as in GCRA): only what a person is waiting for may leave in a burst; everything else
catches up one request at most.

All times are seconds of one clock, which the caller chooses; nothing here reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from botkit.turn.effect import CLASSES

#: How long after a period a slot comes back, for the gateway's clock and rounding.
MARGIN_S = 0.05
#: A gateway may count a request late, but not later than this after its timeout.
COUNTED_LATE_S = 10.0
#: Timers are no finer than this; a fast key catches up on so much at once.
GRAIN_S = 0.05
#: Sums of floats that stand for UTC seconds are this exact at least; the pace forgives it, the limit does not need to.
ROUNDING_S = 0.001


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may send: `limit` requests in `period_s`, each answered or given up within `timeout_s`."""

    limit: int
    period_s: float
    timeout_s: float
    burst: int = 5

    @property
    def held_s(self) -> float:
        """How long a slot stays taken after the answer."""
        return self.period_s + MARGIN_S

    @property
    def spacing_s(self) -> float:
        """The distance between requests that spreads them over a period."""
        return self.held_s / self.limit

    @property
    def given_up_s(self) -> float:
        """How long after it left a request without an answer counts as answered."""
        return self.timeout_s + COUNTED_LATE_S

    def slack_s(self, rank: int) -> float:
        """How far ahead of the pace a request of a class may leave."""
        requests = self.burst - 1 if rank <= CLASSES["interactive"] else 1
        return max(requests * self.spacing_s, GRAIN_S) + ROUNDING_S


@dataclass(frozen=True, slots=True)
class KeyState:
    """Why a key is held and what led there; survives restarts as JSON.

    Nothing leaves before `held_until`. `probing`: then one request at a time until one is taken. `stopped`: nothing
    leaves until the configuration is read again. `verdict` came `run` times in a row; `level` counts how often the
    gateway was found closed since `closed_since`, and `is_long` says that a person was told. `errors_at` and
    `refusals` are the recent ones; `taken` are requests whose 2xx answer could not be read.
    """

    held_until: float = 0.0
    why: str = ""
    probing: bool = False
    stopped: bool = False
    verdict: str = ""
    run: int = 0
    level: int = 0
    closed_since: float = 0.0
    is_long: bool = False
    errors_at: tuple[float, ...] = ()
    refusals: tuple[tuple[str, float], ...] = ()
    taken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What is taken of a key: `taken` slots, `flying` of them unanswered.

    `back_at` is when the first slot comes back; `pace_at` is the theoretical arrival time of the next request.
    """

    taken: int = 0
    flying: int = 0
    back_at: float = 0.0
    pace_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Go:
    """One request may leave now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing of this class may leave before `until`. `why`: limit, pace, probing, or why the key is held."""

    until: float
    why: str


def decide(limits: Limits, key: KeyState, usage: Usage, rank: int, now: float) -> Go | Wait:
    """Return whether a request of class `rank` may leave at `now`, or when to ask again."""
    if key.stopped:
        return Wait(float("inf"), key.why)
    if now < key.held_until:
        return Wait(key.held_until, key.why)
    if key.probing and usage.flying:
        return Wait(now + limits.given_up_s, "probing")
    if usage.taken >= limits.limit:
        return Wait(usage.back_at, "limit")
    paced = usage.pace_at - limits.slack_s(rank)
    return Wait(paced, "pace") if now < paced else Go()


class Slots:
    """The slots of one key: a log in memory, rebuilt from the store's ledger at start; each step costs O(log n).

    Requests are named by the caller. `now` never runs backwards.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._flying: dict[int, float] = {}
        self._back: list[float] = []
        self._pace_at = float("-inf")

    def rebuild(self, entries: Iterable[tuple[float, float | None]], now: float) -> None:
        """Take back (sent_at, answered_at) pairs, of which None counts as given up."""
        held = [(sent, sent + self._limits.given_up_s if answer is None else answer) for sent, answer in entries]
        self._back = sorted(answered + self._limits.held_s for _, answered in held)
        for sent_at in sorted(sent for sent, _ in held):
            self._pace(min(sent_at, now))

    def leave(self, request: int, now: float) -> None:
        """Take a slot for a request that leaves."""
        self._flying[request] = now
        self._pace(now)

    def left_at(self, request: int) -> float:
        """Return when a request that is out left."""
        return self._flying[request]

    def answer(self, request: int, at: float) -> None:
        """Give the slot of a request back one period after `at`."""
        del self._flying[request]
        heappush(self._back, at + self._limits.held_s)

    def usage(self, now: float) -> Usage:
        """Return what is taken at `now`."""
        while self._back and self._back[0] <= now:
            heappop(self._back)
        back_at = self._back[0] if self._back else now + self._limits.given_up_s
        return Usage(len(self._flying) + len(self._back), len(self._flying), back_at, self._pace_at)

    def _pace(self, now: float) -> None:
        spacing_s = self._limits.spacing_s
        self._pace_at = max(self._pace_at, now) + spacing_s
