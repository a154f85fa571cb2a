"""What a deploy does to a conversation that is in the middle of flows: `on_change`, decided when it is next touched.

Each frame is decided by its own flow as the bot has it now:

    keep      it stays on the definition it began with, which calls the definitions it was pinned to
    move      it goes on in the new one, at the step of the same id and kind, or whose `was` names it; slots, tries and
              the menu on show are kept. Without such a step: as `keep`, until it comes to one that the new one has
    restart   at the contact's next message the flow begins anew, with what its caller gave it; what it called ends

A flow that the bot no longer has is kept. A pending call is finished first, on the definition that asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from botkit.flow.flowset import FlowSet
from botkit.flow.model import MOVE, RESTART, Flow, Step
from botkit.turn.conversation import Conversation, Frame
from botkit.turn.effect import Effect, Ended, Note
from botkit.turn.interruption import given, interrupt, start_anew
from botkit.turn.leg import Leg
from botkit.turn.options import Options, counterparts
from botkit.turn.way import forget_way

#: What a deploy does to a frame -> what that means.
FATES: dict[str, str] = {
    "stays": "nothing changed for it",
    "keeps": "it finishes on the definition it began with",
    "moves": "it goes on in the new definition",
    "restarts": "it begins anew at the next message",
    "without step": "it should move, and the new definition lacks its step: it goes on in the old one until it has one",
    "ends": "the flow that called it begins anew",
    "removed": "the bot has no such flow any more: it finishes on the old definition",
}


class Fate(NamedTuple):
    """What a deploy does to a frame, of FATES; `flow` and `step` are where it goes on."""

    name: str
    flow: Flow | None = None
    step: str = ""
    asked: str | None = None


def fate_of(flows: FlowSet, frame: Frame) -> Fate:
    """Return what the flows as they are now mean for a frame."""
    flow = flows.present(frame.flow)
    if flow is None:
        return Fate("removed")
    if flow.digest == frame.digest:
        return Fate("stays", flow, frame.step, frame.asked)
    if flow.on_change == RESTART:
        return Fate("restarts", flow, flow.first)
    if flow.on_change != MOVE:
        return Fate("keeps")
    old = flows.by_digest.get(frame.digest)
    step = _heir(flow, old, frame.step, frame.due)
    asked = _heir(flow, old, frame.asked, {}) if frame.asked is not None else None
    if step is None or (asked is None) != (frame.asked is None):
        return Fate("without step", flow)
    return Fate("moves", flow, step.id, asked.id if asked else None)


def _heir(flow: Flow, old: Flow | None, step_id: str, due: Mapping[str, float]) -> Step | None:
    """Return the step where one that stood at `step_id` goes on: one of another kind would not know what to do.

    So it is with a `wait` for a time that has no clock, or for none where the event has come already.
    """
    step, before = flow.heir(step_id), old.steps.get(step_id) if old else None
    if step is None or before is None or step.kind != before.kind:
        return None
    lacks_clock = step.kind == "wait" and step.leads("elapsed") and "wait" not in due
    return None if lacks_clock or ("event" in due and not step.leads("event")) else step


class Carried(NamedTuple):
    """A conversation as a deploy leaves it; `anew` is the place of the frame that is to begin anew, from below."""

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    anew: int | None = None


def carry(flows: FlowSet, conversation: Conversation) -> Carried:
    """Return a conversation on the definitions that it is to go on with."""
    present = flows.flows
    for frame in conversation.frames:
        known = present.get(frame.flow)
        if known is None or known.digest != frame.digest or frame.above:
            return _carry(flows, conversation)
    return Carried(conversation)


def _carry(flows: FlowSet, conversation: Conversation) -> Carried:
    top = conversation.top
    if top is None or top.pending_call is not None:
        return Carried(conversation)
    fates = [fate_of(flows, frame) for frame in conversation.frames]
    pairs = list(zip(conversation.frames, fates, strict=True))
    # What stands below a flow that interrupted it begins anew when that is over.
    first = max((index for index, frame in enumerate(conversation.frames) if frame.came), default=0)
    anew = next((index for index, fate in enumerate(fates) if fate.name == "restarts" and index >= first), None)
    frames = tuple(_moved(flows, frame, fate) for frame, fate in pairs)
    notes = tuple(_note(frame, fate) for frame, fate in pairs if fate.name == "moves")
    return Carried(replace(conversation, frames=frames), notes, anew)


def _note(frame: Frame, fate: Fate) -> Note:
    return Note(
        "definition_changed",
        "info",
        {"flow": frame.flow, "step": frame.step, "now_at": fate.step, "fate": fate.name},
    )


def begin_anew(leg: Leg, index: int) -> None:
    """Let the flow at this place in the stack begin from its beginning; what it called ends as `cancelled`.

    A flow of the bot called `resumed` speaks first. What the person wrote is no answer of the new flow.
    """
    frames = [*leg.below, leg.current.frame()]
    frame, over = frames[index], (*frames[index].above, *frames[index + 1 :])
    fate = fate_of(leg.flows, frame)
    assert fate.flow is not None  # only what the bot still has begins anew
    leg.effects += [*(Ended(each.flow, "cancelled", each.slots) for each in reversed(over)), _note(frame, fate)]
    del leg.below[index:]
    leg.running = leg.opened(replace(_begun(fate.flow, frame), visits=leg.current.visits))
    resumed = leg.flows.flows.get("resumed")
    if resumed is None or resumed.first.startswith("@") or fate.step.startswith("@"):
        start_anew(leg)
    else:
        forget_way(leg)
        interrupt(leg, resumed, came="anew")


def _begun(flow: Flow, frame: Frame) -> Frame:
    """Return a frame before the first step of a flow."""
    slots = {**flow.input_defaults(), **given(flow, frame.slots)}
    return Frame(flow.name, flow.digest, flow.first, slots, visits=frame.visits, came=frame.came)


def _moved(flows: FlowSet, frame: Frame, fate: Fate) -> Frame:
    """Return a frame where it goes on, and those set aside behind it."""
    if frame.above:
        above = tuple(_moved(flows, each, fate_of(flows, each)) for each in frame.above)
        frame = replace(frame, above=above)
    if fate.name == "restarts" and fate.flow is not None and frame.digest not in flows.by_digest:
        return _begun(fate.flow, frame)  # it is lost, and nobody needs it any more
    if fate.name != "moves" or fate.flow is None:
        return frame
    before, after = flows.by_digest[frame.digest].steps[frame.step], fate.flow.steps[fate.step]
    return replace(
        frame,
        flow=fate.flow.name,
        digest=fate.flow.digest,
        step=fate.step,
        asked=fate.asked,
        shown=_shown(frame, before, after),
        due=_clocks(frame, after),
    )


def _clocks(frame: Frame, after: Step) -> dict[str, float]:
    """Return the clocks that go on: that of a `wait` only where its end leads somewhere."""
    if "wait" not in frame.due or after.leads("elapsed") or after.leads("timeout"):
        return frame.due
    return {name: due_at for name, due_at in frame.due.items() if name != "wait"}


def _shown(frame: Frame, before: Step, after: Step) -> tuple[dict[str, Any], ...]:
    """Return the menu on show with the ways of the new step; an option that it lacks leads nowhere any more."""
    if not frame.shown:
        return ()
    keys: Mapping[str, str] = counterparts(_options(before), _options(after))
    return tuple({**row, "key": keys.get(row["key"])} for row in frame.shown)


def _options(step: Step) -> Options:
    options: Options = getattr(step.body, "options", Options())
    return options
