"""The loop guard in a leg (`loops.py` says what a loop is): what is heard, what is muted, and when it is parked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.turn import loops, menu
from botkit.turn.conversation import Handoff
from botkit.turn.effect import Mute, Note, Send
from botkit.turn.event import Begin, CallResult, Delivery, Due, Event, Inbound, Meanwhile, Named
from botkit.turn.handover import LOOP, take_back
from botkit.turn.leg import Leg

#: How long a conversation stays parked if nothing else brings it back, in seconds.
PARKED_S = 86_400.0
#: Events that nobody at the other end made, in whose turns the bot speaks as well. What the business says or asks for
#: is never held up, nor counted.
BY_ITSELF = (Due, Named, Begin, Delivery)
SPEAKS = (Inbound, CallResult, Meanwhile, *BY_ITSELF)
#: Why a message was muted, as its row says it.
MUTED = "said three times to one who repeats the same"


def watch(leg: Leg, event: Event) -> None:
    """Take up an event before it is applied: park the conversation, or take it back with a fresh message."""
    handoff = leg.handoff
    if handoff is not None and handoff.to != LOOP:
        return
    if isinstance(event, Inbound):
        loop = _hear(leg, event)
        if handoff is not None and loop.fresh:
            take_back(leg, "fresh")
    elif isinstance(event, BY_ITSELF) and leg.loop is not loops.NOTHING:
        loop = leg.loop._replace(fresh=False)
    else:
        return
    leg.loop = loop
    if not loop.fresh and handoff is None and not isinstance(event, Delivery) and loops.goes_round(loop, leg.now):
        _park(leg)


def _hear(leg: Leg, message: Inbound) -> loops.Loop:
    def offered() -> bool:
        return bool(leg.below) and menu.picks(leg.below[-1], message, leg.language)

    tapped = message.choice is not None or message.media is not None or message.location is not None
    return loops.hear(leg.loop, message.text, leg.now, tapped, offered)


def _park(leg: Leg) -> None:
    """Give the conversation to people, without a word to whoever is at the other end."""
    begun = int(leg.event_id) if leg.event_id.isdecimal() else 0
    leg.handoff = Handoff(LOOP, leg.now, leg.now + PARKED_S, PARKED_S, begun=begun)
    leg.effects.append(Note("conversation_parked", "error", {"requests": loops.REQUESTS, "within_s": loops.WITHIN_S}))


def mute(leg: Leg, event: Event) -> None:
    """Count what a leg says, and mute what it has said too often."""
    if not isinstance(event, SPEAKS):
        return
    places: list[int] = []
    texts: list[str] = []
    for index, effect in enumerate(leg.effects):
        if isinstance(effect, Send) and effect.lane == "talk" and effect.message["type"] != "typing":
            places.append(index)
            texts.append(_words(effect.message))
    if not places:
        return
    leg.loop, muted = loops.say(leg.loop, texts, leg.now)
    for each in muted:
        _mute(leg, places[each])


def _mute(leg: Leg, place: int) -> None:
    send = leg.effects[place]
    assert isinstance(send, Send)
    leg.effects[place] = Mute(send, MUTED)
    leg.effects.append(Note("message_muted", "warning", {"flow": send.flow, "step": send.step}))


def _words(message: Mapping[str, Any]) -> str:
    """Return what a message is known again by: its words and its options, a picture without words by its file."""
    words: str = message.get("text") or message.get("caption") or message.get("file") or message.get("url") or ""
    if "options" in message:
        return "\n".join([words, *(each["title"] for each in message["options"])])
    return words
