"""The web service that the simulated bot asks: every request is the real one, and no socket opens."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from random import Random
from types import MappingProxyType
from typing import Any, Protocol

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from botkit.addresses import Reach
from botkit.http_steps import HttpSteps
from botkit.http_steps import Service as Address
from botkit.unpack import MAX_ANSWER
from tests.simulate.bot import HANGS_S, SERVICE, SERVICE_URL

#: What its well-made answers take, in seconds, and how it asks for a pause.
SOUND_S, PAUSES = (0.0, 0.05, 0.05, 0.5), ("0", "2", "30", "soon", "-1")

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class World(Protocol):
    """What a service asks its world."""

    def weather(self, where: str, dice: Random) -> str:
        """Return what is wrong at a place now; nothing if nothing is."""
        ...

    def note(self, line: str) -> None:
        """Put a line into the trace."""
        ...

    def happens(self, what: str) -> None:
        """Tell that something happens at which a process may die."""
        ...


class Response:
    """As much of an aiohttp answer as an `http` step reads; `breaks` once its body is read."""

    charset = None

    def __init__(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] = NO_HEADERS, *, breaks: bool = False
    ) -> None:
        self.status, self.headers = status, CIMultiDict(headers)
        self.content, self._left, self._breaks = self, body, breaks

    async def read(self, most: int) -> bytes:
        """Return the next bytes, none at the end."""
        chunk, self._left = self._left[:most], self._left[most:]
        if not chunk and self._breaks:
            raise aiohttp.ClientPayloadError
        return chunk


class Service:
    """The service's side; it outlives every process of the bot."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._dice = Random(f"{seed} service")

    async def answer(self, body: bytes, timeout_s: float) -> Response:
        """Answer a request; raises what a connection does."""
        asked = orjson.loads(body)
        self._world.happens("call")
        trouble = self._world.weather("service", self._dice)
        self._world.note(f"service: {asked['que']!r} {trouble or 'well'}")
        if trouble == "silent":
            await asyncio.sleep(HANGS_S)
        slow_s = self._dice.uniform(0.5, 1.3) * timeout_s
        await asyncio.sleep(slow_s if trouble == "slow" else self._dice.choice(SOUND_S))
        if trouble in _BREAKS:
            raise _BREAKS[trouble]()
        if trouble == "busy":
            return Response(503, headers={"Retry-After": self._dice.choice(PAUSES)})
        well = orjson.dumps({"ref": reference(asked["que"])})
        return _BAD[trouble](well) if trouble in _BAD else Response(200, well)


def reference(que: str) -> str:
    """Return what the service gives for what it is asked."""
    return f"ref {que}"


#: trouble -> what the connection does.
_BREAKS: dict[str, Callable[[], Exception]] = {
    "unreachable": lambda: OSError("no route"),
    "reset": aiohttp.ServerDisconnectedError,
}
#: trouble -> what comes instead of a good answer.
_BAD: dict[str, Callable[[bytes], Response]] = {
    "error": lambda well: Response(500),
    "refused": lambda well: Response(404, b'{"error":"no"}'),
    "garbage": lambda well: Response(200, b"<html>"),
    "large": lambda well: Response(200, b" " * (MAX_ANSWER + 1)),
    "cut": lambda well: Response(200, well[:5], breaks=True),
    "cut packed": lambda well: Response(200, gzip.compress(well, mtime=0)[:-9], {"Content-Encoding": "gzip"}),
}


class _Session:
    """What stands where a session does."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @asynccontextmanager
    async def request(self, method: str, url: URL, **options: Any) -> AsyncIterator[Response]:
        """Make a request."""
        assert (method, str(url)) == ("POST", f"{SERVICE_URL}/cobros")
        timeout_s = options["timeout"].total
        async with asyncio.timeout(timeout_s):
            response = await self._service.answer(options["data"], timeout_s)
        yield response

    async def close(self) -> None:
        """Do nothing."""


class SimHttpSteps(HttpSteps):
    """The real way to web services, whose one exchange goes to the simulated one."""

    def __init__(self, service: Service, now: Callable[[], float]) -> None:
        super().__init__({SERVICE: Address(SERVICE_URL)}, now=now)
        self._session_to: Any = _Session(service)

    def _session(self, reach: Reach) -> Any:
        assert reach is Reach.OWN
        return self._session_to
