"""Where a conversation stands while a leg is made: the running frame, those below it, and how it moves.

Moving is the machine's decision (`flow/machine.py`); what a pseudo-state means is decided here:

    @end        the flow is done: the one that called it goes on, or nothing runs
    @quit       everything ends, outcome `cancelled`
    @again      a list behind an `anywhere` word is done: the question is asked again
    @flow:NAME  that flow begins in the running one's place

A flow that was called begins on top; its caller stands at its `call` step until it comes back. Behind an `anywhere`
word the flows that were called by the one that declares it are set aside (`above`), and taken up again if its list
ends without going elsewhere; if it does, they end as `cancelled`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step
from botkit.turn.conversation import Frame, PendingCall
from botkit.turn.effect import Effect, Ended

#: Most flows that call one another; more is a recursion without an end.
MAX_CALLS = 16


@dataclass(slots=True)
class Running:
    """The top frame while it changes."""

    flow: Flow
    step: str
    slots: dict[str, Any]
    visits: int = 0
    tries: int = 0
    shown: tuple[dict[str, Any], ...] = ()
    pending_call: PendingCall | None = None
    since: int = 0
    page: int = 0
    asked: str | None = None
    above: tuple[Frame, ...] = ()
    due: dict[str, float] = field(default_factory=dict)
    said: int = 0
    parked: bool = False
    came: str = ""
    gathered: dict[str, Any] | None = None

    def frame(self) -> Frame:
        """Return it as it is stored."""
        return Frame(
            *(self.flow.name, self.flow.digest, self.step, self.slots),
            visits=self.visits,
            tries=self.tries,
            shown=self.shown,
            pending_call=self.pending_call,
            since=self.since,
            page=self.page,
            asked=self.asked,
            above=self.above,
            due=self.due,
            said=self.said,
            parked=self.parked,
            came=self.came,
            gathered=self.gathered,
        )

    def leave_step(self) -> None:
        """Forget what belongs to the step alone: its menu, its wrong answers, its clocks."""
        self.tries, self.shown, self.page, self.said, self.parked, self.gathered = 0, (), 0, 0, False, None
        if self.due:
            self.due = {name: due_at for name, due_at in self.due.items() if name == "idle"}


@dataclass(frozen=True, slots=True)
class Returned:
    """What a called flow came back with, until its caller's step takes it."""

    outcome: str
    values: Mapping[str, Any]


