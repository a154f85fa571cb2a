"""What answers teach of a key: how many requests it takes, how close together, how long it remembers them.

A 429 is read by how its request left (`Departure`):

    its log was full                    the server remembers longer than a period: the margin grows by half a second
    ahead of the pace, log not full     the server takes no such burst: half of it
    neither                             somebody else uses the key, or N is wrong: 0.85 × N, and a person is told

What failed is not tried again for two hours. After 150 requests in a row that were taken, N climbs back by one, and a
burst of one to two; a burst that goes through whole is doubled. The margin stays. Pure arithmetic on frozen values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from botkit.outbox.rate import Learned, Limits

MARGIN_STEP_S = 1.0
#: Servers count on whole seconds, some both ends: a margin beyond this explains no 429.
MARGIN_CAP_S = 2.0
#: A log so full may have been full for the server: it remembers requests that the gate forgot.
FULL = 0.9
SHRINK = 0.85
#: So many requests in a row that were taken let N climb by one.
CLEAN = 150
#: How long what failed is not tried again, in seconds.
FAILED_S = 7200.0


@dataclass(frozen=True, slots=True)
class Departure:
    """How a request left: `ahead` requests before its pace, as the last of `taken` slots."""

    ahead: float
    taken: int


def after_taken(learned: Learned, limits: Limits, left: Departure, now: float) -> Learned:
    """Return what is known once a request was taken; `limits` are those under which it left."""
    learned = replace(learned, clean=learned.clean + 1)
    if left.ahead > limits.burst - 1.5 and limits.burst > 1:
        return _with_burst(learned, limits, limits.burst * 2, now)
    if learned.clean % CLEAN:
        return learned
    if limits.burst == 1:
        learned = _with_burst(learned, limits, 2, now)
    climbed = limits.limit + 1
    if not learned.limit or (now - learned.limit_failed_at < FAILED_S and climbed >= learned.limit_failed):
        return learned
    return replace(learned, limit=climbed)


def _with_burst(learned: Learned, limits: Limits, burst: int, now: float) -> Learned:
    if now - learned.burst_failed_at < FAILED_S and burst >= learned.burst_failed > 0:
        return learned
    return replace(learned, burst=min(burst, limits.limit))


def after_refused(learned: Learned, limits: Limits, left: Departure, now: float) -> tuple[Learned, bool]:
    """Return what is known once a request was answered 429, and whether somebody else seems to use the key."""
    learned = replace(learned, clean=0)
    is_full = left.taken >= FULL * (limits.limit - limits.reserve)
    if is_full and learned.margin_s < MARGIN_CAP_S:
        return replace(learned, margin_s=learned.margin_s + MARGIN_STEP_S), False
    if limits.burst > 1:
        half = limits.burst // 2
        return replace(learned, burst=half, burst_failed=limits.burst, burst_failed_at=now), False
    fewer = max(1, int(limits.limit * SHRINK))
    return replace(learned, limit=fewer, limit_failed=limits.limit, limit_failed_at=now), True
