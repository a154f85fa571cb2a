"""A store that refuses what a call gave: the result waits for it, and the call is not made again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from botkit.calls import Calls
from botkit.errors import StoreUnavailable
from botkit.handlers import describe
from botkit.legs import Player
from botkit.ports import Leg
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.turn.kinds.calling import MEANWHILE_S
from tests.runtime.stage import Stage, flows_of

FLOW = """
flow: llamada
start: {words: [llama]}
steps:
  - run: cobrar
    save: recibo
    meanwhile: Un momento, por favor.
  - run: cobrar
    save: otro
  - say: "Recibos {{ recibo }} y {{ otro }}."
"""


class Refusing:
    """A store that refuses the legs of calls, each so often."""

    def __init__(self, store: SqliteStore, times: int) -> None:
        self.store, self.times = store, times
        self.refused: dict[int, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    async def commit(self, leg: Leg) -> None:
        """Refuse, or pass it on."""
        count = self.refused.get(leg.leg, 0)
        if leg.leg > 1 and count < self.times:
            self.refused[leg.leg] = count + 1
            raise StoreUnavailable("disk full")
        await self.store.commit(leg)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage on a store in memory."""
    made = await Stage.open()
    yield made
    await made.close()


async def play(stage: Stage, handler: Callable[..., Any]) -> None:
    """Play the flow to its end on a store that refuses each result ten times."""
    flows = flows_of(FLOW, {"cobrar": handler})
    store, calls = Refusing(stage.store, 10), Calls({"cobrar": describe("cobrar", handler)})
    await stage.start(flows, {"cobrar": handler})
    runtime = Runtime(store, Player(store, flows, calls, stage.clock), stage.clock)
    runtime.notify([await stage.arrive("llama")])
    await runtime.idle()
    await calls.close()


async def test_a_result_waits_for_the_store(stage: Stage) -> None:
    """Each of two calls is made once, however long the store refuses what it gave."""
    made: list[str] = []

    async def charge() -> int:
        made.append("cobrado")
        return len(made)

    stage.clock.sleep = _never_told(stage.clock.sleep)  # type: ignore[assignment,method-assign]
    await play(stage, charge)
    assert (len(made), await stage.said()) == (2, ["Recibos 1 y 2."])


async def test_a_long_call_goes_on(stage: Stage) -> None:
    """A call whose `meanwhile` the store refuses is not begun anew: the word is left out, the result comes."""
    made: list[str] = []

    async def charge() -> int:
        made.append("cobrado")
        for _ in range(50):  # longer than this clock waits
            await asyncio.sleep(0)
        return len(made)

    await play(stage, charge)
    assert (len(made), await stage.said()) == (2, ["Recibos 1 y 2."])


def _never_told(sleep: Callable[[float], Any]) -> Callable[[float], Any]:
    """Let a clock wait, but for what a call may take before `meanwhile`."""

    async def wait(seconds: float) -> None:
        await (asyncio.Event().wait() if seconds == MEANWHILE_S else sleep(seconds))

    return wait
