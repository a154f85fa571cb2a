"""kill -9 while a conversation waits for time: the next process goes on, and what fell due meanwhile happens once."""

from __future__ import annotations

import json
import math
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from botkit.server.socket import control_path
from tests.recovery.process import CONTACT, Place
from tests.waiting import until

QUEUED = "SELECT 1 FROM outbox WHERE message ->> 'text' = ?"
#: How long the flows here wait, in seconds.
WAIT_S = 2.0

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
    return [text for (text,) in place.rows("SELECT message ->> 'text' FROM outbox ORDER BY id")]


WAIT = """
flow: espera
start: {words: [hola]}
steps:
  - say: Un momento
  - wait: %s
    id: pausa
  - say: "Listo {{ message.text }}"
"""
EVENT = """
flow: cobro
start: {words: [hola]}
steps:
  - say: Paga, por favor
  - wait: {event: pago, timeout: %s, then: tarde}
    save: pago
  - say: "Recibí {{ pago.monto }}"
asides:
  tarde: [{say: Ya es tarde}]
"""


REMINDER = """
flow: turno
start: {words: [hola]}
steps:
  - schedule: {name: turno, flow: aviso, with: {dia: hoy}, after: 2s}
  - say: Te aviso
---
flow: aviso
inputs: [dia]
steps:
  - say: "Es {{ dia }}"
"""


def happen(place: Place, name: str, data: object) -> None:
    """Tell the running bot of an event, over its control socket."""
    body = json.dumps({"contact": CONTACT, "name": name, "data": data})
    head = f"POST /api/events HTTP/1.1\r\nHost: botkit\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(control_path(place.folder / "botkit.db")))
        control.sendall(f"{head}\r\n\r\n{body}".encode())
        assert control.recv(4096).startswith(b"HTTP/1.1 20")


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
    place.kill_at_rest()
    place.start()
    assert place.hear(3) == ["¿Qué tal?", "¿Sigues?", "Adiós"]


def test_silence_while_down(stage: Callable[[str], Place]) -> None:
    """A silence that fell due while no process ran speaks once, and the next `after` counts from then."""
    place = stage(SILENCE)
    place.kill_at_rest()
    place.be_late(WAIT_S)
    began = time.monotonic()
    place.start()
    assert place.hear(2)[1:] == ["¿Sigues?"]
    assert place.hear(3)[2:] == ["Adiós"]
    assert time.monotonic() - began >= WAIT_S


def test_silence_killed_again_and_again(stage: Callable[[str], Place]) -> None:
    """However often the process dies around the firing, each message is queued once."""
    place = stage(SILENCE)
    place.kill()
    place.start()
    place.be_late()  # it fires now, or has fired
    for text in ("¿Sigues?", "Adiós"):
        place.kill()
        place.start()
        until(partial(place.rows, QUEUED, text), text)
    place.kill()
    place.start()
    place.write("hola")
    until(lambda: len(queued(place)) >= 4, "answer")
    assert queued(place) == ["¿Qué tal?", "¿Sigues?", "Adiós", "¿Qué tal?"]


@pytest.mark.parametrize("late", [False, True])
def test_wait(stage: Callable[[str], Place], late: bool) -> None:
    """A wait is over after a kill: in its time, or at once if that passed while no process ran, and once."""
    place = stage(WAIT % "2s")
    place.kill_at_rest()
    if late:
        place.be_late()
    place.start()
    assert place.hear(2) == ["Un momento", "Listo hola"]
    place.kill_at_rest()
    place.start()
    place.write("hola")
    place.hear(3)
    assert queued(place) == ["Un momento", "Listo hola", "Un momento"]


@pytest.mark.parametrize("late", [False, True])
def test_wait_until(stage: Callable[[str], Place], late: bool) -> None:
    """So is a wait for a moment."""
    at = datetime.fromtimestamp(math.ceil(time.time()) + 3, UTC)
    place = stage(WAIT % f"{{until: '{at.isoformat()}'}}")
    place.kill_at_rest()
    if late:
        place.be_late()
    place.start()
    assert place.hear(2) == ["Un momento", "Listo hola"]
    assert time.time() >= at.timestamp()
    assert queued(place) == ["Un momento", "Listo hola"]


def test_wait_event(stage: Callable[[str], Place]) -> None:
    """A flow that waits for an event takes it after a kill, and an event that was answered survives one."""
    place = stage(EVENT % "1h")
    place.kill_at_rest()
    place.start()
    happen(place, "pago", {"monto": 50})
    place.kill_at_rest()
    place.start()
    assert place.hear(2) == ["Paga, por favor", "Recibí 50"]
    assert queued(place) == ["Paga, por favor", "Recibí 50"]


def test_wait_event_while_down(stage: Callable[[str], Place]) -> None:
    """An event's time that is over while no process ran is over once."""
    place = stage(EVENT % "2s")
    place.kill_at_rest()
    place.be_late()
    place.start()
    assert place.hear(2) == ["Paga, por favor", "Ya es tarde"]
    happen(place, "pago", {"monto": 50})
    until(lambda: "event_unheard" in [line["event"] for line in place.log()], "line in the log")
    assert queued(place) == ["Paga, por favor", "Ya es tarde"]


@pytest.mark.parametrize("late", [False, True])
def test_reminder(stage: Callable[[str], Place], late: bool) -> None:
    """A reminder comes after a kill: in its time, or at once if that passed while no process ran, and once."""
    place = stage(REMINDER)
    place.kill_at_rest()
    if late:
        place.be_late()
    place.start()
    assert place.hear(2) == ["Te aviso", "Es hoy"]
    place.kill_at_rest()
    place.start()
    place.write("hola")
    place.hear(3)
    assert queued(place) == ["Te aviso", "Es hoy", "Te aviso"]
