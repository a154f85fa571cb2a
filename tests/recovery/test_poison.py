"""An event that kills the process: buried after five attempts, with nobody else's message lost or held up."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.recovery.process import Place, run

FLOW = """
flow: pedido
start: {words: [pedido, veneno]}
steps:
  - run: cocina.pedir
    with: {que: "{{ message.text }}"}
    save: numero
  - say: "Tu pedido es el {{ numero }}."
"""
#: Ends the process as a library written in C does, while `veneno` is about.
HANDLERS = """
import os, signal
from pathlib import Path
from botkit import handler

@handler("cocina.pedir")
def order(que):
    with Path("calls.txt").open("a") as file:
        file.write(que + "\\n")
    if que == "veneno" and not Path("cured").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return 7
"""
LUZ = "59171234568"
DONE = "Tu pedido es el 7."
APOLOGY = "Perdona, algo falló"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A place with a bot that one word kills."""
    made = Place(tmp_path, FLOW, HANDLERS)
    yield made
    made.close()


def dies(place: Place, attempts: int) -> None:
    """Let the next attempt be due, behind so many others, and see the process die of it."""
    with closing(sqlite3.connect(place.folder / "botkit.db")) as db, db:
        db.execute("UPDATE inbox SET due_at = 0, attempts = ? WHERE status = 'open'", (attempts,))
    ended = run(place, "botkit", "run")
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def test_buried(place: Place) -> None:
    """The fifth death is the last: the contact gets the apology, all others are answered, and it can be retried."""
    bot = place.start()
    place.write("veneno")
    assert bot.ended() == -signal.SIGKILL
    dies(place, 2)
    place.start()  # the next attempt waits, and nobody waits for it
    place.write("pedido", LUZ)
    assert place.hear(1) == [DONE]
    place.kill_at_rest()
    dies(place, 4)
    assert calls(place) == 3
    place.start()
    _, apology = place.hear(2)
    assert apology.startswith(APOLOGY)
    assert calls(place) == 3
    (place.folder / "cured").touch()
    assert place.command("dead", "retry", "--all", "--yes").endswith(": tried again\n")
    assert place.hear(3)[-1] == DONE


def calls(place: Place) -> int:
    """Return how often the handler was called with what kills."""
    return (place.folder / "calls.txt").read_text().split().count("veneno")
