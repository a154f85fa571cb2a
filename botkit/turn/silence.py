"""Silence: the clocks of questions and flows, wound at the end of a leg, and what happens when they run out.

A question's clock (`silence`) runs while its frame is on top and waits for a person; a flow's (`idle`) runs while the
flow waits for a person, itself or by a flow that it called. Whatever a person writes starts all of them anew. Behind a
`wait` or a `handoff` nobody is asked anything, so nobody is silent: the clocks stand, and begin anew with the next
question. So they do when a frame that was covered gets its place back.
"""

from __future__ import annotations

from collections.abc import Mapping

from botkit.flow.model import Flow
from botkit.flow.silence import Silence
from botkit.turn.clocks import PASSED
from botkit.turn.leg import Leg

#: A silence is never shorter, in seconds, whatever a template prints: it would speak without end.
LEAST_S = 1.0


# ── winding ──


def wind(leg: Leg, *, heard: bool) -> None:
    """Wind the clocks as a leg leaves them; `heard` says that the person wrote.

    Raises EvaluationError for a template that prints no duration.
    """
    top = leg.running
    if top is None:
        return
    step = top.flow.steps.get(top.step)
    asked = step is not None and step.asks and top.pending_call is None
    silence = step.silence if asked and step else None
    if silence is None:
        top.due.pop("silence", None)
    elif heard or "silence" not in top.due:
        top.due["silence"], top.said = leg.now + _seconds(leg, silence), 0
    _wind_idle(leg, len(leg.below), top.flow, top.due, asked=asked, heard=heard)
    came = top.came
    for index in range(len(leg.below) - 1, -1, -1):
        frame = leg.below[index]
        flow = leg.definition(frame)
        if came:  # it was interrupted: its own step counts
            at = flow.steps.get(frame.step)
            asked = at is not None and at.asks
        if "silence" in frame.due:
            leg.set_due(index, "silence", None)
        _wind_idle(leg, index, flow, frame.due, asked=asked, heard=heard)
        came = frame.came


def _wind_idle(leg: Leg, index: int, flow: Flow, due: Mapping[str, float], *, asked: bool, heard: bool) -> None:
    if flow.silence is None or not asked:
        if "idle" in due:
            leg.set_due(index, "idle", None)
    elif heard or ("idle" not in due and not leg.is_parked(index)):
        with leg.at(index):
            leg.set_due(index, "idle", leg.now + _seconds(leg, flow.silence))


def _seconds(leg: Leg, silence: Silence) -> float:
    fixed = silence.after.fixed
    return max(LEAST_S, fixed if fixed is not None else silence.after.seconds(leg.scope()))


# ── running out ──


def nobody_answered(leg: Leg, index: int) -> None:
    """Say what the question's `silence` says, as often as it does; then go where it leads."""
    running, step = leg.current, leg.step
    silence = step.silence
    if silence is None or index != len(leg.below):
        leg.rest()
        return
    if silence.say and running.said <= silence.again:
        leg.say(silence.say)
        running.said += 1
        goes_on = running.said <= silence.again or step.leads("silence")
        running.due["silence"] = leg.now + _seconds(leg, silence) if goes_on else PASSED
        leg.rest()
    else:
        leg.move("silence")


def nobody_wrote(leg: Leg, index: int) -> None:
    """Say what the flow's `silence` says; go where it leads, else park the flow."""
    with leg.at(index):
        silence, step = leg.current.flow.silence, leg.step
        if silence is not None:
            leg.say(silence.say)
    # It counts anew from a message only: who does not answer is not written to for ever.
    leg.set_due(index, "idle", PASSED)
    if silence is None:  # a deploy took it away
        leg.rest()
    elif step.leads("idle"):
        leg.come_down(index)
        leg.move("idle")
    else:
        leg.park(index)
        leg.rest()
