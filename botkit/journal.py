"""What the journal keeps of a leg, besides the event itself, which is in the inbox: enough to play a talk again."""

from __future__ import annotations

from typing import Any

from botkit.flow.level import Level
from botkit.turn.clocks import clocks_of
from botkit.turn.conversation import Conversation, dump_state
from botkit.turn.effect import Forget
from botkit.turn.event import FILED_KINDS, CallResult, Delivery, Due, Event, Inbound, Named
from botkit.turn.secret import kind_of
from botkit.turn.step import Outcome

#: What the journal calls the leg that says `meanwhile`.
MEANWHILE = "meanwhile"


def where(conversation: Conversation) -> str | None:
    """Return where a conversation stands, as `flow/step`."""
    if not conversation.frames:
        return None
    top = conversation.frames[-1]
    return f"{top.flow}/{top.step}"


def journal_entry(
    before: Conversation, outcome: Outcome, event: Event, load: Level = "green", *, is_private: bool = False
) -> dict[str, Any]:
    """Return what the journal keeps of a leg: way, outcome, and a call's result (the event itself is in the inbox).

    `begin` is what was known of the contact where nothing ran, so that what follows can be played again; `due_at` is
    when a clock was due, however late it was heard; `blank` says that the event was emptied (`sensitive`); `handed` is
    the queue that people have the conversation in from now on, None when they give it back; `load` is how loaded the
    channel was, where it was not green: kept whether it was read or not, since flows of tomorrow may read it.
    With `is_private` the conversation holds a `sensitive` answer, which a call may have got: what it said is not kept.
    """
    entry: dict[str, Any] = {"from": where(before), "to": where(outcome.conversation)}
    if not before.frames and before.handoff is None and not before.held:
        entry["begin"] = _known(before)
    for effect in outcome.effects:
        if isinstance(effect, Forget):
            entry["blank"] = True
    after = outcome.conversation.handoff
    if (before.handoff is None) != (after is None):
        entry["handed"] = after.to if after is not None else None
    if load != "green":
        entry["load"] = load
    if isinstance(event, Inbound):
        entry["event"] = event.kind
    elif isinstance(event, CallResult):
        entry["call"] = _blank(event) if is_private else {"key": event.key, "value": event.value, "error": event.error}
    elif isinstance(event, Delivery):
        entry |= {"event": FILED_KINDS[Delivery], "step": event.step, "state": event.state, "reason": event.reason}
    elif isinstance(event, (Due, Named)):
        entry |= {"event": FILED_KINDS[type(event)], "name": event.name}
        clock = clocks_of(before).get(event.name) if isinstance(event, Due) else None
        entry |= {"due_at": clock.due_at} if clock is not None else {}
    else:
        entry["event"] = FILED_KINDS.get(type(event), MEANWHILE)
    top = outcome.conversation.top if outcome.open else None
    if top is not None and top.pending_call is not None:
        entry["pending"] = {"key": top.pending_call.key, "handler": top.pending_call.handler}
    return entry


def _blank(result: CallResult) -> dict[str, Any]:
    """Return what is kept of a call that may have got a secret."""
    return {"key": result.key, "value": None, "error": kind_of(result.error) if result.error else None, "blank": True}


def _known(conversation: Conversation) -> dict[str, Any]:
    """Return the state of a conversation in which nothing runs, without what the person wrote last."""
    state = dump_state(conversation)
    if message := conversation.last.get("message"):
        state["last"] = {**conversation.last, "message": {"text": None, "at": message.get("at")}}
    return state
