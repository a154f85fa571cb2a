"""Questions that nobody gets out of: whatever the person answers, and however long they are silent, it is asked again.

The built-in `cancel` is left out of account: it leads out of everything, but people have to know the word. A handoff is
a way out, since people can end what the bot cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from botkit.flow.components import cycles
from botkit.flow.graph import FLOW, Flows, Linked, Node, callers
from botkit.flow.model import Step
from botkit.flow.reach import reached
from botkit.flow.source import Text

#: Where a conversation is that got out.
OUT = Node("", "")
#: Stands for whichever question of a flow is asked again.
ASKED = "@asked"

Graph = Mapping[Node, Sequence[Node]]


def check_traps(flows: Flows, own: Collection[str]) -> None:
    """Report, for each ring of steps that nothing leads out of, the first question in it."""
    leaving = _leaving(flows)
    if any(flows[name].flow.start.may_interrupt and name in leaving for name in own):
        return  # a word of the bot's own leads out of everything
    graph = _graph(flows, leaving)
    free = _free(graph)
    caught = {node: [target for target in targets if target not in free] for node, targets in graph.items()}
    caught = {node: targets for node, targets in caught.items() if node not in free}
    order = {node: number for number, node in enumerate(graph)}
    for ring in cycles(caught):
        members = frozenset(ring)
        questions = [node for node in ring if _asks(flows, node) and node.flow in own]
        if questions and all(target in members for node in ring for target in caught[node]):
            _report(flows, min(questions, key=order.__getitem__))


def _report(flows: Flows, node: Node) -> None:
    linked = flows[node.flow]
    step = linked.flow.steps[node.step]
    linked.reader.reading.report("no-way-out", Text("", step.place), id=step.id)


def _asks(flows: Flows, node: Node) -> bool:
    step = flows[node.flow].flow.steps.get(node.step)
    return step is not None and step.asks


def _free(graph: Graph) -> set[Node]:
    """Return the nodes that some way leads out of."""
    before: dict[Node, list[Node]] = {OUT: []}
    for node, targets in graph.items():
        for target in targets:
            before.setdefault(target, []).append(node)
    return reached([OUT], lambda node: before.get(node, ()))


def _graph(flows: Flows, leaving: Collection[str]) -> dict[Node, list[Node]]:
    """Return all ways of all flows, however long they take; a call is passed over."""
    above = callers(flows)
    helped = _below(flows, {name for name, linked in flows.items() if _helps(linked)})
    graph: dict[Node, list[Node]] = {}
    for name, linked in flows.items():
        flow, is_called = linked.flow, name in above
        parks = flow.silence is not None and not any(step.leads("idle") for step in flow.steps.values())
        for step in flow.steps.values():
            found = list(_targets(flows, linked, step, is_called=is_called))
            if (step.asks and (parks or name in helped)) or linked.called(step) in leaving:
                found.append(OUT)
            graph[Node(name, step.id)] = found
        graph[Node(name, ASKED)] = [Node(name, step.id) for step in flow.steps.values() if step.asks]
    return graph


def _targets(flows: Flows, linked: Linked, step: Step, *, is_called: bool) -> Iterator[Node]:
    """Yield where a step leads; `is_called` says that below its flow stands another one, where it may go back to."""
    name = linked.flow.name
    if step.kind in ("end", "handoff"):
        yield OUT
    for target in {way.target for way in step.exits}:
        if target == "@again" or (target == "@back" and not is_called):
            yield Node(name, ASKED)
        elif target.startswith(FLOW) or (target == "@restart" and not is_called):
            yield _first(flows, target.removeprefix(FLOW) if target.startswith(FLOW) else name)
        else:
            yield OUT if target.startswith("@") else Node(name, target)


def _first(flows: Flows, name: str) -> Node:
    """Return where a flow begins: out, if it has no steps, is built in, or could not be linked."""
    linked = flows.get(name)
    if linked is None or linked.flow.builtin or linked.flow.first.startswith("@"):
        return OUT
    return Node(name, linked.flow.first)


def _helps(linked: Linked) -> bool:
    """Tell whether a flow has words, or a silence, that count at the questions of flows it calls."""
    return bool(linked.flow.anywhere) or linked.flow.silence is not None


def _below(flows: Flows, names: Collection[str]) -> set[str]:
    """Return the flows that some flows call, however deep."""

    def called(name: str) -> list[str]:
        linked = flows.get(name)
        return [use.name.value for use in linked.reader.flow_calls if not use.later] if linked else []

    return reached((inner for name in names for inner in called(name)), called)


def _leaving(flows: Flows) -> set[str]:
    """Return the flows that may end everything, themselves or by one that they call."""
    above = callers(flows)
    ending = (name for name, linked in flows.items() if _ends_all(linked))
    return reached(ending, lambda name: above.get(name, ()))


def _ends_all(linked: Linked) -> bool:
    endings = (draft.ending for draft in linked.drafts.values())
    ways = (way.target for step in linked.flow.steps.values() for way in step.exits)
    return any(each is not None and each.all for each in endings) or "@quit" in ways
