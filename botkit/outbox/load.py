"""How loaded a key is, by the wait that a new reply would have: green, yellow (merge texts), black (bulk stops).

Contacts take turns, so a new reply waits for one request of each contact that somebody waits for, whatever these have
queued behind it; and bulk never counts, or a broadcast would stop itself. Pure arithmetic: the gate's usage, a count.
"""

from __future__ import annotations

from botkit.flow.level import Level
from botkit.outbox.rate import KeyState, Limits, Usage
from botkit.turn.effect import CLASSES

#: level -> the wait from which it holds, in seconds, the worst first
FROM_S: dict[Level, float] = {"black": 60.0, "yellow": 2.0, "green": 0.0}
#: The part of that wait below which a level is over that was there before: a wait close to it goes up and down.
OVER_AT = 0.5


def level_of(wait_s: float, before: Level = "green") -> Level:
    """Return the level at which a new reply waits so long; `before` is left only well below where it begins."""
    is_before = False
    for level, from_s in FROM_S.items():
        is_before = is_before or level == before
        if wait_s >= (from_s * OVER_AT if is_before else from_s):
            return level
    return "green"


def wait_s(limits: Limits, key: KeyState, usage: Usage, ahead: int, now: float) -> float:
    """Return about how long a new reply would wait behind `ahead` others; endless while the key waits for a person."""
    if key.stopped or not key.is_linked:
        return float("inf")
    paced_at = max(usage.pace_at, now) + ahead * limits.spacing_s - limits.slack_s(CLASSES["interactive"])
    short_of = ahead - (limits.limit - usage.taken)
    slot_at = now if short_of < 0 else usage.back_at + short_of * limits.spacing_s
    return max(key.held_until, paced_at, slot_at, now) - now


def most_ahead(limits: Limits) -> int:
    """Return how many requests ahead are enough to know the level: more than pass in the time of the worst."""
    return int(FROM_S["black"] / limits.spacing_s) + 2 * limits.limit
