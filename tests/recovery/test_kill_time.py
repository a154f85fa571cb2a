"""kill -9 while a conversation waits for time: the next process goes on, and what fell due meanwhile happens once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place, until

#: How long the flows here wait, and longer than that, in seconds.
WAIT_S, LONGER_S = 2.0, 2.5

SILENCE = """
flow: eco
start: {words: [hola]}
steps:
  - ask: ¿Qué tal?
    save: como
    silence: {after: 2s, say: ¿Sigues?, then: adios}
asides:
  adios: [{say: Adiós}]
"""


def queued(place: Place) -> list[str]:
    """Return every text that was ever queued: a message may reach the gateway twice, but is queued once."""
    with sqlite3.connect(f"file:{place.folder / 'botkit.db'}?mode=ro", uri=True) as db:
        return [text for (text,) in db.execute("SELECT message ->> 'text' FROM outbox ORDER BY id")]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Start a bot with a flow that a person has begun by `hola`."""
    made: list[Place] = []

    def begin(flow: str) -> Place:
        place = Place(tmp_path, flow)
        made.append(place)
        place.start()
        place.write("hola")
        place.hear(1)
        return place

    yield begin
    for place in made:
        place.close()


def test_silence(stage: Callable[[str], Place]) -> None:
    """A question's silence goes on after a kill: it speaks, and then leads where it leads."""
    place = stage(SILENCE)
    place.kill()
    place.start()
    assert place.hear(3) == ["¿Qué tal?", "¿Sigues?", "Adiós"]


def test_silence_while_down(stage: Callable[[str], Place]) -> None:
    """A silence that fell due while no process ran speaks once, and the next `after` counts from then."""
    place = stage(SILENCE)
    place.kill()
    time.sleep(LONGER_S + WAIT_S)
    began = time.monotonic()
    place.start()
    assert place.hear(2)[1:] == ["¿Sigues?"]
    assert place.hear(3)[2:] == ["Adiós"]
    assert time.monotonic() - began >= WAIT_S


def test_silence_killed_again_and_again(stage: Callable[[str], Place]) -> None:
    """However often the process dies around the firing, each message is queued once."""
    place = stage(SILENCE)
    for _ in range(4):
        place.kill()
        time.sleep(WAIT_S / 2)
        place.start()
    until(lambda: "Adiós" in place.said(), "farewell")
    assert queued(place) == ["¿Qué tal?", "¿Sigues?", "Adiós"]
