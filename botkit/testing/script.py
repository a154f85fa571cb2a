"""Conversation tests as they are written: `*.test.yaml` -> scripts, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.level import LEVELS, Level
from botkit.flow.problem import Place, Problem, by_place
from botkit.flow.reader import Reading
from botkit.flow.scalar import value_of
from botkit.flow.shape import ANYTHING, SCALAR, Key, Shape, chosen, group, list_of, map_of, ref, told_by
from botkit.flow.source import Map, Node, Seq, Source, merged
from botkit.testing.each import EACH, ROWS, Case, filled_later, spread
from botkit.testing.given import GIVEN_KEYS, Given, read_given
from botkit.testing.line import LINE, Line, read_line, read_load
from botkit.testing.stub_reader import STUBS, Stubs, read_stubs, stub_places

_CONFIG = "settings for this test, merged into config.yaml key by key: {bot: {language: en}}"
#: Keys of a test, and of a file for all its tests.
DEFAULT_KEYS: dict[str, Key] = {
    "at": Key("when it begins, in the bot's time zone: 2026-11-23 09:00 (else: a Monday at 09:00)", SCALAR),
    "contact": Key("what is known of the contact: {name: Ana, language: es}", map_of(ANYTHING)),
    "load": Key("how loaded the channel is when it begins: green (else), yellow, black", chosen(LEVELS)),
    "stubs": Key("what handlers return and web services answer, in order; the last repeats", STUBS),
    "config": Key(_CONFIG, ref("settings")),
}
TEST_KEYS: dict[str, Key] = {
    "name": Key("what it shows", SCALAR),
    **DEFAULT_KEYS,
    "given": Key("it begins inside a flow: {flow, step, slots, with}", group(GIVEN_KEYS, ("flow",))),
    EACH: Key("rows of names and values: the test is played for each, with {{ name }} filled in", ROWS),
    "script": Key("what happens, line by line", list_of(LINE)),
}
_NEEDED = ("name", "script")
_WITH_ROWS = filled_later(group({**TEST_KEYS, "config": Key(_CONFIG, map_of(ANYTHING))}, _NEEDED))
_TEST: Shape = told_by(EACH, _WITH_ROWS, group(TEST_KEYS, _NEEDED))
FILE_KEYS: dict[str, Key] = {
    "tests": Key("the tests of the file", list_of({"type": "object", **_TEST})),
    **DEFAULT_KEYS,
}
#: A Monday at nine: when a test begins that does not say.
DEFAULT_AT = datetime(2026, 1, 5, 9, 0)


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation test. `stubs` are what handlers and web services give (stub_reader.py).

    `own_stubs` says where those stand that are not its file's, `config` is what it merges into config.yaml, `row` the
    place of its row, where it has one.
    """

    name: str
    place: Place
    at: datetime
    contact: Mapping[str, Any]
    stubs: Stubs
    lines: tuple[Line, ...]
    own_stubs: Mapping[str, Place] = field(default_factory=dict)
    config: Map | None = None
    given: Given | None = None
    row: Place | None = None
    load: Level = "green"


def read_scripts(source: Source) -> tuple[list[Script], list[Problem]]:
    """Return the tests of a file, one for each row of those with a table, and what is wrong with it."""
    scripts: list[Script] = []
    problems = list(source.problems)
    for document in source.documents:
        reading = Reading(document.lines)
        scripts += _read_document(document.root, reading)
        problems += by_place(reading.problems)  # rows repeat what is wrong with their test
    return scripts, problems


def _read_document(root: Node, reading: Reading) -> list[Script]:
    if not isinstance(root, Map) or "tests" not in root.entries:
        reading.report("missing-key", root, key="tests", where="un archivo de pruebas", where_en="a test file")
        return []
    fields = Fields(reading, root, "un archivo de pruebas", "a test file")
    fields.finish(FILE_KEYS)
    tests = fields.get("tests")
    if not isinstance(tests, Seq):
        reading.wrong_type(root.entries["tests"].value, "tests", "una lista de pruebas", "a list of tests")
        return []
    return [script for node in tests.items for script in _read_test(node, fields, reading)]


def _read_test(node: Node, defaults: Fields, reading: Reading) -> list[Script]:
    if not isinstance(node, Map):
        reading.wrong_type(node, "tests", "una prueba con 'name' y 'script'", "a test with 'name' and 'script'")
        return []
    return [_read_script(case, defaults, reading) for case in spread(node, reading)]


def _read_script(case: Case, defaults: Fields, reading: Reading) -> Script:
    fields = Fields(reading, case.node, "una prueba", "a test")
    fields.require(*_NEEDED)
    fields.finish(TEST_KEYS)
    name = fields.text("name")
    return Script(
        (name.value if name else "") + case.suffix,
        case.node.place,
        _read_at(fields) or _read_at(defaults) or DEFAULT_AT,
        {**_mapping(defaults, "contact"), **_mapping(fields, "contact")},
        {**read_stubs(defaults), **read_stubs(fields)},
        _read_lines(fields, reading),
        stub_places(fields),
        _read_config(defaults, fields),
        read_given(fields.get("given"), reading),
        case.row.place if case.row else None,
        read_load(fields if "load" in fields else defaults),
    )


def _read_lines(fields: Fields, reading: Reading) -> tuple[Line, ...]:
    script = fields.get("script")
    if isinstance(script, Seq):
        return tuple(line for item in script.items if (line := read_line(item, reading)))
    if script is not None:
        reading.wrong_type(script, "script", "una lista", "a list")
    return ()


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
    node = _map(fields, key)
    return {name: value_of(entry.value) for name, entry in node.entries.items()} if node else {}


def _map(fields: Fields, key: str) -> Map | None:
    node = fields.get(key)
    if node is not None and not isinstance(node, Map):
        fields.reading.wrong_type(node, key, "un mapa", "a mapping")
    return node if isinstance(node, Map) else None


def _read_config(defaults: Fields, fields: Fields) -> Map | None:
    """Return what a test merges into config.yaml: its file's settings, and its own on top."""
    below, above = _map(defaults, "config"), _map(fields, "config")
    return merged(below, above) if below and above else above or below
