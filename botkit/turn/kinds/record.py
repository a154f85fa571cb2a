"""`record`: appends a row to the flow's results."""

from __future__ import annotations

from botkit.flow.kind import StepFields
from botkit.flow.shape import ANYTHING, SCALAR, Key, any_of, list_of, map_of
from botkit.flow.source import Map
from botkit.flow.text import Data
from botkit.flow.values import plain
from botkit.turn.effect import Record
from botkit.turn.kind import StepKind
from botkit.turn.kinds.arguments import read_named
from botkit.turn.leg import Leg


def read(fields: StepFields) -> Data:
    """Read the columns: a mapping, or a list of slots by name."""
    fields.exit("next")
    node = fields.get("record")
    if isinstance(node, Map) and not node.entries:
        fields.report("empty-value", node, key="record")
    return read_named(fields, "record")


def enter(leg: Leg, columns: Data) -> None:
    """Append the row and go on."""
    row = {name: plain(value) for name, value in columns.value(leg.scope()).items()}
    leg.effects.append(Record(leg.current.flow.name, row))
    leg.move("next")


RECORD = StepKind(
    "record",
    "appends a row to the flow's results",
    {"record": Key("column: value, or a list of slots", any_of(map_of(ANYTHING, least=1), list_of(SCALAR)))},
    read,
    enter=enter,
)
