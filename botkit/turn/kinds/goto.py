"""`goto`: goes to a step or flow, does not come back."""

from __future__ import annotations

from botkit.flow.kind import StepFields
from botkit.flow.shape import Key, ref
from botkit.turn.kind import StepKind


def read(fields: StepFields) -> None:
    """Read the target."""
    fields.exit("next", fields.text("goto"))


GOTO = StepKind("goto", "goes to a step or flow, does not come back", {"goto": Key("the target", ref("name"))}, read)
