"""What is old enough goes: `retention:` of config.yaml, while the bot runs.

An hour apart, what is too old is looked up beside the store's writer and erased in small steps with a pause between
them, so that nobody waits. An event goes with its journal, a message with its request: what stays is whole, and
`transcript`, `replay` and `why` tell of it what they tell of a talk whose beginning is not known. What is still to be
done is never too old; and nothing is while the clock is in doubt (`clock_doubt.py`). Two things always go: that an
event was seen, once no copy of it counts any more, and the ledger of requests, which no window of a gateway reaches
back to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from botkit.clock_doubt import ClockDoubt
from botkit.errors import StoreUnavailable
from botkit.ports import Clock, Expiring, RetentionStore

#: How long after the start the first look is, and one from the next, in seconds.
FIRST_S, INTERVAL_S = 60.0, 3600.0
#: How often a clock in doubt is asked again, in seconds.
DOUBT_S = 60.0
#: Rows that are looked up at a time, and that one step erases: it holds the event loop for some 3 ms.
LOOKED_UP, STEP = 10_000, 50
#: Pause between two steps, in seconds.
PAUSE_S = 0.05
#: How long the ledger of requests is kept, in seconds: two weeks, far beyond any window.
LEDGER_S = 14 * 86_400.0

log = structlog.get_logger("botkit.retention")


class Retention:
    """Erases by age; `ages_s` says how long what is kept, in seconds. What it does not name is kept for good."""

    def __init__(self, store: RetentionStore, clock: Clock, ages_s: Mapping[Expiring, float]) -> None:
        self._store, self._clock = store, clock
        self._ages_s: Mapping[Expiring, float] = {**ages_s, "ledger": LEDGER_S}
        self._doubt = ClockDoubt(store, clock)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, a minute from now."""
        self._task = asyncio.create_task(self._keep_looking(), name="retention")

    async def stop(self) -> None:
        """Erase nothing more; the next start goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> dict[Expiring, int]:
        """Erase whatever is too old now; return how much of what. Raises StoreUnavailable."""
        erased: dict[Expiring, int] = {}
        now = self._clock.now()
        for what, age_s in self._ages_s.items():
            while rows := await self._store.expired(what, now - age_s, LOOKED_UP):
                for first in range(0, len(rows), STEP):
                    await self._store.erase(what, rows[first : first + STEP])
                    await self._clock.sleep(PAUSE_S)
                erased[what] = erased.get(what, 0) + len(rows)
        return erased

    async def round(self, *, erases: bool = True) -> float:
        """Look, unless the clock is in doubt; return how many seconds later to look again. Raises nothing.

        The first one at a start only asks what the store knew of the clock, before anything new is stored by it.
        """
        try:
            if await self._doubt.holds():
                return DOUBT_S
            if erases and (erased := await self.look()):
                log.info("retention_erased", **erased)
        except StoreUnavailable as error:
            log.error("store_unavailable", reason=error.reason, error=str(error))
        except Exception:  # a defect of ours: an hour later it may be gone, and the bot goes on meanwhile
            log.exception("retention_failed")
        return INTERVAL_S

    async def _keep_looking(self) -> None:
        await self.round(erases=False)
        wait_s = FIRST_S
        while True:
            await self._clock.sleep(wait_s)
            wait_s = await self.round()
