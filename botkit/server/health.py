"""Whether the process lives, and whether it takes events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from botkit.errors import StoreReason, StoreUnavailable
from botkit.ports import DeskStore
from botkit.store_watch import PATIENCE_S

#: What a sandbox says wherever its target is named.
SANDBOX_NOTICE = "SANDBOX, NOTHING LEAVES THIS MACHINE"


async def _takes_all() -> None:
    """Say that the store takes what it is given."""


@dataclass(slots=True)
class Health:
    """What `/healthz` and `/readyz` tell; `ready` is set by whoever starts and stops the parts, `facts` are theirs.

    `refusal` returns why the store takes nothing, None if it does, and takes no longer than PATIENCE_S.
    """

    store: DeskStore
    target: str
    refusal: Callable[[], Awaitable[StoreReason | None]] = _takes_all
    facts: Callable[[], Mapping[str, Any]] = dict
    ready: bool = False

    async def alive(self, request: web.Request) -> web.Response:
        """Answer 200: the event loop turns."""
        return _json({"alive": True})

    async def readiness(self, request: web.Request) -> web.Response:
        """Answer 200 when events are taken, 503 when not, with the target and what stands in the store.

        Where the store is what takes nothing, `store` says why, as a StoreReason.
        """
        said = await self._of_store() if self.ready else {}
        told: dict[str, Any] = {"ready": self.ready, "target": self.target, **self.facts(), **said}
        return _json(told, 200 if told["ready"] else 503)

    async def _of_store(self) -> dict[str, Any]:
        """Return how many rows stand in the store, or why it takes nothing, within PATIENCE_S.

        A proof is kept for a moment, in which the store may have begun to hang: so what counts has no longer, either.
        """
        until = asyncio.get_running_loop().time() + PATIENCE_S
        reason = await self.refusal()
        if reason is None:
            try:
                async with asyncio.timeout_at(until):
                    return {"counts": await self.store.counts()}
            except StoreUnavailable as error:
                reason = error.reason
            except TimeoutError:
                reason = "slow"
        return {"ready": False, "store": reason}


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
