"""That a turn leaves nothing for the garbage collector: to let it find turns costs a tenth of them."""

from __future__ import annotations

import gc

import pytest

from botkit.turn.event import Inbound
from botkit.turn.step import turn
from tests.turn.samples import NOW, Talk, talk

ASKS = """flow: pedido
start: {words: [pedido]}
steps:
  - say: "Hola {{ contact.name }}, hoy es {{ today }}, abierto: {{ bot.open }}"
  - {ask: "¿Cuántos?", save: cuantos, type: number}
  - {say: "{{ message.text | read('number') }} y {{ cuantos }}"}
"""
FAILS = """flow: pedido
start: {words: [pedido]}
steps:
  - say: "{{ contact.name }}, {{ now }}"
  - set: {x: "{{ 1 / contact.nada }}"}
"""


@pytest.mark.parametrize(("flow", "said"), [(ASKS, ("pedido", "3")), (FAILS, ("pedido",)), (ASKS, ("otra cosa",))])
def test_no_cycles(flow: str, said: tuple[str, ...]) -> None:
    """Whatever a message does, what its turn was made of is freed with it."""
    for _ in range(2):  # the first time fills what is kept for all turns
        known = talk(flow)
        gc.collect()
        gc.disable()
        try:
            left = [_left_by(known, text) for text in said]
        finally:
            gc.enable()
    assert left == [0] * len(said)


def _left_by(known: Talk, text: str) -> int:
    """Return how many objects of a turn only the garbage collector frees."""
    known.conversation = turn(
        known.flows, known.conversation, Inbound("wa", "message", "1", text=text), NOW
    ).conversation
    return gc.collect()
