"""kill -9 in an interruption: the next process knows what waits below, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place

FLOWS = """
flow: cita
start: {words: [hola]}
steps:
  - {ask: ¿Nombre?, save: nombre}
  - {ask: ¿Día?, save: dia}
  - say: "{{ nombre }}, {{ dia }}"
---
flow: menu
start: {words: [menu], interrupts: true}
steps:
  - {choose: ¿Qué?, id: que, options: {Seguir: resume, Salir: quit}}
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Start a bot whose flow was interrupted at its second question."""
    place = Place(tmp_path, FLOWS)
    place.start()
    for number, text in enumerate(("hola", "Ana", "menu"), 1):
        place.write(text)
        place.hear(number)
    yield place
    place.close()


def test_the_place_below(place: Place) -> None:
    """The question below comes again when the interruption ends, in another process."""
    place.kill_at_rest()
    place.start()
    place.write("seguir")
    assert place.hear(4)[3:] == ["¿Día?"]
    place.kill_at_rest()
    place.start()
    place.write("lunes")
    assert place.hear(5)[4:] == ["Ana, lunes"]


def test_the_way_back(place: Place) -> None:
    """`back` leads where it led before the kill: out of the interruption, then to the question before."""
    place.kill_at_rest()
    place.start()
    place.write("atrás")
    assert place.hear(4)[3:] == ["¿Día?"]
    place.kill_at_rest()
    place.start()
    place.write("atrás")
    assert place.hear(5)[4:] == ["¿Nombre?"]
