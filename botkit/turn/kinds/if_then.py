"""`if` with `then` and `else`: branches."""

from __future__ import annotations

from botkit.flow.kind import StepFields
from botkit.flow.shape import SCALAR, TARGET, Key
from botkit.flow.text import Expression
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg


def read(fields: StepFields) -> Expression | None:
    """Read the condition and both ways."""
    fields.exit("then", fields.get("then"))
    fields.exit("else", fields.get("else"))
    return fields.expression("if")


def enter(leg: Leg, condition: Expression) -> None:
    """Take the way that the condition says."""
    leg.move("then" if condition.holds(leg.scope()) else "else")


IF = StepKind(
    "if",
    "branches",
    {
        "if": Key("the condition", SCALAR),
        "then": Key("where to go if it is true (else: the next step)", TARGET),
        "else": Key("where to go if it is not", TARGET),
    },
    read,
    enter=enter,
)
