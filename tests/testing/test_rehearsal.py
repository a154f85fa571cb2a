"""A rehearsal: it comes out alike each time, and goes on with other flows as a bot does that is loaded anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from botkit.calls import Calls
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import Rehearsal
from botkit.turn.event import Inbound
from tests.flow.samples import flows

DRAWN = 'flow: f\nstart: {words: [f]}\nsteps:\n  - say: {one_of: ["a", "b", "c", "d", "e", "f"]}\n'
OLD = "flow: f\non_change: move\nstart: {words: [f]}\nsteps:\n  - {ask: ¿Nombre?, save: nombre}\n  - say: viejo\n"
NEW = OLD.replace("¿Nombre?", "¿Cómo te llamas?").replace("viejo", "nuevo")


def message(text: str) -> Inbound:
    """Return what a person writes."""
    return Inbound("", "message", "", text=text)


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    """Return the rehearsal of a flow that asks a name."""
    made = Rehearsal(flows(OLD), Calls({}), FakeClock())
    await made.open()
    yield made
    await made.close()


async def drawn() -> list[str]:
    """Return what a flow says that draws, five times in a row."""
    rehearsal = Rehearsal(flows(DRAWN), Calls({}), FakeClock())
    await rehearsal.open()
    said = [(await rehearsal.say(message("f"))).rows[0]["message"]["text"] for _ in range(5)]
    await rehearsal.close()
    return said


async def test_drawn_alike() -> None:
    """What is drawn comes out alike in two rehearsals, and is drawn anew for each message."""
    assert await drawn() == await drawn()
    assert len(set(await drawn())) > 1


async def test_replaced(rehearsal: Rehearsal) -> None:
    """With other flows the question is that of the new definition, and so is what follows."""
    await rehearsal.say(message("f"))
    assert rehearsal.question() == [{"type": "text", "text": "¿Nombre?"}]
    await rehearsal.replace(flows(NEW))
    assert rehearsal.question() == [{"type": "text", "text": "¿Cómo te llamas?"}]
    assert [row["message"]["text"] for row in (await rehearsal.say(message("Ana"))).rows] == ["nuevo"]


async def test_kept(rehearsal: Rehearsal) -> None:
    """A flow that lets people finish keeps its old question."""
    kept = OLD.replace("on_change: move", "on_change: keep")
    await rehearsal.replace(flows(kept))
    await rehearsal.say(message("f"))
    await rehearsal.replace(flows(NEW.replace("on_change: move", "on_change: keep")))
    assert rehearsal.question() == [{"type": "text", "text": "¿Nombre?"}]


async def test_no_question(rehearsal: Rehearsal) -> None:
    """With nothing running there is no question."""
    assert rehearsal.question() is None
