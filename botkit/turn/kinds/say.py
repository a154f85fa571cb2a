"""`say`: sends messages."""

from __future__ import annotations

from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.shape import MESSAGE, Key
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg


def read(fields: StepFields) -> Message:
    """Read the messages."""
    fields.exit("next")
    return fields.message("say")


def enter(leg: Leg, message: Message) -> None:
    """Send them and go on."""
    leg.say(message)
    leg.move("next")


SAY = StepKind(
    "say", "sends messages", {"say": Key("the message, or a list of messages", MESSAGE)}, read, speaks=True, enter=enter
)
