"""One mistake, one problem; and jumps and starts that can never work."""

from __future__ import annotations

import pytest

from tests.flow.samples import at, loading, told, told_of_steps, wrong


def test_template_unquoted() -> None:
    """A template without quotes is one mistake, whatever key it stands under."""
    assert told_of_steps("  - say: {{ x }}\n") == ["3:11 template-unquoted"]
    assert told_of_steps("  - {id: q, ask: q, save: {{ x }}, type: foto}\n") == [
        "3:28 template-unquoted",
        "3:42 not-a-choice",
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [("*x*", "quote-needed"), ("*x", "unknown-anchor"), ("*Ojo* con eso", "quote-needed")],
)
def test_bold(said: str, code: str) -> None:
    """WhatsApp's bold at the beginning needs quotes, and both codes say so."""
    [problem] = loading(f"flow: f\nsteps:\n  - say: {said}\n").problems
    assert (problem.code, "comillas" in problem.message("es") + problem.advice("es")) == (code, True)


@pytest.mark.parametrize(("levels", "problems"), [(63, []), (64, ["2:67 too-deep"])])
def test_depth(levels: int, problems: list[str]) -> None:
    """Sixty-four levels are read and no more; the file's own mapping is one."""
    assert wrong(f"flow: f\nx: {'[' * levels}{']' * levels}\n") == problems
    assert wrong(f"flow: f\nx: {'[' * levels}a{']' * levels}\n") == problems


def test_list_of_words() -> None:
    """Several words for one target are several lines."""
    flow = "flow: f\nsteps: [say: a]\nanywhere:\n  [humano, persona]: x\nasides:\n  x: [say: b]\n"
    assert told(flow)[0] == "4:3 key-is-list"


INPUTS = "flow: g\ninputs: {cita: , aviso: true}\nsteps: [say: '{{ cita }}{{ aviso }}']\n"


@pytest.mark.parametrize(
    "step",
    [
        "  - goto: g\n",
        "  - choose: q\n    id: q\n    options: {Sí: g}\n",
        "  - {run: agenda.nada, on_error: g}\n",
    ],
)
def test_jump_without_inputs(step: str) -> None:
    """A jump gives a flow nothing: one that needs an input must be called."""
    found = loading(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{step}", INPUTS)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    assert [(problem.code, problem.values["name"]) for problem in errors] == [("jump-without-inputs", "cita")]


def test_jump_with_defaults() -> None:
    """Inputs that have a default need nobody."""
    flow = "flow: f\nstart: {words: [go]}\nsteps: [goto: g]\n"
    assert loading(flow, INPUTS.replace("cita: ,", "cita: 1,")).problems == ()


@pytest.mark.parametrize(
    ("first", "second", "problems"),
    [
        ("any: true", "any: true", ["1:7 shared-any"]),
        ("any: true, if: contact.new", "any: true", []),
        ("any: true", "any: true, if: contact.new", ["1:7 shared-any"]),
        ("words: [a]", "any: true", []),
    ],
)
def test_any(first: str, second: str, problems: list[str]) -> None:
    """Behind a flow that takes any message no other takes one."""
    flows = [f"flow: {name}\nstart: {{{start}}}\nsteps: [say: a]\n" for name, start in (("f", first), ("g", second))]
    assert [at(problem) for problem in loading(*flows).problems] == problems
