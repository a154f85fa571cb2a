"""kill -9, other files, a new start: who was in the middle of a flow goes on as its `on_change` says."""

from __future__ import annotations

from collections.abc import Iterator
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
  - call: entrega
---
flow: entrega
steps:
  - ask: ¿Dónde vives?
    save: calle
  - say: "Viejo: a {{ calle }}."
"""
NEW = FLOW.replace("Viejo:", "Nuevo:").replace("¿Dónde vives?", "¿A qué calle?")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A place with the bot as it was."""
    made = Place(tmp_path, FLOW)
    yield made
    made.close()


def settled(place: Place) -> bool:
    """Tell whether the store knows that every message was taken, so that none is sent again."""
    return {status for (status,) in place.rows("SELECT status FROM outbox")} == {"sent"}


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        (NEW, ["¿Dónde vives?", "Viejo: a Sucre 5."]),
        (NEW.replace("flow: entrega\n", "flow: entrega\non_change: move\n"), ["¿A qué calle?", "Nuevo: a Sucre 5."]),
        ("flow: otro\nstart: {words: [otro]}\nsteps: [{say: Otro}]\n", ["¿Dónde vives?", "Viejo: a Sucre 5."]),
    ],
    ids=["keep", "move", "gone"],
)
def test_deploy(place: Place, flow: str, said: list[str]) -> None:
    """A flow that was not called yet is called as it was, by the definitions that the store kept."""
    place.start()
    place.write("pedido")
    place.hear(1)
    until(lambda: settled(place), "message settled")
    place.kill()
    (place.folder / "flows" / "flow.yaml").write_text(flow, encoding="utf-8")
    place.start()
    place.write("sopa")
    place.hear(2)
    place.write("Sucre 5")
    assert place.hear(3)[1:] == said
