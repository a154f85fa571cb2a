"""Coverage: which ways out of steps no test took.

A way out is an `Exit` of a flow: an answer, an option (a list of options is one), the tries used up, a silence, an
error, either side of an `if`. What holds at every question of a flow (its `anywhere` words, its `silence`) is one way
out of the flow. Flows that come with botkit do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from botkit.flow.flowset import FlowSet
from botkit.flow.model import AT_ANY_TIME, Exit, Flow, Step
from botkit.flow.problem import Place
from botkit.flow.reach import reached
from botkit.testing.trail import Trail
from botkit.turn.kinds.call import Call
from botkit.turn.kinds.end import End


class Way(NamedTuple):
    """A way out of a step; one that holds at any time stands for all steps of its flow."""

    flow: Flow
    step: Step
    exit: Exit

    @property
    def name(self) -> tuple[str, str, str, str | None]:
        """Return what tells it from all others."""
        return _name(self.flow.name, self.step.id, self.exit.trigger, self.exit.key)

    @property
    def place(self) -> Place:
        """Return where it is written; the step's own place for a way that `defaults` give it."""
        written, step = self.exit.place, self.step.place
        if written is None or (self.exit.trigger not in AT_ANY_TIME and (written.file != step.file or written < step)):
            return step
        return written


@dataclass(frozen=True, slots=True)
class Covered:
    """What tests took of a flow: how many of its ways out there are, and those that no test took."""

    flow: Flow
    total: int
    missing: tuple[Way, ...]

    @property
    def taken(self) -> int:
        """Return how many ways were taken."""
        return self.total - len(self.missing)


def cover(flows: FlowSet, trails: Iterable[Trail]) -> list[Covered]:
    """Return what tests took of each of a bot's own flows, in the order in which these were read."""
    taken = {name for trail in trails for name in _taken(trail)}
    own = [flow for flow in flows.flows.values() if not flow.builtin]
    found = []
    for flow in own:
        ways = {way.name: way for way in ways_of(flows, flow)}
        missing = sorted((way for name, way in ways.items() if name not in taken), key=lambda way: way.place)
        found.append(Covered(flow, len(ways), tuple(missing)))
    return found


def _taken(trail: Trail) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the ways that a test took; an `end` is no move, so who came to one and did not skip it has ended there."""
    come: Counter[tuple[str, str]] = Counter()
    for move in trail.moves:
        yield _name(*move[:4])
        come[move.flow, move.target] += 1
        come[move.flow, move.step] -= move.trigger == "skipped"
    yield from ((flow, step, "ended", None) for (flow, step), count in come.items() if count > 0)


def ways_of(flows: FlowSet, flow: Flow) -> Iterator[Way]:
    """Yield the ways out of a flow's steps; one at any time once for each step where it holds."""
    for step in flow.steps.values():
        for way in step.exits:
            if way.trigger != "next" or not isinstance(step.body, Call) or _may_go_on(flows, step.body):
                yield Way(flow, step, way)
        if isinstance(step.body, End) and step.guard is not None and step.id != flow.first:
            yield Way(flow, step, Exit("ended", "@end"))


def _name(flow: str, step: str, trigger: str, key: str | None) -> tuple[str, str, str, str | None]:
    return flow, "" if trigger in AT_ANY_TIME else step, trigger, key


# ── calls ──


def _may_go_on(flows: FlowSet, call: Call) -> bool:
    """Tell whether a called flow has an outcome that the call has no way of its own for."""
    return call.flow not in flows.flows or not _outcomes(flows, call.flow) <= call.outcomes


def _outcomes(flows: FlowSet, name: str) -> set[str]:
    """Return how a flow may end, in its own steps or in those of a flow that it goes to."""
    ends: dict[str, set[str]] = {}
    for each in reached([name], lambda flow: _jumps(flows, flow)):
        ends[each] = set(_ends(flows.flows[each])) if each in flows.flows else set()
    return set().union(*ends.values())


def _jumps(flows: FlowSet, name: str) -> Sequence[str]:
    steps: Mapping[str, Step] = flows.flows[name].steps if name in flows.flows else {}
    targets = [way.target for step in steps.values() for way in step.exits]
    return [target.removeprefix("@flow:") for target in targets if target.startswith("@flow:")]


def _ends(flow: Flow) -> Iterator[str]:
    for step in flow.steps.values():
        if isinstance(step.body, End) and not step.body.all:
            yield step.body.outcome
        if any(way.target in ("@end", "@resume") for way in step.exits):
            yield "done"
