"""Messages that come close together, read as one answer (`together`).

People write "hola", "quiero", "un turno" in three messages. Each is kept with the question, in the store, and starts
the clock `together` anew; when it runs out they are one message: the texts, one to a line, with the last medium and the
last place. What cannot be a part of an answer never waits: a tap, exactly an offered option, a command.
"""

from __future__ import annotations

from typing import Any

from botkit.flow.values import MAX_TEXT
from botkit.turn import menu
from botkit.turn.event import Inbound
from botkit.turn.leg import Leg

CLOCK = "together"
#: Most messages that wait: with one more they are read at once, and so are more characters than a text may have.
MAX_MESSAGES = 20


def waits(leg: Leg, message: Inbound) -> bool:
    """Tell whether a message may be a part of an answer."""
    shown = leg.current.shown
    return not (menu.tapped_id(message) or menu.is_foreign_command(shown, message) or menu.offers(shown, message))


def gather(leg: Leg, message: Inbound, seconds: float) -> Inbound | None:
    """Keep a message with those before it, and wait `seconds` for more; return the whole where there are enough."""
    kept = leg.current.gathered or {}
    texts = [*kept.get("texts", ()), *([message.text] if message.text else [])]
    count = kept.get("count", 0) + 1
    leg.current.gathered = {
        "texts": texts,
        "count": count,
        "media": message.media or kept.get("media"),
        "location": message.location or kept.get("location"),
        "at": message.at,
    }
    if count >= MAX_MESSAGES or sum(map(len, texts)) > MAX_TEXT:
        return joined(leg)
    leg.current.due[CLOCK] = leg.now + seconds
    leg.rest()
    return None


def joined(leg: Leg) -> Inbound | None:
    """Take what was kept as one message; None where nothing was."""
    kept: dict[str, Any] | None = leg.current.gathered
    leg.current.gathered = None
    leg.current.due.pop(CLOCK, None)
    if kept is None:
        return None
    conversation, text = leg.conversation, "\n".join(kept["texts"]) or None
    leg.last["message"] = {**leg.last.get("message", {}), "text": text}
    return Inbound(
        *(conversation.channel, "message", conversation.contact),
        at=kept["at"],
        text=text,
        media=kept["media"],
        location=kept["location"],
    )


def over(leg: Leg, index: int) -> Inbound | None:
    """Return what the frame at a place in the stack has gathered, its time being over; None if it is not on top."""
    if index == len(leg.below):
        return joined(leg)
    leg.set_due(index, CLOCK, None)
    return None
