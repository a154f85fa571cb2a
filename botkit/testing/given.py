"""`given`: a test begins inside a flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.reader import Reading
from botkit.flow.scalar import value_of
from botkit.flow.shape import ANYTHING, SCALAR, Key, map_of
from botkit.flow.source import Map, Node
from botkit.turn.event import Begin

GIVEN_KEYS: dict[str, Key] = {
    "flow": Key("the flow that runs", SCALAR),
    "step": Key("the step at which it stands (else: its first one)", SCALAR),
    "slots": Key("slots that have their values by now", map_of(ANYTHING)),
    "with": Key("the inputs that it was begun with", map_of(ANYTHING)),
}


@dataclass(frozen=True, slots=True)
class Given:
    """Where a test begins: in `flow`, at `step` (None: its first), with these slots and inputs; `node` says it."""

    flow: str
    step: str | None
    slots: Mapping[str, Any]
    inputs: Mapping[str, Any]
    node: Map = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.flow} / {self.step}" if self.step else self.flow

    def event(self) -> Begin:
        """Return what lets the flow begin there."""
        return Begin(self.flow, dict(self.inputs), self.step, dict(self.slots))


def read_given(node: Node | None, reading: Reading) -> Given | None:
    """Read `given`; None where there is none, or no flow can be told."""
    if node is None:
        return None
    if not isinstance(node, Map):
        reading.wrong_type(node, "given", "un mapa con 'flow'", "a mapping with 'flow'")
        return None
    fields = Fields(reading, node, "given", "given")
    fields.require("flow")
    fields.finish(GIVEN_KEYS)
    flow, step = fields.text("flow"), fields.text("step")
    slots, inputs = (_values(fields, key) for key in ("slots", "with"))
    return Given(flow.value, step.value if step else None, slots, inputs, node) if flow else None


def _values(fields: Fields, key: str) -> dict[str, Any]:
    node = fields.get(key)
    if node is not None and not isinstance(node, Map):
        fields.reading.wrong_type(node, key, "un mapa de nombres a valores", "a mapping of names to values")
    return {name: value_of(entry.value) for name, entry in node.entries.items()} if isinstance(node, Map) else {}
