"""Poison: an event that fails for good becomes a letter that says where, and harms nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import structlog

from botkit.outbox.alert import Alert
from botkit.turn.kinds import KINDS
from tests.runtime.stage import ANA, LUZ, Stage, flows_of

FLOW = """
flow: pedido
start: {words: [pedido]}
steps:
  - ask: ¿Qué te preparo?
    save: plato
  - ask: ¿Tu clave?
    save: clave
    sensitive: true
  - say: "Anotado."
"""
ANSWERS = ("pedido", "salteña", "secreto-4711")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage on a store in memory."""
    made = await Stage.open()
    yield made
    await made.close()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step that says something meets a defect of ours, which repeats what it met."""

    def enter(leg: Any, body: Any) -> None:
        if "clave" in leg.current.slots:
            raise LookupError(leg.current.slots["clave"])
        plain.enter(leg, body)

    plain = KINDS["say"]

    monkeypatch.setitem(KINDS, "say", replace(plain, enter=enter))


async def test_where(stage: Stage, broken: None) -> None:
    """A letter says at which step the defect was met, though the conversation stood at another when it came."""
    await stage.start(flows_of(FLOW.replace("    sensitive: true\n", "")))
    for text in ANSWERS:
        await stage.write(text)
    [letter] = await stage.store.letters(9)
    assert (letter["place"], letter["step"]) == ("flow.yaml:9:5", "pedido/say_1")
    assert (letter["error"], letter["attempts"]) == ("LookupError: secreto-4711", 5)
    assert letter["event"]["text"] == "secreto-4711"


async def test_private(stage: Stage, broken: None) -> None:
    """Of the answer to a sensitive step the letter keeps nothing."""
    await stage.start(flows_of(FLOW))
    for text in ANSWERS:
        await stage.write(text)
    [letter] = await stage.store.letters(9)
    assert letter["error"] == "LookupError"
    assert "4711" not in repr(letter)


async def test_process_ended(stage: Stage) -> None:
    """An event that ended the process each time tells the step at which the conversation stood."""
    await stage.start(flows_of(FLOW))
    await stage.write("pedido")
    await stage.arrive("salteña")
    await stage.runtime.stop(1.0)
    for number in range(4):
        await stage.store.claim(stage.clock.now(), 10, frozenset(), suspects=number > 0)
    await stage.start(flows_of(FLOW))
    await stage.hear(2)
    await stage.runtime.idle()
    [letter] = await stage.store.letters(9)
    assert (letter["step"], letter["place"], letter["attempts"]) == ("pedido/plato", "flow.yaml:5:5", 5)
    assert letter["error"] == ""


async def test_alert(stage: Stage, broken: None) -> None:
    """A dead letter is told to whoever takes alerts, without a number or a text."""
    told: list[tuple[Alert, Mapping[str, object]]] = []
    await stage.start(flows_of(FLOW), on_alert=lambda alert, fields: told.append((alert, fields)))
    with structlog.testing.capture_logs() as lines:
        for text in ANSWERS:
            await stage.write(text)
    assert "4711" not in repr(lines)
    [(alert, fields)] = told
    assert (alert, sorted(fields)) == ("dead_letter", ["channel", "letter", "place"])
    [line] = [line for line in lines if line["event"] == "dead_letter"]
    assert line["attempts"] == 5
    assert ANA not in repr((line, fields))
    await stage.write("pedido", LUZ)
    assert await stage.said(LUZ) == ["¿Qué te preparo?"]
