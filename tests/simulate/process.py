"""One life of the bot's process: the real parts, put together as `run` does it, and every task that they begin.

It ends in order, or it dies: then what was not committed is lost, and no line of it runs on but to clean up, which can
reach nothing any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator, Mapping, Sequence
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from pathlib import Path
from typing import Any, Protocol

from aiohttp import HttpVersion10
from multidict import CIMultiDict

from botkit.errors import StoreUnavailable
from botkit.gateway.signature import sign
from botkit.legs import Player
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Answer
from botkit.runtime import Runtime
from botkit.server.actions import ACTIONS
from botkit.server.given import Given
from botkit.server.ingress import Ingress
from botkit.server.webhook import Filing, Intake
from botkit.store.sqlite import SqliteStore
from botkit.timers import Timers
from botkit.turn.effect import CLASSES, Send
from tests.simulate import disk
from tests.simulate.bot import CHANNEL, Way, flows_of, handlers_of
from tests.simulate.calls import Asked, SimCalls
from tests.simulate.server import Server, SimGateway
from tests.simulate.service import Service, SimHttpSteps

#: Rounds of the loop in which the tasks of a dead process have to be gone.
LAST_PASSES = 60
GRACE_S = 10.0


class World(disk.World, Protocol):
    """What a process asks its world."""

    way: Way
    path: Path
    version: str
    server: Server
    service: Service
    asked: Asked
    wrong: list[str]

    def true_now(self) -> float: ...
    def wall_now(self) -> float: ...
    def ending(self, que: str) -> str: ...
    def happens(self, what: str) -> None: ...
    def note(self, line: str) -> None: ...
    def weather(self, where: str, dice: Any) -> str: ...
    def push(self, item: dict[str, Any]) -> None: ...


class SimClock:
    """The machine's clock: what a plan jumps and suspends."""

    def __init__(self, world: World) -> None:
        self.now = world.wall_now
        self._loop = asyncio.get_running_loop()

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)


class SimPlayer(Player):
    """The real one, whose flow `oferta` speaks in the lane of broadcasts, which nothing else fills as yet."""

    def _fitting(self, channel: str, sends: Sequence[Send]) -> list[Send]:
        sends = super()._fitting(channel, sends)
        rank = CLASSES["bulk"]
        return [send._replace(lane="bulk", rank=rank) if send.flow == "oferta" else send for send in sends]


OWNER: ContextVar[Process | None] = ContextVar("OWNER", default=None)


def make_task(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any] | Generator[Any, None, Any], **options: Any
) -> asyncio.Task[Any]:
    """Make a task, and note whose it is."""
    context: Context = options.get("context") or copy_context()
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **options)
    owner = context.get(OWNER)
    if owner is not None:
        owner.tasks.append(task)
    return task


