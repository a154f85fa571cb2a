"""A runtime on a real store and a clock that stands still, with people who write to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botkit.calls import Calls
from botkit.flow.flowset import FlowSet
from botkit.flow.load import load
from botkit.flow.model import BotInfo
from botkit.flow.yaml_reader import read
from botkit.handlers import describe
from botkit.legs import Player
from botkit.outbox.alert import Tell
from botkit.ports import Arrival, InboxRow
from botkit.project import shipped_flows
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound
from botkit.turn.kinds import KINDS

CHANNEL = "test"
ANA, LUZ = "59170000001", "59170000002"


class HurriedClock:
    """Time that jumps to whatever is waited for; `slept` are the waits, in seconds."""

    def __init__(self) -> None:
        self.at = 1_750_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Return UTC seconds."""
        return self.at

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Be there at once."""
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)


def flows_of(text: str, handlers: Mapping[str, Callable[..., Any]] | None = None) -> FlowSet:
    """Load flows from YAML; fails on any problem."""
    known = {name: describe(name, function).signature for name, function in (handlers or {}).items()}
    loaded = load([read(text, "flow.yaml")], list(shipped_flows().values()), BotInfo(), known, KINDS)
    assert loaded.flows is not None, loaded.problems
    return loaded.flows


class Stage:
    """A bot without a network: `write` is a webhook's part, `said` what stands in the outbox."""

    def __init__(self, store: SqliteStore, clock: HurriedClock) -> None:
        self.store = store
        self.clock = clock
        self.count = 0
        self.runtime: Runtime
        self.calls: list[Calls] = []

    @classmethod
    async def open(cls, path: Path | str = ":memory:") -> Stage:
        """Open a store, with no runtime on it yet."""
        return cls(await SqliteStore.open(path), HurriedClock())

    async def start(
        self,
        flows: FlowSet,
        handlers: Mapping[str, Callable[..., Any]] | None = None,
        *,
        on_alert: Tell = lambda alert, fields: None,
        **parts: Any,
    ) -> Runtime:
        """Start a runtime: the first one, or the one after a restart."""
        known = {name: describe(name, function) for name, function in (handlers or {}).items()}
        self.calls.append(Calls(known))
        player = Player(self.store, flows, self.calls[-1], self.clock, on_alert=on_alert, **parts)
        self.runtime = Runtime(self.store, player, self.clock, on_alert=on_alert)
        await self.runtime.start()
        return self.runtime

    async def arrive(self, text: str, contact: str = ANA) -> InboxRow:
        """Store a message, as a webhook does, and return its row without telling the runtime."""
        self.count += 1
        event = Inbound(CHANNEL, "message", contact, id=str(self.count), at=self.clock.now(), text=text)
        arrival = Arrival(
            *(CHANNEL, "webhook", "message", contact, str(self.count), "", b"", dump_event(event)), parsed=event
        )
        receipt = (await self.store.accept([arrival], self.clock.now()))[0]
        assert receipt.row is not None
        return receipt.row

    async def write(self, text: str, contact: str = ANA) -> None:
        """Store a message and let the runtime bring it to its end."""
        self.runtime.notify([await self.arrive(text, contact)])
        await self.runtime.idle()

    async def said(self, contact: str = ANA) -> list[str]:
        """Return the texts queued for a contact, in order."""
        found = await self.store.conversation(CHANNEL, contact)
        if not found:
            return []
        [conversation] = found
        rows = await self.store.outbox_rows(conversation_id=conversation["id"], status=None, limit=1000)
        return [row["message"]["text"] for row in reversed(rows)]

    async def hear(self, count: int, contact: str = ANA) -> list[str]:
        """Return the texts queued for a contact once there are `count`; fails after five seconds, to end a hang."""
        said: list[str] = []
        async with asyncio.timeout(5):
            while len(said) < count:
                said = await self.said(contact)
        return said

    async def close(self) -> None:
        """Stop and close everything."""
        await self.runtime.stop(1.0)
        for calls in self.calls:
            await calls.close()
        await self.store.close()
