"""A call that takes long: the person is told once, and the call goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from botkit.turn.kinds.calling import MEANWHILE_S
from tests.runtime.stage import Stage, flows_of
from tests.waiting import eventually

FLOW = """
flow: llamada
start: {words: [llama]}
steps:
  - say: Voy a preguntar.
  - run: obra
    save: cosa
    meanwhile: Un momento, por favor.
  - say: "Me dijeron {{ cosa }}."
"""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage on a store in memory."""
    made = await Stage.open()
    yield made
    await made.close()


async def test_told_and_goes_on(stage: Stage) -> None:
    """After two seconds `meanwhile` is said; the call is made once, and its result ends the turn."""
    answer, calls = asyncio.Event(), 0

    async def work() -> str:
        nonlocal calls
        calls += 1
        await answer.wait()
        return "sí"

    await stage.start(flows_of(FLOW, {"obra": work}), {"obra": work})
    stage.runtime.notify([await stage.arrive("llama")])
    assert await stage.hear(2) == ["Voy a preguntar.", "Un momento, por favor."]
    answer.set()
    await stage.runtime.idle()
    assert await stage.said() == ["Voy a preguntar.", "Un momento, por favor.", "Me dijeron sí."]
    assert (calls, stage.clock.slept) == (1, [MEANWHILE_S])


async def test_not_told_when_quick(stage: Stage) -> None:
    """A call that is quick enough says nothing more."""

    async def work() -> str:
        return "sí"

    await stage.start(flows_of(FLOW, {"obra": work}), {"obra": work})
    stage.clock.sleep = lambda seconds: asyncio.Event().wait()  # type: ignore[assignment,method-assign,return-value]
    await stage.write("llama")
    assert await stage.said() == ["Voy a preguntar.", "Me dijeron sí."]


async def test_not_told_twice(stage: Stage) -> None:
    """A process that ends after it was said makes the call again under its key, and does not say it again."""
    begun, answer, keys = asyncio.Event(), asyncio.Event(), []

    async def work(ctx: object) -> str:
        keys.append(ctx.idempotency_key)  # type: ignore[attr-defined]
        begun.set()
        await answer.wait()
        return "sí"

    flows = flows_of(FLOW, {"obra": work})
    await stage.start(flows, {"obra": work})
    stage.runtime.notify([await stage.arrive("llama")])
    await stage.hear(2)
    await stage.runtime.stop(0)
    begun.clear()
    await stage.start(flows, {"obra": work})
    await begun.wait()
    for _ in range(100):  # as long as it takes to say it again, were it to
        await asyncio.sleep(0)
    answer.set()
    await stage.runtime.idle()
    assert await stage.said() == ["Voy a preguntar.", "Un momento, por favor.", "Me dijeron sí."]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_ended_with_the_turn(stage: Stage) -> None:
    """A `meanwhile` that cannot be made ends the turn by the `error` flow, and the call with it."""
    ended = asyncio.Event()

    async def work() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ""

    broken = FLOW.replace("Un momento, por favor.", '"{{ 1 / cero }}"').replace(
        "  - run", "  - set: {cero: 0}\n  - run"
    )
    await stage.start(flows_of(broken, {"obra": work}), {"obra": work})
    await stage.write("llama")
    assert (await stage.said())[0] == "Voy a preguntar."
    assert "falló" in (await stage.said())[1]
    await eventually(ended.is_set)
