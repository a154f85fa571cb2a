"""The control API: the tables of operations and actions, over a Unix socket. Errors are `{error, hint}`.

An operation is a GET and reads; an action is a POST of a JSON object and changes something, which the log tells.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from botkit.errors import IntakeError, StoreUnavailable, UsageError
from botkit.gateway.syntax import parse_body
from botkit.server.actions import ACTIONS, Action
from botkit.server.asked import ASKED, answer
from botkit.server.contacts import Refused
from botkit.server.given import Given
from botkit.server.ingress import Ingress
from botkit.server.operations import Operation
from botkit.server.queues import Inquiry
from botkit.server.socket import bind_control
from botkit.server.webhook import read_body

log = structlog.get_logger()

#: Seconds that requests in progress get when the API ends.
SHUTDOWN_S = 1.0
#: The way in that only this machine's owner of the store has.
SOCKET = "socket"

Handler = Callable[[web.Request], Awaitable[web.Response]]


class ControlServer:
    """The control API of one store, from `start` to `stop`."""

    def __init__(self, ingress: Ingress, path: Path) -> None:
        self._ingress, self.path = ingress, path
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on the socket; raises UsageError."""
        bound = bind_control(self.path)
        app = control_app(self._ingress, SOCKET)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        await web.SockSite(self._runner, bound).start()

    async def stop(self) -> None:
        """Stop listening and remove the socket."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            with suppress(FileNotFoundError):
                self.path.unlink()


def control_app(ingress: Ingress, via: str, middlewares: Iterable[Middleware] = ()) -> web.Application:
    """Return the application of the control API; `via` names the way to it in the log."""
    app = web.Application(middlewares=middlewares)
    app.add_routes([web.get(each.path, _guarded(_reading(each, ingress))) for each in ASKED.values()])
    actions = {name: each for name, each in ACTIONS.items() if via == SOCKET or not each.is_local}
    app.add_routes([web.post(each.path, _guarded(_acting(name, each, ingress, via))) for name, each in actions.items()])
    app.router.add_route("*", "/{rest:.*}", _nothing)
    return app


def _reading(operation: Operation | Inquiry, ingress: Ingress) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        arguments = {"country": ingress.country(), **request.query, **request.match_info}
        return _json(await answer(operation, ingress, arguments))

    return handle


def _acting(name: str, action: Action, ingress: Ingress, via: str) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        values = parse_body(await read_body(request))
        given = Given({**values, **request.match_info} if isinstance(values, dict) else values, request.query)
        done = await action.run(ingress, given)
        log.info("control_change", action=name, via=via, **done)
        return _json(done)

    return handle


def _guarded(handler: Handler) -> Handler:
    """Return a handler that answers errors in a sentence."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Refused as error:
            return _error(error.status, error.message, error.hint, error.path)
        except IntakeError as error:
            response = _error(error.status, str(error))
            response.force_close()  # what is left of the body is not worth reading
            return response
        except UsageError as error:
            return _error(400, error.told(request.query.get("lang", "en")))
        except StoreUnavailable as error:
            return _error(503, str(error), "try again in a few seconds", reason=error.reason)
        except Exception:  # a defect of ours: said to the log, not to the caller
            log.exception("operation_failed", path=_pattern(request))
            return _error(500, "botkit failed", "the log says where")

    return handle


def _pattern(request: web.Request) -> str:
    """Return the route of a request without what stands in it: no contact gets into the log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


async def _nothing(request: web.Request) -> web.Response:
    return _error(404, "there is no such operation", "this may be another version of botkit")


def _error(status: int, error: str, hint: str = "", path: str = "", reason: str = "") -> web.Response:
    more = {name: value for name, value in (("path", path), ("reason", reason)) if value}
    return _json({"error": error, "hint": hint, **more}, status)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
