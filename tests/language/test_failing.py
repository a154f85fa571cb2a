"""What fails on the values it meets is told at the very words: for who looks for them at night."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.flow.flowset import FlowSet
from botkit.turn.effect import Note
from botkit.turn.event import Apology, Begin
from botkit.turn.kinds import KINDS
from tests.turn.samples import Talk, begun, talk

#: What every step of PLACES stands behind; it is line 4.
GIVEN = "  - set: {n: 3, dia: hoy, lista: [{a: x, b: [{c: y}]}]}\n"
#: A step in line 5 that fails, and the words that it fails at.
PLACES = [
    ('say: "{{ n / 2 }} {{ dia / 2 }}"', "5:26"),
    ("say: |\n      Hola:\n      {% if n %}\n      {{ n }} y {{ dia | money }}\n      {% endif %}\n", "8:26"),
    ("say: >-\n      Hola {{ n }}:\n\n      {{ n }} y {{ dia | money }}\n", "8:26"),
    ('say: "\\u0041 \\"{{ n }}\\"\\n\\\n      {{ dia | date }}"', "6:16"),
    ("say: 'it''s {{ dia ~ ''a'' + 1 if n == 3 }}'", "5:20"),
    ('say: [{text: "uno {{ n - 1 + dia }}"}]', "5:26"),
    ('say: "{{ (n + 1) / (n - 3) }}"', "5:14"),
    ('say: "{{ -dia }}"', "5:14"),
    ("say: \"{{ 'x' if n == 3 and dia < 3 else 2 }}\"", "5:32"),
    ('say: "{{ dia | upper ~ n ~ (lista | date) }}"', "5:41"),
    ("say: |\n      {% for a in n %}x{% endfor %}\n", "6:19"),
    ("say: |\n      {% for a in lista %}\n        {{ a.a | upper }}{{ a.a / 2 }}\n      {% endfor %}\n", "7:29"),
    ("say: \"{{ lista | where('item.a > 2') | length }}\"", "5:29"),
    ('say: "{{ lista | where(\\"item.a > 2\\") | length }}"', "5:30"),
    ('say: "{{ lista | where(\'item.b | pick(\\"item.c / 2\\")\') }}"', "5:45"),
    ("{say: x, if: n == 3 and dia < 3}", "5:29"),
    ('set: {x: [{y: "{{ n }}", z: "{{ dia / 2 }}"}]}', "5:37"),
    ("choose: q\n    options: [{from: lista, label: item.a / 2}]", "6:36"),
    ("ask: q\n    save: z\n    silence: {after: '{{ dia / 3 }}m', then: end}", "7:26"),
    ("http: GET https://example.com/x{{ n }}/{{ dia - 1 }}", "5:47"),
    ("end: {outcome: fin, return: {x: '{{ dia / 2 }}'}}", "5:41"),
    ("say: {image: '{{ n }}'}", "5:18"),
    ("choose: q\n    options: [{from: n}]", "6:22"),
]


def failed(found: Talk) -> Any:
    """Return the fields of what the log has of the turn that failed."""
    return next(note.fields for note in found.effects if isinstance(note, Note) and note.event == "turn_failed")


@pytest.mark.parametrize(("step", "place"), PLACES, ids=[step for step, _ in PLACES])
def test_place(step: str, place: str) -> None:
    """A template or an expression that fails is told by line and column of the part of it that failed."""
    found = begun(f"{GIVEN}  - {step}\n")
    assert failed(found)["place"] == f"a.yaml:{place}"


def test_place_in_a_definition_of_before() -> None:
    """A definition that is kept for those who began with it tells the same place, in a file of several flows too."""
    flow = "flow: a\nsteps: []\n---\nflow: f\nsteps:\n  - say: |\n      Uno\n      {{ now / 2 }}\n"
    present = talk(flow).flows
    before = FlowSet(present.bot)
    adopted = before.adopt(present.flows["f"].digest, present.flows["f"].source(), KINDS)
    assert adopted is not None
    before.flows["f"] = adopted
    found = Talk(before)
    found.take(Begin("f"))
    assert failed(found)["place"] == "a.yaml:8:10"


def test_place_of_the_step_in_hand() -> None:
    """What fails for reasons that stand nowhere in a flow is told at the step where it happened."""
    found = begun("  - say: a\n  - ask: q\n    save: x\n")
    assert found.take(Apology("a message could not be handled")) == ["error"]
    assert failed(found)["place"] == "a.yaml:5:5"


def test_place_in_the_apology() -> None:
    """An apology that fails itself is told by its own place."""
    found = talk(
        'flow: f\nstart: {words: [go]}\nsteps: [{say: "{{ now / 2 }}"}]\n',
        builtin=('flow: error\nsteps: [{say: "{{ now / 3 }}"}]\n',),
    )
    found.say("go")
    places = [note.fields["place"] for note in found.effects if isinstance(note, Note)]
    assert places == ["a.yaml:3:19", "builtin0.yaml:2:19"]
