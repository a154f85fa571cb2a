"""A message that the gateway refuses for good, in the real process: its flow goes on at `on_failed` at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place

FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - ask: ¿Qué día?
    save: dia
    on_failed: mala
asides:
  mala:
    - say: "No salió: {{ error }}"
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot that serves."""
    made = Place(tmp_path, FLOW)
    made.start()
    yield made
    made.close()


def test_refused_for_good(place: Place) -> None:
    """The next message is the target's, and the log says why."""
    place.arm("error", status=400, count=1)
    place.write("cita")
    [text] = place.hear(1)
    assert text == 'No salió: {"error":"contact support"}'
    [line] = [line for line in place.log() if line["event"] == "delivery_failed"]
    assert (line["step"], line["state"], line["heard"]) == ("dia", "failed", True)
