"""Names: default ids of steps, names of flows, whose the slots are, which names are none."""

from __future__ import annotations

import pytest

from tests.flow.samples import flows, loading, told, told_of_steps
from tests.turn.samples import begun, talk


def ids(steps: str, rest: str = "") -> list[str]:
    """Return the ids of a flow's steps, in the order written."""
    return list(flows(f"flow: f\nsteps:\n{steps}{rest}").flows["f"].steps)


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ("  - {ask: a, save: dia}\n", ["dia"]),
        ("  - {ask: a, save: contact.email}\n", ["email"]),
        ("  - {ask: a, save: dia, id: fecha}\n", ["fecha"]),
        ("  - {ask: a, save: dia}\n  - {set: {dia: 1}}\n", ["dia", "set_1"]),
        ("  - {ask: a, save: dia}\n  - {run: agenda.nada, save: dia}\n", ["dia", "run_1"]),
        ("  - {ask: a, save: dia}\n  - {ask: b, save: dia}\n", ["ask_1", "ask_2"]),
        ("  - say: a\n  - say: b\n", ["say_1", "say_2"]),
    ],
)
def test_default_ids(steps: str, found: list[str]) -> None:
    """An id is by default the slot that the step saves, if no other waiting step saves it; else kind and number."""
    assert ids(steps) == found


def test_the_first_step_of_an_aside() -> None:
    """It takes the aside's name, whatever slot it saves."""
    assert ids("  - goto: lado\n", "asides:\n  lado: [{ask: a, save: x}, {say: b}]\n") == ["goto_1", "lado", "say_1"]


@pytest.mark.parametrize(
    ("step", "warned"), [("ask: a", True), ("{choose: a, options: [x]}", True), ("say: a", False), ("end:", False)]
)
def test_a_waiting_step_without_an_id(step: str, warned: bool) -> None:
    """A waiting step that gets a number gets a warning: edits above would renumber it."""
    assert told_of_steps(f"  - {step}\n") == (["3:5 no-lasting-id"] if warned else [])


def test_slots_belong_to_the_flow() -> None:
    """They go when it ends: the next time it begins without."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}, {ask: r, save: y}]\n")
    for text in ("go", "Ana", "fin", "go"):
        found.say(text)
    assert found.slots == {}


def test_a_called_flow_sees_only_with() -> None:
    """Its inputs are all that it begins with, and what it sets stays its own."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nsteps:\n  - set: {x: 1, y: 2}\n  - call: g\n    with: [x]\n"
        "  - {record: [x, y]}\n---\nflow: g\ninputs: [x]\nsteps: [{ask: q, id: q}, {set: {y: 9, x: 8}}]\n"
    )
    found.say("go")
    assert found.slots == {"x": 1}
    found.say("a")
    assert found.records == [{"x": 1, "y": 2}]


def test_slots_survive_the_store() -> None:
    """Slots of every type are the same after a restart in the middle."""
    steps = "  - set: {n: 1, d: 1.5, t: sí, b: true, l: [1, {a: b}], v: }\n  - {ask: q, id: q}\n"
    found = begun(f"{steps}  - record: [n, d, t, b, l, v]\n")
    found.say("x")
    assert found.records == [{"n": 1, "d": 1.5, "t": "sí", "b": True, "l": [1, {"a": "b"}], "v": None}]


@pytest.mark.parametrize("name", ["día", "número_2", "_x", "ñ"])
def test_names_of_slots(name: str) -> None:
    """A slot is called as people call it, accents and all."""
    assert begun(f"  - {{ask: q, save: {name}}}\n  - say: '{{{{ {name} }}}}'\n").say("Ana") == ["Ana"]


@pytest.mark.parametrize("name", ["mi dato", "2a", "a-b", "a.b", "'contact.'", "contact.a.b"])
def test_what_is_no_name(name: str) -> None:
    """A blank, a dash, a dot or a number first is a mistake, at its place."""
    assert told_of_steps(f"  - {{ask: q, id: q, save: {name}}}\n") == ["3:27 bad-name"]


def test_titles() -> None:
    """`flow` is the lasting name, `title` what people see, in their language."""
    flow = flows("flow: f\ntitle: {es: Cita, en: Visit}\nsteps: []\n").flows["f"]
    assert (flow.name, flow.title("en", "es"), flow.title("pt", "es")) == ("f", "Visit", "Cita")
    assert flows("flow: f\nsteps: []\n").flows["f"].title("es", "es") == "f"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("flow: mi flujo\nsteps: []\n", ["1:7 bad-name"]),
        ("flow: f\nsteps: []\n---\nflow: f\nsteps: []\n", ["4:7 duplicate-flow"]),
        ("flow: f\nsteps: [{say: a, id: x}, {say: b, id: x}]\n", ["2:39 duplicate-id"]),
    ],
)
def test_mistakes(text: str, problems: list[str]) -> None:
    """Names are told apart when flows are loaded."""
    assert told(text) == problems
    assert loading(text).flows is None
