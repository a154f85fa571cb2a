"""Conversation tests as they are written: `*.test.yaml` -> scripts, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.problem import Place, Problem
from botkit.flow.reader import Reading
from botkit.flow.scalar import core_value, value_of
from botkit.flow.shape import ANYTHING, FIXED_DURATION, SCALAR, Key, Shape, any_of, group, list_of, map_of, told_by
from botkit.flow.source import Map, Node, Seq, Source, Text
from botkit.testing.called import CALLED, read_called
from botkit.testing.said import BOT, OPERATOR, TAP_KEYS, USER, read_bot, read_operator, read_tap, read_user
from botkit.testing.stub_reader import STUBS, Stubs, read_stubs, stub_places
from botkit.turn.event import Named

LATER_KEYS = {key: key for key in ("config", "given", "each")}
#: What an event is besides its name.
EVENT_KEYS: dict[str, Key] = {
    "name": Key("its name", SCALAR),
    "data": Key("what comes with it", ANYTHING),
}
#: What a line `expect` may hold things to.
EXPECT_KEYS: dict[str, Key] = {
    "step": Key("the step at which the conversation stands", ANYTHING),
    "flow": Key("the flow that runs", ANYTHING),
    "running": Key("whether one runs", ANYTHING),
    "outcome": Key("how the last flow ended", ANYTHING),
    "slots": Key("slots, those that matter", ANYTHING),
    "contact": Key("what is known of the contact, as far as it matters", ANYTHING),
    "records": Key("the rows that were recorded", ANYTHING),
    "reminders": Key("the reminders that are set: their names, or each name with its time", ANYTHING),
    "handed_to": Key("the queue that has the conversation", ANYTHING),
    "failed": Key("whether something failed so far and ended what ran: true or false", ANYTHING),
}
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
    "expect": Key(
        "how things must stand: step, flow, running, outcome, slots, contact, records, reminders, handed_to, failed",
        group(EXPECT_KEYS),
    ),
    "restart": Key("the process ends and starts again", {"const": True}),
}
_LINE: Shape = {
    "type": "object",
    **told_by("tap", group(TAP_KEYS), group(LINES, minProperties=1, maxProperties=1)),
}
LATER_LINES: tuple[str, ...] = ()
#: Keys of a test, and of a file for all its tests.
_DEFAULT_KEYS: dict[str, Key] = {
    "at": Key("when it begins, in the bot's time zone: 2026-11-23 09:00 (else: a Monday at 09:00)", SCALAR),
    "contact": Key("what is known of the contact: {name: Ana, language: es}", map_of(ANYTHING)),
    "stubs": Key("what handlers return and web services answer, in order; the last repeats", STUBS),
}
TEST_KEYS: dict[str, Key] = {
    "name": Key("what it shows", SCALAR),
    **_DEFAULT_KEYS,
    "script": Key("what happens, line by line", list_of(_LINE)),
}
FILE_KEYS: dict[str, Key] = {
    "tests": Key("the tests of the file", list_of(group(TEST_KEYS, ("name", "script")))),
    **_DEFAULT_KEYS,
}
#: A Monday at nine: when a test begins that does not say.
DEFAULT_AT = datetime(2026, 1, 5, 9, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a script: its kind (LINES), its place, and its value.

    `user` has a Message, `tap` a Tapped, `bot` a tuple of Expected or a Whole, `called` a Called, `wait` seconds,
    `event` a Named, `operator` an OperatorSaid or a Release.
    """

    kind: str
    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation test. `stubs` are what handlers and web services give (stub_reader.py).

    `own_stubs` says where those stand that are not its file's.
    """

    name: str
    place: Place
    at: datetime
    contact: Mapping[str, Any]
    stubs: Stubs
    lines: tuple[Line, ...]
    own_stubs: Mapping[str, Place] = field(default_factory=dict)


def read_scripts(source: Source) -> tuple[list[Script], list[Problem]]:
    """Return the tests of a file and what is wrong with it."""
    scripts: list[Script] = []
    problems = list(source.problems)
    for document in source.documents:
        reading = Reading(document.lines)
        scripts += _read_document(document.root, reading)
        problems += reading.problems
    return scripts, problems


def _read_document(root: Node, reading: Reading) -> list[Script]:
    if not isinstance(root, Map) or "tests" not in root.entries:
        reading.report("missing-key", root, key="tests", where="un archivo de pruebas", where_en="a test file")
        return []
    fields = Fields(reading, root, "un archivo de pruebas", "a test file")
    fields.finish(FILE_KEYS, LATER_KEYS)
    tests = fields.get("tests")
    if not isinstance(tests, Seq):
        reading.wrong_type(root.entries["tests"].value, "tests", "una lista de pruebas", "a list of tests")
        return []
    return [script for node in tests.items if (script := _read_script(node, fields, reading))]


def _read_script(node: Node, defaults: Fields, reading: Reading) -> Script | None:
    if not isinstance(node, Map):
        reading.wrong_type(node, "tests", "una prueba con 'name' y 'script'", "a test with 'name' and 'script'")
        return None
    fields = Fields(reading, node, "una prueba", "a test")
    fields.require("name", "script")
    fields.finish(TEST_KEYS, LATER_KEYS)
    name = fields.text("name")
    script = fields.get("script")
    lines: list[Line] = []
    if isinstance(script, Seq):
        lines = [line for item in script.items if (line := _read_line(item, reading))]
    elif script is not None:
        reading.wrong_type(script, "script", "una lista", "a list")
    return Script(
        name.value if name else "",
        node.place,
        _read_at(fields) or _read_at(defaults) or DEFAULT_AT,
        {**_mapping(defaults, "contact"), **_mapping(fields, "contact")},
        {**read_stubs(defaults), **read_stubs(fields)},
        tuple(lines),
        stub_places(fields),
    )


def _read_at(fields: Fields) -> datetime | None:
    text = fields.text("at")
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.value).replace(tzinfo=None)
    except ValueError:
        fields.reading.wrong_type(text, "at", "una fecha y hora: 2026-11-23 09:00", "a date and time: 2026-11-23 09:00")
        return None


def _mapping(fields: Fields, key: str) -> dict[str, Any]:
    node = fields.get(key)
    if node is None:
        return {}
    if not isinstance(node, Map):
        fields.reading.wrong_type(node, key, "un mapa", "a mapping")
        return {}
    return {name: value_of(entry.value) for name, entry in node.entries.items()}


def _read_line(node: Node, reading: Reading) -> Line | None:
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
    if kind in LATER_LINES:
        reading.report("not-yet", entry.key, key=kind)
        return None
    if kind not in LINES:
        fields = Fields(reading, node, "un guion", "a script")
        fields.finish(tuple(LINES))
        return None
    if isinstance(entry.value, Text) and entry.value.empty:
        reading.report("empty-value", entry.value, key=kind)
        return None
    if kind == "wait":
        return Line(kind, node.place, Fields(reading, node, "un guion", "a script").seconds("wait") or 0.0)
    return Line(kind, node.place, _READERS[kind](entry.value, reading))


def _read_expect(node: Node, reading: Reading) -> dict[str, Any]:
    if not isinstance(node, Map):
        reading.wrong_type(node, "expect", "un mapa", "a mapping")
        return {}
    fields = Fields(reading, node, "expect", "expect")
    fields.finish(EXPECT_KEYS, {"requests": "requests"})
    return {key: value_of(entry.value) for key, entry in node.entries.items() if key in EXPECT_KEYS}


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
}
