"""`handoff`: leaves the conversation to people until they give it back, or their time is over."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.flow.duration import Duration
from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.shape import DURATION, MESSAGE, SCALAR, TARGET, Key, any_of, group
from botkit.flow.source import Map, Text
from botkit.turn.handover import OURS, STEP, hand_over
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg
from botkit.turn.position import Returned

#: The flow that is said when the step says nothing itself.
HANDED_OFF = "handed_off"
#: Keys of the long form.
KEYS: dict[str, Key] = {
    "to": Key("the queue: whose it is now", SCALAR),
    "say": Key("what is said first (else: what the flow `handed_off` says)", MESSAGE),
    "for": Key("how long they have it, from the last that they wrote (else: `handoff.for` of config.yaml)", DURATION),
    "then": Key("where to go when that time is over (else: the next step, as when it is given back)", TARGET),
}


@dataclass(frozen=True, slots=True)
class HandOver:
    """To which queue, what is said, and for how long (None: as config.yaml says)."""

    to: str = ""
    say: Message = ()
    lasts: Duration | None = None


def read(fields: StepFields) -> HandOver:
    """Read the queue: a name, or `{to, say, for, then}`."""
    node = fields.get(STEP)
    fields.exit("released")
    if not isinstance(node, Map):
        text = fields.text(STEP)
        fields.exit("elapsed")
        return HandOver(_queue(fields, text))
    inner = Fields(fields.reading, node, STEP, STEP)
    inner.require("to")
    inner.finish(KEYS)
    fields.exit("elapsed", inner.get("then"))
    say = inner.get("say")
    return HandOver(
        _queue(inner, inner.text("to")),
        read_message(fields.reading, say, "handoff.say") if say is not None else (),
        inner.duration("for"),
    )


def _queue(fields: Fields, text: Text | None) -> str:
    if text is None:
        return ""
    name = text.value.strip()
    if "{{" in name:
        fields.reading.wrong_type(text, STEP, "un nombre fijo, sin {{ }}", "a fixed name, without {{ }}")
    elif name.startswith(OURS):
        fields.reading.report("queue-name", text, name=name)
    return name


def enter(leg: Leg, body: HandOver) -> None:
    """Say that people take over, and leave it to them."""
    flow = None if body.say or leg.current.flow.name == HANDED_OFF else leg.flows.flows.get(HANDED_OFF)
    if flow is not None:
        leg.call_flow(flow, {})
        return
    leg.say(body.say)
    _leave(leg, body)


def back(leg: Leg, body: HandOver, returned: Returned) -> None:
    """Leave it to people, now that `handed_off` has spoken."""
    _leave(leg, body)


def again(leg: Leg, body: HandOver) -> None:
    """Take the place back from a flow on top: go on, if people gave the conversation back meanwhile."""
    if leg.handoff is None:
        leg.move("released")
    else:
        leg.rest()


def _leave(leg: Leg, body: HandOver) -> None:
    lasts_s = body.lasts.seconds(leg.scope()) if body.lasts else leg.flows.bot.handoff_s
    hand_over(leg, body.to, lasts_s)


HANDOFF = StepKind(
    STEP,
    "leaves the conversation to people until they give it back",
    {STEP: Key("the queue, or {to, say, for, then}", any_of(SCALAR, group(KEYS, ("to",))))},
    read,
    waits=True,
    enter=enter,
    again=again,
    back=back,
)
