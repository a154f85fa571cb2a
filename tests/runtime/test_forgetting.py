"""A contact is forgotten in its turn: behind what it wrote before, before what it writes after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from botkit.ports import FORGET, Arrival, InboxRow
from tests.runtime.stage import ANA, CHANNEL, LUZ, Stage, flows_of
from tests.waiting import eventually

FLOW = """
flow: nombre
start: {words: [hola]}
steps:
  - {ask: ¿Nombre?, save: nombre}
  - {run: buscar}
  - {ask: "{{ nombre }}, ¿algo más?", save: algo}
"""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A bot without a network."""
    made = await Stage.open()
    yield made
    await made.close()


async def ask(stage: Stage, contact: str = ANA) -> InboxRow:
    """Store the word to forget a contact."""
    arrival = Arrival(CHANNEL, "operator", FORGET, contact, "w", "", b"", b"{}")
    [receipt] = await stage.store.accept([arrival], stage.clock.now())
    assert receipt.row is not None
    return receipt.row


async def test_in_its_turn(stage: Stage) -> None:
    """A call under way is waited for; what comes of it is erased with all else, and what was written after goes on."""
    waits, began = asyncio.Event(), asyncio.Event()

    async def search() -> None:
        began.set()
        await waits.wait()

    flows = flows_of(FLOW, {"buscar": search})
    await stage.start(flows, {"buscar": search})
    await stage.write("hola")
    before = stage.count
    stage.runtime.notify([await stage.arrive("Ana")])
    await began.wait()
    stage.runtime.notify([await ask(stage), await stage.arrive("hola")])
    await asyncio.sleep(0)
    assert len(await stage.said()) == 1
    [old] = await stage.store.conversation(CHANNEL, ANA)
    waits.set()
    await eventually(lambda: not stage.runtime._in_hand.works)
    await stage.runtime.look_now()
    await stage.runtime.idle()
    assert stage.count == before + 2
    [anew] = await stage.store.conversation(CHANNEL, ANA)
    assert anew["id"] != old["id"]
    assert await stage.said() == ["¿Nombre?"]
    assert "Ana" not in str(anew["state"])


async def test_others_go_on(stage: Stage) -> None:
    """Nobody waits while another one is forgotten; a restart takes the word up again."""
    flows = flows_of(FLOW, {"buscar": lambda: None})
    await stage.start(flows, {"buscar": lambda: None})
    await stage.write("hola")
    await stage.write("hola", LUZ)
    await ask(stage)
    await stage.runtime.stop(1.0)
    await stage.start(flows, {"buscar": lambda: None})
    await stage.runtime.idle()
    assert await stage.store.conversation(CHANNEL, ANA) == []
    await stage.write("Luz", LUZ)
    assert await stage.said(LUZ) == ["¿Nombre?", "Luz, ¿algo más?"]