class Position:
    """The stack of frames: `running` on top of `below`.

    `version` is the conversation's after this leg, `resting` says that the leg is done.
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

    @property
    def current(self) -> Running:
        """Return the running frame; only asked for while a step runs."""
        assert self.running is not None
        return self.running

    @property
    def step(self) -> Step:
        """Return the step that the running frame stands at; raises EvaluationError when a definition lacks it."""
        step = self.current.flow.steps.get(self.current.step)
        if step is None:
            raise EvaluationError(f"the step '{self.current.step}' is no longer there")
        return step

    def resume(self) -> Running | None:
        """Take the top frame in hand and return it; None with nothing running."""
        if self.below:
            self.running = self._opened(self.below.pop())
        return self.running

    def _opened(self, frame: Frame) -> Running:
        return Running(
            *(self.definition(frame), frame.step, dict(frame.slots)),
            visits=frame.visits,
            tries=frame.tries,
            shown=frame.shown,
            pending_call=frame.pending_call,
            since=frame.since,
            page=frame.page,
            asked=frame.asked,
            above=frame.above,
            due=dict(frame.due),
            said=frame.said,
            parked=frame.parked,
            came=frame.came,
            gathered=frame.gathered,
        )

    def definition(self, frame: Frame) -> Flow:
        """Return the definition that a frame began with; raises EvaluationError."""
        flow = self.flows.by_digest.get(frame.digest)
        if flow is None:
            raise EvaluationError(f"the definition of '{frame.flow}' that this conversation began with is lost")
        return flow

    # ── beginning ──

    def start(self, flow: Flow, slots: Mapping[str, Any] | None = None, *, visits: int = 0, came: str = "") -> None:
        """Begin a flow on top of what runs below; nothing of a running frame is kept.

        `visits` are counted on from the flow before, so that a step that is called again gets another key; `came` is
        how it comes there (`Frame`).
        """
        slots = {**flow.input_defaults(), **(slots or {})}
        self.running = Running(flow, flow.first, slots, visits, since=self.version, came=came)
        self.resting = False
        if flow.first.startswith("@"):
            self.finish("done")

    def call_flow(self, flow: Flow, slots: Mapping[str, Any]) -> None:
        """Begin a flow on top of the running one; raises EvaluationError beyond MAX_CALLS."""
        if len(self.below) >= MAX_CALLS:
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
        if running.asked is not None and state != "@again" and state not in running.flow.again:
            self._leave_question()
        if not state.startswith("@"):
            running.step = state
        elif state == "@end":
            self.finish("done")
        elif state == "@quit":
            self.quit("cancelled")
        elif state == "@again":
            self._ask_again()
        else:
            self._go_to_flow(state.removeprefix("@flow:"))

    def _go_to_flow(self, name: str) -> None:
        flow = self.flows.called(self.current.flow, name)
        if flow is None:
            raise EvaluationError(f"the flow '{name}' is no longer there", self.step.place)
        visits = self.current.visits
        self._ended("done")
        self.start(flow, visits=visits)

    def knows(self, word: str) -> bool:
        """Tell whether a flow that runs here has an `anywhere` word."""
        return word in self.current.flow.anywhere or any(word in self.definition(each).anywhere for each in self.below)

    def hear(self, word: str) -> None:
        """Go where an `anywhere` word that is known here leads, the nearest flow's first."""
        if word in self.current.flow.anywhere:
            self._interrupt(self.current, (), word)
            return
        for index in range(len(self.below) - 1, -1, -1):
            if word in self.definition(self.below[index]).anywhere:
                above = (*self.below[index + 1 :], self.current.frame())
                running = self._opened(self.below[index])
                del self.below[index:]
                running.visits = self.current.visits
                self._interrupt(running, above, word)
                return

    def _interrupt(self, running: Running, above: tuple[Frame, ...], word: str) -> None:
        self.running = running
        if running.asked is None:
            running.asked = running.step
        # The clocks of a flow that is set aside stand still; they begin anew when it is taken up.
        running.above = (*running.above, *(replace(frame, due={}) for frame in above))
        self.move("anywhere", word)

    def _ask_again(self) -> None:
        running = self.current
        assert running.asked is not None  # only an `anywhere` list leads here
        running.step, running.asked = running.asked, None
        above, running.above = running.above, ()
        if above:
            self.below += [running.frame(), *above[:-1]]
            self.running = self._opened(above[-1])
            self.running.visits = running.visits

    def _leave_question(self) -> None:
        """Go elsewhere for good: the flows that were set aside end."""
        running = self.current
        for frame in reversed(running.above):
            self.effects.append(Ended(frame.flow, "cancelled", frame.slots))
        running.asked, running.above = None, ()

    # ── ending ──

    def finish(self, outcome: str, values: Mapping[str, Any] | None = None) -> None:
        """End the running flow: the one that called it takes `values` up, else the conversation rests."""
        visits = self.current.visits
        self._ended(outcome)
        self.running = None
        caller = self.resume()
        if caller is None:
            self.resting = True
            return
        caller.visits = visits
        self.returned = Returned(outcome, values or {})
        self.resting = False

    def quit(self, outcome: str) -> None:
        """End everything that runs."""
        if self.running is not None:
            self._ended(outcome)
        for frame in reversed(self.below):
            self.effects.append(Ended(frame.flow, outcome, frame.slots))
        self.running = self.returned = None
        self.below.clear()
        self.resting = True

    def _ended(self, outcome: str) -> None:
        self.effects.append(Ended(self.current.flow.name, outcome, self.current.slots))
        self.last["outcome"] = outcome

    def rest(self) -> None:
        """Stop here: the step waits."""
        self.resting = True
