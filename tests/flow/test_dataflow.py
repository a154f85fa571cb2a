"""A name that is read where no path can have set it is an error; where some path can, it is none."""

from __future__ import annotations

import pytest

from botkit.flow.dataflow import possible
from botkit.flow.model import Exit, Flow, Start, Step
from botkit.flow.problem import Place, by_place
from tests.flow.samples import loading, told, told_of_steps

NEVER = [
    ("read before it is asked", "  - say: '{{ dia }}'\n  - {ask: a, save: dia}\n", ["3:14 never-set"]),
    ("in the question that asks it", "  - {ask: 'a {{ dia }}', save: dia}\n", ["3:17 never-set"]),
    ("in its own hint", "  - {ask: a, save: dia, invalid: '{{ dia }}'}\n", ["3:38 never-set"]),
    ("in a guard", "  - {say: a, if: dia}\n  - {ask: a, save: dia}\n", ["3:18 never-set"]),
    ("in the assignment above", "  - set: {a: '{{ b }}', b: 1}\n", ["3:18 never-set"]),
    (
        "on the other branch",
        "  - if: contact.name\n    then: [{set: {a: 1}}, {goto: end}]\n    else: [{say: '{{ a }}'}]\n",
        ["5:22 never-set"],
    ),
    (
        "after the call that would set it failed",
        "  - {run: agenda.nada, save: x, on_error: mal}\nasides:\n  mal: [{say: '{{ x }}'}]\n",
        ["5:19 never-set"],
    ),
    (
        "behind a question that was given up",
        "  - {ask: a, save: x, type: integer, invalid: {tries: 2, then: [{say: '{{ x }}'}, {goto: end}]}}\n",
        ["3:75 never-set"],
    ),
    ("in every step that shares the text", "  - say: &t '{{ x }}'\n  - say: *t\n  - set: {x: 1}\n", ["3:17 never-set"]),
]


@pytest.mark.parametrize(("steps", "problems"), [case[1:] for case in NEVER], ids=[case[0] for case in NEVER])
def test_never_set(steps: str, problems: list[str]) -> None:
    """A slot that only other paths, or later steps, set has no value here."""
    assert told_of_steps(steps) == problems


MAYBE = {
    "asked before": "  - {ask: a, save: dia}\n  - say: '{{ dia }}'\n",
    "asked by a step that may be skipped": "  - {ask: a, save: dia, if: contact.new}\n  - say: '{{ dia }}'\n",
    "set on one branch": "  - if: contact.name\n    then: [{set: {a: 1}}]\n  - say: '{{ a }}'\n",
    "in a loop": "  - {say: '{{ x }}', id: a}\n  - {ask: b, save: x}\n  - {goto: a, if: x}\n",
    "a list that begins": "  - set: {a: '{{ a | append(1) }}'}\n",
    "a list that grows": "  - set: {l: '{{ l | append(1) }}'}\n    id: s\n  - {goto: s, if: l | length < 9}\n",
    "in an aside": "  - {ask: a, save: x}\n  - goto: b\nasides:\n  b: [{say: '{{ x }}'}]\n",
    "in a list in place": "  - ask: a\n    save: x\n  - choose: b\n    id: c\n    options: {Sí: [{say: '{{ x }}'}]}\n",
    "back from a list in place": "  - choose: b\n    id: c\n    options: {Sí: [{set: {x: 1}}]}\n  - say: '{{ x }}'\n",
    "assigned above in the same step": "  - set: {a: 1, b: '{{ a }}'}\n",
    "saved above in the same step": "  - {run: agenda.nada, save: {a: result.a, b: a + 1}}\n",
    "saved by a call": "  - {run: agenda.nada, save: x}\n  - say: '{{ x }}'\n",
    "behind a failed call, set before": "  - set: {x: 1}\n  - {run: agenda.nada, on_error: [{say: '{{ x }}'}]}\n",
    "a late failure": "  - {say: a, on_failed: b}\n  - {ask: c, save: x}\n  - end:\nasides:\n  b: [say: '{{ x }}']\n",
    "in one of the steps that share the text": "  - say: &t '{{ x }}'\n  - set: {x: 1}\n  - say: *t\n",
    "in where": "  - set: {l: []}\n  - say: '{{ l | where(\"item\") }}'\n",
    "in a loop of the text": "  - say: '{% for x in [1] %}{{ x }}{% endfor %}'\n  - set: {x: 1}\n",
}


@pytest.mark.parametrize("name", MAYBE)
def test_may_be_set(name: str) -> None:
    """Where some path sets a slot before, nothing is wrong."""
    assert told_of_steps(MAYBE[name]) == []


def test_before_the_flow() -> None:
    """The condition under which a flow starts sees none of its slots."""
    assert told("flow: f\nstart: {words: [a], if: x}\nsteps:\n  - set: {x: 1}\n") == ["2:25 never-set"]


def test_another_flow() -> None:
    """A flow that a `goto` begins sees no slot of the one before."""
    first = "flow: f\nstart: {words: [a]}\nsteps:\n  - {ask: a, save: x}\n  - goto: g\n"
    second = "flow: g\nsteps:\n  - say: '{{ x }}'\n  - {ask: b, save: x}\n"
    assert told(first, second) == ["3:14 never-set"]


def test_the_message() -> None:
    """The message names the lines where the slot is set."""
    steps = "  - say: '{{ x }}'\n  - {ask: a, save: x}\n  - set: {x: 2}\n"
    problem = next(p for p in by_place(loading("flow: f\nsteps:\n" + steps).problems) if p.code == "never-set")
    assert "4, 5" in problem.message("es")
    assert "4, 5" in problem.message("en")


def flow_of(**ways: list[tuple[str, str]]) -> Flow:
    """Return a flow of steps with their ways out, (trigger, target); it begins at the first."""
    place = Place("f.yaml", 1, 1, 1, 1)
    steps = {id: Step(id, "ask", place, None, tuple(Exit(*way) for way in each)) for id, each in ways.items()}
    return Flow("f", {}, place, Start(), steps, next(iter(ways)), "digest")


def before(flow: Flow, **sets: str) -> dict[str, set[str]]:
    """Return step -> the slots that may be set when it begins; `sets` are step -> the slot that it sets."""
    found = possible(flow, frozenset(("given",)), {id: frozenset((slot,)) for id, slot in sets.items()})
    return {id: set(slots - {"given"}) for id, slots in found.items()}


def test_what_a_flow_begins_with() -> None:
    """Inputs have a value from the first step on."""
    assert possible(flow_of(a=[("next", "@end")]), frozenset(("given",)), {}) == {"a": {"given"}}


def test_a_word_that_is_understood_anywhere() -> None:
    """A word said in a question's place leaves its slot unset; what its list sets is there when it asks again."""
    word = ("anywhere", "w")
    flow = flow_of(a=[("answered", "b"), word], b=[("answered", "@end"), word], w=[("next", "@again")])
    assert before(flow, a="x", w="y") == {"a": {"x", "y"}, "b": {"x", "y"}, "w": {"x", "y"}}
    flow = flow_of(a=[("answered", "b"), word], b=[("answered", "@end")], w=[("next", "@end")])
    assert before(flow, a="x", w="y") == {"a": set(), "b": {"x"}, "w": set()}


def test_only_what_is_reached() -> None:
    """A step that nothing leads to is not judged here."""
    assert before(flow_of(a=[("next", "@end")], b=[("next", "a")]), b="x") == {"a": set()}
