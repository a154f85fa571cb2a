"""Handoff: people have the conversation, and the bot is silent in it until it is given back.

A `handoff` step hands it over, or a person of the business who writes on the phone. Meanwhile every clock stands still,
what the person writes is kept for the operator and is no answer, and named events and flows to begin wait in `held`. It
is given back by release, by time, or by the word of config.yaml typed on the phone. Each thing that people write starts
the time anew: a conversation is not taken from somebody who is in the middle of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botkit.answers.fold import fold
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.turn.asked import take_told, written
from botkit.turn.conversation import Frame, Handoff
from botkit.turn.effect import CLASSES, Note
from botkit.turn.event import (
    FILED_KINDS,
    Apology,
    Begin,
    Delivery,
    Due,
    Event,
    Filed,
    Inbound,
    Named,
    OperatorSaid,
    Release,
    Told,
)
from botkit.turn.leg import Leg

#: What a conversation that was taken over by the phone is handed to.
PHONE = "phone"
#: Name of the kind of step that hands over.
STEP = "handoff"
#: Most events that wait for the end of a handoff; a shop that sends more has lost its way.
MAX_HELD = 50


def hand_over(leg: Leg, to: str, lasts_s: float) -> None:
    """Give the conversation to people, for `lasts_s` seconds from now and from whatever they write."""
    leg.handoff = Handoff(to, leg.now, leg.now + lasts_s, lasts_s)
    leg.effects.append(Note("handed_over", "info", {"to": to}))
    leg.rest()


def give_back(leg: Leg, how: str) -> None:
    """Take the conversation from people: a `handoff` step is left by `how`, a question is asked again."""
    handoff, leg.handoff = leg.handoff, None
    if handoff is not None:
        stood_s = leg.now - handoff.since
        leg.below[:] = [_later(frame, stood_s) for frame in leg.below]
        leg.effects.append(Note("handed_back", "info", {"to": handoff.to, "how": how}))
    running = leg.resume()
    if running is None:
        leg.rest()
    elif leg.step.kind == STEP:
        leg.move(how)
    elif not leg.step.asks:
        leg.rest()


def _later(frame: Frame, seconds: float) -> Frame:
    """Let a frame's clocks, which stood still for so long, go on by what was left of them."""
    if not frame.due:
        return frame
    return replace(frame, due={name: due_at and due_at + seconds for name, due_at in frame.due.items()})


# ── people ──


def take_operator(leg: Leg, said: OperatorSaid) -> None:
    """Take what a person of the business wrote: on the phone it takes the conversation over, or gives it back."""
    bot, handoff = leg.flows.bot, leg.handoff
    if not said.phone:
        leg.effects.append(written(said.text, "interactive"))
    elif fold(said.text) == fold(bot.handoff_word):
        _rest(leg) if handoff is None else give_back(leg, "released")
        return
    elif handoff is None:
        leg.resume()
        hand_over(leg, PHONE, bot.handoff_s)
        return
    if handoff is not None:
        leg.handoff = replace(handoff, until=leg.now + handoff.lasts_s, unread=0)
    _rest(leg)


def take_release(leg: Leg, release: Release) -> None:
    """Give the conversation back; with nobody having it, nothing happens."""
    if leg.handoff is None:
        _rest(leg)
    else:
        give_back(leg, "released")


# ── meanwhile ──


def _hear(leg: Leg, message: Inbound) -> None:
    """Keep what the person wrote for the operator; only who wants no more messages is heard."""
    opt_out = leg.flows.flows.get("opt_out")
    if opt_out is not None and message.text and fold(message.text) in OPT_OUT_WORDS:
        leg.resume()
        leg.start(opt_out)
        return
    assert leg.handoff is not None
    leg.handoff = replace(leg.handoff, unread=leg.handoff.unread + 1)
    _rest(leg)


def _time_out(leg: Leg, due: Due) -> None:
    """Give the conversation back when its time is over; the clocks of flows stand still."""
    leg.rank = CLASSES["timers"]
    if due.kind == STEP and leg.handoff is not None and leg.handoff.until <= leg.now:
        give_back(leg, "elapsed")
    else:
        _rest(leg)


def _hold(leg: Leg, event: Filed) -> None:
    """Let an event wait until the conversation is given back."""
    kind = FILED_KINDS[type(event)]
    if len(leg.held) >= MAX_HELD:
        leg.effects.append(Note("event_dropped", "warning", {"kind": kind, "held": MAX_HELD}))
    else:
        leg.held = (*leg.held, {"kind": kind, "event": _plain(event), "at": leg.now})
        leg.effects.append(Note("event_held", "info", {"kind": kind}))
    _rest(leg)


def _plain(event: Filed) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__slots__}


def _only_note(leg: Leg, event: Delivery | Apology) -> None:
    """Note what failed: nobody is told by the bot, and no flow moves."""
    leg.effects.append(Note("unheard_in_handoff", "info", {"kind": FILED_KINDS[type(event)]}))
    _rest(leg)


def _rest(leg: Leg) -> None:
    leg.resume()
    leg.rest()


#: event -> what it does while people have the conversation; results of calls come as ever.
MEANWHILE: dict[type[Event], Callable[[Leg, Any], None]] = {
    Inbound: _hear,
    Due: _time_out,
    Named: _hold,
    Begin: _hold,
    Delivery: _only_note,
    Apology: _only_note,
    Told: take_told,
    OperatorSaid: take_operator,
    Release: take_release,
}
