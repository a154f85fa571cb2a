"""`save`: what each kind of step stores, bare or by parts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow.samples import told_of_steps
from tests.turn.samples import begun, talk

CHOOSE = "  - choose: q\n    options: [{label: Diez, value: {h: 10}}]\n"
CALL = "---\nflow: g\nsteps:\n  - set: {n: 3}\n  - end: {outcome: listo, return: [n]}\n"


@pytest.mark.parametrize(
    ("save", "slots"),
    [
        ("x", {"x": "Ana"}),
        ("{x: value}", {"x": "Ana"}),
        ("{x: value | upper, y: x + '!', z: contact.phone}", {"x": "ANA", "y": "ANA!", "z": "+59170000001"}),
    ],
)
def test_ask(save: str, slots: dict[str, Any]) -> None:
    """A slot takes the answer; a mapping is evaluated top to bottom over `value`, each part seeing those above."""
    found = begun(f"  - ask: q\n    id: q\n    save: {save}\n")
    found.say("Ana")
    assert found.slots == slots


@pytest.mark.parametrize("save", ["contact.city", "{contact.city: value}"])
def test_contact(save: str) -> None:
    """What is saved in the contact lasts, and is no slot of the flow."""
    found = begun(f"  - ask: q\n    id: q\n    save: {save}\n")
    found.say("Tarija")
    assert (found.slots, found.conversation.fields) == ({}, {"city": "Tarija"})


def test_choose_bare() -> None:
    """A bare slot takes the chosen option: its label printed, its value compared, both there by name."""
    found = begun(
        CHOOSE
        + "    save: c\n  - say: '{{ c }} {{ c.label }} {{ c.value.h }} {{ [c] | join }} {{ c == {\"h\": 10} }}'\n"
    )
    assert found.say("1") == ["Diez Diez 10 Diez sí"]


def test_a_choice_is_its_value() -> None:
    """Set, recorded, and passed to a handler or a flow, a choice is its value."""
    flow = "flow: f\nstart: {words: [go]}\nsteps:\n" + CHOOSE + "    save: c\n"
    flow += (
        "  - set: {d: '{{ c }}'}\n  - record: [c]\n  - run: agenda.todo\n    with: [c, d]\n  - call: g\n    with: [c]\n"
    )
    found = talk(flow + "---\nflow: g\ninputs: [c]\nsteps: [{ask: '{{ c.h }}', id: q}]\n")
    found.say("go")
    found.say("Diez")
    assert (found.records, found.call.arguments) == ([{"c": {"h": 10}}], {"c": {"h": 10}, "d": {"h": 10}})
    assert found.returns() == ["10"]
    assert found.slots == {"c": {"h": 10}}


def test_choose_parts() -> None:
    """`value` and `label` are the names of a choice."""
    found = begun(CHOOSE + "    id: c\n    save: {hora: value.h, texto: label}\n")
    found.say("1")
    assert found.slots == {"hora": 10, "texto": "Diez"}


@pytest.mark.parametrize(
    ("save", "slots"),
    [("x", {"x": {"a": [1]}}), ("{x: result.a, y: result.nada}", {"x": [1], "y": None})],
)
def test_run(save: str, slots: dict[str, Any]) -> None:
    """`result` is the name of what a handler gave."""
    found = begun(f"  - run: agenda.nada\n    save: {save}\n")
    found.returns({"a": [1]})
    assert found.slots == slots


@pytest.mark.parametrize(
    ("save", "slots"),
    [("x", {"x": {"n": 3}}), ("{x: returned.n, y: outcome}", {"x": 3, "y": "listo"})],
)
def test_call(save: str, slots: dict[str, Any]) -> None:
    """`returned` and `outcome` are the names of what a flow came back with."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - call: g\n    save: {save}\n{CALL}")
    found.say("go")
    assert found.slots == slots


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ("ask: q\n    id: q\n    save: {x: label}\n", ["5:15 unknown-name"]),
        ("ask: q\n    id: q\n    save: {x: '{{ value }}'}\n", ["5:16 braces-in-expression"]),
        ("ask: q\n    id: q\n    save: {contact: value}\n", ["5:12 reserved-name"]),
        ("ask: q\n    id: q\n    save: [x]\n", ["5:11 wrong-type"]),
        ("ask: q\n    id: q\n    save: bot.x\n", ["5:11 bad-name"]),
        ("run: agenda.nada\n    save: {x: value}\n", ["4:15 unknown-name"]),
        ("say: q\n    save: x\n", ["4:5 unknown-key"]),
    ],
)
def test_mistakes(step: str, problems: list[str]) -> None:
    """Only the names of the step's own result are known, and only slots and the contact are saved in."""
    assert told_of_steps(f"  - {step}") == problems
