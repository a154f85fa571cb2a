"""How loaded a channel is, as flows see it: asked as each leg begins, kept in the journal, the same after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from botkit.flow.level import Level
from tests.runtime.stage import CHANNEL, Stage, flows_of

FLOW = """
flow: pedido
start: {words: [hola]}
steps:
  - ask: "{% if load == 'black' %}¿Qué quieres?{% else %}¡Hola! ¿Qué se te antoja hoy?{% endif %}"
    save: plato
  - {run: cocina.libre, save: libre}
  - say: "{{ plato }} ({{ load }})"
"""


class Gate:
    """A channel that is as loaded as a test says; `asked` are the channels that were asked for."""

    def __init__(self) -> None:
        self.level: Level = "green"
        self.asked: list[str] = []

    def load(self, channel: str) -> Level:
        """Return the level."""
        self.asked.append(channel)
        return self.level

    def fill(self) -> bool:
        """Turn black, as a handler that takes long may find it."""
        self.level = "black"
        return True


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A store in memory, with no runtime yet."""
    made = await Stage.open()
    yield made
    await made.close()


async def start(stage: Stage, gate: Gate) -> None:
    """Start a runtime: the first one, or the one after a restart."""
    handlers = {"cocina.libre": gate.fill}
    await stage.start(flows_of(FLOW, handlers), handlers, load=gate.load)


async def loads(stage: Stage) -> list[Any]:
    """Return what the journal says of each leg, in order."""
    rows = await stage.store._writer.run(
        lambda db: db.execute("SELECT entry FROM journal ORDER BY inbox_id, leg").fetchall()
    )
    return [orjson.loads(entry).get("load") for (entry,) in rows]


async def test_each_leg_has_its_own(stage: Stage) -> None:
    """The level is that of the moment at which a leg begins: a call may take long."""
    gate = Gate()
    await start(stage, gate)
    for text in ("hola", "sopa"):
        await stage.write(text)
    assert await stage.said() == ["¡Hola! ¿Qué se te antoja hoy?", "sopa (black)"]
    assert gate.asked == [CHANNEL] * 3


async def test_the_journal_keeps_what_is_not_green(stage: Stage) -> None:
    """Each leg has the level that it was played at; green goes without saying, as it did in older journals."""
    gate = Gate()
    await start(stage, gate)
    await stage.write("hola")
    gate.level = "yellow"
    await stage.write("sopa")
    assert await loads(stage) == [None, "yellow", "black"]


async def test_restart(stage: Stage) -> None:
    """A new process asks anew: a conversation keeps no level."""
    gate = Gate()
    gate.level = "black"
    await start(stage, gate)
    await stage.write("hola")
    await stage.runtime.stop(1.0)
    gate.level = "green"
    await start(stage, gate)
    gate.level = "yellow"
    await stage.write("sopa")
    assert await stage.said() == ["¿Qué quieres?", "sopa (black)"]
    assert await loads(stage) == ["black", "yellow", "black"]
