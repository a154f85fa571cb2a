"""The control API: the table of operations over a Unix socket. Errors are `{error, hint}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog
from aiohttp import web

from botkit.errors import StoreUnavailable, UsageError
from botkit.ports import DeskStore
from botkit.server.operations import OPERATIONS, Operation, Refused
from botkit.server.socket import bind_control

log = structlog.get_logger()

#: Seconds that requests in progress get when the API ends.
SHUTDOWN_S = 1.0


class ControlServer:
    """The control API of one store, from `start` to `stop`."""

    def __init__(self, store: DeskStore, path: Path) -> None:
        self._store, self.path = store, path
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on the socket; raises UsageError."""
        bound = bind_control(self.path)
        self._runner = web.AppRunner(control_app(self._store), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        await web.SockSite(self._runner, bound).start()

    async def stop(self) -> None:
        """Stop listening and remove the socket."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            with suppress(FileNotFoundError):
                self.path.unlink()


def control_app(store: DeskStore) -> web.Application:
    """Return the application of the control API."""
    app = web.Application()
    app.add_routes([web.get(operation.path, _handler(operation, store)) for operation in OPERATIONS.values()])
    app.router.add_route("*", "/{rest:.*}", _nothing)
    return app


def _handler(operation: Operation, store: DeskStore) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        arguments = {**request.query, **request.match_info}
        try:
            return _json(await operation.run(store, arguments))
        except Refused as error:
            return _error(error.status, error.message, error.hint)
        except UsageError as error:
            return _error(400, str(error))
        except StoreUnavailable as error:
            return _error(503, str(error), "try again in a few seconds")
        except Exception:  # a defect of ours: said to the log, not to the caller
            log.exception("operation_failed", path=operation.path)
            return _error(500, "botkit failed", "the log says where")

    return handle


async def _nothing(request: web.Request) -> web.Response:
    return _error(404, "there is no such operation", "this may be another version of botkit")


def _error(status: int, error: str, hint: str = "") -> web.Response:
    return _json({"error": error, "hint": hint}, status)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
