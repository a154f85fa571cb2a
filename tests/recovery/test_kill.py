"""kill -9 of the real process: it goes on where it was, and nothing happens twice but a handler under its same key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place
from tests.waiting import until

FLOW = """
flow: pedido
start: {words: [pedido]}
steps:
  - ask: ¿Qué te preparo?
    save: plato
  - ask: "¿Cuántos de {{ plato }}?"
    save: cuantos
    type: integer
  - choose: "¿Confirmo {{ cuantos }} de {{ plato }}?"
    id: confirmar
    options: [Sí, No]
  - run: cocina.pedir
    with: [plato, cuantos]
    save: numero
  - say: "Listo, tu pedido es el {{ numero }}."
  - record: [plato, cuantos, numero]
"""

#: The first call says that it began and never returns; one after a restart does.
HANDLERS = """
import time
from pathlib import Path
from botkit import handler

@handler("cocina.pedir")
def order(plato, cuantos, ctx):
    calls = Path("calls.txt")
    with calls.open("a") as file:
        file.write(ctx.idempotency_key + "\\n")
    if len(calls.read_text().splitlines()) == 1:
        time.sleep(3600)
    return 7
"""

PROMPT = """
from botkit import handler

@handler("cocina.pedir")
def order(plato, cuantos):
    return 7
"""

WHOLE_TALK = [
    "¿Qué te preparo?",
    "¿Cuántos de salteña?",
    "¿Confirmo 3 de salteña?",
    "Listo, tu pedido es el 7.",
]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Make a place with a bot that has the given handlers."""
    made: list[Place] = []

    def make(handlers: str) -> Place:
        made.append(Place(tmp_path, FLOW, handlers))
        return made[-1]

    yield make
    for each in made:
        each.close()


def recorded(place: Place) -> int:
    return len(place.rows("SELECT 1 FROM result"))


def test_kill_at_every_question(place: Callable[[str], Place]) -> None:
    """A conversation whose process is killed at each of its questions ends as if nothing had been."""
    here = place(PROMPT)
    here.start()
    for count, text in enumerate(("un pedido", "salteña", "tres: 3", "dale"), 1):
        here.write(text)
        here.hear(count)
        here.kill_at_rest()
        here.start()
    assert [text.partition("\n")[0] for text in here.said()] == WHOLE_TALK
    assert recorded(here) == 1


def test_kill_in_a_handler(place: Callable[[str], Place]) -> None:
    """A process killed between a handler's call and its result calls again, under the same key, and only that."""
    here = place(HANDLERS)
    here.start()
    for count, text in enumerate(("un pedido", "salteña", "3"), 1):
        here.write(text)
        here.hear(count)
    here.write("sí")
    calls = here.folder / "calls.txt"
    until(calls.exists, "call")
    here.kill()
    here.start()
    heard = here.hear(4)
    keys = calls.read_text().split()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert [text.partition("\n")[0] for text in heard] == WHOLE_TALK
    assert recorded(here) == 1


def test_written_while_down(place: Callable[[str], Place]) -> None:
    """What a person writes while the bot is down is answered when it is back, in order."""
    here = place(PROMPT)
    here.write("un pedido")
    here.write("salteña")
    here.start()
    assert here.hear(2) == WHOLE_TALK[:2]
