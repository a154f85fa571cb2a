"""`call`: runs another flow and comes back. The caller waits below it on the stack, at this step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from botkit.errors import EvaluationError
from botkit.flow.fields import Fields
from botkit.flow.kind import FlowUse, StepFields
from botkit.flow.shape import NAMED, SAVE, SCALAR, TARGET, Key, map_of
from botkit.flow.source import Map, Text
from botkit.flow.text import Data
from botkit.flow.values import plain
from botkit.turn.kind import StepKind
from botkit.turn.kinds.arguments import named_nodes, read_named
from botkit.turn.kinds.saves import Saves, read_saves, store
from botkit.turn.leg import Leg
from botkit.turn.position import Returned


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the flow, what it is given, where what it returns goes, and the outcomes that have a way of their own."""

    flow: str
    inputs: Data
    saves: Saves
    outcomes: frozenset[str]


def read(fields: StepFields) -> Call:
    """Read the call."""
    name, inputs = fields.text("call"), named_nodes(fields, "with")
    fields.exit("next")
    outcomes = _read_outcomes(fields)
    if name:
        fields.call_flow(FlowUse(name, inputs, outcomes))
    return Call(
        flow=name.value if name else "",
        inputs=read_named(fields, "with"),
        saves=read_saves(fields, ("returned", "outcome")),
        outcomes=frozenset(outcomes),
    )


def _read_outcomes(fields: StepFields) -> Mapping[str, Text]:
    node = fields.get("on")
    if node is None:
        return {}
    if not isinstance(node, Map):
        fields.reading.wrong_type(node, "on", "un mapa de final a destino", "a mapping of outcome to target")
        return {}
    inner = Fields(fields.reading, node, "on", "on")
    for outcome, entry in node.entries.items():
        if isinstance(entry.value, Text) and entry.value.empty:
            inner.report("split-by-comma" if node.in_flow else "empty-value", entry.key, key=outcome)
        else:
            fields.exit("returned", entry.value, outcome)
    return {outcome: entry.key for outcome, entry in node.entries.items()}


def enter(leg: Leg, call: Call) -> None:
    """Begin the flow on top of this one."""
    flow = leg.flows.called(leg.current.flow, call.flow)
    if flow is None:
        raise EvaluationError(f"the flow '{call.flow}' is no longer there", leg.step.place)
    given = {name: plain(value) for name, value in call.inputs.value(leg.scope()).items()}
    leg.call_flow(flow, {name: value for name, value in given.items() if name in flow.inputs})


def back(leg: Leg, call: Call, returned: Returned) -> None:
    """Store what the flow returned, and go on by its outcome."""
    values = dict(returned.values)
    store(leg, call.saves, values, returned=values, outcome=returned.outcome)
    if returned.outcome in call.outcomes:
        leg.move("returned", returned.outcome)
    else:
        leg.move("next")


CALL = StepKind(
    "call",
    "runs another flow and comes back",
    {
        "call": Key("the flow's name", SCALAR),
        "with": Key("what its `inputs` get: a mapping, or a list of slots", NAMED),
        "save": Key("the slot that takes what it returned, or {slot: expression over returned, outcome}", SAVE),
        "on": Key("outcome: target; any other outcome goes on", map_of(TARGET)),
    },
    read,
    listens=True,
    enter=enter,
    back=back,
)
