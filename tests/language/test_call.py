"""`call`, `inputs`, `end`, `goto`: flows that run flows."""

from __future__ import annotations

import pytest

from botkit.turn.position import MAX_CALLS
from tests.flow.samples import at, loading
from tests.turn.samples import talk, texts

CALLED = """
flow: datos
inputs: {quien: , saludo: Hola}
steps:
  - ask: "{{ saludo }} {{ quien }}, ¿tu nombre?"
    save: nombre
  - ask: ¿Edad?
    save: edad
    type: integer
  - if: edad < 18
    then:
      - end: {outcome: menor, return: {nombre: "{{ nombre }}"}}
  - end: {outcome: mayor, return: [nombre, edad]}
"""


def caller(keys: str, steps: str = "") -> str:
    """Return a bot whose flow `f` calls `datos`."""
    return f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - call: datos\n{keys}{steps}---{CALLED}"


def test_call_comes_back() -> None:
    """The caller waits below, takes what was returned, and goes on; slots of the called flow are gone."""
    found = talk(
        caller(
            "    with: {quien: Ana}\n    save: datos\n",
            '  - say: "{{ datos.nombre }} tiene {{ datos.edad }}"\n',
        )
    )
    assert found.say("go") == ["Hola Ana, ¿tu nombre?"]
    assert [frame.flow for frame in found.conversation.frames] == ["f", "datos"]
    assert found.say("Eva") == ["¿Edad?"]
    assert found.say("40") == ["Eva tiene 40"]
    assert not found.running


def test_save_mapping_and_on() -> None:
    """`save` may read `returned` and `outcome`; `on` sends one outcome elsewhere, any other goes on."""
    keys = "    with: {quien: Ana, saludo: Ey}\n    save: {n: returned.nombre, como: outcome}\n    on: {menor: no}\n"
    steps = '  - say: "{{ n }} {{ como }}"\n  - end: si\n  - {id: no, say: "no {{ n }} {{ como }}"}\n'
    found = talk(caller(keys, steps))
    assert found.say("go") == ["Ey Ana, ¿tu nombre?"]
    found.say("Eva")
    assert found.say("17") == ["no Eva menor"]
    again = talk(caller(keys, steps))
    again.say("go")
    again.say("Eva")
    assert again.say("18") == ["Eva mayor"]


def test_slots_are_the_flows_own() -> None:
    """A called flow sees only `with`."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps:\n  - set: {x: 1}\n  - call: g\n  - say: 'fuera {{ x }}'\n---\n"
                 "flow: g\nsteps:\n  - say: 'dentro {{ x }}'\n  - set: {x: 2}\n  - say: '{{ x }}'\n".replace(
                     "  - say: 'dentro {{ x }}'\n", ""))  # fmt: skip
    assert found.say("go") == ["2", "fuera 1"]


def test_all_ends_everything() -> None:
    """`end: {all: true}` ends what is below, too, with this outcome."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps:\n  - call: g\n  - say: nunca\n---\n"
                 "flow: g\nsteps:\n  - end: {outcome: basta, all: true}\n")  # fmt: skip
    assert found.say("go") == []
    assert (found.running, found.outcome) == (False, "basta")


def test_recursion_to_the_limit() -> None:
    """A flow may call itself, to a depth of MAX_CALLS; beyond it goes to `error`."""
    flow = (
        "flow: f\nstart: {words: [go]}\ninputs: {n: 0}\nsteps:\n  - if: n == %d\n    then: end\n"
        '  - call: f\n    with: {n: "{{ n + 1 }}"}\n  - if: n == 0\n    then: [{say: vuelta}]\n'
    )
    assert talk(flow % MAX_CALLS).say("go") == ["vuelta"]
    assert talk(flow % (MAX_CALLS + 1)).say("go") == ["error"]


def test_goto_a_flow_does_not_come_back() -> None:
    """A called flow that goes to another one hands over: the caller gets that one's end."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps:\n  - call: g\n    save: {como: outcome}\n"
                 "  - say: '{{ como }}'\n---\nflow: g\nsteps:\n  - goto: h\n---\nflow: h\nsteps:\n"
                 "  - say: h\n  - end: fin\n")  # fmt: skip
    assert found.say("go") == ["h", "fin"]


def test_idempotency_keys_differ_between_calls() -> None:
    """Two calls of one flow in one event call its handler under two keys."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps:\n  - call: g\n  - call: g\n---\n"
                 "flow: g\nsteps:\n  - run: agenda.nada\n")  # fmt: skip
    found.say("go")
    first = found.call.key
    found.returns()
    assert found.call.key != first


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("  - call: otra\n", ["5:11 unknown-flow"]),
        ("  - call: datos\n", ["5:11 missing-input"]),
        ("  - call: datos\n    with: {quien: a, edad: 3}\n", ["6:22 unknown-input"]),
        ("  - call: datos\n    with: {quien: a}\n    on: {nunca: end}\n", ["7:10 outcome-never"]),
        ("  - call: datos\n    with: {quien: a}\n    on: end\n", ["7:9 wrong-type"]),
        ("  - call: datos\n    with: {quien: a}\n    save: {x: resultado}\n", ["7:15 unknown-name"]),
    ],
)
def test_mistakes(text: str, problems: list[str]) -> None:
    """A call that does not fit is told at its place."""
    found = loading(f"\nflow: f\nstart: {{words: [go]}}\nsteps:\n{text}", CALLED)
    assert [at(problem) for problem in found.problems if problem.code != "flow-unused"] == problems


@pytest.mark.parametrize(
    ("inputs", "problems"),
    [
        ("[a, b]", []),
        ("{a: , b: 3}", []),
        ("x", ["2:9 wrong-type"]),
        ("[[a]]", ["2:10 wrong-type"]),
        ("{a: '{{ now }}'}", ["2:13 wrong-type"]),
        ("[contact]", ["2:10 reserved-name"]),
    ],
)
def test_inputs(inputs: str, problems: list[str]) -> None:
    """`inputs` is a list of names, or a mapping of name to a fixed default."""
    found = loading(f"flow: f\ninputs: {inputs}\nstart: {{event: go}}\nsteps: []\n")
    assert [at(problem) for problem in found.problems] == problems


def test_restart_in_the_middle() -> None:
    """What was called goes on after the state was stored and read again, with the definitions it began with."""
    found = talk(caller("    with: {quien: Ana}\n    save: datos\n", '  - say: "{{ datos.nombre }}"\n'))
    found.say("go")
    assert found.conversation.digests().keys() == {frame.digest for frame in found.conversation.frames}
    found.say("Eva")
    assert found.say("20") == ["Eva"]
    assert texts(found) == ["Eva"]


@pytest.mark.parametrize("end", ["'{{ x }}'", "{outcome: '{{ x }}'}"])
def test_outcome_is_a_fixed_word(end: str) -> None:
    """An outcome is written as it is: the caller's `on` names it."""
    found = loading(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - end: {end}\n")
    assert [problem.code for problem in found.problems] == ["wrong-type"]
