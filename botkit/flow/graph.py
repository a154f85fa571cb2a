"""All flows of a bot as one graph: a node is a step of a flow, an edge a way that a conversation may take.

Two graphs are drawn from the compiled steps. `immediate` holds only ways that are taken at once, without waiting for
anybody; `ways` in `check_traps.py` holds all of them. Both stay linear in the number of ways out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from botkit.flow.flow_reader import FlowReader
from botkit.flow.kind import Draft
from botkit.flow.model import Flow, Step

#: Ways out that are taken at once. Only `skipped` is one for a step that waits.
IMMEDIATE = frozenset(("next", "skipped", "then", "else", "ok", "error", "status", "ended", "returned"))
#: Ways out by which a call comes back.
RETURNING = frozenset(("next", "returned"))
FLOW = "@flow:"


class Node(NamedTuple):
    """A step of a flow."""

    flow: str
    step: str


class Edge(NamedTuple):
    """A way to a node: the number of the exit it is, None for the entry into a called flow."""

    target: Node
    exit: int | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A flow as it was written and as it was linked; `drafts` are by step id."""

    reader: FlowReader
    flow: Flow
    drafts: Mapping[str, Draft]

    @classmethod
    def of(cls, reader: FlowReader, flow: Flow) -> Linked:
        """Return both, with the drafts by the ids that linking gave them."""
        return cls(reader, flow, {draft.id: draft for draft in reader.drafts})

    def called(self, step: Step) -> str | None:
        """Return the flow that a step calls and comes back from, else None."""
        use = self.drafts[step.id].calls
        return use.name.value if use is not None else None


Flows = Mapping[str, Linked]


def callers(flows: Flows) -> dict[str, list[str]]:
    """Return flow -> the flows that call it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, linked in flows.items():
        for use in linked.reader.flow_calls:
            if not use.later:
                found[use.name.value].append(name)
    return found


class Passing:
    """Which outcomes each flow can come to without waiting for anybody: a call of it may then be no wait."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._known: dict[str, frozenset[str]] = {}
        above = _above(flows)
        todo = [name for name in above if name in flows]  # nobody asks about the others
        while todo:  # a flow is looked at again only when one that it calls has more outcomes than before
            name = todo.pop()
            found = self._outcomes(flows[name])
            if found != self._known.get(name, frozenset()):
                self._known[name] = found
                todo += above.get(name, ())

    def exits(self, linked: Linked, step: Step) -> Iterator[tuple[int, str]]:
        """Yield the ways out of a step that are taken at once: number and target."""
        called = linked.called(step)
        passing = self._known.get(called, frozenset()) if called is not None else frozenset()
        keys = {way.key for way in step.exits if way.trigger == "returned"} if called is not None else set()
        for number, way in enumerate(step.exits):
            returns = called is not None and way.trigger in RETURNING
            comes = way.key in passing if way.trigger == "returned" else not passing <= keys
            if way.trigger in IMMEDIATE and (comes or not returns):
                yield number, way.target

    def _outcomes(self, linked: Linked) -> frozenset[str]:
        flow, found = linked.flow, set()
        seen, todo = {flow.first}, [flow.first]
        while todo:
            state = todo.pop()
            if state in ("@end", "@resume"):
                found.add("done")
            elif state.startswith(FLOW):
                found |= self._known.get(state.removeprefix(FLOW), frozenset())
            elif not state.startswith("@"):
                ending = linked.drafts[state].ending
                if ending is not None and not ending.all:
                    found.add(ending.outcome.value if ending.outcome else "done")
                new = {target for _, target in self.exits(linked, flow.steps[state])} - seen
                seen |= new
                todo += new
        return frozenset(found)


def _above(flows: Flows) -> dict[str, list[str]]:
    """Return flow -> the flows that call it or go to it."""
    found = callers(flows)
    for name, linked in flows.items():
        for text in linked.reader.reading.jumps:
            found[text.value].append(name)
    return {name: [each for each in dict.fromkeys(above) if each in flows] for name, above in found.items()}


def immediate(flows: Flows) -> dict[Node, list[Edge]]:
    """Return the graph of what happens without anybody waiting: into called flows, and over jumps between flows."""
    passing, called = Passing(flows), callers(flows)
    graph: dict[Node, list[Edge]] = {}
    for name, linked in flows.items():
        starts_alone = name not in called
        for step in linked.flow.steps.values():
            found: list[tuple[str, str, int | None]] = []
            for number, target in passing.exits(linked, step):
                if target.startswith(FLOW):
                    found.append((target.removeprefix(FLOW), "", number))
                elif target == "@restart" and starts_alone and not linked.flow.start.only_interrupts:
                    found.append((name, "", number))
                else:
                    found.append((name, target, number))
            if (inner := linked.called(step)) is not None:
                found.append((inner, "", None))
            nodes = ((_node(flows, flow, target), number) for flow, target, number in found)
            graph[Node(name, step.id)] = [Edge(node, number) for node, number in nodes if node is not None]
    return graph


def _node(flows: Flows, flow: str, step: str) -> Node | None:
    """Return a step, or (without its id) the first one of a flow; None for what is no step."""
    if flow not in flows:
        return None
    id = step or flows[flow].flow.first
    return None if id.startswith("@") else Node(flow, id)
