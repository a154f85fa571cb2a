"""How steps are named and linked."""

from __future__ import annotations

import time

import pytest

from botkit.flow.machine import FlowMachine, NoWayOut, reachable
from botkit.flow.model import Exit, Flow, Start, Step
from botkit.flow.problem import Place
from tests.flow.samples import flows, loading


def flow_of(text: str) -> Flow:
    """Return the flow `f` of these keys."""
    return flows("flow: f\n" + text).flows["f"]


def ways(flow: Flow) -> dict[str, list[str]]:
    """Return step -> `trigger target` of each way out."""
    return {step.id: [f"{way.trigger} {way.target}" for way in step.exits] for step in flow.steps.values()}


def test_ids() -> None:
    """An id is the written one, the aside's, the slot that only this step saves, else kind and number."""
    text = """steps:
  - {say: a}
  - {ask: a, id: escrito, save: uno}
  - {ask: b, save: dos}
  - {ask: c, save: tres}
  - {ask: d, save: tres}
  - {run: agenda.nada, save: cuatro}
  - {run: agenda.nada, save: cinco}
  - {ask: e, save: contact.email}
  - {say: b}
  - {goto: lado}
asides:
  lado:
    - {say: c}
    - {say: d}
"""
    ids = "say_1 escrito dos ask_3 ask_4 cuatro cinco email say_2 goto_1 lado say_4".split()
    assert list(flow_of(text).steps) == ids
    codes = [(problem.code, problem.place.line) for problem in loading("flow: f\n" + text).problems]
    assert codes == [("no-lasting-id", 6), ("no-lasting-id", 7), ("flow-unused", 1)]


def test_aside_before_slot() -> None:
    """An aside keeps its name although a slot is called the same."""
    text = "steps:\n  - {ask: a, save: lado, invalid: {tries: 1, then: lado}}\n"
    text += "asides:\n  lado:\n    - {say: b, id: otro}\n"
    assert ways(flow_of(text))["ask_1"] == ["answered @end", "exhausted otro"]


def test_order() -> None:
    """The next step follows; the last one ends the flow, and so does the last one of an aside."""
    text = "steps: [{say: a}, {say: b}, {if: true, then: x}]\nasides: {x: [{say: c}, {say: d}], y: []}\n"
    assert ways(flow_of(text)) == {
        "say_1": ["next say_2"],
        "say_2": ["next if_1"],
        "if_1": ["then x", "else @end"],
        "x": ["next say_4"],
        "say_4": ["next @end"],
    }


def test_in_place() -> None:
    """Behind a list in place comes the step behind its holder; an empty list goes there at once; lists nest."""
    text = """steps:
  - if: true
    then:
      - say: a
      - if: true
        then: [{say: b}]
        else: []
    else: []
  - say: z
"""
    assert ways(flow_of(text)) == {
        "if_1": ["then say_1", "else say_3"],
        "say_1": ["next if_2"],
        "if_2": ["then say_2", "else say_3"],
        "say_2": ["next say_3"],
        "say_3": ["next @end"],
    }


def test_targets() -> None:
    """A target is a step, else an aside, else a flow; or a reserved word."""
    text = """steps:
  - choose: a
    id: c
    options:
      A: c
      B: lado
      C: vacio
      D: f
      E: otro
      F: end
      G: quit
      H: [{say: x}]
asides: {lado: [{say: y, id: suyo}], vacio: []}
---
flow: otro
steps: []
"""
    exits = [(way.key, way.target) for way in flow_of(text).steps["c"].exits]
    targets = ["c", "suyo", "@end", "@flow:f", "@flow:otro", "@end", "@quit", "say_1"]
    assert exits == [(str(number), target) for number, target in enumerate(targets)]


def test_guard() -> None:
    """A step with `if` may be skipped, to the step behind it."""
    text = "steps:\n  - {goto: end, if: contact.name}\n  - {say: a}\n"
    assert ways(flow_of(text)) == {"goto_1": ["next @end", "skipped say_1"], "say_1": ["next @end"]}


def test_empty_flow() -> None:
    """A flow may have no steps; it ends as it begins."""
    assert flow_of("steps: []\n").first == "@end"
    assert flow_of("steps: []\nasides: {a: [{say: x}]}\n").first == "@end"


def test_moves() -> None:
    """The machine moves only as the flow says."""
    machine = FlowMachine(flow_of("steps:\n  - {choose: a, id: c, options: {A: c, B: x}}\n  - {say: x, id: x}\n"))
    assert machine.move("c", "chosen", "0") == "c"
    assert machine.move("c", "chosen", "1") == "x"
    assert machine.move("x", "next") == "@end"
    found = {("c", "chosen", "c"), ("c", "chosen", "x"), ("x", "next", "@end")}
    assert set(machine.transitions()) == found


@pytest.mark.parametrize(
    ("state", "trigger", "key"),
    [
        ("c", "chosen", "7"),
        ("c", "chosen", None),
        ("c", "next", None),
        ("x", "chosen", "0"),
        ("nada", "next", None),
        ("@end", "next", None),
        ("x", "trigger", None),
        ("x", "__init__", None),
        ("x", "", None),
    ],
)
def test_no_way_out(state: str, trigger: str, key: str | None) -> None:
    """Whatever is not declared is no way out, and says so."""
    machine = FlowMachine(flow_of("steps:\n  - {choose: a, id: c, options: {A: c, B: x}}\n  - {say: x, id: x}\n"))
    with pytest.raises(NoWayOut):
        machine.move(state, trigger, key)


@pytest.mark.parametrize(("trigger", "target"), [("next", "nada"), ("brincar", "a"), ("next", "@end ")])
def test_unproved(trigger: str, target: str) -> None:
    """A machine is never made of exits that lead nowhere or have a trigger of their own."""
    place = Place("f", 1, 1, 1, 1)
    exits = (Exit("next", "@end"), Exit(trigger, target))
    steps = {"a": Step("a", "say", place, None, exits)}
    flow = Flow("f", {"": "f"}, place, Start(), steps, "a", "d")
    if target.startswith("@"):
        assert FlowMachine(flow).move("a", "next") == "@end"
    else:
        with pytest.raises(ValueError, match="lead nowhere"):
            FlowMachine(flow)


def test_reachable() -> None:
    """What can be reached is read from the machine, around every circle."""
    text = "steps:\n  - {choose: a, id: c, options: {A: c, B: lado}}\nasides: {lado: [{say: x}, {goto: c}]}\n"
    assert reachable(FlowMachine(flow_of(text)), "c") == {"c", "lado", "goto_1"}
    assert reachable(FlowMachine(flow_of("steps: [{say: a}]\n")), "say_1") == {"say_1", "@end"}


def test_names_like_methods() -> None:
    """Step names cannot get into the way of the library's own: they are states, never attributes."""
    names = "trigger machine events model states initial to_x state next is_x".split()
    text = "steps:\n" + "".join(f"  - {{say: x, id: {name}}}\n" for name in names)
    machine = FlowMachine(flow_of(text))
    assert [machine.move(name, "next") for name in names] == [*names[1:], "@end"]


def test_large() -> None:
    """A flow of two thousand steps is read, linked and compiled in good time."""
    began = time.process_time()
    flow_of("steps:\n" + "".join(f"  - {{say: x, id: s{number}}}\n" for number in range(2000)))
    assert time.process_time() - began < 5
