"""The gateway of a simulation: its window, its faults, its late news. It outlives every process of the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256
from math import exp
from random import Random
from typing import Any, NamedTuple, Protocol

import aiohttp
import orjson

from bench.rate_servers import SERVERS
from botkit.gateway.answer import read_retry_after
from botkit.gateway.client import HttpGateway
from botkit.ports import Answer, Clock, WireRequest
from tests.simulate.plan import Setting

#: How long the statuses and echoes of what it took may be away, as shares of the setting's `late_s`.
NEWS = ("sent", "delivered", "read")
TRIP_SPREAD = 0.6


class World(Protocol):
    """What a server asks its world; `wrong` is what does not hold."""

    wrong: list[str]

    def later(self, seconds: float, then: Callable[[], None]) -> None:
        """Call back, whatever process lives then."""
        ...

    def true_now(self) -> float:
        """Return the seconds of a clock that nobody sets, and that runs on in a suspended machine."""
        ...

    def weather(self, where: str, dice: Random) -> str:
        """Return what is wrong at a place now; nothing if nothing is."""
        ...

    def push(self, item: dict[str, Any]) -> None:
        """Send a webhook."""
        ...

    def note(self, line: str) -> None:
        """Put a line into the trace."""
        ...

    def happens(self, what: str) -> None:
        """Tell that something happens at which a process may die."""
        ...


class Taken(NamedTuple):
    """A request that the server counted: SHA-256 of its body, to whom, when by the true clock, its id if taken."""

    digest: str
    to: str
    at: float
    id: str | None


class Reply(NamedTuple):
    """What comes back; `status` 0 is a connection that breaks, -1 nothing at all."""

    status: int
    body: bytes = b""
    retry_after: str | None = None


class Server:
    """The gateway's side."""

    def __init__(self, world: World, setting: Setting, seed: int) -> None:
        self._world, self._setting = world, setting
        self._dice = Random(f"{seed} server")
        self._window = SERVERS[setting.server](setting.limit, setting.period_s)
        self.counted: list[Taken] = []
        self.coming = 0

    def meet(self, wire: WireRequest, timeout_s: float) -> tuple[asyncio.Future[Reply], bool]:
        """Take a request; return its reply, and whether a connection stands: else it was not reached."""
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        trouble = self._world.weather("gateway", self._dice)
        if trouble == "unreachable":
            return reply, False
        trip_s = self._setting.trip_s * exp(self._dice.gauss(0, TRIP_SPREAD))
        if trouble == "slow":
            trip_s = self._dice.uniform(0.5, 1.3) * timeout_s
        at = self._dice.choice((0.0, 1.0, self._dice.random())) * min(trip_s, timeout_s + 9.0)

        def count() -> None:
            answer = Reply(-1) if trouble == "silent before" else self._count(wire, trouble)
            if answer.status >= 0:
                self._later(trip_s - at, lambda: None if reply.done() else reply.set_result(answer))

        if trouble == "reset before":
            self._later(trip_s, lambda: None if reply.done() else reply.set_result(Reply(0)))
        else:
            self._later(at, count)
        return reply, True

    def fetch(self) -> bool:
        """Count a request that is no message; return whether it passes."""
        now = self._world.true_now()
        self.counted.append(Taken("", "", now, None))
        return self._window.take(now)

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        self.coming += 1

        def act() -> None:
            self.coming -= 1
            then()

        self._world.later(max(0.0, seconds), act)

    def _count(self, wire: WireRequest, trouble: str) -> Reply:
        """Count a request, and take it or not."""
        now = self._world.true_now()
        passes = self._window.take(now)
        body = orjson.loads(wire.body)
        reply = _REFUSALS.get(trouble) if passes else Reply(429)
        if trouble == "throttled with a pause":
            reply = Reply(429, retry_after=self._dice.choice(("0", "2", "30", "soon")))
        number = f"g{len(self.counted) + 1}" if reply is None else None
        self.counted.append(Taken(sha256(wire.body).hexdigest(), body["to"], now, number))
        shown = "taken as " + number if number else f"answered {reply.status if reply else 0}"
        self._world.note(f"gateway: {body.get('text', body['type'])!r} to ..{body['to'][-2:]} {shown} {trouble}")
        if number is None:
            assert reply is not None
            return reply
        self._tell(number, body)
        return _AFTER.get(trouble) or Reply(200, orjson.dumps({"id": number}))

    def _tell(self, number: str, body: dict[str, Any]) -> None:
        """Send the news of what was taken, each after a while, in any order."""
        setting, dice = self._setting, self._dice
        at = int(self._world.true_now() + setting.skew_s)
        for state in NEWS:
            if dice.random() < setting.status_share:
                item = {"id": number, "type": "status", "to": body["to"], "state": state, "timestamp": at}
                self._later(dice.random() * setting.late_s, lambda item=item: self._world.push(item))  # type: ignore[misc]
        if "text" in body and dice.random() < setting.echo_share:
            echo = {"id": number, "type": "echo", "to": body["to"], "text": body["text"], "timestamp": at}
            self._later(dice.random() * setting.late_s, lambda: self._world.push(echo))


#: What a trouble answers instead of taking a request, and after it took it.
_REFUSALS = {
    "throttled": Reply(429),
    "unavailable": Reply(503),
    "error before": Reply(500),
    "unauthorized": Reply(401),
    "refused": Reply(400, b'{"error":"no"}'),
    "moved": Reply(302),
}
_AFTER = {
    "error after": Reply(500),
    "silent after": Reply(-1),
    "reset after": Reply(0),
    "garbage": Reply(200, b"<html>"),
}


class SimGateway(HttpGateway):
    """The real way out, whose one exchange goes to the simulated server instead of a socket."""

    def __init__(self, way: HttpGateway, clock: Clock, server: Server, world: World) -> None:
        vars(self).update(vars(way) | {"_clock": clock})
        self._timeout_s, self._server, self._world = self._profile.limits.timeout_s, server, world
        #: Contacts to whom a request is out.
        self._out: list[str] = []

    async def _exchange(self, wire: WireRequest, trail: Any) -> Answer:
        to = str(orjson.loads(wire.body)["to"])
        if to in self._out:
            self._world.wrong.append(f"crossed: a second request is out to ..{to[-2:]}")
        self._out.append(to)
        try:
            return await self._ask(wire, trail)
        finally:
            self._out.remove(to)

    async def _ask(self, wire: WireRequest, trail: Any) -> Answer:
        self._world.happens("send")
        pending, trail.has_connection = self._server.meet(wire, self._timeout_s)
        if not trail.has_connection:
            await asyncio.sleep(0.01)
            raise OSError("no route")
        async with asyncio.timeout(self._timeout_s):
            reply = await pending
        self._world.happens("answer")
        if reply.status == 0:
            raise aiohttp.ServerDisconnectedError
        verdict, number = self._judge.judge(reply.status, reply.body)
        at = self._clock.now()
        return Answer(verdict, at, reply.status, number, "", read_retry_after(reply.retry_after, at))
