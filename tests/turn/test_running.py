"""A frame in hand and as it is stored."""

from __future__ import annotations

from dataclasses import fields

from botkit.turn.conversation import Frame
from botkit.turn.running import Running
from tests.flow.samples import flows


def test_the_same_fields() -> None:
    """Both have the same fields in one order, behind what names the definition."""
    assert [each.name for each in fields(Running)[1:]] == [each.name for each in fields(Frame)[2:]]


def test_there_and_back() -> None:
    """A frame that is taken in hand and put back is the same, and changes in hand do not reach it."""
    flow = flows("flow: f\nsteps: [{ask: q, id: q}]\n").flows["f"]
    frame = Frame(
        "f", flow.digest, "q", {"a": 1}, 3, 2, ({"id": "x"},), None, 5, 1, "q", (), {"idle": 9.0}, 1, True, "ask"
    )
    running = Running.of(frame, flow)
    assert running.frame() == frame
    running.slots["b"], running.due["silence"] = 2, 1.0
    assert (frame.slots, frame.due) == ({"a": 1}, {"idle": 9.0})
