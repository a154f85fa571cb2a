"""More people write than the gateway takes messages of: flows see it, over a kill too, and a replay is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place
from tests.waiting import until

FLOW = """
flow: menu
start: {words: [hola]}
steps:
  - say: "{% if load == 'green' %}Tenemos sopa, silpancho, picante y ensalada.{% else %}Hay sopa.{% endif %}"
  - say: "{{ load }}"
"""
LONG, SHORT = "Tenemos sopa, silpancho, picante y ensalada.", "Hay sopa."


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot whose gateway takes six messages a minute."""
    made = Place(tmp_path, FLOW)
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text().replace("base_url: sandbox", "base_url: sandbox, rate: {limit: 6, per: 60s}"))
    made.start()
    yield made
    made.close()


def loads(place: Place, count: int) -> list[str | None]:
    """Return what the journal says of each turn, in order, once there are so many."""

    def entries() -> list[str]:
        return [entry for (entry,) in place.rows("SELECT entry FROM journal ORDER BY inbox_id")]

    found = until(lambda: found if len(found := entries()) >= count else None, f"{count} turns")
    return [json.loads(entry).get("load") for entry in found]


def queued(place: Place) -> list[list[str]]:
    """Return what was queued for each person, in the order in which they wrote."""
    said: dict[str, list[str]] = {}
    for conversation, message in place.rows("SELECT conversation_id, message FROM outbox ORDER BY id"):
        said.setdefault(conversation, []).append(json.loads(message)["text"])
    return list(said.values())


def load_of_new_person(place: Place, number: int) -> str | None:
    """Let the person of this number write first; return the level at which the bot answered."""
    place.write("hola", f"591700000{number:02}")
    return loads(place, number + 1)[-1]


def test_load(place: Place) -> None:
    """The first person finds the channel free, who writes behind many does not, nor after a kill; replayed, too."""
    for number in range(8):
        place.write("hola", f"591700000{number:02}")
    assert loads(place, 8)[0] is None  # turns of one moment are played at one level
    # What waits is counted once a second: the first behind the eight may still be early.
    late = next(number for number in range(8, 60) if load_of_new_person(place, number))
    place.kill()
    place.start()
    until(lambda: [line["event"] for line in place.log()].count("outbox_ready") == 2, "slots of the former process")
    assert load_of_new_person(place, late + 1) in ("yellow", "black")
    told = [level or "green" for level in loads(place, late + 2)]
    assert queued(place) == [[LONG if level == "green" else SHORT, level] for level in told]
    assert place.command("replay") == f"differences: 0 (talks: {late + 2}, turns: {late + 2})\n"
