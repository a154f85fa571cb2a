"""Interruptions: a flow that comes on top of another one, which gets its place back when it ends.

The stack is a row of stretches: a flow, and those that it called. Every stretch but the lowest interrupted the one
below it. `Position.base` is where the running one begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botkit.turn.conversation import Frame
from botkit.turn.effect import Ended, Note
from botkit.turn.way import ask_last, forget_way, keep

if TYPE_CHECKING:
    from botkit.flow.model import Flow
    from botkit.turn.position import Position

#: How a stretch came on top (`Frame.came`) -> what the one below does when it ends.
CAME: dict[str, str] = {
    "ask": "asks its question again, after `resumed`",
    "again": "asks its question again, without a word before it",
    "silent": "waits on without a word",
    "anew": "begins from its first step: a deploy changed it",
}
#: Most stretches that wait for their place. Who was interrupted more often has long forgotten the first one.
MAX_INTERRUPTED = 4


# ── coming on top ──


def interrupt(position: Position, flow: Flow, slots: Mapping[str, Any] | None = None, came: str = "") -> None:
    """Begin a flow on top of what runs; with nothing running it begins alone.

    `came` is of CAME; by default the flow's `start.resume`.
    """
    if position.running is None:
        position.start(flow, slots)
        return
    keep(position)
    running = position.current
    position.below.append(running.frame())
    _forget_oldest(position)
    position.base, position.before = len(position.below), ()
    position.start(flow, slots, visits=running.visits, came=came or flow.start.resume)


def _forget_oldest(position: Position) -> None:
    """End the lowest stretch where too many wait."""
    bases = [index for index, frame in enumerate(position.below) if frame.came]
    if len(bases) < MAX_INTERRUPTED:
        return
    lowest = position.below[: bases[0]]
    position.effects.append(Note("place_forgotten", "info", {"flow": lowest[0].flow, "step": lowest[-1].step}))
    _end(position, lowest, "cancelled")
    del position.below[: bases[0]]
    position.below[0] = replace(position.below[0], came="")


def _end(position: Position, frames: Sequence[Frame], outcome: str) -> None:
    position.effects += [Ended(frame.flow, outcome, frame.slots) for frame in reversed(frames)]


def give_back(position: Position, came: str) -> None:
    """Let the stretch in hand have its place again; the one above, which came by `came`, has ended."""
    if came == "anew":
        start_anew(position)
        return
    resumed = position.flows.flows.get("resumed") if came == "ask" else None
    if resumed is not None and not resumed.first.startswith("@"):
        interrupt(position, resumed, came="again")
        return
    position.resting = False
    step = position.step
    if step.waits and not step.asks:  # it waits for no answer: so it goes on
        position.again = True
    elif came == "silent" and step.asks:
        position.resting = True
    else:
        ask_last(position)


def leave(position: Position, outcome: str) -> None:
    """End the running stretch, and take the one below in hand as it stands."""
    running = position.current
    _end(position, [*position.below[position.base :], running.frame()], outcome)
    del position.below[position.base :]
    position.take_stretch()
    position.resume()
    position.current.visits = running.visits


def restart(position: Position) -> None:
    """Begin the bottom flow anew, with the inputs and the groups of a pattern that it began with."""
    visits = position.current.visits
    bottom = position.below[0] if position.below else position.current.frame()
    flow = position.flows.present(bottom.flow) or position.definition(bottom)
    position.quit("cancelled")
    position.start(flow, given(flow, bottom.slots), visits=visits)


def given(flow: Flow, slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a flow's slots what it began with: inputs, and the groups of its pattern."""
    begun = {*flow.inputs, *(flow.start.pattern.names if flow.start.pattern else ())}
    return {name: value for name, value in slots.items() if name in begun}


def start_anew(position: Position) -> None:
    """Begin the running flow from its first step, with nothing to go back to."""
    running = position.current
    forget_way(position)
    position.start(running.flow, running.slots, visits=running.visits, came=running.came)
