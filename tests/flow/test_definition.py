"""A definition is kept as its own text and taken in again by its digest."""

from __future__ import annotations

import pytest

from botkit.flow.flowset import FlowSet
from botkit.flow.model import BotInfo
from botkit.turn.kinds import KINDS
from tests.flow.samples import flows

FIRST = "flow: a\nsteps:\n  - say: |\n      Hola\n"
SECOND = "flow: b\nsteps:\n  - ask: ¿Qué?\n    id: que\n  - say: |+\n      Fin\n\n\n"


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "...\n", "# fin"])
@pytest.mark.parametrize("text", [FIRST, SECOND, f"{FIRST}---\n{SECOND}", f"---\n{SECOND}---\n{FIRST}"])
def test_adopt(text: str, end: str) -> None:
    """What is kept of a flow gives the same ids and places, and is kept as it was, wherever it stood in its file."""
    for flow in flows(text.rstrip("\n") + "\n" * (end != "") + end).flows.values():
        again = FlowSet(BotInfo())
        adopted = again.adopt(flow.digest, flow.source(), KINDS)
        assert adopted is not None
        assert (adopted.source(), list(adopted.steps)) == (flow.source(), list(flow.steps))
        assert adopted.steps[adopted.first].place == flow.steps[flow.first].place
        assert again.by_digest[flow.digest] is adopted
        assert again.flows == {}


def test_digest_ignores_layout() -> None:
    """Comments and layout are not part of a definition; a changed text is."""
    one = flows("flow: a\nsteps:\n  - say: Hola # nada\n".replace(" # nada", "")).flows["a"].digest
    two = flows("# otro\nflow:  a\nsteps: [{say: Hola}]\n").flows["a"].digest
    three = flows("flow: a\nsteps:\n  - say: Adiós\n").flows["a"].digest
    assert one == two != three


@pytest.mark.parametrize("text", ["", "hola", "flow: a\n- x", "say: x", "\0"])
def test_adopt_garbage(text: str) -> None:
    """What is no flow any more is not taken in, and nothing is raised."""
    assert FlowSet(BotInfo()).adopt("d", {"text": text, "file": "a.yaml"}, KINDS) is None
