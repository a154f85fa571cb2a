"""`given`: a test begins inside a flow, with slots and inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import Project
from botkit.testing.play import run_tests
from tests.testing.playing import bot

FLOW = """flow: f
start: {words: [go]}
inputs: {sede: centro}
anywhere:
  ayuda:
    - say: Aquí estoy
steps:
  - ask: ¿Nombre?
    save: nombre
  - choose: "{{ nombre }}, ¿en {{ sede }}?"
    save: si
    options: [Sí, {No: aparte}]
  - id: fin
    say: ["Listo, {{ nombre }}", "Chau, {{ contact.name }}"]
asides:
  aparte:
    - say: Por aquí no
---
flow: g
start: {event: otro}
inputs: [cita]
steps:
  - say: "Tu {{ cita }}"
"""
CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
DONE = "      - bot: [{text: 'Listo, Ana'}, {text: 'Chau, Luz'}]\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a bot of two flows."""
    return bot(tmp_path, FLOW, "", CONFIG)


def given(project: Project, begins: str, script: str) -> list[str]:
    """Play a test that begins so; return its report, or the codes of what is wrong with it, or nothing."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(f"contact: {{name: Luz}}\ntests:\n  - name: a\n    given: {begins}\n    script:\n{script}")
    results, problems = run_tests(project, [path])
    wrong = [f"{each.place.line}:{each.place.column} {each.code}" for each in problems]
    return wrong or [result.report("en") for result in results if not result.passed]


@pytest.mark.parametrize(
    ("begins", "script"),
    [
        ("{flow: f, step: si, slots: {nombre: Ana}}", "      - bot: Ana, ¿en centro?\n      - tap: Sí\n" + DONE),
        ("{flow: f, step: si, slots: {nombre: Ana}, with: {sede: sur}}", "      - bot: Ana, ¿en sur?\n"),
        ("{flow: f, step: fin, slots: {nombre: Ana}}", DONE + "      - expect: {running: false}\n"),
        ("{flow: f, slots: {nombre: Eva}}", "      - bot: ¿Nombre?\n      - user: Ana\n      - bot: /Ana/\n"),
        ("{flow: g, with: {cita: cita}}", "      - bot: Tu cita\n"),
        ("{flow: f, step: aparte}", "      - bot: Por aquí no\n      - expect: {running: false}\n"),
        ("{flow: f, step: si, slots: {nombre: Ana}}", "      - expect: {step: si, slots: {nombre: Ana}}\n"),
    ],
)
def test_begins(project: Project, begins: str, script: str) -> None:
    """It begins at the step, with these values, and what the bot says on the way in may be expected."""
    assert given(project, begins, script) == []


@pytest.mark.parametrize("first", ["tap: Sí", "user: sí", "user: '1'"])
def test_taken_as_said(project: Project, first: str) -> None:
    """A test that begins with an input takes the question as said: its options are on show."""
    assert given(project, "{flow: f, step: si, slots: {nombre: Ana}}", f"      - {first}\n{DONE}") == []


def test_not_half_said(project: Project) -> None:
    """Who expects some of what is said on the way in must expect all of it."""
    (report,) = given(project, "{flow: f, step: fin, slots: {nombre: Ana}}", "      - bot: Listo, Ana\n")
    assert "got: Chau, Luz" in report
    assert "given: f / fin" in report


def test_inside_an_anywhere_list(project: Project) -> None:
    """A step of an `anywhere` list ends as ever: the question is asked again."""
    flow = project.flows
    assert flow is not None
    step = next(iter(flow.flows["f"].again))
    said = "      - bot: [{text: Aquí estoy}, {text: '¿Nombre?'}]\n"
    assert given(project, f"{{flow: f, step: {step}}}", said) == []


def test_restarts(project: Project) -> None:
    """What a test begins with survives a restart."""
    script = "      - restart: true\n      - tap: Sí\n" + DONE
    assert given(project, "{flow: f, step: si, slots: {nombre: Ana}}", script) == []


@pytest.mark.parametrize(
    ("begins", "problems"),
    [
        ("f", ["4:12 wrong-type"]),
        ("{step: si}", ["4:12 missing-key"]),
        ("{flow: f, at: si}", ["4:22 unknown-key"]),
        ("{flow: f, slots: [a]}", ["4:29 wrong-type"]),
        ("{flow: h}", ["4:19 test-flow-gone"]),
        ("{flow: f, step: sim}", ["4:28 test-step-gone"]),
        ("{flow: g, step: si, with: {cita: a}}", ["4:28 test-step-gone"]),
        ("{flow: f, slots: {nombres: Ana}}", ["4:30 test-slot-gone"]),
        ("{flow: f, with: {sedes: sur}}", ["4:29 unknown-input"]),
        ("{flow: g}", ["4:12 missing-input"]),
        ("{flow: g, slots: {cita: a}}", []),
    ],
)
def test_mistakes(project: Project, begins: str, problems: list[str]) -> None:
    """A name that the flow does not have is told at its place, before anything is played."""
    script = "      - bot: /Tu/\n" if not problems else "      - user: go\n"
    assert given(project, begins, script) == problems
