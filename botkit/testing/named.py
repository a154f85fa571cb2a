"""Steps, flows, slots and inputs that tests name and no flow has (any more)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache

from botkit.flow.around import thaw
from botkit.flow.flow_reader import FlowReader
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow
from botkit.flow.problem import Problem, nearest
from botkit.flow.reader import Reading
from botkit.flow.scalar import entries
from botkit.flow.source import Map, Node, Seq, Source, Text
from botkit.flow.yaml_reader import read
from botkit.testing.each import spread
from botkit.testing.given import Given
from botkit.testing.stub_reader import is_request
from botkit.turn.kinds import KINDS


def check_named(source: Source, flows: FlowSet) -> Iterator[Problem]:
    """Yield a problem for each step, flow and slot that a file of tests expects and that is not there."""
    slots = cache(lambda name: _slots_of(flows, name))
    for document in source.documents:
        for line in _lines(document.root):
            expected = line.get("expect")
            if isinstance(expected, Map):
                yield from _check_expected(expected, flows)
                yield from _check_expected_slots(expected, slots)
            said = line.get("bot")
            for bubble in said.items if isinstance(said, Seq) else [said]:
                if isinstance(bubble, Map):
                    yield from _check_step(bubble.get("step"), flows)


def _lines(root: Node) -> Iterator[Map]:
    """Yield the lines of every script; what is wrong in their shape is told elsewhere."""
    tests = root.get("tests") if isinstance(root, Map) else None
    for test in tests.items if isinstance(tests, Seq) else ():
        for case in spread(test, Reading([])) if isinstance(test, Map) else ():
            script = case.node.get("script")
            yield from (line for line in (script.items if isinstance(script, Seq) else ()) if isinstance(line, Map))


def _check_expected(expected: Map, flows: FlowSet) -> Iterator[Problem]:
    name = expected.get("flow")
    if isinstance(name, Text) and not name.empty and name.value not in flows.flows:
        yield _no_flow(name, flows)
    else:
        of = name.value if isinstance(name, Text) and not name.empty else None
        yield from _check_step(expected.get("step"), flows, of)


def _check_expected_slots(expected: Map, slots_of: Callable[[str | None], Collection[str] | None]) -> Iterator[Problem]:
    """Check slots of the flow that is expected to run, or of any: one that is gone is none, which may be expected."""
    node, name = expected.get("slots"), expected.get("flow")
    flow = name.value if isinstance(name, Text) and not name.empty else None
    known = slots_of(flow) if isinstance(node, Map) else None
    if isinstance(node, Map) and known is not None:
        where = (f"el flujo '{flow}'", f"the flow '{flow}'") if flow else ("los flujos", "the flows")
        yield from _unknown_slots(node, known, *where)


def _slots_of(flows: FlowSet, name: str | None) -> set[str] | None:
    """Return the slots of a flow, or of all; None for a flow that is not there. `error` is what `on_error` leaves."""
    asked = [flow for flow in flows.flows.values() if name in (None, flow.name)]
    return {"error"}.union(*map(_slots, asked)) if asked else None


def _no_flow(name: Text, flows: FlowSet) -> Problem:
    return Problem("test-flow-gone", name.place, {"name": name.value, "near": nearest(name.value, flows.flows)})


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


def check_stubs(source: Source, handlers: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each stub of a file that stands for a handler that no module registers.

    One of a test alone fails that test when nobody calls it; one of a file would never be missed.
    """
    for document in source.documents:
        stubs = document.root.get("stubs") if isinstance(document.root, Map) else None
        for key, _ in entries(stubs) if isinstance(stubs, Map) else ():
            if not is_request(key.value) and key.value not in handlers:
                near, known = nearest(key.value, list(handlers)), ", ".join(sorted(handlers)) or "–"
                yield Problem("unknown-handler", key.place, {"name": key.value, "near": near, "known": known})


# ── where a test begins ──


def check_given(given: Given, flows: FlowSet) -> Iterator[Problem]:
    """Yield a problem for each name by which a test begins inside a flow and that the flow does not have."""
    name = given.node.get("flow")
    flow = flows.flows.get(given.flow)
    if flow is None:
        if isinstance(name, Text):
            yield _no_flow(name, flows)
        return
    yield from _check_step(given.node.get("step"), flows, flow.name)
    yield from _check_inputs(given, flow)
    yield from _check_slots(given.node.get("slots"), flow)


def _check_inputs(given: Given, flow: Flow) -> Iterator[Problem]:
    values = {"flow": flow.name, "takes": ", ".join(flow.inputs) or "–"}
    node = given.node.get("with")
    for key, _ in entries(node) if isinstance(node, Map) else ():
        if key.value not in flow.inputs:
            near = nearest(key.value, flow.inputs)
            yield Problem("unknown-input", key.place, {**values, "name": key.value, "near": near})
    if given.step is None:
        for name, default in flow.inputs.items():
            if default is None and name not in {**given.inputs, **given.slots}:
                yield Problem("missing-input", given.node.place, {**values, "name": name})


def _check_slots(node: Node | None, flow: Flow) -> Iterator[Problem]:
    if not isinstance(node, Map):
        return
    yield from _unknown_slots(node, _slots(flow), f"el flujo '{flow.name}'", f"the flow '{flow.name}'")


def _unknown_slots(node: Map, known: Collection[str], where: str, where_en: str) -> Iterator[Problem]:
    for key, _ in entries(node):
        if key.value not in known:
            values = {"where": where, "where_en": where_en, "name": key.value}
            told = {"known": ", ".join(sorted(known)) or "–", "near": nearest(key.value, sorted(known))}
            yield Problem("test-slot-gone", key.place, {**values, **told})


def _slots(flow: Flow) -> dict[str, Text]:
    """Return the slots to which something in a flow gives a value."""
    known: dict[str, Text] = {}
    for document in read(flow.text, flow.place.file).documents:
        reader = FlowReader(document, KINDS, thaw(flow.around))
        reader.read()
        known |= reader.reading.slots
    return known
