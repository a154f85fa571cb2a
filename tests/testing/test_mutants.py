"""Mutants: what flows are changed into, and which changes the tests notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.flow.reader import PARTS
from botkit.project import Project
from botkit.testing.mutants.changes import changes
from botkit.testing.mutants.find import mutants_of, mutated
from botkit.testing.mutants.trial import Trial
from botkit.testing.play import run_tests
from botkit.testing.trail import Listener
from tests.testing.playing import bot

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
ROLES = (*PARTS, "target")


def mutants(project: Project, flow: str = "f") -> list[tuple[int, int, str, str]]:
    """Return line, column, what was there and what it is changed into."""
    assert project.loading is not None
    found = mutants_of(project.loading, flow)
    return [(each.place.line, each.place.column, each.was, each.becomes) for each in found]


def trial(folder: Path, flow: str, scripts: str, config: str = CONFIG) -> Trial:
    """Return a trial of a bot's tests, all of which must pass."""
    project = bot(folder, flow, "", config)
    (folder / "flows" / "f.test.yaml").write_text(scripts)
    results, problems = run_tests(project, [], None, Listener())
    assert problems == []
    assert [each.difference for each in results if not each.passed] == []
    return Trial(project, results)


def unnoticed(found: Trial) -> list[tuple[str, str]]:
    """Return what no test noticed: what was there and what it became."""
    return [(each.mutant.was, each.mutant.becomes) for each in found.verdicts() if each.sound and not each.noticed]


def script(*lines: str, more: str = "") -> str:
    """Return a file with a test of these lines."""
    return f"tests:\n  - name: t\n{more}    script:\n" + "".join(f"      - {line}\n" for line in lines)


# ── what a scalar becomes ──


@pytest.mark.parametrize(
    ("role", "value", "becomes"),
    [
        ("text", "Hola", ["…"]),
        ("text", "…", []),
        ("text", "Hola {{ x }}", ["…"]),
        ("target", "ayuda", ["end"]),
        ("target", "end", ["restart"]),
        ("condition", "x", ["not (x)"]),
        ("condition", "a <= 2", ["not (a <= 2)", "a < 2"]),
        ("condition", "a > b", ["not (a > b)", "a >= b"]),
        ("condition", "a == 2", ["not (a == 2)"]),
        ("condition", "a == 2 and b", ["not (a == 2 and b)", "a != 2 and b", "a == 2 or b"]),
        ("condition", "load == 'black'", ["not (load == 'black')", "load == 'green'"]),
        (
            "condition",
            "load in ['green', \"yellow\"]",
            ["not (load in ['green', \"yellow\"])", "load in ['yellow', \"yellow\"]", "load in ['green', \"black\"]"],
        ),
        ("condition", "color == 'black'", ["not (color == 'black')"]),
        ("condition", "a == '<' or b", ["not (a == '<' or b)", "a != '<' or b", "a == '<' and b"]),
        ("duration", "2h", ["4h", "1h"]),
        ("duration", "1.5h", ["3h", "0.75h"]),
        ("duration", "0s", []),
        ("duration", "{{ x }}h", []),
        ("number", "20", ["21", "19"]),
        ("number", "0", ["1", "-1"]),
        ("number", "2.5", ["3.5", "1.5"]),
    ],
)
def test_changes(role: str, value: str, becomes: list[str]) -> None:
    """A scalar becomes what an author might have written by mistake."""
    assert [change.value for change in changes(role, value)] == becomes


