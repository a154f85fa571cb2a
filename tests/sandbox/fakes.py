"""A clock that a test moves, and a bot that answers what a test wants."""

import asyncio
from collections import deque
from typing import Any

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

PATIENCE_S = 5.0


class FakeClock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._asked: asyncio.Queue[float] = asyncio.Queue()

    def time(self) -> float:
        """Return the time as it stands."""
        return self.now

    async def sleep(self, delay_s: float) -> None:
        """Return when a test has moved the time far enough."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + delay_s, woken))
        self._asked.put_nowait(delay_s)
        await woken

    def advance(self, delay_s: float) -> None:
        """Move the time and wake whoever is due."""
        self.now += delay_s
        for due, woken in self._sleepers:
            if due <= self.now and not woken.done():
                woken.set_result(None)

    async def next_sleep(self) -> float:
        """Return how long the next sleeper wants to sleep."""
        return await asyncio.wait_for(self._asked.get(), PATIENCE_S)


class FakeBot:
    """A webhook that answers 200, or what stands in `answers` first."""

    def __init__(self) -> None:
        self.answers: deque[int] = deque()
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        self._got: asyncio.Queue[Any] = asyncio.Queue()
        app = web.Application()
        app.router.add_post("/webhook", self._take)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        """Where the webhook is."""
        return str(self.server.make_url("/webhook"))

    async def got(self) -> Any:
        """Return the next JSON that was posted."""
        return await asyncio.wait_for(self._got.get(), PATIENCE_S)

    async def _take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.raw.append(raw)
        self.headers.append(dict(request.headers))
        self._got.put_nowait(orjson.loads(raw))
        return web.Response(status=self.answers.popleft() if self.answers else 200)
