"""`each`: a test for every row of a table, and what is wrong with a table."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.flow.problem import Problem
from botkit.flow.yaml_reader import read
from botkit.schema import schema
from botkit.testing.each import EACH, filled_later
from botkit.testing.script import Script, read_scripts
from tests.schema.editor import refused


def read_test(text: str) -> tuple[list[Script], list[Problem]]:
    """Return the scripts of one test, and its problems."""
    lines = "".join(f"    {line}\n" for line in text.strip().splitlines())
    return read_scripts(read(f"tests:\n  -\n{lines}", "f.test.yaml"))


def scripts(text: str) -> list[Script]:
    """Return the scripts of one test without errors, which the schema accepts, too."""
    found, problems = read_test(text)
    assert [f"{each.place}: {each.message('en')}" for each in problems if each.severity == "error"] == []
    assert refused("tests", f"tests: [{{name: a, script: []}}]\n---\ntests:\n  -\n{indented(text)}") == []
    return found


def indented(text: str) -> str:
    """Return a test below the dash of its list."""
    return "".join(f"    {line}\n" for line in text.strip().splitlines())


@pytest.mark.parametrize(
    ("name", "rows", "names"),
    [
        ("pide", "[{n: 1, dia: hoy}, {n: 2, dia: ayer}]", ["pide (n: 1, dia: hoy)", "pide (n: 2, dia: ayer)"]),
        ("pide {{ n }}", "[{n: 1}, {n: 2}]", ["pide 1", "pide 2"]),
        ('"{{ n }}"', "[{n: uno}, {n: dos}]", ["uno", "dos"]),
        ("pide {{ n }}", "[{n: 1, m: 1}, {n: 1, m: 2}]", ["pide 1", "pide 1 #2"]),
        ("pide", "[{n: [1], m: {a: 1}}]", ["pide (n: […], m: {a: …})"]),
        ("pide", f"[{{n: {'x' * 40}}}]", [f"pide (n: {'x' * 30})"]),
    ],
)
def test_names(name: str, rows: str, names: list[str]) -> None:
    """The name of each test shows its row: by itself where it uses the row's names, else behind it; no two are one."""
    assert [script.name for script in scripts(f"name: {name}\neach: {rows}\nscript: []\n")] == names


@pytest.mark.parametrize(
    ("line", "row", "value"),
    [
        ("user: somos {{ n }}", "{n: 3}", "somos 3"),
        ("user: '{{ n }}{{ m }}'", "{n: 3, m: a}", "3a"),
        ("user: '{{ n }}.'", "{n: }", "."),
        ("user: '{{a.b}}'", "{a: {b: hondo}}", "hondo"),
        ("wait: '{{ n }}'", "{n: 2h}", 7200.0),
        ("expect: {slots: {n: '{{ n }}'}}", "{n: 3}", {"slots": {"n": 3}}),
        ("expect: {slots: {n: '{{ n }}'}}", "{n: '3'}", {"slots": {"n": "3"}}),
        ("expect: {slots: {n: 'x{{ n }}'}}", "{n: 3}", {"slots": {"n": "x3"}}),
        ("expect: '{{ all }}'", "{all: {running: false}}", {"running": False}),
        ("expect: {requests: '{{ n }}'}", "{n: 2}", {"requests": 2}),
        ("restart: '{{ n }}'", "{n: true}", True),
    ],
)
def test_values(line: str, row: str, value: Any) -> None:
    """A text that is one name becomes the row's value as it is; in a longer one it is printed."""
    (script,) = scripts(f"name: a\neach: [{row}]\nscript:\n  - {line}\n")
    found = script.lines[0].value
    assert getattr(found, "text", found) == value


def test_bubbles() -> None:
    """A row may give the bubbles that are expected, one or several."""
    rows = 'each: [{said: Hola}, {said: ["Hola", "¿Qué tal?"]}, {said: []}]'
    found = scripts(f"name: a\n{rows}\nscript:\n  - bot: '{{{{ said }}}}'\n")
    assert [len(script.lines[0].value) for script in found] == [1, 2, 0]


