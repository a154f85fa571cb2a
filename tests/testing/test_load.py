"""How loaded the channel is, in conversation tests: `load` as a line, for a test, for a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.testing.play import run_tests
from botkit.testing.result import Result
from tests.testing.playing import bot

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = """\
flow: menu
start: {words: [menu]}
steps:
  - if: load == 'black'
    then:
      - say: Somos pocos hoy.
  - ask: "¿Qué quieres? {{ load }}"
    save: plato
    silence: {after: 1h, say: "¿Sigues? {{ load }}"}
  - say: "Va: {{ plato }}, {{ load }}"
"""
BLACK = "{load: black}"
ASKED = ("user: menu", "bot: ['Somos pocos hoy.', '¿Qué quieres? black']")


def results(folder: Path, lines: tuple[str, ...], *, head: str = "", test: str = "", restarts: bool = False) -> Result:
    """Play a test of these lines; `head` is what its file says for all, `test` what it says for itself."""
    project = bot(folder, FLOW, "", CONFIG)
    path = folder / "flows" / "f.test.yaml"
    script = "".join(f"      - {line}\n" for line in lines)
    path.write_text(f"{head}tests:\n  - name: a\n{test}    script:\n{script}")
    [played], problems = run_tests(project, [path], restarts=restarts)
    assert problems == []
    return played


@pytest.mark.parametrize("restarts", [False, True])
def test_line(tmp_path: Path, restarts: bool) -> None:
    """From the line on the channel is so loaded, over a restart and while time passes, until another line."""
    lines = (
        "user: menu", "bot: ¿Qué quieres? green",
        "load: yellow", "wait: 1h", "bot: ¿Sigues? yellow",
        "restart: true", "load: black", "user: sopa", "bot: 'Va: sopa, black'",
    )  # fmt: skip
    found = results(tmp_path, lines, restarts=restarts)
    assert found.difference is None
    assert [line for line in found.transcript if line.startswith("load")] == ["load: yellow", "load: black"]


@pytest.mark.parametrize(
    ("head", "test"),
    [("", "    load: black\n"), ("load: black\n", ""), ("load: yellow\n", "    load: black\n")],
)
def test_from_the_beginning(tmp_path: Path, head: str, test: str) -> None:
    """A test or its file says how loaded the channel is when it begins; the test's own word counts."""
    assert results(tmp_path, ASKED, head=head, test=test).difference is None


def test_given(tmp_path: Path) -> None:
    """A test that begins inside a flow begins under the load that it says."""
    test = "    given: {flow: menu}\n    load: black\n"
    assert results(tmp_path, ASKED[1:], test=test).difference is None


def test_question(tmp_path: Path) -> None:
    """`step` in a line `bot` means the question as it is asked under the load of the moment."""
    lines = ("load: yellow", "user: menu", "bot: [{step: plato}]")
    assert results(tmp_path, lines).difference is None


def test_rows(tmp_path: Path) -> None:
    """The three levels are three rows of a table."""
    project = bot(tmp_path, FLOW, "", CONFIG)
    path = tmp_path / "flows" / "f.test.yaml"
    rows = "[{l: green}, {l: yellow}, {l: black}]"
    said = "bot: {some: '{{ l }}'}"
    path.write_text(
        f"tests:\n  - name: '{{{{ l }}}}'\n    each: {rows}\n    script:\n      - load: '{{{{ l }}}}'\n"
        f"      - user: menu\n      - {said}\n"
    )
    played, problems = run_tests(project, [path])
    assert problems == []
    assert [(each.script.name, each.passed) for each in played] == [("green", True), ("yellow", True), ("black", True)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tests: [{name: a, load: negro, script: []}]", "1:25 not-a-choice 'black'"),
        ("tests: [{name: a, script: [{load: rojo}]}]", "1:35 not-a-choice 'black'"),
        ("tests: [{name: a, script: [{load: [black]}]}]", "1:35 wrong-type "),
        ("load: verde\ntests: [{name: a, script: []}]", "1:7 not-a-choice 'green'"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, problem: str) -> None:
    """Another word is told at its place, with the level that is meant."""
    project = bot(tmp_path, FLOW, "", CONFIG)
    path = tmp_path / "flows" / "f.test.yaml"
    path.write_text(text)
    _, [found] = run_tests(project, [path])
    assert f"{found.place.line}:{found.place.column} {found.code}" == problem.rpartition(" ")[0]
    assert problem.rpartition(" ")[2] in (found.advice("en") or "")
