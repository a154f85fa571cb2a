"""`end`: ends the flow with an outcome."""

from __future__ import annotations

from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.source import Map
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg


def read(fields: StepFields) -> str:
    """Read the outcome: a word, or `{outcome: word}`."""
    node = fields.get("end")
    if isinstance(node, Map):
        inner = Fields(fields.reading, node, "end", "end")
        inner.finish(("outcome",), {"return": "return", "all": "all"})
        text = inner.text("outcome")
    else:
        text = fields.text("end") if node is not None and not getattr(node, "empty", False) else None
    return text.value if text else "done"


def enter(leg: Leg, outcome: str) -> None:
    """End the flow."""
    leg.finish(outcome)


END = StepKind("end", "ends the flow with an outcome", {"end": "the outcome (else: done)"}, read, enter=enter)
