"""A worker whose gateway is real HTTP to the sandbox in a process of its own, and whose time a test moves by hand."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp

from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.profile import Profile
from botkit.outbox.rate import KeyState
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Answer, Arrival, Leg, WireRequest
from botkit.store.sqlite import SqliteStore
from botkit.testing.clock import FakeClock
from botkit.turn.effect import Send
from tests.waiting import eventually

COMMAND = (sys.executable, "-m", "botkit.gateway.sandbox", "--webhook", "http://127.0.0.1:9/none", "--port", "0")
#: How long the gateway may take, in seconds of real time.
TIMEOUT_S = 0.4


class Remote:
    """The sandbox's own API, over HTTP."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def arm(self, kind: str, **fields: object) -> None:
        """Arm a fault or turn a dial."""
        await self._post("faults", {"kind": kind, **fields})

    async def reset(self) -> None:
        """Clear every fault and turn every dial back."""
        await self._post("reset", {})

    async def _post(self, path: str, body: object) -> None:
        async with self._session.post(f"{self.url}/_sandbox/{path}", json=body) as response:
            assert response.status == 200, await response.text()

    async def get(self, path: str) -> list[dict[str, Any]]:
        """Return what it lists of `requests` or `messages`."""
        async with self._session.get(f"{self.url}/_sandbox/{path}") as response:
            (listing,) = (await response.json()).values()
            return list(listing)


@contextmanager
def sandbox(*options: str) -> Iterator[str]:
    """Run the sandbox as a process of its own, and give its address."""
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[2]
        finally:
            process.terminate()


class Counted(HttpGateway):
    """Notes how many requests were out as each left."""

    out = 0

    def note(self) -> None:
        """Begin to note."""
        self.together: list[int] = []

    async def send(self, wire: WireRequest) -> Answer:
        """Send, and note."""
        self.out += 1
        self.together.append(self.out)
        try:
            return await super().send(wire)
        finally:
            self.out -= 1


class Line:
    """A store, a worker and a gateway, joined."""

    def __init__(self, store: SqliteStore, worker: OutboxWorker, gateway: Counted, clock: FakeClock) -> None:
        self.store, self.worker, self.gateway, self.clock = store, worker, gateway, clock
        self.alerts: list[str] = []
        self._people = 0

    @property
    def sent(self) -> int:
        """How many requests have left."""
        return len(self.gateway.together)

    @property
    def key(self) -> KeyState:
        """What the gate knows of the key."""
        return self.worker.key_state

    @property
    def hold_s(self) -> float:
        """For how long the key is held."""
        return max(0.0, self.key.held_until - self.clock.now())

    async def say(self, people: int, text: str = "hola") -> None:
        """Queue a text for each of so many people who are new."""
        for _ in range(people):
            self._people += 1
            await self.say_to(f"59170{self._people:06}", text)

    async def say_to(self, contact: str, *texts: str) -> None:
        """Queue texts for one contact, as a turn does."""
        await queue(self.store, contact, texts, self.clock.now())
        self.worker.wake()

    async def statuses(self) -> list[str]:
        """Return how the rows stand, oldest first."""
        rows = await self.store.outbox_rows(conversation_id=None, status=None, limit=1000)
        return [row["status"] for row in reversed(rows)]

    async def until_sent(self, count: int) -> None:
        """Wait until so many requests left and all are answered and written down; no second passes."""
        await eventually(lambda: self.sent >= count and not self.worker.flying)

    async def run(self, seconds: float) -> None:
        """Let time pass, and what falls into it happen."""
        await self.clock.advance(seconds)
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until nothing is in the air; a question to the store comes back behind what the worker asked before."""
        for _ in range(4):
            await self.clock.settle()
            await self.statuses()
            await eventually(lambda: not self.worker.flying)


async def queue(store: SqliteStore, contact: str, texts: Sequence[str], now: float) -> None:
    """Queue texts for a contact, as a turn does."""
    event = Arrival("wa", "webhook", "message", contact, f"{contact}-{texts[0]}", "", b"digest", b"{}")
    [receipt] = await store.accept([event], now)
    assert receipt.row is not None
    talk = receipt.row.conversation
    sends = [Send({"type": "text", "text": text}, "flow", "step") for text in texts]
    leg = Leg(receipt.inbox_id, 1, True, talk.id, "wa", talk.version, talk.epoch, b"{}", b"{}", now, sends)
    await store.commit(leg)


def profile_of(url: str, **fields: object) -> Profile:
    """Return a channel of the sandbox at `url`, fast enough that its limit plays no part."""
    channel: dict[str, object] = {"base_url": "sandbox", "rate": {"limit": 6_000, "per": "60s"}, "timeout": TIMEOUT_S}
    channel |= fields
    return compose(channel, sandbox_url=url)


@asynccontextmanager
async def joined(profile: Profile) -> AsyncIterator[Line]:
    """Run a worker for a profile."""
    clock = FakeClock(time.time())
    store = await SqliteStore.open(":memory:")
    async with Counted(profile, clock) as gateway:
        gateway.note()
        alerts: list[str] = []
        worker = OutboxWorker(
            *(store, gateway, clock),
            key="wa",
            owner="wa",
            limits=profile.limits,
            on_uncertain=profile.on_uncertain,
            on_alert=lambda alert, fields: alerts.append(alert),
        )
        line = Line(store, worker, gateway, clock)
        line.alerts = alerts
        await worker.start()
        yield line
        await worker.stop(0)
    await store.close()
