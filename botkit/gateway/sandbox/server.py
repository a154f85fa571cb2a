"""The sandbox's lifetime: start it, talk to it at `url`, stop it."""

from collections.abc import AsyncIterator
from errno import EADDRINUSE
from secrets import token_hex
from types import TracebackType
from urllib.parse import urlsplit

from aiohttp import web

from botkit.gateway.sandbox import page
from botkit.gateway.sandbox.body import Json
from botkit.gateway.sandbox.clock import Clock, SystemClock
from botkit.gateway.sandbox.control import Control
from botkit.gateway.sandbox.courier import Courier
from botkit.gateway.sandbox.dials import Dials, Setting
from botkit.gateway.sandbox.fault import Faults
from botkit.gateway.sandbox.guard import is_loopback
from botkit.gateway.sandbox.journal import FIRST_CONTACT, Journal
from botkit.gateway.sandbox.mailbox import Mailbox
from botkit.gateway.sandbox.receiver import Receiver
from botkit.gateway.sandbox.shelf import Shelf
from botkit.gateway.sandbox.stream import Hub
from botkit.gateway.sandbox.teller import Teller
from botkit.gateway.sandbox.window import Rule

KEY = "sandbox-key"
SECRET = "sandbox-secret"
PORT = 8090
# Bytes of a request: the largest medium, inline as base64, and some room.
BODY_MAX = 24_000_000

# aiohttp waits up to twice this for handlers that do not end: a slow fault, a stream nobody reads.
SHUTDOWN_S = 0.5


class PortTakenError(OSError):
    """Another program listens on the sandbox's port."""


class Sandbox:
    """A pretended gateway on this machine, and the phone of everybody who writes to the bot.

    Without `webhook_url` it pushes nothing: the bot asks for what people write.
    """

    def __init__(
        self,
        webhook_url: str | None,
        *,
        host: str = "127.0.0.1",
        port: int = PORT,
        key: str = KEY,
        secret: str = SECRET,
        limit: int = 30,
        period_s: float = 60.0,
        algorithm: str = "sliding-log",
        capacity: int | None = None,
        statuses: tuple[str, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        if not is_loopback(host):
            raise ValueError(f"the sandbox listens on loopback only, not on {host!r}")
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._clock = clock or SystemClock()
        run = token_hex(3)
        self._hub = Hub(run)
        self.journal = Journal(run, self._hub.publish)
        self.journal.meet(*FIRST_CONTACT, self._clock.time())
        self.dials = Dials(Setting(Rule(limit, period_s, algorithm, capacity), statuses))
        self.faults = Faults()
        self.courier = Courier(check_webhook(webhook_url), secret, self.journal, self._clock)
        self.mailbox = Mailbox(self.journal)
        self.teller = Teller(self.journal, self.courier, self.mailbox, self._clock)
        self.shelf = Shelf(run)
        self._receiver = Receiver(key, self.journal, self.faults, self.dials, self.teller, self.shelf, self._clock)

    @property
    def url(self) -> str:
        """Where the sandbox listens; known once it has started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def webhook_url(self) -> str | None:
        """Where the bot is told what people write, None for one that asks; may be set anew."""
        return self.courier.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.courier.webhook_url = check_webhook(url)

    def tell(self, wish: dict[str, Json]) -> list[str]:
        """Do what `POST /_sandbox/inbound` does and return the ids."""
        return self.teller.tell(wish)

    def app(self) -> web.Application:
        """Return the application, for a server of one's own; it can be made once."""
        app = web.Application(client_max_size=BODY_MAX)
        control = Control(
            self.journal, self.courier, self.teller, self.faults, self.dials, self.shelf, self._hub, self._clock
        )
        app.add_routes(
            [
                web.post("/messages", self._receiver.post),
                web.get("/messages", self._receiver.get_messages),
                web.get("/media/{id}", self._receiver.get_media),
                *control.routes(),
                *page.routes(),
            ]
        )
        app.router.add_route("*", "/_http/{rest:.*}", redirect_to_https)
        app.cleanup_ctx.append(self._courier_lifetime)
        app.on_shutdown.append(self._end_streams)
        return app

    async def start(self) -> None:
        """Listen; raise PortTakenError if somebody else does already."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            if error.errno != EADDRINUSE:
                raise
            raise PortTakenError(f"port {self._port} on {self._host} is in use by another program") from None
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End every stream and delivery, and close the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _courier_lifetime(self, _: web.Application) -> AsyncIterator[None]:
        await self.courier.open()
        yield
        await self.courier.close()

    async def _end_streams(self, _: web.Application) -> None:
        self._hub.close()


def check_webhook(url: str | None) -> str | None:
    """Return `url` if it stays on this machine; raise ValueError, also for a port that cannot be."""
    if url is None:
        return None
    parts = urlsplit(url)
    _ = parts.port
    if parts.scheme not in ("http", "https") or not is_loopback(parts.hostname):
        raise ValueError(f"nothing leaves this machine: the webhook must be on loopback, not {url!r}")
    return url


async def redirect_to_https(request: web.Request) -> web.Response:
    """Answer as the real gateway answers plain HTTP: 301 to the same path under https."""
    rest = request.rel_url.raw_path.removeprefix("/_http")
    query = f"?{request.query_string}" if request.query_string else ""
    return web.Response(status=301, headers={"Location": f"https://{request.host}{rest}{query}"})
