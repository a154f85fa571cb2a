"""Conversation tests as they are written: what a script says, and every mistake at its place."""

from __future__ import annotations

from datetime import datetime

import pytest

from botkit.flow.problem import by_place
from botkit.flow.yaml_reader import read
from botkit.testing.said import Expected, Message, Tapped
from botkit.testing.script import Script, read_scripts

FILE = {"id": "f/a.png", "type": "image", "name": "a.png"}
HEAD = "tests:\n  - name: a\n    script:\n"


def scripts(text: str) -> list[Script]:
    """Return the tests of a sound file."""
    found, problems = read_scripts(read(text, "t.yaml"))
    assert problems == []
    return found


def wrong(text: str) -> list[str]:
    """Return `line:column code` of each problem."""
    problems = by_place(read_scripts(read(text, "t.yaml"))[1])
    return [f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in problems]


def test_defaults() -> None:
    """What a file says holds for its tests, merged key by key; a test begins on a Monday at nine."""
    first, second = scripts("""contact: {name: Ana, language: es}
stubs: {a.b: {return: 1}, c.d: {error: down}}
tests:
  - {name: uno, script: []}
  - name: dos
    at: 2026-11-23 10:30
    contact: {language: en}
    stubs: {a.b: [{return: }, {return: [1, no, true]}]}
    script: []
""")
    assert first.at.weekday() == 0
    assert first.at.hour == 9
    assert second.at == datetime(2026, 11, 23, 10, 30)
    assert second.contact == {"name": "Ana", "language": "en"}
    assert second.stubs == {"a.b": ({"return": None}, {"return": [1, "no", True]}), "c.d": ({"error": "down"},)}


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("user: 12:30", "user", Message("12:30")),
        ('user: ""', "user", Message("")),
        ("user: {image: f/a.png}", "user", Message(media=FILE)),
        ("user: {image: f/a.png, caption: x}", "user", Message(media={**FILE, "caption": "x"})),
        ("user: {location: [-16.5, 3]}", "user", Message(location={"latitude": -16.5, "longitude": 3})),
        ("tap: Sí", "tap", Tapped("Sí")),
        ("{tap: Sí, of: 2}", "tap", Tapped("Sí", 2)),
        ("bot: []", "bot", ()),
        ("bot: ' Hola '", "bot", (Expected(text="Hola"),)),
        ("bot: /^Ho/", "bot", (Expected(matches="^Ho"),)),
        ("bot: /", "bot", (Expected(text="/"),)),
        ("bot: ['a', 'b']", "bot", (Expected(text="a"), Expected(text="b"))),
        ("bot: {text: a, options: [No, 1]}", "bot", (Expected(text="a", options=("No", "1")),)),
        ("bot: {image: f/a.png, caption: x}", "bot", (Expected(medium=("image", "a.png"), caption="x"),)),
        ("bot: {location: [1, 2]}", "bot", (Expected(location=(1, 2)),)),
        ("bot: {contains: a, matches: b}", "bot", (Expected(contains="a", matches="b"),)),
        ("expect: {running: false, slots: {a: 1}}", "expect", {"running": False, "slots": {"a": 1}}),
        ("restart: true", "restart", True),
    ],
)
def test_lines(line: str, kind: str, value: object) -> None:
    """A line is one key and its value."""
    (found,) = scripts(f"{HEAD}      - {line}\n")[0].lines
    assert (found.kind, found.value, found.place.line) == (kind, value, 4)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("hola", ["1:1 missing-key"]),
        ("test: []\n", ["1:1 missing-key"]),
        ("tests: hola\n", ["1:8 wrong-type"]),
        ("tests: [hola]\n", ["1:9 wrong-type"]),
        ("tests: [{name: a}]\n", ["1:9 missing-key"]),
        ("tests: [{name: a, script: []}]\nconfig: x\n", ["2:9 wrong-type"]),
        ("tests: []\nstub: {}\n", ["2:1 unknown-key"]),
        ("tests: [{name: a, script: [], at: ayer}]\n", ["1:35 wrong-type"]),
        ("tests: [{name: a, script: [], stubs: {x: 5}}]\n", ["1:42 wrong-type"]),
        ("tests: [{name: a, script: x}]\n", ["1:27 wrong-type"]),
        (HEAD + "      - user:\n      - bot:\n", ["4:14 empty-value", "5:13 empty-value"]),
        (HEAD + "      - hola\n", ["4:9 not-a-script-line"]),
        (HEAD + "      - {user: a, bot: b}\n", ["4:9 not-a-script-line"]),
        (HEAD + "      - usr: a\n", ["4:9 unknown-key"]),
        (HEAD + "      - wait: 2\n", ["4:15 bad-duration"]),
        (HEAD + "      - user: [a]\n", ["4:15 wrong-type"]),
        (HEAD + "      - user: {imagen: a.png}\n", ["4:15 wrong-type"]),
        (HEAD + "      - user: {image: a.png, name: b}\n", ["4:30 unknown-key"]),
        (HEAD + "      - user: {location: [100, 3]}\n", ["4:26 wrong-type"]),
        (HEAD + "      - {tap: A, of: 0}\n", ["4:22 wrong-type"]),
        (HEAD + "      - {tap: A, on: 1}\n", ["4:18 unknown-key"]),
        (HEAD + "      - bot: {text: a, step: b}\n", ["4:15 unknown-key"]),
        (HEAD + "      - bot: Hola # ana\n", ["4:14 comment-in-text"]),
        (HEAD + "      - bot: /(/\n", ["4:14 wrong-type"]),
        (HEAD + "      - bot: {txt: a}\n", ["4:14 wrong-type"]),
        (HEAD + "      - expect: {slot: 1}\n", ["4:18 unknown-key"]),
        (HEAD + "      - expect: 1\n", ["4:17 wrong-type"]),
        (HEAD + "      - restart: no\n", ["4:18 wrong-type"]),
        ("tests: [{name: a\n", ["1:9 bracket-open"]),
    ],
)
def test_mistakes(text: str, problems: list[str]) -> None:
    """A mistake in a test file is told at its place, as in a flow."""
    assert wrong(text) == problems
