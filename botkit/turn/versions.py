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
from botkit.turn.options import Options, counterparts

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
    step = _heir(flow, old, frame.step)
    asked = _heir(flow, old, frame.asked) if frame.asked is not None else None
    if step is None or (asked is None) != (frame.asked is None):
        return Fate("without step", flow)
    return Fate("moves", flow, step.id, asked.id if asked else None)


def _heir(flow: Flow, old: Flow | None, step_id: str) -> Step | None:
    """Return the step where one that stood at `step_id` goes on: one of another kind would not know what to do."""
    step, before = flow.heir(step_id), old.steps.get(step_id) if old else None
    return step if step is not None and before is not None and step.kind == before.kind else None


class Carried(NamedTuple):
    """A conversation as a deploy leaves it. `anew` says that the top frame stands before its first step."""

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    anew: bool = False


def carry(flows: FlowSet, conversation: Conversation, *, by_message: bool) -> Carried:
    """Return a conversation on the definitions that it is to go on with."""
    present = flows.flows
    for frame in conversation.frames:
        known = present.get(frame.flow)
        if known is None or known.digest != frame.digest or frame.above:
            return _carry(flows, conversation, by_message)
    return Carried(conversation)


def _carry(flows: FlowSet, conversation: Conversation, by_message: bool) -> Carried:
    top = conversation.top
    if top is None or top.pending_call is not None:
        return Carried(conversation)
    frames: list[Frame] = []
    effects: list[Effect] = []
    # What stands below a flow that interrupted it begins anew when that is over.
    first = max((index for index, frame in enumerate(conversation.frames) if frame.came), default=0)
    for index, frame in enumerate(conversation.frames):
        fate = fate_of(flows, frame)
        if fate.name == "restarts" and fate.flow is not None and by_message and index >= first:
            above = (*frame.above, *conversation.frames[index + 1 :])
            effects += [Ended(each.flow, "cancelled", each.slots) for each in reversed(above)]
            effects.append(_note(frame, fate))
            frames.append(_anew(fate.flow, frame, conversation.frames[-1].visits))
            return Carried(replace(conversation, frames=tuple(frames)), tuple(effects), anew=True)
        if fate.name == "moves":
            effects.append(_note(frame, fate))
        frames.append(_moved(flows, frame, fate))
    return Carried(replace(conversation, frames=tuple(frames)), tuple(effects))


def _note(frame: Frame, fate: Fate) -> Note:
    fields = {"flow": frame.flow, "step": frame.step, "to": fate.step, "fate": fate.name}
    return Note("definition_changed", "info", fields)


def _anew(flow: Flow, frame: Frame, visits: int) -> Frame:
    """Return a flow at its beginning; of its slots it keeps what its caller gave."""
    given = {name: frame.slots[name] for name in flow.inputs if frame.slots.get(name) is not None}
    slots = {**flow.input_defaults(), **given}
    return Frame(flow.name, flow.digest, flow.first, slots, visits=visits, came=frame.came)


def _moved(flows: FlowSet, frame: Frame, fate: Fate) -> Frame:
    """Return a frame where it goes on, and those set aside behind it."""
    if frame.above:
        above = tuple(_moved(flows, each, fate_of(flows, each)) for each in frame.above)
        frame = replace(frame, above=above)
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
    )


def _shown(frame: Frame, before: Step, after: Step) -> tuple[dict[str, Any], ...]:
    """Return the menu on show with the ways of the new step; an option that it lacks leads nowhere any more."""
    if not frame.shown:
        return ()
    keys: Mapping[str, str] = counterparts(_options(before), _options(after))
    return tuple({**row, "key": keys.get(row["key"])} for row in frame.shown)


def _options(step: Step) -> Options:
    options: Options = getattr(step.body, "options", ())
    return options
