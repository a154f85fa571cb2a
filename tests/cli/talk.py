"""A talk that a bot held, for commands that tell of it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import Result

from botkit.legs import Player
from botkit.ports import Arrival
from botkit.project import load_project
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.testing.clock import FakeClock
from botkit.testing.stubs import StubbedCalls
from botkit.turn.codec import dump_event, dump_filed
from botkit.turn.event import FILED_KINDS, Event, Inbound, OperatorSaid, Release

ANA = "59171234567"
#: 23 November 2026, 09:00 in La Paz
MONDAY = 1_795_438_800.0

#: Calls a command with words.
Call = Callable[..., Result]


def hold(
    folder: Path, events: Sequence[str | OperatorSaid | Release], channel: str = "whatsapp", gap_s: float = 300.0
) -> None:
    """Hold a talk with Ana, five minutes from one turn to the next unless told otherwise."""

    async def held() -> None:
        flows = load_project(folder / "config.yaml", {}).flows
        assert flows is not None
        clock = FakeClock(MONDAY)
        store = await SqliteStore.open(folder / "botkit.db")
        runtime = Runtime(store, Player(store, flows, StubbedCalls({}, {}, clock.advance), clock), clock)
        await runtime.start()
        for number, said in enumerate(events):
            event: Event = (
                said if not isinstance(said, str) else Inbound(channel, "message", ANA, name="Ana", text=said)
            )
            data = dump_event(event) if isinstance(event, Inbound) else dump_filed(event)  # type: ignore[arg-type]
            kind = "message" if isinstance(event, Inbound) else FILED_KINDS[type(event)]
            [receipt] = await store.accept(
                [Arrival(channel, "api", kind, ANA, str(number), "", b"", data)], clock.now()
            )
            assert receipt.row is not None
            runtime.notify([receipt.row])
            await runtime.idle()
            clock.jump(gap_s)
        await runtime.stop(1)
        await store.close()

    asyncio.run(held())
