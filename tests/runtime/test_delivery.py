"""From the outbox back into the flow: what becomes of a message that will not arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from botkit.ports import RequestStatus, Settlement, WireRequest
from botkit.sweep import SWEEP_S
from tests.runtime.stage import ANA, CHANNEL, LUZ, Stage, flows_of

FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - ask: ¿Qué día?
    save: dia
    expires: 2m
    on_failed: mala
  - say: Anotado.
  - ask: ¿A qué hora?
    save: hora
asides:
  mala:
    - say: "No salió: {{ error }}"
    - ask: ¿Me lees?
      save: lee
"""
WIRE = WireRequest("POST", "/messages", "application/json", b"{}")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A bot that runs on a store in a file, with nothing that sends."""
    made = await Stage.open(tmp_path / "bot.db")
    await made.start(flows_of(FLOW))
    yield made
    await made.close()


async def end(stage: Stage, *ends: RequestStatus) -> None:
    """Let the next message come to these ends, one sending after the other, as the worker writes them down."""
    row = await stage.store.head(CHANNEL, stage.clock.now())
    assert row is not None
    flight = await stage.store.begin(CHANNEL, "main", [row.id], WIRE, stage.clock.now())
    for number, status in enumerate(ends):
        assert flight is not None
        if status == "unconfirmed":
            await stage.store.give_up(flight.request_id, Settlement("unconfirmed", stage.clock.now()))
            return
        if number:
            flight = await stage.store.resend(CHANNEL, "main", flight.request_id, stage.clock.now())
            assert flight is not None
        due_at = stage.clock.now()
        await stage.store.settle(flight, Settlement(status, due_at, detail="no such number", due_at=due_at))


async def expire(stage: Stage) -> None:
    """Let two minutes pass in which nothing may leave."""
    stage.clock.at += 121
    await stage.store.expire(CHANNEL, stage.clock.now())


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (["failed"], "no such number"),
        (["uncertain", "uncertain", "unconfirmed"], "unconfirmed"),
        ([], "expired"),
    ],
)
async def test_goes_on_at_the_target(stage: Stage, ends: list[RequestStatus], reason: str) -> None:
    """A message that is refused, lost or too late leads its flow on, as soon as that is known."""
    await stage.write("cita")
    await (end(stage, *ends) if ends else expire(stage))
    stage.runtime.look()
    async with asyncio.timeout(SWEEP_S / 2):
        said = await stage.hear(3)
    assert said == ["¿Qué día?", f"No salió: {reason}", "¿Me lees?"]


async def test_without_on_failed(stage: Stage) -> None:
    """Nobody hears of a message whose step does not ask to."""
    await stage.write("cita")
    await end(stage, "sent")
    await stage.write("lunes")
    await end(stage, "failed")
    assert (await stage.store.counts())["inbox_live"] == 0


async def test_gone_on(stage: Stage) -> None:
    """A conversation that went on meanwhile is left where it is; the log has a line."""
    await stage.write("cita")
    await stage.write("lunes")
    await expire(stage)
    with structlog.testing.capture_logs() as lines:
        stage.runtime.look()
        await stage.runtime.idle()
        await stage.write("15:00")
    [line] = [line for line in lines if line["event"] == "delivery_failed"]
    assert (line["flow"], line["step"], line["state"], line["heard"]) == ("cita", "dia", "expired", False)
    assert "reason" not in line
    assert await stage.said() == ["¿Qué día?", "Anotado.", "¿A qué hora?"]


async def test_restart_in_between(stage: Stage, tmp_path: Path) -> None:
    """A process that ends when the failure is stored and before the flow heard of it loses nothing."""
    await stage.write("cita")
    await end(stage, "failed")
    await stage.close()
    again = await Stage.open(tmp_path / "bot.db")
    await again.start(flows_of(FLOW))
    assert len(await again.hear(3)) == 3
    await again.close()


async def test_played_in_order(stage: Stage) -> None:
    """What a person writes behind the failure is an answer to what the flow says then."""
    await stage.write("cita")
    await end(stage, "failed")
    await stage.write("sí")
    await stage.write("cita", LUZ)
    assert await stage.said() == ["¿Qué día?", "No salió: no such number", "¿Me lees?"]
    [conversation] = await stage.store.conversation(CHANNEL, ANA)
    assert conversation["state"]["last"]["outcome"] == "done"
