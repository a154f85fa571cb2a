"""Where the ways of the flows as they are written may lead: out of a ring of questions, or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from botkit.explore.finding import OUT, At
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step
from botkit.flow.reach import reached
from botkit.turn.kinds.call import Call

#: Ways that nobody takes by answering: a word that people have to know, a message that could not be sent.
_ASIDE = ("anywhere", "failed")


def leads_out(flows: FlowSet, ring: Collection[At]) -> bool:
    """Tell whether some way as written leads out of a ring, words of `anywhere` left out."""
    return OUT in reached(ring, lambda at: _targets(flows, at))


def has_words(flows: FlowSet, ring: Collection[At]) -> bool:
    """Tell whether a flow of a ring knows words that count at each of its questions."""
    return any(flows.flows[name].anywhere for name, _ in ring if name in flows.flows)


def _targets(flows: FlowSet, at: At) -> Iterator[At]:
    flow = flows.flows.get(at[0])
    step = flow.steps.get(at[1]) if flow is not None else None
    if flow is None or step is None:
        return
    if step.kind == "handoff":
        yield OUT
    if step.kind == "end":
        yield from _behind(flows, flow)
    called = flows.flows.get(step.body.flow) if isinstance(step.body, Call) else None
    if called is not None:
        yield (called.name, called.first)
    for way in step.exits:
        if way.trigger not in _ASIDE and not (called is not None and way.trigger in ("next", "returned")):
            yield from _at(flows, flow, way.target)


def _at(flows: FlowSet, flow: Flow, target: str) -> Iterator[At]:
    if target == "@end":
        yield from _behind(flows, flow)
    elif target in ("@quit", "@resume"):
        yield OUT
    elif target.startswith("@flow:"):
        other = flows.flows.get(target.removeprefix("@flow:"))
        yield (other.name, other.first) if other is not None and not other.builtin else OUT
    elif not target.startswith("@"):
        yield (flow.name, target)


def _behind(flows: FlowSet, flow: Flow) -> Iterator[At]:
    """Yield where the end of a flow leads: out, and to what stands behind each call of it."""
    calls = [(other, step) for other in flows.flows.values() for step in other.steps.values() if _calls(step, flow)]
    if not calls:
        yield OUT
    for other, step in calls:
        for way in step.exits:
            if way.trigger in ("next", "returned"):
                yield from _at(flows, other, way.target)


def _calls(step: Step, flow: Flow) -> bool:
    return isinstance(step.body, Call) and step.body.flow == flow.name