def test_conditions_in_texts() -> None:
    """A text is changed as a whole, and in each of its conditions, with the exact words."""
    text = "{% if a %}x{% elif b < 1 %}y{% else %}z{% endif %}"
    assert [(text[each.start : each.start + each.length], each.becomes) for each in changes("text", text)[1:]] == [
        ("a", "not (a)"),
        ("b < 1", "not (b < 1)"),
        ("<", "<="),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_roles(role: str) -> None:
    """Everything that a reader notes can be changed, by at most a few changes each."""
    assert len(changes(role, "2h" if role == "duration" else "2")) in (1, 2)


# ── what there is to change in a flow ──

FLOW = """\
flow: f
title: Un flujo
start: {words: [f], if: contact.name}
anywhere: {fin: quit}
silence: {after: 1d, say: ¿Sigues?}
steps:
  - ask: {es: ¿Cuántos?, en: How many?}
    id: n
    type: integer
    min: 1
    max: "{{ 5 + 5 }}"
    silence: {after: 2h, say: Hola, again: 1, then: fin}
    invalid: {say: ['No', 'Tampoco'], tries: 3, then: fin}
  - choose: ¿Así?
    id: c
    options: [{Sí: fin}, {label: 'No', if: 4 > 3}]
  - goto: n
asides:
  fin: [{end: listo}]
"""


#: A flow that check warns of again each time that it looks at all flows.
TRAP = "flow: g\nstart: {words: [g]}\nsteps:\n  - choose: Q\n    id: q\n    options: {A: q}\n"


def test_found(tmp_path: Path) -> None:
    """Texts, targets, conditions and limits are found, each at its place; words, slots and outcomes are none."""
    assert mutants(bot(tmp_path, FLOW, "", CONFIG)) == [
        (2, 8, "Un flujo", "…"),
        (3, 25, "contact.name", "not (contact.name)"),
        (4, 17, "quit", "end"),
        (5, 18, "1d", "2d"),
        (5, 18, "1d", "0.5d"),
        (5, 27, "¿Sigues?", "…"),
        (7, 15, "¿Cuántos?", "…"),
        (7, 30, "How many?", "…"),
        (10, 10, "1", "2"),
        (10, 10, "1", "0"),
        (12, 22, "2h", "4h"),
        (12, 22, "2h", "1h"),
        (12, 31, "Hola", "…"),
        (12, 44, "1", "2"),
        (12, 44, "1", "0"),
        (12, 53, "fin", "end"),
        (13, 21, "No", "…"),
        (13, 27, "Tampoco", "…"),
        (13, 46, "3", "4"),
        (13, 46, "3", "2"),
        (13, 55, "fin", "end"),
        (14, 13, "¿Así?", "…"),
        (16, 20, "fin", "end"),
        (16, 34, "No", "…"),
        (16, 44, "4 > 3", "not (4 > 3)"),
        (16, 46, ">", ">="),
        (17, 11, "n", "end"),
    ]


def test_none_of_it_stays(tmp_path: Path) -> None:
    """A mutant is another set of flows; the bot's own, its sources and what is known of them stay as they were."""
    project = bot(tmp_path, f"{FLOW}---\n{TRAP}", "", CONFIG)
    assert project.flows is not None
    assert project.loading is not None
    own, before = project.flows.flows["f"], mutants(project)
    known = [list(reader.reading.problems) for reader in project.loading.readers]
    found = [mutated(project.loading, mutant) for mutant in mutants_of(project.loading, "f")]
    sets = [flows for flows in found if flows is not None]
    digests = {flows.flows["f"].digest for flows in sets}
    assert len(digests) == len(sets)
    assert own.digest not in digests
    assert project.flows.flows["f"] is own
    assert mutants(project) == before
    assert [reader.reading.problems for reader in project.loading.readers] == known
    assert all(flows.flows["unknown"] == project.flows.flows["unknown"] for flows in sets)


def test_aliases(tmp_path: Path) -> None:
    """A scalar that an alias repeats is one: it is changed wherever it stands."""
    flow = "flow: f\nstart: {words: [f]}\nsteps:\n  - say: &hola Hola a todos\n  - say: *hola\n"
    project = bot(tmp_path, flow, "", CONFIG)
    assert mutants(project) == [(4, 10, "Hola a todos", "…")]
    found = trial(tmp_path, flow, script("user: f", "bot: [{contains: Hola}, {contains: a}]"))
    assert [mutant.steps for mutant in found.mutants] == [{"say_1", "say_2"}]


def test_defaults(tmp_path: Path) -> None:
    """What stands in a flow's `defaults` belongs to every step that takes it; config.yaml is no flow."""
    flow = "flow: f\ndefaults: {invalid: Otra vez}\nstart: {words: [f]}\nsteps:\n"
    flow += "  - {ask: a, id: a, type: number}\n  - {ask: b, id: b, type: number}\n"
    found = trial(tmp_path, flow, "tests: []\n", CONFIG + "defaults: {footer: Chau}\n").mutants
    assert [(mutant.was, set(mutant.steps)) for mutant in found] == [
        ("Otra vez", {"a", "b"}),
        ("a", {"a"}),
        ("b", {"b"}),
    ]


# ── what tests notice ──

ASK = "flow: f\nstart: {words: [f]}\nsteps:\n  - ask: Q\n    id: q\n    type: integer\n    max: 5\n  - say: Bien\n"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (("user: f", "bot: Q"), [("5", "6"), ("5", "4"), ("Bien", "…")]),
        (("user: f", "bot: Q", "user: '5'", "bot: Bien"), [("5", "6")]),
        (("user: f", "bot: Q", "user: '6'", "bot: Q", "user: '5'", "bot: Bien"), []),
        (("user: f", "bot: /./", "user: '1'", "bot: /./"), [("Q", "…"), ("5", "6"), ("5", "4"), ("Bien", "…")]),
    ],
)
def test_noticed(tmp_path: Path, lines: tuple[str, ...], left: list[tuple[str, str]]) -> None:
    """A change is noticed by a test that comes to the step and expects what it says and does."""
    assert unnoticed(trial(tmp_path, ASK, script(*lines))) == left


