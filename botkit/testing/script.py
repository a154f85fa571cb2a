"""Conversation tests as they are written: `*.test.yaml` -> scripts, with every mistake at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.problem import Place, Problem
from botkit.flow.reader import Reading
from botkit.flow.scalar import core_value
from botkit.flow.source import Map, Node, Seq, Source, Text

FILE_KEYS = ("tests", "at", "contact", "stubs")
TEST_KEYS = ("name", "at", "contact", "stubs", "script")
LATER_KEYS = {key: key for key in ("config", "given", "each")}
#: What a line of a script may be -> one sentence.
LINES: dict[str, str] = {
    "user": "the person writes this",
    "tap": "the person taps the option with this label",
    "bot": "the bot must say this now; [] is silence",
    "expect": "how things must stand: step, flow, running, outcome, slots, contact, records",
    "restart": "the process ends and starts again",
}
LATER_LINES = ("wait", "event", "operator", "called")
EXPECT_KEYS = ("step", "flow", "running", "outcome", "slots", "contact", "records")
BUBBLE_KEYS = ("text", "contains", "matches", "options")
#: A Monday at nine: when a test begins that does not say.
DEFAULT_AT = datetime(2026, 1, 5, 9, 0)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one bubble must be; None does not matter."""

    text: str | None = None
    contains: str | None = None
    matches: str | None = None
    options: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a script: its kind (LINES), its place, and its value (`bot`: a tuple of Expected)."""

    kind: str
    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation test. `stubs` are handler name -> results in order, `{return: …}` or `{error: …}`."""

    name: str
    place: Place
    at: datetime
    contact: Mapping[str, Any]
    stubs: Mapping[str, tuple[Mapping[str, Any], ...]]
    lines: tuple[Line, ...]


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
        {**_read_stubs(defaults), **_read_stubs(fields)},
        tuple(lines),
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


def _read_stubs(fields: Fields) -> dict[str, tuple[Mapping[str, Any], ...]]:
    stubs: dict[str, tuple[Mapping[str, Any], ...]] = {}
    node = fields.get("stubs")
    if node is not None and not isinstance(node, Map):
        fields.reading.wrong_type(node, "stubs", "un mapa de handler a resultados", "a mapping of handler to results")
        return {}
    for name, entry in node.entries.items() if node else ():
        given = entry.value.items if isinstance(entry.value, Seq) else [entry.value]
        results = []
        for item in given:
            if isinstance(item, Map) and set(item.entries) in ({"return"}, {"error"}):
                results.append({key: value_of(inner.value) for key, inner in item.entries.items()})
            else:
                fields.reading.wrong_type(item, name, "{return: …} o {error: …}", "{return: …} or {error: …}")
        stubs[name] = tuple(results)
    return stubs


def _read_line(node: Node, reading: Reading) -> Line | None:
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
    return Line(kind, node.place, _READERS[kind](entry.value, reading, kind))


def _read_text(node: Node, reading: Reading, kind: str) -> str:
    if isinstance(node, Text):
        return node.value
    reading.not_a_text(node, kind)
    return ""


def _read_bot(node: Node, reading: Reading, kind: str) -> tuple[Expected, ...]:
    items = node.items if isinstance(node, Seq) else [node]
    return tuple(expected for item in items if (expected := _read_expected(item, reading)))


def _read_expected(node: Node, reading: Reading) -> Expected | None:
    if isinstance(node, Text):
        said = reading.prose(node, "bot").value.strip()
        if len(said) > 2 and said.startswith("/") and said.endswith("/"):
            return Expected(matches=_pattern(node, said[1:-1], reading))
        return Expected(text=said)
    if isinstance(node, Map) and any(key in BUBBLE_KEYS for key in node.entries):
        fields = Fields(reading, node, "bot", "bot")
        fields.finish(BUBBLE_KEYS, {key: key for key in ("image", "document", "caption", "step", "silent")})
        text, contains, matches = fields.text("text"), fields.text("contains"), fields.text("matches")
        return Expected(
            text.value.strip() if text else None,
            contains.value.strip() if contains else None,
            _pattern(matches, matches.value, reading) if matches else None,
            tuple(item.value for item in fields.texts("options")) if "options" in fields else None,
        )
    reading.not_a_text(node, "bot")
    return None


def _pattern(node: Node, pattern: str, reading: Reading) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        reading.wrong_type(node, "matches", f"una expresión regular ({error})", f"a regular expression ({error})")
        return ""
    return pattern


def _read_expect(node: Node, reading: Reading, kind: str) -> dict[str, Any]:
    if not isinstance(node, Map):
        reading.wrong_type(node, "expect", "un mapa", "a mapping")
        return {}
    fields = Fields(reading, node, "expect", "expect")
    fields.finish(EXPECT_KEYS, {key: key for key in ("reminders", "handed_to", "requests")})
    return {key: value_of(entry.value) for key, entry in node.entries.items() if key in EXPECT_KEYS}


def _read_restart(node: Node, reading: Reading, kind: str) -> bool:
    if not isinstance(node, Text) or core_value(node) is not True:
        reading.wrong_type(node, "restart", "true", "true")
    return True


_READERS = {"user": _read_text, "tap": _read_text, "bot": _read_bot, "expect": _read_expect, "restart": _read_restart}


def value_of(node: Node) -> Any:
    """Return a node as data, by YAML's core schema."""
    if isinstance(node, Text):
        return core_value(node)
    if isinstance(node, Seq):
        return [value_of(item) for item in node.items]
    return {key: value_of(entry.value) for key, entry in node.entries.items()}
