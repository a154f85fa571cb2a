"""Tests that name a step or a flow which is gone are told so in their own file."""

from __future__ import annotations

import pytest

from botkit.flow.yaml_reader import read
from botkit.testing.named import check_named
from tests.flow.samples import flows

FLOWS = flows(
    "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: a, save: nombre}\n",
    "flow: g\nstart: {words: [g]}\nsteps:\n  - {ask: a, save: edad}\n",
)


def told(line: str) -> list[tuple[int, int, str, str]]:
    """Return column, end, code and English hint of each problem of a line of a script."""
    source = read(f"tests:\n  - name: t\n    script:\n      - {line}\n", "f.test.yaml")
    found = list(check_named(source, FLOWS))
    assert all(problem.place.line == 4 for problem in found)
    return [(each.place.column, each.place.end_column, each.code, each.advice("en")) for each in found]


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ("expect: {step: nombre}", []),
        ("expect: {step: edad, flow: g}", []),
        ("expect: {step: , flow: }", []),
        ("expect: {contact: {step: x}}", []),
        ("bot: {step: edad}", []),
        ("bot: nombres", []),
        ("expect: {slots: {nombre: a, edad: null, error: x}}", []),
        ("expect: {slots: {edad: 3}, flow: g}", []),
        ("expect: {slots: }", []),
        ("expect: {slots: {x: 1}, flow: ff}", [(39, 41, "test-flow-gone", "did you mean 'f'?")]),
        ("expect: {slots: {nombres: null}}", [(26, 33, "test-slot-gone", "did you mean 'nombre'?")]),
        ("expect: {slots: {edad: 3}, flow: f}", [(26, 30, "test-slot-gone", "it has: error, nombre")]),
        ("expect: {step: nombres}", [(24, 31, "test-step-gone", "did you mean 'nombre' (line a.yaml:4)?")]),
        ("expect: {step: nombre, flow: g}", [(24, 30, "test-step-gone", "write the name that the step has now")]),
        ("expect: {flow: ff, step: x}", [(24, 26, "test-flow-gone", "did you mean 'f'?")]),
        ("bot: [{step: nombrs}, {text: a}]", [(22, 28, "test-step-gone", "did you mean 'nombre' (line a.yaml:4)?")]),
    ],
)
def test_named(line: str, problems: list[tuple[int, int, str, str]]) -> None:
    """The name is wrong, under its exact words, with the nearest one that there is."""
    assert told(line) == problems


@pytest.mark.parametrize("text", ["", "tests: x\n", "tests: [x, {script: x}, {script: [x, {bot: [x]}]}]\n", "[a]\n"])
def test_other_shapes(text: str) -> None:
    """What is no test at all is told elsewhere."""
    assert list(check_named(read(text, "f.test.yaml"), FLOWS)) == []
