"""`end`: ends the flow with an outcome."""

from __future__ import annotations

from dataclasses import dataclass, field

from botkit.flow.fields import Fields
from botkit.flow.kind import Ending, StepFields
from botkit.flow.shape import NAMED, SCALAR, TRUTH, Key, any_of, group
from botkit.flow.source import Map
from botkit.flow.text import Data
from botkit.flow.values import plain
from botkit.turn.kind import StepKind
from botkit.turn.kinds.arguments import named_nodes, read_named
from botkit.turn.leg import Leg

#: Keys of the long form.
KEYS: dict[str, Key] = {
    "outcome": Key("the outcome (else: done)", SCALAR),
    "return": Key("what the calling flow gets: a mapping, or a list of slots", NAMED),
    "all": Key("true: everything below ends too, with this outcome", TRUTH),
}


@dataclass(frozen=True, slots=True)
class End:
    """An end: its outcome, what the caller gets, and whether everything below ends too."""

    outcome: str = "done"
    values: Data = field(default_factory=lambda: Data({}))
    all: bool = False


def read(fields: StepFields) -> End:
    """Read the outcome: a word, or `{outcome, return, all}`."""
    node = fields.get("end")
    if isinstance(node, Map):
        inner = Fields(fields.reading, node, "end", "end")
        inner.finish(KEYS)
        text, values, every = inner.text("outcome"), read_named(inner, "return"), inner.truth("all")
        fields.end(Ending(text, named_nodes(inner, "return"), every))
    else:
        text = fields.text("end") if node is not None and not getattr(node, "empty", False) else None
        values, every = Data({}), False
        fields.end(Ending(text))
    if text is None:
        return End("done", values, every)
    if "{{" in text.value:
        fields.reading.wrong_type(text, "end", "una palabra fija, sin {{ }}", "a fixed word, without {{ }}")
    return End(text.value, values, every)


def enter(leg: Leg, end: End) -> None:
    """End the flow, or all of them."""
    if end.all:
        leg.quit(end.outcome)
    else:
        leg.finish(end.outcome, {name: plain(value) for name, value in end.values.value(leg.scope()).items()})


END = StepKind(
    "end",
    "ends the flow with an outcome",
    {"end": Key("the outcome, or {outcome, return, all}", any_of(SCALAR, group(KEYS)))},
    read,
    enter=enter,
)
