"""kill -9 while people have the conversation: they have it still; what was due meanwhile comes once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place
from tests.waiting import until

FLOW = """
flow: reclamo
start: {words: [reclamo]}
steps:
  - id: caja
    handoff: {to: caja, say: Te paso con una persona., for: %s, then: nadie}
  - ask: ¿Quedó resuelto?
    save: resuelto
  - say: Gracias.
asides:
  nadie:
    - say: Ahora no hay nadie.
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Make a place with a bot whose handoff lasts so long."""
    made: list[Place] = []

    def make(lasts: str) -> Place:
        made.append(Place(tmp_path, FLOW % lasts))
        return made[-1]

    yield make
    for each in made:
        each.close()


def taken(place: Place, count: int) -> None:
    """Wait until so many rows of the inbox are done."""
    done = "SELECT count(*) FROM inbox WHERE status = 'done'"
    until(lambda: place.rows(done)[0][0] >= count, f"{count} rows that are done")


def test_parked(place: Callable[[str], Place]) -> None:
    """Killed in the middle of a handoff, it is silent still; the word typed on the phone gives it back."""
    bot = place("2h")
    bot.start()
    bot.write("reclamo")
    bot.hear(1)
    bot.write("¿hay alguien?")
    taken(bot, 2)
    bot.kill_at_rest()
    bot.start()
    bot.write("¿hola?")
    bot.type("Hola, soy Rosa")
    taken(bot, 4)
    assert bot.said() == ["Te paso con una persona."]
    bot.type("Listo")
    assert bot.hear(2)[1:] == ["¿Quedó resuelto?"]
    bot.kill_at_rest()
    bot.start()
    bot.write("sí")
    assert bot.hear(3)[2:] == ["Gracias."]


def test_over_while_down(place: Callable[[str], Place]) -> None:
    """A handoff whose time was over while the process was down ends once, at the start."""
    bot = place("1s")
    bot.start()
    bot.write("reclamo")
    bot.hear(1)
    bot.kill_at_rest()
    bot.be_late()
    for _ in range(2):
        bot.start()
        assert bot.hear(2) == ["Te paso con una persona.", "Ahora no hay nadie."]
        bot.kill_at_rest()


def test_phone(place: Callable[[str], Place]) -> None:
    """Who wrote on the phone has the conversation after a kill, too; our own echo never takes it."""
    bot = place("2h")
    bot.start()
    bot.type("Su pedido llegó")
    taken(bot, 1)
    bot.kill()
    bot.start()
    bot.write("reclamo")
    bot.type("listo")
    taken(bot, 3)
    assert bot.said() == []
    bot.arm("statuses", states=["echo"])
    bot.write("reclamo")
    bot.hear(1)
    ours = "SELECT 1 FROM inbox WHERE kind = 'echo' AND CAST(event AS TEXT) LIKE '%Te paso%'"
    until(lambda: bot.rows(ours), "our own echo")
    bot.landed()
    assert bot.rows("SELECT count(*) FROM inbox WHERE kind = 'operator'") == [(2,)]
