"""Handoff: people have the conversation, and the bot is silent in it until it is given back.

A `handoff` step hands it over, or a person of the business who writes on the phone. Meanwhile every clock stands still,
what the person writes is kept for the operator and is no answer, and named events and flows to begin wait in `held`. It
is given back by release, by time, or by the word of config.yaml typed on the phone. Each thing that people write starts
the time anew: a conversation is not taken from somebody who is in the middle of it.
"""

from __future__ import annotations

from dataclasses import replace

from botkit.turn.conversation import Frame, Handoff
from botkit.turn.effect import Note
from botkit.turn.interruption import give_back as give_place_back
from botkit.turn.leg import Leg
from botkit.turn.loops import NOTHING

#: What a conversation that was taken over by the phone is handed to.
PHONE = "phone"
#: What a conversation is handed to that goes round in a loop (`loops.py`).
LOOP = "@loop"
#: What names begin with that are no queue of an author's.
OURS = "@"
#: Name of the kind of step that hands over.
STEP = "handoff"


def hand_over(leg: Leg, to: str, lasts_s: float) -> None:
    """Give the conversation to people, for `lasts_s` seconds from now and from whatever they write."""
    begun = int(leg.event_id) if leg.event_id.isdecimal() else 0
    leg.handoff = Handoff(to, leg.now, leg.now + lasts_s, lasts_s, begun=begun)
    leg.effects.append(Note("handed_over", "info", {"queue": to}))
    leg.rest()


def give_back(leg: Leg, how: str) -> None:
    """Take the conversation from people: a `handoff` step is left by `how`, a question is asked again."""
    take_back(leg, how)
    running = leg.resume()
    if running is None:
        leg.rest()
    elif leg.step.kind == STEP:
        leg.move(how)
    elif leg.step.asks:
        give_place_back(leg, "ask")
    else:
        leg.rest()


def take_back(leg: Leg, how: str) -> None:
    """Take the conversation from people as it stood, without a word."""
    handoff, leg.handoff = leg.handoff, None
    if handoff is None:
        return
    stood_s = leg.now - handoff.since
    leg.below[:] = [_later(frame, stood_s) for frame in leg.below]
    leg.take_stretch()
    if handoff.to == LOOP:
        leg.loop = NOTHING
    leg.effects.append(Note("handed_back", "info", {"queue": handoff.to, "how": how}))


def _later(frame: Frame, seconds: float) -> Frame:
    """Let a frame's clocks, which stood still for so long, go on by what was left of them."""
    if not frame.due:
        return frame
    return replace(frame, due={name: due_at and due_at + seconds for name, due_at in frame.due.items()})
