"""What those who run the bot ask of a conversation: a text for the person, a flow that begins."""

from __future__ import annotations

from botkit.turn.effect import CLASSES, Send
from botkit.turn.event import Told
from botkit.turn.leg import Leg


def take_told(leg: Leg, told: Told) -> None:
    """Send the text; the step that waits for an answer waits on."""
    leg.resume()
    leg.effects.append(written(told.text, "timers"))
    leg.rest()


def written(text: str, rank: str) -> Send:
    """Return what sends a text that no step says, in a class of messages."""
    return Send({"type": "text", "text": text}, "", "", rank=CLASSES[rank])
