"""The turn: what one event does to a conversation. Pure: no clock, no I/O, no asyncio.

    turn(flows, conversation, event, now, event_id, load) -> Outcome(conversation', effects)

One call is one leg. A leg ends where the flow waits, ends, or calls out; with a pending call the inbox row stays open
and the result comes as the next event of the same turn. Which flow a message begins stands in `begin.py`, which step a
conversation is at in `position.py`. An error keeps what was said before it and goes to the `error` flow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botkit.errors import EvaluationError, TurnCrashed
from botkit.flow.flowset import FlowSet
from botkit.flow.level import Level
from botkit.flow.machine import NoWayOut
from botkit.flow.model import Step
from botkit.flow.problem import Place
from botkit.turn import clocks, guard
from botkit.turn.asked import take_begin, take_redefined, take_told
from botkit.turn.begin import begin
from botkit.turn.conversation import Conversation
from botkit.turn.effect import CLASSES, Effect, Note
from botkit.turn.event import (
    FILED,
    Apology,
    Begin,
    CallResult,
    Delivery,
    Due,
    Event,
    Inbound,
    Meanwhile,
    Named,
    OperatorSaid,
    Redefined,
    Release,
    Told,
)
from botkit.turn.frozen import frozen
from botkit.turn.happen import take_due, take_named
from botkit.turn.hear import hear
from botkit.turn.kinds import KINDS
from botkit.turn.leg import Leg
from botkit.turn.people import MEANWHILE, take_operator, take_release
from botkit.turn.running import Running
from botkit.turn.secret import holds_secret, kind_of
from botkit.turn.silence import wind
from botkit.turn.versions import carry

#: Most steps without a wait, calls between them included; more is a loop.
MAX_STEPS = 100
#: Failed messages in a row that move a flow without a word from the person: what it says then may fail, too.
MAX_FAILURES = 3


@frozen
class Outcome:
    """What a leg comes to. `open` says that a call is pending, so that the turn goes on."""

    conversation: Conversation
    effects: tuple[Effect, ...]
    open: bool


def turn(
    flows: FlowSet, conversation: Conversation, event: Event, now: float, event_id: str = "", load: Level = "green"
) -> Outcome:
    """Apply an event; never raises for what authors wrote or people sent, TurnCrashed for a defect of ours."""
    carried = carry(flows, conversation)
    leg = Leg(flows, carried.conversation, now, event_id, load)
    leg.effects += carried.effects
    leg.anew = carried.anew
    try:
        _play(leg, event)
    except Exception as error:
        running = leg.running
        raise TurnCrashed(_where(leg, None), f"{running.flow.name}/{running.step}" if running else "") from error
    guard.mute(leg, event)
    after = leg.result()
    leg.effects += clocks.changes(conversation, after, event.name if isinstance(event, Due) else None)
    top = after.top
    return Outcome(after, tuple(leg.effects), top is not None and top.pending_call is not None)


def _play(leg: Leg, event: Event) -> None:
    try:
        _apply(leg, event)
        _run(leg)
        if leg.handoff is None:
            wind(leg, heard=isinstance(event, Inbound))
    except (EvaluationError, NoWayOut) as error:
        _fail(leg, str(error), getattr(error, "place", None))


def _apply(leg: Leg, event: Event) -> None:
    guard.watch(leg, event)
    if leg.handoff is None:
        _TAKE[type(event)](leg, event)
        return
    if isinstance(event, Inbound):
        _remember(leg, event)
    (MEANWHILE.get(type(event)) or _TAKE[type(event)])(leg, event)


def _take_message(leg: Leg, message: Inbound) -> None:
    _remember(leg, message)
    running = leg.resume()
    if running is None:
        begin(leg, message)
    elif running.pending_call is not None:
        raise EvaluationError("a message came while a call was pending")
    else:
        hear(leg, message)


def _take_result(leg: Leg, result: CallResult) -> None:
    running = leg.resume()
    call = running.pending_call if running else None
    if running is None or call is None or call.key != result.key:
        leg.effects.append(Note("call_result_unexpected", "warning", {"key": result.key}))
        leg.rest()
        return
    step = leg.step
    running.pending_call = None
    leg.steps = call.steps
    if result.error is not None:
        is_private = holds_secret(leg.flows, leg.conversation.frames)
        error = kind_of(result.error) if is_private else result.error
        fields = {"handler": call.handler, "error": error, "place": str(step.place)}
        fields |= {"flow": running.flow.name, "step": step.id}  # the leg may leave them, or end
        leg.effects.append(Note("handler_failed", "warning", fields))
    KINDS[step.kind].result(leg, step.body, result)


def _take_meanwhile(leg: Leg, event: Meanwhile) -> None:
    """Tell the person once that a call takes long; the call stays pending."""
    running = leg.resume()
    call = running.pending_call if running else None
    leg.rest()
    if running is not None and call is not None and call.key == event.key and call.meanwhile_s is not None:
        running.pending_call = replace(call, meanwhile_s=None)
        if running.step in running.flow.steps:
            KINDS[leg.step.kind].meanwhile(leg, leg.step.body)


def _take_delivery(leg: Leg, failed: Delivery) -> None:
    """Leave the step that said it by its `on_failed`, where that still matters; else only note it."""
    running = leg.resume()
    failures = leg.last.get("failures", 0) + 1
    step = _concerned(running, failed) if running is not None and failures <= MAX_FAILURES else None
    heard = step is not None
    fields = {"flow": failed.flow, "step": failed.step, "state": failed.state, "heard": heard}
    leg.effects.append(Note("delivery_failed", "info", fields))
    if running is None or step is None:
        leg.rest()
        return
    leg.rank = CLASSES["timers"]
    leg.last["failures"] = failures
    running.step, running.since = step.id, leg.version
    running.slots["error"] = failed.reason
    leg.move("failed")


def _concerned(running: Running, failed: Delivery) -> Step | None:
    """Return the step that said a message, if this very run of its flow did, after the last failure that moved it.

    A question that was answered meanwhile came through somehow: its step is told only while it waits.
    """
    flow = running.flow
    step = flow.heir(failed.step)
    if step is None or failed.flow not in (flow.name, *flow.was) or not step.leads("failed"):
        return None
    is_open = not step.waits or running.step == step.id
    return step if is_open and running.pending_call is None and failed.version >= running.since else None


def _apologize(leg: Leg, event: Apology) -> None:
    leg.resume()
    raise EvaluationError(event.reason)


def _run(leg: Leg) -> None:
    """Run steps until the flow rests."""
    while not leg.resting and (running := leg.running) is not None:
        step = leg.step
        if leg.returned is not None:
            returned, leg.returned = leg.returned, None
            KINDS[step.kind].back(leg, step.body, returned)
            continue
        if leg.steps >= MAX_STEPS:
            raise EvaluationError(f"more than {MAX_STEPS} steps without a question: a loop", step.place)
        leg.steps += 1
        running.visits += 1
        if step.guard is not None and not step.guard.holds(leg.scope()):
            leg.move("skipped")
        else:
            kind = KINDS[step.kind]
            (kind.again if leg.again and step.waits else kind.enter)(leg, step.body)
            leg.asked = step.asks


def _remember(leg: Leg, message: Inbound) -> None:
    """Keep what `message.*`, `contact.name` and `contact.new` read."""
    text = message.text or (message.choice.title if message.choice else None)
    command = text is not None and text.startswith("/")
    leg.last["new"] = "message" not in leg.last
    leg.last.pop("failures", None)
    said: dict[str, Any] = {"text": text, "at": message.at if message.at is not None else leg.now}
    if command and text:
        said["args"] = text.partition(" ")[2].strip()
    if message.media:
        said["media"] = message.media
    if message.location:
        said["location"] = message.location
    leg.last["message"] = said
    if message.name:
        leg.last["name"] = message.name


def _fail(leg: Leg, reason: str, place: Place | None) -> None:
    """Keep what was said, end what runs with outcome `error`, and say the `error` flow."""
    running = leg.running
    fields = {"reason": reason, "place": _where(leg, place)}
    if running is not None:
        fields |= {"flow": running.flow.name, "step": running.step}
    leg.effects.append(Note("turn_failed", "error", fields))
    leg.quit("error")
    flow = leg.flows.flows.get("error")
    if flow is None or (running is not None and running.flow.name == "error"):
        return
    leg.rank, leg.steps = CLASSES["system"], 0
    leg.start(flow)
    try:
        _run(leg)
        wind(leg, heard=False)
    except (EvaluationError, NoWayOut) as error:  # the apology itself is broken: end in silence, say so in the log
        where = _where(leg, getattr(error, "place", None))
        fields = {"reason": str(error), "place": where, "flow": "error", "step": ""}
        leg.effects.append(Note("turn_failed", "error", fields))
        leg.quit("error")
    leg.last["outcome"] = "error"


def _where(leg: Leg, place: Place | None) -> str:
    """Return where something failed; where that is not known, the step in hand."""
    running = leg.running
    if place is None and running is not None:
        place = (running.flow.steps.get(running.step) or running.flow).place
    return str(place or "")


def _take_clock(leg: Leg, due: Due) -> None:
    """Do what a clock that ran out stands for; an event that people held up is applied now."""
    if due.kind != "held" or not leg.held:
        take_due(leg, due)
        return
    first, *rest = leg.held
    leg.held = tuple(rest)
    event: Any = FILED[first["kind"]](**first["event"])
    _apply(leg, event)


#: event -> what it does to a leg; the one table of events.
_TAKE: dict[type[Event], Callable[[Leg, Any], None]] = {
    Inbound: _take_message,
    CallResult: _take_result,
    Meanwhile: _take_meanwhile,
    Delivery: _take_delivery,
    Apology: _apologize,
    Due: _take_clock,
    Named: take_named,
    Told: take_told,
    Begin: take_begin,
    OperatorSaid: take_operator,
    Release: take_release,
    Redefined: take_redefined,
}
