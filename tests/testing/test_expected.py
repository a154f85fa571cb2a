"""What a test may say of nothing: no message, no call, a stub that nobody called; and a step's own question."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import Project
from botkit.testing.play import run_tests
from tests.testing.playing import bot, played

FLOW = """flow: f
start: {words: [go]}
steps:
  - set: {quien: Ana}
  - id: edad
    ask: ["Hola {{ quien }}", {image: "https://x.bo/a.png", caption: Mira}, "¿Qué edad tienes?"]
    save: edad
    type: integer
    invalid: ignore
  - id: plan
    choose: "¿Qué plan, con {{ edad }}?"
    options: [Uno, Dos]
    save: plan
  - run: x.cuenta
    with: [edad]
    save: n
  - say: "{{ n }}"
"""
HANDLERS = """from botkit import handler

@handler("x.cuenta")
def cuenta(edad: int) -> int: return edad + 1
"""
CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [handlers.py]\n"
ASKED = "      - user: go\n      - bot: {step: edad}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a bot of one flow."""
    return bot(tmp_path, FLOW, HANDLERS, CONFIG)


def test_step(project: Project) -> None:
    """`step` stands for all bubbles of that step's question, as it is rendered now."""
    result = played(project, f"{ASKED}      - user: '40'\n      - bot: {{step: plan}}\n")
    assert result.passed, result.report("en")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("      - bot: {step: plan}\n", "step: edad"),
        ("      - bot: {step: nada}\n", "step: edad"),
        ("      - bot: [{step: edad}, 'hola']\n", "(nothing)"),
        ("      - bot: Hola Ana\n      - bot: {step: edad}\n", "[image a.png] Mira"),
    ],
)
def test_another_step(project: Project, lines: str, told: str) -> None:
    """Another step's question, or more than it, is a difference."""
    result = played(project, f"      - user: go\n{lines}")
    assert result.report("en").partition("got: ")[2].startswith(told)


@pytest.mark.parametrize("said", ["[]", "{silent: true}"])
def test_silent(project: Project, said: str) -> None:
    """`silent: true` is `[]`: it fails for a message that nobody expected."""
    assert played(project, f"{ASKED}      - user: hola\n      - bot: {said}\n").passed
    assert not played(project, f"      - user: go\n      - bot: {said}\n").passed


@pytest.mark.parametrize("said", ["{silent: false}", "{silent: true, text: a}", "{silent: si}"])
def test_not_silent(project: Project, said: str) -> None:
    """`silent` says one thing, alone."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(f"tests: [{{name: a, script: [bot: {said}]}}]\n")
    assert [problem.code for problem in run_tests(project, [path])[1]] == ["wrong-type"]


def test_nothing_called(project: Project) -> None:
    """`called: []` is no call since the last input; a call fails it, and is shown."""
    none = "      - called: []\n"
    assert played(project, ASKED + none).passed
    line = f"{ASKED}      - user: '40'\n      - bot: {{step: plan}}\n      - user: Uno\n{none}      - bot: '41'\n"
    result = played(project, line)
    assert "x.cuenta" in result.report("en")
    assert "(no call)" in result.report("en")


@pytest.mark.parametrize(("name", "passed"), [("x.cuenta", True), ("x.cuanta", False), ("GET a/b", False)])
def test_stub_nobody_calls(project: Project, name: str, passed: bool) -> None:
    """A test's own stub that nobody calls fails it with its line; a file's are for all of its tests."""
    stub = "{status: 200}" if " " in name else "{return: 7}"
    script = f"{ASKED}      - user: '40'\n      - bot: {{step: plan}}\n      - user: Uno\n      - bot: /7|41/\n"
    own = f"    stubs:\n      {name}: {stub}\n"
    result = played(project, script + own)
    assert result.passed is passed
    if not passed:
        assert result.report("es").endswith(f"(línea 11): {name}\n  llegó: ningún paso lo llamó")
    if name != "x.cuanta":
        assert played(project, script, f"stubs: {{{name}: {stub}}}\n").passed


@pytest.mark.parametrize("head", ["", "stubs: {x.cuenta: {return: 1}, GET a/b: {status: 200}}\n"])
def test_stub_of_no_handler(project: Project, head: str) -> None:
    """A file's stub of a handler that is not there is told with the nearest name; requests may be any."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text((head or "stubs: {x.cuanta: {return: 1}}\n") + "tests: [{name: a, script: []}]\n")
    told = [(each.code, each.place.column, each.values["near"]) for each in run_tests(project, [path])[1]]
    assert told == ([] if head else [("unknown-handler", 9, "x.cuenta")])


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("{any: true}", True),
        ("{some: '^¿Qué edad'}", True),
        ("{some: plan}", False),
        ("{never: plan}", True),
        ("{never: Mira}", False),
        ("{some: Hola, never: Beto}", True),
        ("{some: Hola, never: Ana}", False),
    ],
)
def test_whole(project: Project, said: str, passes: bool) -> None:
    """`any`, `some` and `never` take all bubbles, however many; a pattern is held to each."""
    result = played(project, f"      - user: go\n      - bot: {said}\n")
    assert result.passed is passes, result.report("en")


