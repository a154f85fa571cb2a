"""Whether the store takes what it is given: what `/readyz` and the alert `store_unavailable` say.

A batch that was committed is proof that it does, and one that was refused that it does not. While nothing is written a
row is, 15 s apart, and when `/readyz` is asked, for all who ask within a second together.

A row of a few bytes is enough to meet a lock or a disk that fails, and not to meet one that is full: it finds room
where a batch found none. Measured on a disk with three to thirty pages left: up to twenty small rows were taken after
a batch of forty events was refused, each of them 15 s in which `/readyz` would have said that all is well. So once
something was refused only a row as large as the largest batches ends that.
"""

from __future__ import annotations

import asyncio

import structlog

from botkit.errors import StoreReason, StoreUnavailable
from botkit.outbox.alert import Tell
from botkit.ports import Clock, ProvenStore

#: Seconds between two looks, and how long a look may take before the store counts as hanging.
LOOK_S = STUCK_S = 15.0
#: How long who asks waits for an answer, and for how long one is kept, in seconds.
PATIENCE_S, KEPT_S = 1.5, 1.0
#: Bytes of the row: while all is well, and once something was refused.
SMALL, LARGE = 16, 262_144

log = structlog.get_logger("botkit.store")


class StoreWatch:
    """Knows whether a store takes what it is given, from `start` to `stop`; says so when that changes."""

    def __init__(self, store: ProvenStore, clock: Clock, on_alert: Tell) -> None:
        self._store, self._clock, self._tell = store, clock, on_alert
        #: Why it takes nothing; None while it does.
        self.reason: StoreReason | None = None
        self._since = 0.0
        self._proved_at = float("-inf")
        self._proof: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        store.on_refusal(lambda refusal: self._refused(refusal.reason))

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._keep_looking(), name="store watch")

    async def stop(self) -> None:
        """Write nothing more."""
        tasks = [task for task in (self._task, self._proof) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def ask(self) -> StoreReason | None:
        """Return why the store takes nothing now, None if it does; `slow` where that is not known in time."""
        if self._clock.monotonic() - self._proved_at < KEPT_S or await self._look(PATIENCE_S):
            return self.reason
        return self.reason or "slow"

    async def _keep_looking(self) -> None:
        while True:
            written = self._store.written
            await self._clock.sleep(LOOK_S)
            if (self.reason or self._store.written == written) and not await self._look(STUCK_S):
                self._refused("slow")

    async def _look(self, patience_s: float) -> bool:
        """Have a row written, or wait for the one that is; return whether that ended in time."""
        if self._proof is None or self._proof.done():
            self._proof = asyncio.create_task(self._prove(), name="store proof")
        ended, _ = await asyncio.wait({self._proof}, timeout=patience_s)
        return bool(ended)

    async def _prove(self) -> None:
        was = self.reason
        try:
            await self._store.prove(LARGE if was else SMALL)
            if was:
                self._recovered()
        except StoreUnavailable as error:
            self._refused(error.reason)
        except Exception:  # a defect of ours: what it says of the store is not known
            log.exception("store_proof_failed")
            self._refused("io")
        self._proved_at = self._clock.monotonic()

    def _refused(self, reason: StoreReason) -> None:
        is_new, self.reason = self.reason is None, reason
        if is_new:
            self._since = self._clock.monotonic()
            self._tell("store_unavailable", {"reason": reason})

    def _recovered(self) -> None:
        log.info("store_recovered", reason=self.reason, seconds=round(self._clock.monotonic() - self._since, 1))
        self.reason = None
