"""Cycles in which nobody is waited for: such a turn ends in `error` after 100 steps, and never at what was meant.

A condition may lead out of a cycle if the cycle itself changes what it reads: that is a loop over data, and no mistake.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from botkit.flow.components import cycles
from botkit.flow.dataflow import set_by
from botkit.flow.graph import FLOW, Edge, Flows, Linked, Node, immediate
from botkit.flow.model import Step
from botkit.flow.source import Text

#: Names that are no slots and that steps of a cycle may change.
CHANGING = frozenset(("contact",))

Graph = Mapping[Node, Sequence[Edge]]
#: flow -> step -> the slots that it sets
Sets = Mapping[str, Mapping[str, frozenset[str]]]


def check_cycles(flows: Flows) -> None:
    """Report every cycle without a wait at the way that closes it."""
    graph = immediate(flows)
    targets = {node: [edge.target for edge in edges] for node, edges in graph.items()}
    order = {node: number for number, node in enumerate(graph)}
    sets = {name: set_by(linked.reader.reading) for name, linked in flows.items()}
    for cycle in cycles(targets):
        loops = _loops(flows, graph, sets, frozenset(cycle))
        rest = {node: targets[node] for node in sorted(cycle, key=order.__getitem__) if node not in loops}
        for endless in cycles(rest):
            _report(flows, graph, sorted(endless, key=order.__getitem__))


def _report(flows: Flows, graph: Graph, cycle: Sequence[Node]) -> None:
    place = {node: number for number, node in enumerate(cycle)}
    closing = (
        (node, edge) for node in cycle for edge in graph[node] if place.get(edge.target, len(cycle)) <= place[node]
    )
    node, edge = next(closing)
    linked, back = flows[node.flow], flows[edge.target.flow].flow.steps[edge.target.step]
    text = _written(linked, node, edge)
    linked.reader.reading.report("cycle-without-wait", text, id=back.id, row=back.place.row)


def _written(linked: Linked, node: Node, edge: Edge) -> Text:
    """Return the words that a way is written in, else the place of its step."""
    draft = linked.drafts[node.step]
    if edge.exit is None and draft.calls is not None:
        return draft.calls.name
    target = draft.exits[edge.exit].target if edge.exit is not None and edge.exit < len(draft.exits) else None
    return target if isinstance(target, Text) else Text("", draft.place)


def _loops(flows: Flows, graph: Graph, sets: Sets, cycle: Collection[Node]) -> set[Node]:
    """Return the steps with a condition that leads out of the cycle and reads what the cycle changes."""
    changed = _changed(flows, graph, sets, cycle)
    found = set()
    for node in cycle:
        step = flows[node.flow].flow.steps[node.step]
        reads = _condition(step)
        if reads and reads & changed[node.flow] and _leads_out(step, node.flow, cycle):
            found.add(node)
    return found


def _changed(flows: Flows, graph: Graph, sets: Sets, cycle: Collection[Node]) -> dict[str, set[str]]:
    """Return flow -> the names that one round of the cycle may give another value: by a step, or as inputs."""
    changed: dict[str, set[str]] = {node.flow: set(CHANGING) for node in cycle}
    for node in cycle:
        flow = flows[node.flow].flow
        if not flow.steps[node.step].waits:
            changed[node.flow] |= sets[node.flow].get(node.step, frozenset())
        for edge in graph[node]:
            if edge.exit is None and edge.target in cycle:
                changed[edge.target.flow] |= flows[edge.target.flow].flow.inputs.keys()
    return changed


def _condition(step: Step) -> frozenset[str]:
    """Return the names that decide which way is taken."""
    guard = step.guard.names if step.guard is not None else frozenset()
    return guard | (step.body.names if step.kind == "if" and step.body is not None else frozenset())


def _leads_out(step: Step, flow: str, cycle: Collection[Node]) -> bool:
    return step.waits or any(way.target.startswith(FLOW) or Node(flow, way.target) not in cycle for way in step.exits)
