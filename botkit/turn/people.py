"""What happens while people have the conversation, and how they take it and give it back (`handover.py`).

The bot is silent: what the person writes is kept for the operator, what else comes waits, or is only noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from botkit.answers.fold import fold
from botkit.turn.asked import take_told, written
from botkit.turn.clocks import has_had_its_time
from botkit.turn.codec import dump_filed
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
from botkit.turn.handover import PHONE, STEP, give_back, hand_over
from botkit.turn.hear import opts_out, whole_word
from botkit.turn.leg import Leg

#: What waits for the end of a handoff.
HELD = (Named, Begin)
#: Most events that wait for the end of a handoff; a shop that sends more has lost its way.
MAX_HELD = 50
#: Most bytes of JSON that they have together: they are written anew with every leg of the conversation.
MAX_HELD_BYTES = 64 * 1024


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


def _hear(leg: Leg, message: Inbound) -> None:
    """Keep what the person wrote for the operator; only who wants no more messages is heard."""
    leg.resume()
    if leg.handoff is not None:
        leg.handoff = replace(leg.handoff, unread=leg.handoff.unread + 1)
    if not opts_out(leg, whole_word(message), came="silent"):
        leg.rest()


def _time_out(leg: Leg, due: Due) -> None:
    """Give the conversation back when its time is over; the clocks of flows stand still."""
    leg.rank = CLASSES["timers"]
    handoff = leg.handoff if due.kind == STEP else None
    if handoff is not None and has_had_its_time(handoff.until, due.due_at, leg.now):
        give_back(leg, "elapsed")
    else:
        _rest(leg)


def can_wait(held: Sequence[Mapping[str, Any]], event: Filed) -> bool:
    """Tell whether an event finds room beside those that wait already."""
    return len(held) < MAX_HELD and len(orjson.dumps(held)) + len(dump_filed(event)) <= MAX_HELD_BYTES


def _hold(leg: Leg, event: Filed) -> None:
    """Let an event wait until the conversation is given back."""
    kind = FILED_KINDS[type(event)]
    if not can_wait(leg.held, event):
        leg.effects.append(Note("event_dropped", "warning", {"kind": kind, "held": len(leg.held)}))
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
    **dict.fromkeys(HELD, _hold),
    Delivery: _only_note,
    Apology: _only_note,
    Told: take_told,
    OperatorSaid: take_operator,
    Release: take_release,
}
