"""Steps that no way leads to are told once for all that only follow one another."""

from __future__ import annotations

import pytest

from botkit.flow.problem import by_place
from tests.flow.samples import loading


def lost(steps: str) -> list[str]:
    """Return `line what` of each step that is told, in English and Spanish; the first step stands in line 3."""
    problems = by_place(loading(f"flow: f\nsteps:\n{steps}").problems)
    found = [problem for problem in problems if problem.code == "unreachable"]
    assert all(problem.message("es").startswith("a este paso ('") for problem in found)
    return [f"{each.place.line} {each.message('en').partition('step (')[2].removesuffix(')')}" for each in found]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("  - end: a\n  - say: b\n", ["4 'say_1'"]),
        ("  - end: a\n  - say: b\n  - say: c\n", ["4 'say_1', and 1 more after it: say_2"]),
        (
            "  - end: a\n" + "".join(f"  - {{say: x, id: s{number}}}\n" for number in range(8)),
            ["4 's0', and 7 more after it: s1, s2, s3, s4, s5, …"],
        ),
        (
            "  - end: a\n  - {if: 1 == 1, then: c}\n  - {say: b, id: b}\nasides:\n  c: [{say: c}, {say: d, id: d}]\n",
            ["4 'if_1', and 3 more after it: b, c, d"],
        ),
        ("  - goto: z\n  - {say: y, id: y}\n  - {say: z, id: z}\n", ["4 'y'"]),
        ("  - end: a\nasides:\n  a: [{say: b}]\n  c: [{say: d}]\n", ["5 'a'", "6 'c'"]),
        (
            "  - end: a\nasides:\n  a: [{goto: c}]\n  b: [{goto: c}]\n  c: [{say: d}]\n",
            ["5 'a', and 1 more after it: c", "6 'b'"],
        ),
        (
            "  - end: x\nasides:\n  a: [{ask: q}, {goto: b}]\n  b: [{ask: q}, {goto: a}]\n  c: [{goto: b}]\n",
            ["7 'c', and 4 more after it: a, goto_1, b, goto_2"],
        ),
        (
            "  - end: x\nasides:\n  a: [{ask: q}, {goto: b}]\n  b: [{ask: q}, {goto: a}]\n",
            ["5 'a', and 3 more after it: goto_1, b, goto_2"],
        ),
        ("  - end: x\nasides:\n  a: [{choose: q, options: {Sí: a, No: end}}]\n", ["5 'a'"]),
    ],
)
def test_chains(steps: str, told: list[str]) -> None:
    """The first of a chain is told with how many follow; in a circle that nothing leads to, its first in the file."""
    assert lost(steps) == told
