"""`was` and `on_change` as they are written: what `check` says of them."""

from __future__ import annotations

import pytest

from tests.flow.samples import at, flows, loading, told

HEAD = "flow: f\nstart: {words: [go]}\non_change: move\n"
OTHER = "flow: g\nstart: {words: [va]}\non_change: move\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (f"{HEAD}steps:\n  - {{ask: q, id: a, was: b}}\n", []),
        (f"{HEAD}steps:\n  - {{ask: q, id: a, was: [b, c]}}\n", []),
        (f"{HEAD}steps:\n  - {{ask: q, id: a, was: a}}\n", ["5:26 was-present"]),
        (f"{HEAD}steps:\n  - {{ask: q, save: a}}\n  - {{ask: q, id: b, was: a}}\n", ["6:26 was-present"]),
        (f"{HEAD}steps:\n  - {{ask: q, id: a, was: x}}\n  - {{ask: q, id: b, was: [y, x]}}\n", ["6:30 was-twice"]),
        (f"{HEAD}steps:\n  - {{ask: q, id: a, was: {{}}}}\n", ["5:26 wrong-type"]),
        (HEAD.replace("move", "keep") + "steps:\n  - {ask: q, id: a, was: b}\n", ["5:26 was-without-move"]),
        (HEAD.replace("move", "stay") + "steps:\n  - {ask: q, id: a}\n", ["3:12 not-a-choice"]),
        (f"{HEAD}was: old\nsteps: []\n---\n{OTHER}was: old\nsteps: []\n", ["10:6 was-twice"]),
    ],
)
def test_mistakes(text: str, problems: list[str]) -> None:
    """An old name that somebody has, or that two claim, is an error; one that does nothing is a warning."""
    assert told(text) == problems


def test_flow_names() -> None:
    """A flow's old name is nobody's now, whether that is an own flow or a built-in one."""
    own = f"{HEAD}was: [g, hello]\nsteps: []\n", f"{OTHER}steps: []\n"
    found = loading(*own, builtin=("flow: hello\nsteps: []\n",)).problems
    assert [at(problem) for problem in found] == ["4:7 was-present", "4:10 was-present"]


def test_found_by_old_names() -> None:
    """A step and a flow are found by their names, and by those they had."""
    known = flows(f"{HEAD}was: [g, h]\nsteps:\n  - {{ask: q, id: a, was: [b, c]}}\n")
    assert known.present("f") is known.present("h") is known.flows["f"]
    assert known.present("otro") is None
    flow = known.flows["f"]
    assert flow.heir("a") is flow.heir("c") is flow.steps["a"]
    assert flow.heir("d") is None
