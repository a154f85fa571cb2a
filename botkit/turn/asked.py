"""What those who run the bot ask of a conversation: a text for the person, a flow that begins, its question anew."""

from __future__ import annotations

from botkit.turn.effect import CLASSES, Note, Send
from botkit.turn.event import Begin, Redefined, Told
from botkit.turn.interruption import give_back, interrupt
from botkit.turn.leg import Leg


def take_told(leg: Leg, told: Told) -> None:
    """Send the text; the step that waits for an answer waits on."""
    leg.resume()
    leg.effects.append(written(told.text, "timers"))
    leg.rest()


def take_begin(leg: Leg, begin: Begin) -> None:
    """Begin a flow; where another runs, on top of it, as one that interrupts: that one gets its place back."""
    flow = leg.flows.present(begin.flow)
    leg.rank = CLASSES["timers"]
    leg.resume()
    if flow is None:  # a deploy took it away meanwhile
        leg.effects.append(Note("flow_unknown", "warning", {"wanted": begin.flow}))
        leg.rest()
        return
    inputs = {name: value for name, value in begin.inputs.items() if name in flow.inputs}
    interrupt(leg, flow, {**inputs, **begin.slots})
    if begin.step is not None and begin.step in flow.steps and leg.running is not None:
        _go_in(leg, begin.step)


def _go_in(leg: Leg, step: str) -> None:
    """Stand at a step of the flow that has begun; one of an `anywhere` list as if it were heard at a question."""
    running, flow = leg.current, leg.current.flow
    running.step = step
    if step in flow.again:
        questions = (each.id for each in flow.steps.values() if each.asks and each.id not in flow.again)
        running.asked = next(questions, flow.first)


def take_redefined(leg: Leg, event: Redefined) -> None:
    """Ask the question again that waits, if that is wanted; where people have the conversation it is theirs."""
    running = leg.resume()
    if event.ask and running is not None and leg.handoff is None and leg.step.asks:
        give_back(leg, "again")
    else:
        leg.rest()


def written(text: str, rank: str) -> Send:
    """Return what sends a text that no step says, in a class of messages."""
    return Send({"type": "text", "text": text}, "", "", rank=CLASSES[rank])
