"""The control API on TCP: the same operations as on the socket, for whoever shows the token.

It is plain HTTP, so it stands on loopback unless config.yaml says otherwise; `ready` then warns.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import orjson
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from botkit.errors import in_spanish
from botkit.server.app import Listener
from botkit.server.control import ControlServer, control_app
from botkit.server.ingress import Ingress
from botkit.settings import Admin

log = structlog.get_logger()

_SCHEME = b"bearer "
_REFUSED = orjson.dumps({"error": "the token is missing or wrong", "hint": "send it as Authorization: Bearer TOKEN"})


async def open_control(base: AsyncExitStack, ingress: Ingress, path: Path, admin: Admin | None) -> None:
    """Open the control API until `base` ends: on the socket at `path`, and on TCP where config.yaml wants it.

    Raises UsageError.
    """
    control = ControlServer(ingress, path)
    with in_spanish(f"no se puede abrir el socket de control {path}: despeja o habilita su lugar"):
        await control.start()
    base.push_async_callback(control.stop)
    if admin is None:
        return
    listener = admin_listener(ingress, admin)
    taken = f"no se puede escuchar en {listener.url}: otro programa usa el puerto, o la dirección no es de aquí"
    with in_spanish(f"{taken}; cambia admin.port o admin.host en config.yaml"):
        await listener.start()
    base.push_async_callback(listener.stop)
    log.info("admin_listens", url=listener.url)


def admin_listener(ingress: Ingress, admin: Admin) -> Listener:
    """Return the control API at the address that config.yaml gives it."""
    app = control_app(ingress, "tcp", [bearer(admin.token.get_secret_value())])
    return Listener(app, admin.host, admin.port, section="admin")


def bearer(token: str) -> Middleware:
    """Return a middleware that lets only requests with `Authorization: Bearer TOKEN` pass."""
    expected = token.encode()

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        scheme, given = shown[: len(_SCHEME)], shown[len(_SCHEME) :].strip()
        # The same time for every wrong token, whatever its length: hashed digests of one length are compared.
        if not hmac.compare_digest(_digest(given), _digest(expected)) or scheme.lower() != _SCHEME:
            log.warning("admin_refused", method=request.method)
            headers = {"WWW-Authenticate": "Bearer"}
            return web.Response(body=_REFUSED, status=401, headers=headers, content_type="application/json")
        return await handler(request)

    return check


def _digest(secret: bytes) -> bytes:
    return hmac.digest(b"botkit admin", secret, "sha256")
