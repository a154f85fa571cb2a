"""Where a test went: the ways that its flows took, heard at their machines.

The pure turn asks a flow's machine where a step leads (`flow/machine.py`). A rehearsal that is to be heard is given a
set whose machines say so to a `Listener`; `botkit run` knows nothing of it, and pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from botkit.flow.flowset import FlowSet
from botkit.flow.machine import FlowMachine
from botkit.flow.model import Flow
from botkit.testing.facts import Seen


class Move(NamedTuple):
    """A way out that was taken: of which flow and step, by which trigger and key, and the state that it led to."""

    flow: str
    step: str
    trigger: str
    key: str | None
    target: str


@dataclass(slots=True)
class Trail:
    """The moves of a test, in order; `stood` are the steps where it waited, an empty one for a flow that ended."""

    moves: list[Move] = field(default_factory=list)
    stood: set[tuple[str, str]] = field(default_factory=set)

    def steps(self, flows: FlowSet) -> set[tuple[str, str]]:
        """Return every step that the test came to, as flow and step."""
        came = {(move.flow, step) for move in self.moves for step in (move.step, move.target)}
        begun = {flow for flow, _ in (*came, *self.stood)} & flows.flows.keys()
        return came | self.stood | {(name, flows.flows[name].first) for name in begun}


def passed(flow: str, trails: Iterable[Trail]) -> bool:
    """Tell whether a test came through a flow."""
    return any(flow == name for trail in trails for name, *_ in (*trail.moves, *trail.stood))


class Listener:
    """Gives out sets of flows that can be heard; what is heard goes to `trail`."""

    def __init__(self) -> None:
        self.trail = Trail()
        self._heard: list[tuple[FlowSet, FlowSet]] = []

    def on(self, flows: FlowSet) -> FlowSet:
        """Return a set whose flows, as they are now, are heard; the same for the same one."""
        known = next((heard for original, heard in self._heard if original is flows), None)
        return known or self._listen(flows)

    def _listen(self, flows: FlowSet) -> FlowSet:
        machines = {flow.digest: _Heard(flow, self) for flow in flows.flows.values()}
        heard = replace(flows, machines={**flows.machines, **machines}, by_digest=dict(flows.by_digest))
        self._heard.append((flows, heard))
        return heard

    def finish(self, seen: Seen) -> Trail:
        """Return the trail of a test that is over, and begin another."""
        trail, self.trail = self.trail, Trail()
        trail.stood = seen.stood
        return trail


class _Heard(FlowMachine):
    """A machine that tells what it was asked."""

    __slots__ = ("_flow", "_listener")

    def __init__(self, flow: Flow, listener: Listener) -> None:
        super().__init__(flow)
        self._flow = flow.name
        self._listener = listener

    def move(self, state: str, trigger: str, key: str | None = None) -> str:
        """Return the state that an event leads to; raises NoWayOut."""
        target = super().move(state, trigger, key)
        self._listener.trail.moves.append(Move(self._flow, state, trigger, key, target))
        return target
