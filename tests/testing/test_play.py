"""Playing conversation tests: what passes, what fails, and what a failure shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import Project, load_project
from botkit.testing.play import run_tests
from tests.testing.playing import bot, played

FLOW = """flow: f
start: {words: [go]}
steps:
  - ask: ¿Nombre?
    save: nombre
  - choose: ¿Cuál?
    save: c
    options: [{label: Uno, value: 1}, Dos]
  - run: x.precio
    with: [c]
    save: precio
  - say: ["{{ nombre }}: {{ c }}", "Son {{ precio | money }}"]
  - record: [nombre, precio]
  - end: hecho
"""
HANDLERS = """from botkit import Context, handler

@handler("x.precio")
def precio(c: object) -> int: return 7

@handler("x.contexto")
def contexto(ctx: Context) -> int: return 7
"""
TALK = "      - user: go\n      - bot: ¿Nombre?\n      - user: Ana\n      - bot: ¿Cuál?\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a bot of one flow."""
    return bot(tmp_path, FLOW, HANDLERS, "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [handlers.py]\n")


END = "      - tap: Uno\n      - bot: ['Ana: Uno', 'Son Bs 7']\n"


@pytest.mark.parametrize(
    ("script", "head"),
    [
        (TALK + END, ""),
        (TALK + END.replace("tap: Uno", "user: '1'"), ""),
        (TALK + "      - restart: true\n" + END, ""),
        (TALK + "      - user: nada\n      - bot: {text: ¿Cuál?, options: [Uno, Dos]}\n" + END, ""),
        (TALK + "      - tap: Dos\n      - bot: ['/^Ana/', {contains: 'Bs 5'}]\n", "stubs: {x.precio: {return: 5}}\n"),
        (TALK + "      - expect: {step: c, flow: f, running: true, slots: {nombre: Ana}}\n", ""),
        (TALK + END + "      - expect: {running: false, outcome: hecho, slots: {c: 1, precio: 7}}\n", ""),
        (TALK + END + "      - expect: {records: [{nombre: Ana, precio: 7}], step: , flow: }\n", ""),
        (TALK + "      - tap: Uno\n      - bot: /falló/\n      - bot: []\n", "stubs: {x.precio: {error: down}}\n"),
        (
            "      - user: hola\n      - bot: /Luis/\n      - expect: {contact: {name: Luis}}\n",
            "contact: {name: Luis}\n",
        ),
        ("      - user: hola\n      - bot: /^Hello/\n", "contact: {language: en}\n"),
    ],
)
def test_passes(project: Project, script: str, head: str) -> None:
    """A script passes when the bot says and does what it says, no more and no less."""
    result = played(project, script, head)
    assert result.passed, result.report("en")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("      - user: go\n      - bot: ¿Apellido?\n", "expected (line 5): ¿Apellido?\n  got: ¿Nombre?  ["),
        ("      - user: go\n", "expected: (nothing)\n  got: ¿Nombre?"),
        ("      - user: go\n      - user: Ana\n", "expected: (nothing)\n  got: ¿Nombre?"),
        ("      - user: go\n      - bot: []\n", "expected: (nothing)\n  got: ¿Nombre?"),
        (
            "      - user: go\n      - bot: ['¿Nombre?', x]\n".replace("x]", "'x']"),
            "expected (line 5): x\n  got: (nothing)",
        ),
        (TALK + "      - tap: Tres\n", "expected (line 8): Tres\n  got: Uno, Dos"),
        ("      - tap: Uno\n", "expected (line 4): Uno\n  got: (nothing)"),
        (TALK + "      - expect: {step: nombre}\n", "expected (line 8): step: nombre\n  got: step: c"),
        (TALK + "      - expect: {slots: {nombre: Eva}}\n", 'got: slots: {"nombre": "Ana"}'),
        (TALK + "      - tap: Uno\n      - bot: /^x/\n", "expected (line 9): /^x/\n  got: Ana: Uno"),
        (
            TALK.replace("bot: ¿Cuál?", "bot: {text: ¿Cuál?, options: [Uno]}"),
            "expected (line 7): ¿Cuál? [Uno]\n  got: ¿Cuál? [Uno | Dos]",
        ),
    ],
)
def test_fails(project: Project, script: str, told: str) -> None:
    """A failure shows the first difference with the script's line and the flow's place."""
    result = played(project, script)
    assert not result.passed
    assert told in result.report("en")


def test_report(project: Project) -> None:
    """A failure shows the transcript up to it, in the language that is asked for."""
    report = played(project, "      - user: go\n      - bot: Hola\n").report("es").split("\n")
    assert report[0].startswith("✗ ")
    assert report[0].endswith("f.test.yaml:2:5  a")
    assert report[1:3] == ["    user: go", "    bot:  ¿Nombre?"]
    assert report[3] == "  se esperaba (línea 5): Hola"
    assert report[4].startswith("  llegó: ¿Nombre?  [")
    assert report[4].endswith("f.yaml:4:5]")


def test_stubs_in_order(project: Project) -> None:
    """Stubs are used in order and the last repeats; each test begins with all of them."""
    again = TALK + "      - tap: Uno\n      - bot: ['/Ana/', 'Son Bs {}']\n"
    script = "".join(again.replace("{}", amount) for amount in ("1", "2", "2"))
    head = "stubs: {x.precio: [{return: 1}, {return: 2}]}\n"
    assert played(project, script, head).passed
    assert played(project, script, head).passed


def test_context_needs_a_stub(project: Project) -> None:
    """A handler that takes `ctx` is never called by a test: it could reach the world."""
    (project.folder / "flows" / "f.yaml").write_text(FLOW.replace("run: x.precio\n    with: [c]", "run: x.contexto"))
    again = load_project(project.folder / "config.yaml", {})
    result = played(again, TALK + "      - tap: Uno\n")
    assert result.difference is not None
    assert (result.difference.expected, result.difference.got) == ("stub", "x.contexto")


def test_choice_of_tests(project: Project) -> None:
    """Tests are found below the flows folder, and chosen by part of their name; where a file is bad none is played."""
    folder = project.folder / "flows"
    (folder / "a.test.yaml").write_text("tests: [{name: Uno, script: []}, {name: Dos, script: []}]\n")
    (folder / "b.test.yaml").write_text("tests: [{name: Tres, script: []}, {nam: x, script: []}]\n")
    results, problems = run_tests(project, [])
    assert results == []
    assert {problem.code for problem in problems} == {"unknown-key"}
    results, _ = run_tests(project, [folder / "a.test.yaml"], "uN")
    assert [result.script.name for result in results] == ["Uno"]


def test_before_anything(project: Project) -> None:
    """How things stand may be expected before anything happened."""
    line = "      - expect: {running: false, contact: {name: Ana, language: en}, records: [], step: }\n"
    result = played(project, line, "contact: {name: Ana, language: en}\n")
    assert result.passed, result.report("en")


def test_warnings(project: Project) -> None:
    """A warning in a file of tests, here of options that are one text, keeps none of them from being played."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text("tests:\n  - name: a\n    script:\n      - user: go\n      - bot:\n          options: Uno, Dos\n")
    results, problems = run_tests(project, [path])
    assert (len(results), problems) == (1, [])
