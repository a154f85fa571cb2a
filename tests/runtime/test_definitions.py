"""Definitions in the store: kept while somebody needs them, and dropped then; and other flows while calls are made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from botkit.definitions import Definitions
from botkit.flow.flowset import FlowSet
from tests.runtime.stage import LUZ, Stage, flows_of
from tests.waiting import eventually

CALLER = "flow: f\nstart: {words: [go]}\nsteps:\n  - {ask: ¿Uno?, save: uno}\n  - call: g\n"
CALLED = "---\nflow: g\nsteps:\n  - {ask: ¿Viejo?, save: dos}\n  - say: fin {{ dos }}\n"
OLD = CALLER + CALLED
NEW = OLD.replace("¿Viejo?", "¿Nuevo?")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A store with no runtime on it yet."""
    made = await Stage.open()
    yield made
    await made.close()


def digests(*sets: FlowSet) -> set[str]:
    """Return the definitions of flows."""
    return {flow.digest for each in sets for flow in each.flows.values()}


async def dropped(stage: Stage, flows: FlowSet) -> set[str]:
    """Drop what nobody needs, with these flows as the present ones, and return what is left."""
    definitions = Definitions(stage.store, stage.clock.now)
    await definitions.keep(flows)
    await definitions.drop()
    return set(await stage.store.definitions())


async def test_dropped_when_nobody_needs_them(stage: Stage) -> None:
    """A definition stays as long as somebody is in it, or may come to it by a call; then it goes."""
    old, new = flows_of(OLD), flows_of(NEW)
    await stage.start(old)
    await stage.write("go")
    await stage.runtime.replace(new)
    assert await dropped(stage, new) == digests(old, new)
    await stage.write("1")
    assert await stage.said() == ["¿Uno?", "¿Viejo?"]
    assert await dropped(stage, new) == digests(old, new)
    await stage.write("2")
    assert await dropped(stage, new) == digests(new)


async def test_back_while_dropping(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flows that come back while the store is looked through are not dropped from it."""
    old, new = flows_of(OLD), flows_of(NEW)
    definitions = Definitions(stage.store, stage.clock.now)
    await stage.start(old)
    await definitions.keep(old)
    await definitions.keep(new)
    look = stage.store.definitions_in_use

    async def look_slowly() -> set[str]:
        found = await look()
        await definitions.keep(old)
        return found

    monkeypatch.setattr(stage.store, "definitions_in_use", look_slowly)
    await definitions.drop()
    assert digests(old) <= set(await stage.store.definitions())


async def test_replaced(stage: Stage) -> None:
    """Who comes after other flows were put in place gets those; who was in the middle finishes on the old ones."""
    await stage.start(flows_of(OLD))
    await stage.write("go")
    await stage.runtime.replace(flows_of(NEW))
    for text in ("go", "1"):
        await stage.write(text, LUZ)
    await stage.write("1")
    assert await stage.said(LUZ) == ["¿Uno?", "¿Nuevo?"]
    assert await stage.said() == ["¿Uno?", "¿Viejo?"]


async def test_replaced_while_a_call_is_made(stage: Stage) -> None:
    """A call under way brings its result to the definition that asked for it."""
    text = "flow: f\nstart: {words: [go]}\nsteps:\n  - {run: casa.lenta, save: x}\n  - say: viejo {{ x }}\n"
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow() -> int:
        begun.set()
        await go.wait()
        return 7

    handlers = {"casa.lenta": slow}
    await stage.start(flows_of(text, handlers), handlers)
    stage.runtime.notify([await stage.arrive("go")])
    await eventually(begun.is_set)
    await stage.runtime.replace(flows_of(text.replace("viejo", "nuevo"), handlers))
    go.set()
    assert await stage.hear(1) == ["viejo 7"]