def test_everywhere() -> None:
    """Names stand for values of every key of a test."""
    (script,) = scripts(
        "name: a\neach: [{lang: en, at: 2026-11-23 10:00, step: dia, out: 5}]\nat: '{{ at }}'\n"
        "contact: {language: '{{ lang }}'}\nconfig: {bot: {language: '{{ lang }}'}}\n"
        "given: {flow: f, step: '{{ step }}'}\nstubs: {a.b: {return: '{{ out }}'}}\nscript: []\n"
    )
    assert (script.at.hour, script.contact, script.stubs["a.b"]) == (10, {"language": "en"}, ({"return": 5},))
    assert script.given is not None
    assert script.given.step == "dia"


def test_request_as_written() -> None:
    """The braces of a request as the flow writes it are its own, where no row has that name."""
    (script,) = scripts("name: a\neach: [{n: 1}]\nscript:\n  - called: {http: 'GET crm/{{ id }}/{{ n }}'}\n")
    assert script.lines[0].value.name == "GET crm/{{ id }}/1"


def test_without_rows() -> None:
    """Without a table braces are what they look like."""
    (script,) = scripts("name: a\nscript:\n  - user: '{{ n }}'\n")
    assert script.lines[0].value.text == "{{ n }}"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("name: a\neach: 3\nscript: []", ["4:11 wrong-type"]),
        ("name: a\neach: []\nscript: []", ["4:11 wrong-type"]),
        ("name: a\neach: {n: [1, 2]}\nscript: []", ["4:11 wrong-type"]),
        ("name: a\neach: [3, {}, {n: 1}]\nscript: []", ["4:12 wrong-type", "4:15 wrong-type", "4:20 each-unused"]),
        ("name: a\neach: [{a b: 1}]\nscript: []", ["4:13 bad-name"]),
        (
            "name: a\neach: [{m: 1, n: 1}, {n: 2, l: 1}]\nscript:\n- user: 'x {{ n }}'",
            ["4:13 each-unused", "4:33 each-unused"],
        ),
        ("name: 'a {{ m }}'\neach: [{m: 1, n: {o: 1}}]\nscript:\n- bot: {text: 'x {{ n.o }}'}", []),
        ("name: a\neach: [{n: 1, m: 2}]\nscript:\n- user: '{{ n }} {{ mm }}'", ["6:25 each-name"]),
        ("name: a\neach: [{n: 1}]\nscript:\n- user: 'x {{ m }}'", ["6:19 each-name"]),
        ("name: a\neach: [{n: 1}]\nscript:\n- user: 'x {{ n | upper }}'", ["6:19 each-name"]),
        ("name: a\neach: [{n: 1}]\nscript:\n- user: 'x {{ }}'", ["6:13 each-name"]),
        ("name: a\neach: [{n: 1}, {m: 1}]\nscript:\n- user: '{{ n }}'", ["4:20 missing-key"]),
        ("name: a\neach: [{n: [1]}]\nscript:\n- user: 'x {{ n }}'", ["4:16 wrong-type"]),
        ("name: a\neach: [{n: 1}, {n: 2h}]\nscript:\n- wait: '{{ n }}'", ["4:16 bad-duration"]),
        ("name: a\neach: [{n: 1}, {n: 2}]\nscript:\n- wait: soon", ["4:13 each-unused", "6:13 bad-duration"]),
    ],
)
def test_mistakes(text: str, problems: list[str]) -> None:
    """What is wrong with a row is told at the row, what is wrong with its test there, and once."""
    found = read_test(text)[1]
    assert [f"{each.place.line}:{each.place.column} {each.code}" for each in found] == problems


def test_near_name() -> None:
    """A misspelt name gets the one that is meant; else the names that there are."""
    found = read_test("name: a\neach: [{plato: 1, dia: 2}]\nscript:\n- user: '{{ platos }} {{ x }}'")[1]
    assert found[0].advice("en") == "did you mean 'plato'?"
    assert "plato, dia" in found[1].advice("en")


def test_shape() -> None:
    """What rows are filled into may be a name wherever there is a value, and is as narrow as ever elsewhere."""
    assert schema("tests")["definitions"]["settings"]
    loosened = filled_later({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    assert loosened["required"] == ["n"]
    assert loosened["properties"]["n"]["anyOf"][0] == {"type": "integer"}
    assert refused("tests", f"tests: [{{name: a, {EACH}: [{{n: 1}}], script: [{{wait: 'soon'}}]}}]\n") != []
    assert refused("tests", "tests: [{name: a, script: [{wait: '{{ n }}'}]}]\n") != []