class Process:
    """A process; `life` runs from its start until it is told to stop.

    `is_late` once its store would not end in time: then only the end of the process ends it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.tasks: list[asyncio.Task[Any]] = []
        self.is_alive = True
        self.is_ready = self.is_late = False
        self.writer: disk.SimWriter | None = None
        self._stopping = asyncio.Event()
        self._errands: list[asyncio.Task[None]] = []
        self._context = copy_context()
        self._context.run(OWNER.set, self)
        self.life = self.begin(self._live())

    def begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin work as a task of this process."""
        return asyncio.get_running_loop().create_task(work, context=self._context.copy())

    async def _live(self) -> None:
        world = self._world
        self.writer = disk.SimWriter(world.path, disk.Disk(world))
        store = await disk.open_store(world.path, self.writer)
        self._put_together(store)
        await self.runtime.start()
        await self.timers.start()
        await self.worker.start()
        self.is_ready = True
        await self._stopping.wait()
        self.is_ready = False
        await asyncio.gather(self.runtime.stop(GRACE_S), self.timers.stop(), self.worker.stop())
        for errand in self._errands:
            errand.cancel()  # whoever wanted it is cut off, too
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self.calls.close()
        self.is_late = not await self.writer.close()

    def _put_together(self, store: SqliteStore) -> None:
        world, clock = self._world, SimClock(self._world)
        profile = world.way.profile
        self.gateway = SimGateway(world.way.gateway, clock, world.server, world)
        self.worker = OutboxWorker(
            *(store, self.gateway, clock),
            key=CHANNEL,
            owner="main",
            limits=profile.limits,
            on_uncertain=profile.on_uncertain,
            on_told=lambda: self.runtime.look(),
            on_alert=self._alert,
        )
        steps = SimHttpSteps(world.service, clock.now)
        self.calls = SimCalls(world.asked, handlers_of(world.ending), steps, clock)
        self.player = SimPlayer(
            *(store, flows_of(world.version), self.calls, clock),
            fit=lambda channel, message: self.gateway.fit(message),
            on_queued=lambda channel: self.worker.queued(),
            on_timer=lambda due_at: self.timers.wake(due_at),
            load=lambda channel: self.worker.load,
            on_alert=self._alert,
        )
        self.runtime = Runtime(store, self.player, clock, on_alert=self._alert)
        self.timers = Timers(store, clock, self.runtime.look)
        filing = Filing(
            CHANNEL,
            store.accept,
            self.runtime.notify,
            clock.now,
            on_settled=self._on_settled,
            on_session=self._on_session,
        )
        self._intake = Intake(world.way.reader, filing)
        self._ingress = Ingress(
            *(store, lambda: self.player.flows, self.runtime.notify, clock.now), look=self.runtime.look
        )

    def _alert(self, alert: str, fields: Any) -> None:
        self._world.note(f"alert: {alert}")

    async def _on_session(self, is_linked: bool, at: float | None) -> None:
        await self.worker.link(is_linked=is_linked, at=at)

    def _on_settled(self) -> None:
        self.worker.wake()
        self.runtime.look()

    async def take(self, body: bytes) -> int:
        """Take a webhook in; return the status of its answer."""
        webhook = self._world.way.profile.webhook
        assert webhook is not None
        assert webhook.auth is not None
        assert webhook.auth.secret is not None
        signature = sign(webhook.auth, webhook.auth.secret.get_secret_value(), body)
        response = await self._intake.take(Request(body, signature))  # type: ignore[arg-type]
        return response.status

    async def act(self, action: str, values: Mapping[str, Any]) -> Any:
        """Do what those who run the bot ask for; raises Refused and StoreUnavailable."""
        return await ACTIONS[action].run(self._ingress, Given(values, {"lang": "es"}))

    def fetch(self) -> None:
        """Begin to fetch something."""
        self._errands.append(self.begin(self._fetch()))

    async def _fetch(self) -> None:
        """Fetch what somebody has sent, as a handler does: a request of the key that is no message."""
        with suppress(StoreUnavailable):
            async with self.worker.slot() as errand:
                self._world.happens("send")
                await asyncio.sleep(0.1)
                passes = self._world.server.fetch()
                await asyncio.sleep(0.1)
                verdict, status = ("sent", 200) if passes else ("throttled", 429)
                errand.answer = Answer(verdict, self._world.wall_now(), status)  # type: ignore[arg-type]

    async def deploy(self) -> None:
        """Take in the flows as they are now, as after SIGHUP."""
        with suppress(StoreUnavailable):
            await self.runtime.replace(flows_of(self._world.version))
            self.worker.reload()

    def stop(self) -> None:
        """End in order, as after SIGTERM."""
        self._stopping.set()

    def die(self) -> None:
        """End as a power cut does."""
        self.is_alive = self.is_ready = False
        if self.writer is not None:
            self.writer.cut()
        self.cancel()

    def cancel(self) -> list[asyncio.Task[Any]]:
        """Cancel every task that is left, and return them."""
        left = [task for task in self.tasks if not task.done()]
        for task in left:
            task.cancel()
        return left


class Request:
    """As much of an aiohttp request as a webhook needs, its body there already."""

    content_type = "application/json"
    version, keep_alive = HttpVersion10, False

    def __init__(self, body: bytes, signature: str) -> None:
        self.headers = CIMultiDict({"Content-Type": self.content_type, "X-Signature": signature})
        self.content, self.content_length, self._body = self, len(body), body

    def is_eof(self) -> bool:
        """Whether all has come."""
        return True

    def read_nowait(self, _: int) -> bytes:
        """Return it."""
        return self._body
