"""Whether the process lives, and whether it takes events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from botkit.errors import StoreReason, StoreUnavailable
from botkit.ports import DeskStore

#: What a sandbox says wherever its target is named.
SANDBOX_NOTICE = "SANDBOX, NOTHING LEAVES THIS MACHINE"


async def _takes_all() -> None:
    """Say that the store takes what it is given."""


@dataclass(slots=True)
class Health:
    """What `/healthz` and `/readyz` tell; `ready` is set by whoever starts and stops the parts, `facts` are theirs.

    `refusal` returns why the store takes nothing, None if it does.
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
        told: dict[str, Any] = {"ready": self.ready, "target": self.target, **self.facts()}
        if self.ready and (reason := await self.refusal()) is not None:
            told |= {"ready": False, "store": reason}
        else:
            try:
                told["counts"] = await self.store.counts()
            except StoreUnavailable as error:
                told |= {"ready": False, "store": error.reason}
        return _json(told, 200 if told["ready"] else 503)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
