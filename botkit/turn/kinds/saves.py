"""`save`: where the outcome of a step goes.

Three forms: a slot, `contact.field` (both take the bare value), or `{slot: expression}` over the names of the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.scalar import entries
from botkit.flow.source import Map
from botkit.flow.text import Expression
from botkit.turn.leg import Leg


@dataclass(frozen=True, slots=True)
class Saves:
    """What `save` says: the slot that takes the bare value, or slots with the expressions that give theirs."""

    bare: str | None = None
    parts: tuple[tuple[str, Expression], ...] = ()


def read_saves(fields: StepFields, names: Sequence[str]) -> Saves:
    """Read the key `save`; `names` are what its expressions may read besides slots and fixed names."""
    node = fields.get("save")
    if not isinstance(node, Map):
        return Saves(fields.save())
    if not node.entries:
        fields.report("empty-value", node, key="save")
    return Saves(parts=tuple(_read_parts(fields, node, names)))


def _read_parts(fields: StepFields, node: Map, names: Sequence[str]) -> Iterator[tuple[str, Expression]]:
    inner = Fields(fields.reading, node, "save", "save")
    for key, _ in entries(node):
        slot = fields.reading.slot(key)
        expression = inner.expression(key.value, names)
        if slot and expression:
            yield slot, expression


def store(leg: Leg, saves: Saves, bare: Any, **names: Any) -> None:
    """Save an outcome: `bare` where one slot takes it, else what the expressions make of `names`, top to bottom."""
    if saves.bare:
        leg.assign(saves.bare, bare)
    for slot, expression in saves.parts:
        leg.assign(slot, expression.evaluate(leg.scope(**names)))
