"""Where a conversation stands while a leg is made: the running frame, those below it, and how it moves.

Moving is the machine's decision (`flow/machine.py`); what a pseudo-state means is decided here:

    @end        the flow is done: the one that called it goes on, the one it interrupted gets its place back
    @resume     the same
    @back       the previous question is asked again
    @restart    the bottom flow begins anew
    @quit       everything ends, outcome `cancelled`
    @again      a list behind an `anywhere` word is done: the question is asked again
    @flow:NAME  that flow begins in the running one's place, or on top of it if it only interrupts

A flow that was called begins on top; its caller stands at its `call` step until it comes back. Behind an `anywhere`
word the flows that were called by the one that declares it are set aside (`above`), and taken up again if its list
ends without going elsewhere; if it does, they end as `cancelled`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step
from botkit.turn import back, interruption
from botkit.turn.conversation import Frame
from botkit.turn.effect import Effect, Ended
from botkit.turn.running import Running
from botkit.turn.way import count_detour

#: Most flows that call one another; more is a recursion without an end.
MAX_CALLS = 16


@dataclass(frozen=True, slots=True)
class Returned:
    """What a called flow came back with, until its caller's step takes it."""

    outcome: str
    values: Mapping[str, Any]


class Position:
    """The stack of frames: `running` on top of `below`.

    `version` is the conversation's after this leg, `resting` says that the leg is done. `base` is where the running
    stretch begins (`interruption.py`), `before` are its frames as the leg found them, none if it begins in this leg.
    `asked` says that the leg asks a question; `again` that the step in hand is taken up again rather than entered.
    """

    def __init__(self, flows: FlowSet, frames: tuple[Frame, ...], last: dict[str, Any], version: int) -> None:
        self.flows = flows
        self.version = version
        self.below: list[Frame] = list(frames)
        self.running: Running | None = None
        self.returned: Returned | None = None
        self.last = last
        self.effects: list[Effect] = []
        self.resting = False
        self.asked = self.again = False
        self.detour = 0
        self.take_stretch()

    def take_stretch(self) -> None:
        """Stand in the topmost stretch, as it is stored."""
        base = len(self.below) - 1
        while base > 0 and not self.below[base].came:
            base -= 1
        self.base = max(0, base)
        self.before: tuple[Frame, ...] = tuple(self.below[self.base :])

    @property
    def current(self) -> Running:
        """Return the running frame; only asked for while a step runs."""
        assert self.running is not None
        return self.running

    @property
    def step(self) -> Step:
        """Return the step that the running frame stands at; raises EvaluationError when a definition lacks it."""
        running = self.running
        assert running is not None
        step = running.flow.steps.get(running.step)
        if step is None:
            raise EvaluationError(f"the step '{running.step}' is no longer there")
        return step

    def resume(self) -> Running | None:
        """Take the top frame in hand and return it; None with nothing running."""
        if self.below:
            self.running = self.opened(self.below.pop())
        return self.running

    def opened(self, frame: Frame) -> Running:
        """Return a frame as it runs; raises EvaluationError."""
        return Running.of(frame, self.definition(frame))

    def definition(self, frame: Frame) -> Flow:
        """Return the definition that a frame began with; raises EvaluationError."""
        flow = self.flows.by_digest.get(frame.digest)
        if flow is None:
            raise EvaluationError(f"the definition of '{frame.flow}' that this conversation began with is lost")
        return flow

    # ── beginning ──

    def start(self, flow: Flow, slots: Mapping[str, Any] | None = None, *, visits: int = 0, came: str = "") -> None:
        """Begin a flow on top of what runs below; nothing of a running frame is kept.

        `visits` are counted on from the flow before, so that a step that is called again gets another key. `came` is
        the new frame's.
        """
        given = {**flow.input_defaults(), **(slots or {})}
        self.running = Running(flow, flow.first, given, visits, since=self.version, came=came)
        self.again = False
        self.resting = False
        if flow.first.startswith("@"):
            self.finish("done")

    def call_flow(self, flow: Flow, slots: Mapping[str, Any]) -> None:
        """Begin a flow on top of the running one; raises EvaluationError beyond MAX_CALLS."""
        if len(self.below) - self.base >= MAX_CALLS:
            raise EvaluationError(f"more than {MAX_CALLS} flows that call one another", self.step.place)
        caller = self.current
        self.below.append(caller.frame())
        self.start(flow, slots, visits=caller.visits)

    # ── moving ──

    def move(self, trigger: str, key: str | None = None) -> None:
        """Let the machine move the running frame; it arrives at a step or leaves the flow."""
        running = self.current
        state = self.flows.machines[running.flow.digest].move(running.step, trigger, key)
        running.leave_step()
        self.again = False
        if state in _LEADS:
            _LEADS[state](self)
        elif state.startswith("@flow:"):
            self._go_to_flow(state.removeprefix("@flow:"))
        else:
            if running.asked is not None and state not in running.flow.again:
                self._leave_question()
            running.step = state

    def _go_to_flow(self, name: str) -> None:
        running = self.current
        flow = self.flows.called(running.flow, name)
        if flow is None:
            raise EvaluationError(f"the flow '{name}' is no longer there", self.step.place)
        if flow.start.only_interrupts and flow.name != running.flow.name:
            # The question was left, its menu too: so it is asked again in any case.
            interruption.interrupt(self, flow, came="again" if flow.start.resume == "silent" else "")
            return
        self._leave_question()
        self._ended("done")
        self.start(flow, visits=running.visits, came=running.came)

    def knows(self, word: str) -> bool:
        """Tell whether a flow that runs here has an `anywhere` word."""
        if word in self.current.flow.anywhere:
            return True
        callers = self.below[self.base :]
        return bool(callers) and any(word in self.definition(each).anywhere for each in callers)

    def hear(self, word: str) -> None:
        """Go where an `anywhere` word that is known here leads, the nearest flow's first."""
        if word in self.current.flow.anywhere:
            self._turn_aside(self.current, (), word)
            return
        for index in range(len(self.below) - 1, self.base - 1, -1):
            if word in self.definition(self.below[index]).anywhere:
                above = (*self.below[index + 1 :], self.current.frame())
                running = self.opened(self.below[index])
                del self.below[index:]
                running.visits = self.current.visits
                self._turn_aside(running, above, word)
                return

    def _turn_aside(self, running: Running, above: tuple[Frame, ...], word: str) -> None:
        self.running = running
        if running.asked is None:
            running.asked = running.step
            # The clocks of a flow that is set aside stand still; they begin anew when it is taken up.
            running.above = tuple(replace(frame, due={}) for frame in above)
        else:  # called by a list of this kind, which is left
            self.effects += [Ended(frame.flow, "cancelled", frame.slots) for frame in reversed(above)]
            running.detour += sum(frame.detour for frame in above)
        self.move("anywhere", word)

    def ask_again(self) -> None:
        """Go back from an `anywhere` list to the question, and to the flows that were set aside."""
        running = self.current
        assert running.asked is not None  # only an `anywhere` list leads here
        running.step, running.asked = running.asked, None
        self.again, self.detour, running.detour = True, running.detour, 0
        above, running.above = running.above, ()
        if above:
            self.below += [running.frame(), *above[:-1]]
            self.running = self.opened(above[-1])
            self.running.visits = running.visits

    def _leave_question(self) -> None:
        """Go elsewhere for good: the flows that were set aside end."""
        running = self.current
        for frame in reversed(running.above):
            self.effects.append(Ended(frame.flow, "cancelled", frame.slots))
        questions = running.detour
        running.asked, running.above, running.detour = None, (), 0
        if questions:  # a list that called this flow goes on
            count_detour(self, questions)

    # ── ending ──

    def finish(self, outcome: str, values: Mapping[str, Any] | None = None) -> None:
        """End the running flow: the one that called it takes `values` up, else the conversation rests."""
        self._leave_question()
        ended = self.current
        self._ended(outcome)
        self.running = self.returned = None
        if ended.came:
            self.take_stretch()
        below = self.resume()
        if below is None:
            self.resting = True
            return
        below.visits = ended.visits
        if ended.came:
            interruption.give_back(self, ended.came)
            return
        self.returned = Returned(outcome, values or {})
        self.resting = False

    def quit(self, outcome: str) -> None:
        """End everything that runs."""
        if self.running is not None:
            self._leave_question()
            self._ended(outcome)
        for frame in reversed(self.below):
            self.effects.append(Ended(frame.flow, outcome, frame.slots))
        self.running = self.returned = None
        self.below.clear()
        self.base, self.before = 0, ()
        self.resting = True

    def _ended(self, outcome: str) -> None:
        self.effects.append(Ended(self.current.flow.name, outcome, self.current.slots))
        self.last["outcome"] = outcome

    def rest(self) -> None:
        """Stop here: the step waits."""
        self.resting = True


#: state -> where it leads, for those that are no step
_LEADS: dict[str, Callable[[Position], None]] = {
    "@end": lambda position: position.finish("done"),
    "@resume": lambda position: position.finish("done"),
    "@quit": lambda position: position.quit("cancelled"),
    "@restart": interruption.restart,
    "@back": back.go_back,
    "@again": Position.ask_again,
}