def test_whole_sees_options(project: Project) -> None:
    """A pattern sees each option on a line of its own, in brackets."""
    asked = "      - user: go\n      - bot: {any: true}\n      - user: '40'\n"
    assert played(project, f"{asked}      - bot: {{some: '(?m)^\\[Dos\\]$'}}\n").passed
    assert not played(project, f"{asked}      - bot: {{never: '(?m)^\\[Dos\\]$'}}\n").passed


@pytest.mark.parametrize(("said", "passes"), [("false", True), ("true", False)])
def test_failed(project: Project, said: str, passes: bool) -> None:
    """`failed` tells whether a turn went to the flow `error`."""
    assert played(project, f"{ASKED}      - expect: {{failed: {said}}}\n").passed is passes


def test_failed_it_did(project: Project) -> None:
    """A handler that fails, with nowhere to go, is a failure."""
    lines = "      - user: '40'\n      - bot: {any: true}\n      - user: Uno\n      - bot: {any: true}\n"
    head = "stubs: {x.cuenta: {error: no}}\n"
    assert played(project, f"{ASKED}{lines}      - expect: {{failed: true}}\n", head).passed


def test_optional_stub(project: Project) -> None:
    """A stub that is optional need not be called."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(
        "tests:\n  - name: a\n    stubs: {x.cuenta: {return: 1, optional: true}}\n    script:\n"
        "      - user: go\n      - bot: {step: edad}\n"
    )
    results, problems = run_tests(project, [path])
    assert (problems, [result.passed for result in results]) == ([], [True])


KINDS = """flow: k
start: {words: [go]}
steps:
  - set: {r: true, n: 1, l: [0, {a: false}]}
  - run: x.toma
    with: {si: true, uno: 1, l: [false]}
  - ask: ¿Y?
    save: y
"""
TAKES = """from botkit import handler

@handler("x.toma")
def toma(si: bool, uno: int, l: list) -> None: return None
"""


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("expect: {slots: {r: true, n: 1, l: [0, {a: false}]}}", True),
        ("expect: {slots: {n: 1.0}, contact: {vip: true}, running: true, failed: false}", True),
        ("expect: {slots: {r: 1}}", False),
        ("expect: {slots: {n: true}}", False),
        ("expect: {slots: {l: [false, {a: false}]}}", False),
        ("expect: {slots: {l: [0, {a: 0}]}}", False),
        ("expect: {contact: {vip: 1}}", False),
        ("called: {run: x.toma, with: {si: true, uno: 1, l: [false]}}", True),
        ("called: {run: x.toma, with: {si: 1}}", False),
        ("called: {run: x.toma, with: {uno: true}}", False),
        ("called: {run: x.toma, with: {l: [0]}}", False),
    ],
)
def test_true_is_no_one(tmp_path: Path, line: str, passes: bool) -> None:
    """`true` is told from 1 and `false` from 0, to the depth of lists and mappings."""
    script = f"      - user: go\n      - bot: ¿Y?\n      - {line}\n"
    result = played(bot(tmp_path, KINDS, TAKES, CONFIG), script, "contact: {vip: true}\n")
    assert result.passed is passes, result.report("en")


@pytest.mark.parametrize(
    ("wanted", "at"), [("{running: 0}", 46), ("{failed: si}", 45), ("{slots: []}", 44), ("{contact: }", 46)]
)
def test_wrong_kind(project: Project, wanted: str, at: int) -> None:
    """What can never hold is told before anything is played."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(f"tests: [{{name: a, script: [expect: {wanted}]}}]\n")
    problems = run_tests(project, [path])[1]
    assert [(problem.code, problem.place.column) for problem in problems] == [("wrong-type", at)]
