"""The rate gate: whether one more request may leave now.

The gateway's window algorithm is unknown, and so is the moment at which it counts a request. What is certain is that
it counts a request somewhere between its first byte and its answer. So a slot is taken before the request leaves and
comes back one period and a margin after the *answer* (`slots.py`), and a request leaves only while fewer than N slots
are taken.

Proof. Let a window of one period, at whatever phase, hold the counts of requests r1 … rk, and let r be the one of
them that left last, at time s. Each other ri was counted at ci ≥ s' for some window start s' with s' + period > c(r)
≥ s, hence ci > s - period. Its answer came at ai ≥ ci, so at s either it was unanswered, or ai > s - period > s -
period - margin: its slot was taken. The gate let r leave, so at most N - 1 of them were taken: k ≤ N. A request that
was never answered counts as answered `timeout + 10 s` after it left, by when any gateway has counted it or never
will. A restart rebuilds the slots from the store, where a request is entered before it leaves.

Pacing. Gateways whose bucket is shallower than N refuse a burst that the log allows. So requests are spread over the
period (theoretical arrival time, as in GCRA): only what a person is waiting for may leave in a burst; everything else
catches up one request at most. Where no burst at all is taken (`burst` 1) a request leaves a spacing after the
*answer* before it, for the same reason as above: then two counts are never closer than that.

Reserve. A slot that only what a person is waiting for may take, so that it need not wait behind a broadcast.

What 429s teach of N, margin and burst stands in `learn.py`. All times are seconds of one clock, which the caller
chooses; nothing here reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from botkit.turn.effect import CLASSES

#: How long after a period a slot comes back, for the gateway's clock and rounding.
MARGIN_S = 0.05
#: A gateway may count a request late, but not later than this after its timeout.
COUNTED_LATE_S = 10.0
#: How long after something that a person waited for people count as talking, in seconds.
TALK_S = 300.0
#: What nobody waits for leaves so many requests ahead of its pace at most.
CATCH_UP = 1
#: The pace is so much faster than the limit, which the slots keep: what a late answer held up is made up for.
CATCHING_UP = 0.98
#: Timers are no finer than this; a fast key catches up on so much at once.
GRAIN_S = 0.05
#: Why a key is held whose plan is used up. Broadcasts leave its first probes to people who wait for an answer.
QUOTA, QUOTA_BULK_S = "quota", 3600.0
#: Why nothing leaves while the gateway's session is not linked to a phone.
UNLINKED = "unlinked"
#: Sums of floats that stand for UTC seconds are this exact at least; the pace forgives it, the limit does not need to.
ROUNDING_S = 0.001


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of a key beyond its configuration; 0 is nothing.

    `limit` and `burst` take the place of the configured ones, `margin_s` comes on top. `clean` counts requests taken in
    a row. `limit_failed` and `burst_failed` are the least that failed, `…_at` when, in UTC seconds.
    """

    limit: int = 0
    burst: int = 0
    margin_s: float = 0.0
    clean: int = 0
    limit_failed: int = 0
    limit_failed_at: float = 0.0
    burst_failed: int = 0
    burst_failed_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may send: `limit` requests in `period_s`, each answered or given up within `timeout_s`.

    `burst` is how many may leave at once, `reserve` how many slots are kept for what a person waits for: always, or
    while people are talking. `margin_s` is how long beyond the period a slot stays taken.
    """

    limit: int
    period_s: float
    timeout_s: float
    burst: int = 5
    reserve: int = 0
    margin_s: float = MARGIN_S
    reserves_always: bool = True

    @property
    def held_s(self) -> float:
        """How long a slot stays taken after the answer."""
        return self.period_s + self.margin_s

    @property
    def spacing_s(self) -> float:
        """The distance between requests that spreads them over a period."""
        return self.held_s / self.limit * (1.0 if self.is_serial else CATCHING_UP)

    @property
    def given_up_s(self) -> float:
        """How long after it left a request without an answer counts as answered."""
        return self.timeout_s + COUNTED_LATE_S

    @property
    def is_serial(self) -> bool:
        """Whether a request leaves only when the one before is answered."""
        return self.burst <= 1

    def slack_s(self, rank: int) -> float:
        """How far ahead of the pace a request of a class may leave."""
        if self.is_serial:
            return ROUNDING_S
        requests = self.burst - 1 if rank <= CLASSES["interactive"] else min(self.burst - 1, CATCH_UP)
        return max(requests * self.spacing_s, GRAIN_S) + ROUNDING_S

    def free_for(self, rank: int) -> int:
        """Return how many slots a class may take."""
        return self.limit if rank <= CLASSES["interactive"] else max(1, self.limit - self.reserve)

    def in_talk(self, talked_s: float) -> Limits:
        """Return what may be sent so long after something that a person waited for."""
        return self if self.reserves_always or talked_s < TALK_S else replace(self, reserve=0)

    def after(self, learned: Learned) -> Limits:
        """Return what may be sent with what was learned of the key."""
        return replace(
            self,
            limit=min(self.limit, learned.limit or self.limit),
            burst=min(self.limit, learned.burst or self.burst),
            margin_s=self.margin_s + learned.margin_s,
        )


@dataclass(frozen=True, slots=True)
class KeyState:
    """Why a key is held and what led there; survives restarts as JSON.

    Nothing leaves before `held_until`. `probing`: then one request at a time until one is taken. `stopped`: nothing
    leaves until the configuration is read again. `verdict` came `run` times in a row; `level` counts how often the
    gateway was found closed since `closed_since`. `opened` counts the requests taken since it was found open again,
    until that is enough; 0 is nothing to be careful about. `is_linked`: else nothing leaves, whoever asks; that
    was so at `session_at`, by the gateway's clock. `errors_at` and `refusals` are the recent ones, `failing` the
    requests that were answered an error; `taken` are requests whose 2xx answer could not be read. `learned` is what
    429s taught, `before` what was known before those that no answer has ended yet. `told` are the alerts that were
    raised and are not over, `asked` the requests of which a person was told that they wait for one.
    `clock_s` is how far the wall clock was ahead of the monotonic one when this was written (`gate.py`).
    """

    held_until: float = 0.0
    why: str = ""
    probing: bool = False
    stopped: bool = False
    verdict: str = ""
    run: int = 0
    level: int = 0
    closed_since: float = 0.0
    opened: int = 0
    is_linked: bool = True
    session_at: float = 0.0
    errors_at: tuple[float, ...] = ()
    refusals: tuple[tuple[str, float], ...] = ()
    failing: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()
    told: tuple[str, ...] = ()
    asked: tuple[int, ...] = ()
    clock_s: float | None = None
    learned: Learned = Learned()
    before: Learned | None = None

    @property
    def together(self) -> int:
        """How many requests may be out at once while the gateway has just come back: one, then 1, 2, 4 …"""
        return 1 if self.probing else 1 << (self.opened.bit_length() - 1)


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
    """Nothing of this class may leave before `until`. `why`: limit, pace, probing, unlinked, or why the key is held."""

    until: float
    why: str


def decide(limits: Limits, key: KeyState, usage: Usage, rank: int, now: float) -> Go | Wait:
    """Return whether a request of class `rank` may leave at `now`, or when to ask again."""
    if not key.is_linked:
        return Wait(float("inf"), UNLINKED)
    if key.stopped:
        return Wait(float("inf"), key.why)
    if now < key.held_until:
        return Wait(key.held_until, key.why)
    if (key.probing or key.opened) and usage.flying >= key.together:
        return Wait(now + limits.given_up_s, "probing")
    if key.why == QUOTA and rank >= CLASSES["bulk"] and now < key.closed_since + QUOTA_BULK_S:
        return Wait(key.closed_since + QUOTA_BULK_S, QUOTA)
    if usage.flying and limits.is_serial:
        return Wait(now + limits.given_up_s, "pace")
    if usage.taken >= limits.free_for(rank):
        return Wait(usage.back_at, "limit")
    paced = usage.pace_at - limits.slack_s(rank)
    return Wait(paced, "pace") if now < paced else Go()
