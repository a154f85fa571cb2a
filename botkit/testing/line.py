"""A line of a script: what may stand in one, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from botkit.flow.fields import Fields
from botkit.flow.level import LEVELS, Level
from botkit.flow.problem import Place
from botkit.flow.reader import Reading
from botkit.flow.scalar import core_value, value_of
from botkit.flow.shape import (
    ANYTHING,
    FIXED_DURATION,
    SCALAR,
    TRUTH,
    Key,
    Shape,
    any_of,
    chosen,
    group,
    map_of,
    told_by,
    whole,
)
from botkit.flow.source import Map, Node, Text
from botkit.testing.called import CALLED, read_called
from botkit.testing.said import BOT, OPERATOR, TAP_KEYS, USER, read_bot, read_operator, read_tap, read_user
from botkit.turn.event import Named

#: What an event is besides its name.
EVENT_KEYS: dict[str, Key] = {
    "name": Key("its name", SCALAR),
    "data": Key("what comes with it", ANYTHING),
}
#: What a line `expect` may hold things to.
EXPECT_KEYS: dict[str, Key] = {
    "step": Key("the step at which the conversation stands", ANYTHING),
    "flow": Key("the flow that runs", ANYTHING),
    "running": Key("whether one runs", TRUTH),
    "outcome": Key("how the last flow ended", ANYTHING),
    "slots": Key("slots, those that matter", map_of(ANYTHING)),
    "contact": Key("what is known of the contact, as far as it matters", map_of(ANYTHING)),
    "records": Key("the rows that were recorded", ANYTHING),
    "reminders": Key("the reminders that are set: their names, or each name with its time", ANYTHING),
    "handed_to": Key("the queue that has the conversation", ANYTHING),
    "failed": Key("whether something failed so far and ended what ran: true or false", TRUTH),
    "requests": Key("how many requests of the gateway what was said since the last input takes", whole(0)),
}
#: Those that are true or false, and those of which a test names the parts that matter.
_TRUTHS = frozenset({"running", "failed"})
_PARTS = frozenset({"slots", "contact"})
#: What a line of a script may be.
LINES: dict[str, Key] = {
    "user": Key("the person writes this, or sends {image: foto.png, caption: …} or {location: [lat, lon]}", USER),
    "tap": Key("the person taps the option with this label; with of: 2 on the second menu shown", SCALAR),
    "bot": Key("the bot must say this now; [] is silence", BOT),
    "called": Key(
        "the bot made this call since the last input: {run: name, with: …} or {http: POST service/path, json: …}",
        CALLED,
    ),
    "wait": Key("this much time passes, and what falls due in it happens: 2h", FIXED_DURATION),
    "event": Key(
        "a named event comes from outside: its name, or {name, data}", any_of(SCALAR, group(EVENT_KEYS, ("name",)))
    ),
    "operator": Key(
        "the business writes this on its phone; or {reply: text} from its desk, or {release: true}", OPERATOR
    ),
    "load": Key("how loaded the channel is from now on: `load` in the flow", chosen(LEVELS)),
    "undelivered": Key(
        "the last message whose step has `on_failed` is refused for good, and this is why: `error` in the flow", SCALAR
    ),
    "expect": Key(
        "how things must stand: step, flow, running, outcome, slots, contact, records, reminders, handed_to, failed,"
        " requests",
        group(EXPECT_KEYS),
    ),
    "restart": Key("the process ends and starts again", {"const": True}),
}
LINE: Shape = {
    "type": "object",
    **told_by("tap", group(TAP_KEYS), group(LINES, minProperties=1, maxProperties=1)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a script: its kind (LINES), its place, and its value.

    `user` has a Message, `tap` a Tapped, `bot` a tuple of Expected or a Whole, `called` a Called, `wait` seconds,
    `event` a Named, `operator` an OperatorSaid or a Release, `load` a Level, `undelivered` a text.
    """

    kind: str
    place: Place
    value: Any


def read_line(node: Node, reading: Reading) -> Line | None:
    """Read a line of a script; None, with the problem noted, for what is none."""
    if isinstance(node, Map) and "tap" in node.entries:
        return Line("tap", node.place, read_tap(node, reading))
    if isinstance(node, Text) and node.value.partition(" ")[0] in LINES:
        reading.report("missing-colon", node)
        return None
    if not isinstance(node, Map) or len(node.entries) != 1:
        reading.report("not-a-script-line", node, known=", ".join(LINES))
        return None
    entry = next(iter(node.entries.values()))
    kind = entry.key.value
    if kind not in LINES:
        fields = Fields(reading, node, "un guion", "a script")
        fields.finish(tuple(LINES))
        return None
    if isinstance(entry.value, Text) and entry.value.empty:
        reading.report("empty-value", entry.value, key=kind)
        return None
    if kind == "wait":
        return Line(kind, node.place, Fields(reading, node, "un guion", "a script").seconds("wait") or 0.0)
    if kind == "load":
        return Line(kind, node.place, read_load(Fields(reading, node, "un guion", "a script")))
    return Line(kind, node.place, _READERS[kind](entry.value, reading))


def read_load(fields: Fields) -> Level:
    """Read how loaded the channel is; green where that is not said."""
    return cast(Level, fields.choice("load", LEVELS, "green"))


def _read_expect(node: Node, reading: Reading) -> dict[str, Any]:
    if not isinstance(node, Map):
        reading.wrong_type(node, "expect", "un mapa", "a mapping")
        return {}
    fields = Fields(reading, node, "expect", "expect")
    fields.finish(EXPECT_KEYS)
    wanted = {key: value_of(entry.value) for key, entry in node.entries.items() if key in EXPECT_KEYS}
    if "requests" in wanted:
        wanted["requests"] = fields.integer("requests", least=0)
    for key in _TRUTHS & wanted.keys():
        if not isinstance(wanted[key], bool):
            reading.wrong_type(node.entries[key].value, key, "true o false", "true or false")
    for key in _PARTS & wanted.keys():
        if not isinstance(wanted[key], dict):
            expected = "nombres con sus valores: {nombre: Ana}", "names with their values: {name: Ana}"
            reading.wrong_type(node.entries[key].value, key, *expected)
    return wanted


def _read_event(node: Node, reading: Reading) -> Named:
    if isinstance(node, Text) and not node.empty:
        return Named(node.value)
    if not isinstance(node, Map):
        reading.wrong_type(node, "event", "un nombre, o {name, data}", "a name, or {name, data}")
        return Named("")
    fields = Fields(reading, node, "event", "event")
    fields.require("name")
    fields.finish(EVENT_KEYS)
    name, data = fields.text("name"), fields.get("data")
    return Named(name.value if name else "", value_of(data) if data is not None else None)


def _read_reason(node: Node, reading: Reading) -> str:
    if isinstance(node, Text):
        return node.value
    reading.not_a_text(node, "undelivered")
    return ""


def _read_restart(node: Node, reading: Reading) -> bool:
    if not isinstance(node, Text) or core_value(node) is not True:
        reading.wrong_type(node, "restart", "true", "true")
    return True


_READERS = {
    "user": read_user,
    "bot": read_bot,
    "called": read_called,
    "event": _read_event,
    "expect": _read_expect,
    "operator": read_operator,
    "restart": _read_restart,
    "undelivered": _read_reason,
}
