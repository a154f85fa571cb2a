"""The public listener: webhooks, health and signed links to media, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from errno import EACCES, EADDRINUSE

from aiohttp import web
from aiohttp.hdrs import EXPECT

from botkit.errors import refused_by_system
from botkit.server.door import BACKLOG, Door, bound_stalls
from botkit.server.health import Health
from botkit.server.media import MediaRoute
from botkit.server.strangers import ServerLog
from botkit.server.webhook import Intake

#: Seconds that requests in progress get when the listener ends; aiohttp may take twice as long.
SHUTDOWN_S = 5.0
#: Seconds that an idle connection is kept.
KEEPALIVE_S = 75.0
#: Seconds that the rest of a refused body is read and thrown away, so that its sender sees the answer.
LINGER_S = 0.5

HEALTH = web.AppKey("health", Health)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
#: path -> what takes a POST there, found without aiohttp's router: measured, 1.7 µs less a request.
STRAIGHT = web.AppKey("straight", Mapping[str, Handler])


def public_app(intakes: Mapping[str, Intake], health: Health, media: MediaRoute | None = None) -> web.Application:
    """Return the application for `intakes`: path -> webhook. Without `media` no link leads anywhere."""
    app = web.Application()
    app[HEALTH] = health
    app[STRAIGHT] = {path: intake.take for path, intake in intakes.items()}
    app.add_routes([web.post(path, intake.take) for path, intake in intakes.items()])
    app.add_routes([web.get("/healthz", health.alive), web.get("/readyz", health.readiness)])
    app.add_routes([web.get(media.path, media.serve)] if media else [])
    return app


class Listener:
    """An application on a TCP port, from `start` to `stop`; `port` 0 becomes the true one at the start.

    `section` is the group of config.yaml that says where it listens.
    """

    def __init__(self, app: web.Application, host: str, port: int, *, section: str = "server") -> None:
        self._host, self.port, self._section = host, port, section
        self._server: asyncio.Server | None = None
        self._door: Door | None = None
        self._straight = app.get(STRAIGHT, {})
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=ServerLog(),
            shutdown_timeout=SHUTDOWN_S,
            keepalive_timeout=KEEPALIVE_S,
            lingering_time=LINGER_S,
            auto_decompress=False,
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listen; raises UsageError when the address cannot be had, TryLater when it cannot be had now."""
        await self._runner.setup()
        server = self._runner.server
        assert server is not None
        server.request_handler = _straight(self._straight, server.request_handler)
        self._door, loop = Door(server), asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._door, self._host, self.port, backlog=BACKLOG)
        except OSError as error:
            await self._runner.cleanup()
            raise refused_by_system(error, _why(error, self._host, self.port, self._section)) from None
        bound_stalls(self._server.sockets)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take nothing more, and end when what is in progress is answered."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()
        if self._door is not None:
            await self._door.close()


def _straight(takers: Mapping[str, Handler], routed: Handler) -> Handler:
    """Return a handler that knows webhooks by their very path; whatever else comes is `routed`."""

    def handle(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        take = takers.get(request.raw_path)
        is_plain = request.method == "POST" and EXPECT not in request.headers
        return take(request) if take is not None and is_plain else routed(request)

    return handle


def _why(error: OSError, host: str, port: int, section: str) -> str:
    if error.errno == EADDRINUSE:
        mend = f"stop it, or set another {section}.port in config.yaml"
        return f"port {port} on {host} is in use by another program; {mend}"
    if error.errno == EACCES:
        return f"this user may not listen on port {port}; set {section}.port to 1024 or more in config.yaml"
    return f"cannot listen on {host}, port {port}: {error.strerror or error}; check {section}.host in config.yaml"
