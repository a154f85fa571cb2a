"""Steps and flows that tests name and no flow has (any more)."""

from __future__ import annotations

from collections.abc import Iterator

from botkit.flow.flowset import FlowSet
from botkit.flow.problem import Problem, nearest
from botkit.flow.source import Map, Node, Seq, Source, Text


def check_named(source: Source, flows: FlowSet) -> Iterator[Problem]:
    """Yield a problem for each step and flow that a file of tests expects and that is not there."""
    for document in source.documents:
        for line in _lines(document.root):
            expected = line.get("expect")
            if isinstance(expected, Map):
                yield from _check_expected(expected, flows)
            said = line.get("bot")
            for bubble in said.items if isinstance(said, Seq) else [said]:
                if isinstance(bubble, Map):
                    yield from _check_step(bubble.get("step"), flows)


def _lines(root: Node) -> Iterator[Map]:
    """Yield the lines of every script; what is wrong in their shape is told elsewhere."""
    tests = root.get("tests") if isinstance(root, Map) else None
    for test in tests.items if isinstance(tests, Seq) else ():
        script = test.get("script") if isinstance(test, Map) else None
        yield from (line for line in (script.items if isinstance(script, Seq) else ()) if isinstance(line, Map))


def _check_expected(expected: Map, flows: FlowSet) -> Iterator[Problem]:
    name = expected.get("flow")
    if isinstance(name, Text) and not name.empty and name.value not in flows.flows:
        values = {"name": name.value, "near": nearest(name.value, flows.flows)}
        yield Problem("test-flow-gone", name.place, values)
    else:
        of = name.value if isinstance(name, Text) and not name.empty else None
        yield from _check_step(expected.get("step"), flows, of)


def _check_step(name: Node | None, flows: FlowSet, of: str | None = None) -> Iterator[Problem]:
    """Check the id of a step, of the flow `of` or of any."""
    if not isinstance(name, Text) or name.empty:
        return
    asked = [flow for flow in flows.flows.values() if of is None or flow.name == of]
    if any(name.value in flow.steps for flow in asked):
        return
    places = {step.id: step.place.row for flow in asked for step in flow.steps.values()}
    near = nearest(name.value, places)
    yield Problem("test-step-gone", name.place, {"name": name.value, "near": near, "near_line": places.get(near or "")})
