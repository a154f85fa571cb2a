"""`set`: assigns slots, top to bottom, each seeing those above."""

from __future__ import annotations

from botkit.flow.kind import StepFields
from botkit.flow.scalar import entries
from botkit.flow.shape import ANYTHING, Key, map_of
from botkit.flow.source import Map
from botkit.flow.text import Data
from botkit.flow.values import is_choice, plain
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg

Assignments = tuple[tuple[str, Data], ...]


def read(fields: StepFields) -> Assignments:
    """Read the assignments."""
    fields.exit("next")
    node = fields.get("set")
    if not isinstance(node, Map):
        if node is not None:
            fields.reading.wrong_type(node, "set", "un mapa de nombre a valor", "a mapping of name to value")
        return ()
    out = []
    for key, value in entries(node):
        data = fields.reading.data(value)
        name = fields.reading.slot(key)
        if name:
            out.append((name, data))
    return tuple(out)


def enter(leg: Leg, assignments: Assignments) -> None:
    """Assign and go on."""
    for slot, data in assignments:
        value = data.value(leg.scope())
        leg.assign(slot, plain(value) if is_choice(value) else value)  # in a list a chosen option keeps its label
    leg.move("next")


SET = StepKind("set", "assigns slots", {"set": Key("slot: value, top to bottom", map_of(ANYTHING))}, read, enter=enter)