def test_refused(tmp_path: Path) -> None:
    """A change in which `botkit check` finds an error is none."""
    flow = "flow: f\nstart: {words: [f]}\nsteps:\n  - choose: Q\n    id: q\n    options: {A: uno}\n"
    flow += "asides: {uno: [{say: Uno}]}\n"
    found = list(trial(tmp_path, flow, script("user: f", "bot: Q", "user: a", "bot: Uno")).verdicts())
    assert [each.mutant.was for each in found if not each.sound] == ["uno"]
    assert [each.mutant.was for each in found if each.noticed] == ["Q", "Uno"]


def test_title(tmp_path: Path) -> None:
    """A flow's title is noticed by a test of another flow that shows it."""
    flow = "flow: f\ntitle: Reservas\nstart: {words: [f]}\nsteps: [{say: Q}]\n"
    assert unnoticed(trial(tmp_path, flow, script("user: f", "bot: Q"))) == [("Reservas", "…")]
    assert unnoticed(trial(tmp_path, flow, script("user: hola", "bot: {contains: Reservas}"))) == [("Q", "…")]


def test_own_config(tmp_path: Path) -> None:
    """A test with a configuration of its own is played with that, and the change in it."""
    flow = "flow: f\nstart: {words: [f]}\nsteps: [{say: '{{ bot.x }} Q'}]\n"
    scripts = script("user: f", "bot: Y Q", more="    config: {bot: {x: Y}}\n")
    assert unnoticed(trial(tmp_path, flow, scripts, CONFIG + "bot: {x: X}\n")) == []


def test_untested(tmp_path: Path) -> None:
    """Of a flow that no test comes through nothing is noticed; with some of the tests it is left out."""
    flows = "flow: f\nstart: {words: [f]}\nsteps: [{say: Q}]\n---\nflow: g\nstart: {words: [g]}\nsteps: [{say: R}]\n"
    found = trial(tmp_path, flows, script("user: f", "bot: Q"))
    assert unnoticed(found) == [("R", "…")]
    assert (found.is_tested("f"), found.is_tested("g")) == (True, False)
    project = bot(tmp_path, flows, "", CONFIG)
    results, _ = run_tests(project, [], None, Listener())
    assert {mutant.flow for mutant in Trial(project, results, whole=False).mutants} == {"f"}
