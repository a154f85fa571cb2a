"""Whether the clock is to be believed when it comes to erasing: a wrong one would erase everything as too old.

What the clock said when it was believed last stands in the store. One that is more than a day ahead of that may be
right (the bot did not run for a week) or wrong (a dead battery, a hypervisor, a typo), and then nothing is erased until

* the gateway's own time of an event that came since agrees with it, give or take a day, or
* the bot has run for a day like this, restarts counted together: time for a person, or for NTP, to set it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson
import structlog

from botkit.ports import CLOCK_KNOWN, Clock, RetentionStore

#: How far the clock may be ahead of what it said when it was believed last, and of a gateway's, in seconds.
AHEAD_S = 86_400.0
#: How long the bot has to run until a clock is believed that nothing confirms, in seconds.
DOUBTED_S = 86_400.0

log = structlog.get_logger("botkit.retention")


class Known(NamedTuple):
    """What is known of the clock: what it said when it was believed last, and how long it has been doubted since.

    UTC seconds, and seconds that the bot has run meanwhile; None where it is not doubted.
    """

    at: float
    doubted_s: float | None = None


def judge(known: Known, now: float, ran_s: float, told: Sequence[float]) -> Known:
    """Return what is known of a clock that says `now`.

    The bot has run for `ran_s` since this was asked last; `told` are the gateway's times of events since the doubt.
    """
    doubted_s = 0.0 if known.doubted_s is None else known.doubted_s + ran_s
    agrees = any(abs(now - at) <= AHEAD_S for at in told)
    return Known(now) if now - known.at <= AHEAD_S or agrees or doubted_s >= DOUBTED_S else Known(known.at, doubted_s)


class ClockDoubt:
    """Asks whether a process's clock is to be believed."""

    def __init__(self, store: RetentionStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._asked_at = clock.monotonic()
        #: The last event before the doubt, while there is one.
        self._after: int | None = None

    async def holds(self) -> bool:
        """Return whether the clock is doubted, and keep what is known of it; raises StoreUnavailable."""
        newest = await self._store.newest_event()
        text = await self._store.get_meta(CLOCK_KNOWN)
        now, tick = self._clock.now(), self._clock.monotonic()
        before = Known(*orjson.loads(text)) if text is not None else Known(newest.received_at if newest else now)
        told = [] if self._after is None else await self._store.gateway_times(self._after)
        known = judge(before, now, tick - self._asked_at, told)
        await self._store.set_meta(CLOCK_KNOWN, orjson.dumps([*known]).decode())
        self._asked_at = tick
        if known.doubted_s is None:
            self._after = None
        elif self._after is None:
            self._after = newest.id if newest else 0
            ahead_s = round(now - known.at)
            log.warning("retention_waits", ahead_s=ahead_s, why="the clock is far ahead of what the store knew last")
        return known.doubted_s is not None
