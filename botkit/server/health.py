"""Whether the process lives, and whether it takes events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from botkit.errors import StoreError
from botkit.ports import DeskStore

#: What a sandbox says wherever its target is named.
SANDBOX_NOTICE = "SANDBOX, NOTHING LEAVES THIS MACHINE"


@dataclass(slots=True)
class Health:
    """What `/healthz` and `/readyz` tell; `ready` is set by whoever starts and stops the parts, `facts` are theirs."""

    store: DeskStore
    target: str
    facts: Callable[[], Mapping[str, Any]] = dict
    ready: bool = False

    async def alive(self, request: web.Request) -> web.Response:
        """Answer 200: the event loop turns."""
        return _json({"alive": True})

    async def readiness(self, request: web.Request) -> web.Response:
        """Answer 200 when events are taken, 503 when not, with the target and what stands in the store."""
        told: dict[str, Any] = {"ready": self.ready, "target": self.target, **self.facts()}
        try:
            told["counts"] = await self.store.counts()
        except StoreError as error:
            told |= {"ready": False, "store": str(error)}
        return _json(told, 200 if told["ready"] else 503)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
