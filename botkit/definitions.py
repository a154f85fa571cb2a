"""Definitions that conversations are in the middle of: kept in the store, taken in when one is met, dropped in time.

A definition is needed if it is of the flows as they are now, if a live conversation stands in it, or if one of those
that are needed is pinned to it. What nobody needs is dropped, not at once but when the flows have not changed for a
while: a leg that was played before may still be on its way to the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import orjson
import structlog

from botkit.errors import StoreUnavailable
from botkit.flow.flowset import FlowSet
from botkit.flow.reach import reached
from botkit.ports import DefinitionStore
from botkit.turn.kinds import KINDS

#: How long after a change nothing is dropped, and how often that is looked at, in seconds.
SETTLE_S = 60.0
INTERVAL_S = 3600.0

log = structlog.get_logger("botkit.definitions")

Fetch = Callable[[str], Awaitable[Mapping[str, Any] | None]]


async def kept(read: Callable[[str], Awaitable[bytes | None]], digest: str) -> Any:
    """Return a definition as it is kept, None if it is not; `read` is a store's `definition`."""
    source = await read(digest)
    return orjson.loads(source) if source else None


async def adopt(flows: FlowSet, digests: Iterable[str], fetch: Fetch) -> set[str]:
    """Take in the definitions under `digests` and those that they can call; return which of them are lost.

    `fetch` gives a definition as it is kept, None if it is not.
    """
    wanted, lost = frozenset(digests), set[str]()
    while missing := flows.missing(wanted) - lost:
        for digest in missing:
            kept = await fetch(digest)
            if kept is None or flows.adopt(digest, kept, KINDS) is None:
                lost.add(digest)
    return lost


class Definitions:
    """Keeps the definitions of the flows as they are now, and drops those that nobody needs any more."""

    def __init__(self, store: DefinitionStore, now: Callable[[], float]) -> None:
        self._store, self._now = store, now
        self._present: frozenset[str] = frozenset()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def keep(self, flows: FlowSet) -> None:
        """Store the definitions of flows that are to be the present ones; raises StoreUnavailable."""
        sources = {flow.digest: (flow.name, orjson.dumps(flow.source())) for flow in flows.flows.values()}
        self._present |= sources.keys()  # before they are stored: those that were kept already are not to be dropped
        await self._store.save_definitions(sources, self._now())
        self._present = frozenset(sources)
        self._changed.set()

    def start(self) -> None:
        """Drop what nobody needs, from time to time, until `stop`."""
        self._task = asyncio.create_task(self._keep_dropping())

    async def stop(self) -> None:
        """End that."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def drop(self) -> int:
        """Drop the definitions that nobody needs; return how many those are."""
        kept = await self._store.definitions()
        used = await self._store.definitions_in_use()
        # The present ones as they are now: other flows may have come while the store was read.
        needed = reached(self._present | used, lambda digest: kept.get(digest, ()))
        dropped = [digest for digest in kept if digest not in needed]
        if dropped:
            await self._store.drop_definitions(dropped)
            log.info("definitions_dropped", count=len(dropped))
        return len(dropped)

    async def _keep_dropping(self) -> None:
        while True:
            while self._changed.is_set():
                self._changed.clear()
                await asyncio.sleep(SETTLE_S)
            try:
                await self.drop()
            except StoreUnavailable as error:
                log.error("store_unavailable", reason=error.reason, error=str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_S):
                    await self._changed.wait()
