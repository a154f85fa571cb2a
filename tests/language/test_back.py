"""`back`, `restart`: the question before, slots as they were when it was asked, and the flow from its beginning."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import orjson
import pytest

from botkit.turn.conversation import dump_state
from botkit.turn.way import MAX_BACK, MAX_BYTES
from tests.turn.samples import SHIPPED, Talk, talk

FLOW = """
flow: f
start: {words: [go]}
anywhere: {dato: [{ask: ¿Dato?, save: dato}, {set: {visto: 1}}]}
steps:
  - ask: ¿Nombre?
    save: nombre
  - choose: ¿Qué?
    save: que
    options:
      - Llamar
      - Nada: edad
      - Atrás: back
      - Vuelve:
          - say: Vuelvo
          - goto: back
  - set: {nombre: "{{ nombre }} X"}
  - call: g
    save: devuelto
  - ask: ¿Edad?
    save: edad
    type: integer
    invalid: {tries: 2, then: back}
  - say: "{{ nombre }} {{ que }} {{ edad }} {{ dato }}"
---
flow: g
steps:
  - ask: ¿Color?
    save: color
  - ask: ¿Talla?
    save: talla
  - end: {outcome: listo, return: [color, talla]}
"""


def at(*said: str, flows: str = FLOW) -> Talk:
    """Return a conversation with the built-in flows, after some messages."""
    found = talk(flows, builtin=SHIPPED)
    for text in said:
        found.say(text)
    return found


def test_the_question_before() -> None:
    """It is asked again, and what was answered since is gone."""
    found = at("go", "Ana", "nada")
    assert (found.say("atrás"), found.slots) == (["¿Qué?"], {"nombre": "Ana"})
    assert (found.say("volver"), found.slots) == (["¿Nombre?"], {})
    assert [found.say("Eva"), found.say("nada")] == [["¿Qué?"], ["¿Edad?"]]


def test_older_values() -> None:
    """A slot that was overwritten has its older value again."""
    found = at("go", "Ana", "llamar", "rojo", "M")
    assert found.conversation.frames[0].slots["nombre"] == "Ana X"
    for _ in range(3):
        found.say("atrás")
    assert (found.top.step, found.slots) == ("que", {"nombre": "Ana"})


def test_across_calls() -> None:
    """From the caller it leads into the flow that was called, which knows what it knew; and out of it again."""
    found = at("go", "Ana", "llamar", "rojo", "M")
    assert found.slots["devuelto"] == {"color": "rojo", "talla": "M"}
    assert (found.say("atrás"), found.slots) == (["¿Talla?"], {"color": "rojo"})
    assert [frame.flow for frame in found.conversation.frames] == ["f", "g"]
    assert found.say("atrás") == ["¿Color?"]
    assert (found.say("atrás"), found.slots) == (["¿Qué?"], {"nombre": "Ana"})
    assert found.say("llamar") == ["¿Color?"]


def test_across_goto() -> None:
    """A flow that went to another is taken up again where it asked."""
    found = at(
        "go",
        "uno",
        "dos",
        flows="""
flow: f
start: {words: [go]}
steps: [{ask: a, save: x}, {goto: h}]
---
flow: h
steps: [{ask: b, save: y}, {ask: c, save: z}]
""",
    )
    assert [found.say("atrás"), found.say("atrás")] == [["b"], ["a"]]
    assert (found.top.flow, found.slots) == ("f", {})


def test_before_the_first() -> None:
    """There is none: the first question is asked again."""
    found = at("go")
    assert [found.say("atrás"), found.say("atrás")] == [["¿Nombre?"], ["¿Nombre?"]]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (("go", "Ana", "atrás"), ["¿Nombre?"]),
        (("go", "Ana", "vuelve"), ["Vuelvo", "¿Nombre?"]),
        (("go", "Ana", "nada", "x", "x"), ["¿Qué?"]),
    ],
)
def test_ways_of_a_question(said: tuple[str, ...], asked: list[str]) -> None:
    """By an option, a list in it or `then` it is the question before the one that has this way."""
    found = at(*said[:-1])
    assert found.say(said[-1]) == asked


def test_from_a_later_step() -> None:
    """From a step behind an answered question it is that question, even when a call stood between them."""
    steps = "steps:\n  - {ask: a, save: x}\n  - {ask: b, save: y}\n  - {run: agenda.nada, on_error: [{goto: back}]}\n"
    found = at("go", "uno", "dos", flows=f"flow: f\nstart: {{words: [go]}}\n{steps}")
    assert (found.returns(error="down"), found.slots) == (["b"], {"x": "uno"})
    assert found.say("atrás") == ["a"]


def test_contact_is_untouched() -> None:
    """What was saved of the contact stays."""
    flows = "flow: f\nstart: {words: [go]}\nsteps: [{ask: a, save: contact.mail}, {ask: b, save: y}]\n"
    found = at("go", "a@b.bo", flows=flows)
    found.say("atrás")
    assert found.conversation.fields == {"mail": "a@b.bo"}


def test_tries_begin_anew() -> None:
    """Wrong answers at the question before are forgotten, as the step is entered again."""
    found = at("go", "Ana", "x", "nada", "atrás")
    assert (found.top.step, found.top.tries) == ("que", 0)


def test_after_a_question_again() -> None:
    """A question that was asked again counts once; what an `anywhere` list asked and set in between is no way back."""
    found = at("go", "Ana", "dato", "7")
    assert found.slots == {"nombre": "Ana", "dato": "7", "visto": 1}
    assert (found.say("atrás"), found.slots) == (["¿Nombre?"], {})


def test_in_an_anywhere_list() -> None:
    """From its question back leads to the one that it came from, with the flows that were set aside."""
    found = at("go", "Ana", "llamar", "rojo", "dato")
    assert (found.say("atrás"), found.slots) == (["¿Talla?"], {"color": "rojo"})
    assert [frame.flow for frame in found.conversation.frames] == ["f", "g"]
    assert found.say("atrás") == ["¿Color?"]


DETOUR = """
flow: f
start: {words: [go]}
anywhere: {dato: [{call: h}, {ask: d1, save: d1}, {ask: d2, save: d2}]}
steps: [{ask: a, save: a}, {call: g}, {ask: c, save: c}]
---
flow: g
steps: [{ask: g1, save: g1}]
---
flow: h
anywhere: {mas: [{ask: m, save: m}]}
steps: [{ask: h1, save: h1}]
"""


@pytest.mark.parametrize("at_question", [("1",), ("1", "2")])
@pytest.mark.parametrize(
    "said",
    [
        "dato x x x",
        "dato x atrás x x x",
        "dato x x atrás atrás atrás dato x x x",
        "dato x x dato x x x",
        "dato dato x x x",
        "dato mas x x x x",
        "dato mas dato x x x",
    ],
)
def test_behind_an_anywhere_list(at_question: tuple[str, ...], said: str) -> None:
    """However a list went its way, through flows that it calls and back, what it asked is no way back any more."""
    found = at("go", *at_question, flows=DETOUR)
    there = stands(found)
    for text in said.split():
        found.say(text)
    assert [(flow, step) for flow, step, _ in stands(found)] == [(flow, step) for flow, step, _ in there]
    found.say("atrás")
    assert stands(found) == stands(at("go", *at_question, "atrás", flows=DETOUR))


INTERRUPT = "\n---\nflow: i\nstart: {words: [eso], interrupts: true}\nsteps: [{ask: i1, save: a}, {ask: i2, save: b}]\n"


def test_in_an_interruption() -> None:
    """Back from its first question ends it, and the question that it interrupted is asked."""
    found = at("go", "Ana", "eso", "1", flows=FLOW + INTERRUPT)
    assert [found.say("atrás"), found.say("atrás")] == [["i1"], ["¿Qué?"]]
    assert [frame.flow for frame in found.conversation.frames] == ["f"]
    assert found.say("atrás") == ["¿Nombre?"]


def test_after_an_interruption() -> None:
    """One that is over is no way back."""
    found = at("go", "Ana", "eso", "1", "2", flows=FLOW + INTERRUPT)
    assert found.say("atrás") == ["¿Nombre?"]


def test_nothing_asked() -> None:
    """A flow that has asked nothing has nowhere to go back to: it is done."""
    found = at("go", flows="flow: f\nstart: {words: [go]}\nsteps: [{goto: back}]\n")
    assert (found.running, found.outcome) == (False, "done")


def test_survives_the_store() -> None:
    """It is kept with the conversation."""
    found = at("go", "Ana", "llamar", "rojo")
    again = Talk(found.flows, found.conversation)
    assert [again.say("atrás"), again.say("atrás")] == [["¿Color?"], ["¿Qué?"]]


def test_a_step_that_is_gone() -> None:
    """Where a deploy took the question before away, the present one is asked again."""
    found = at("go", "Ana", "nada")
    [frame] = found.conversation.frames
    gone = replace(frame, back=(*frame.back[:-1], [{"step": "nadie"}]))
    found.conversation = replace(found.conversation, frames=(gone,))
    assert found.say("atrás") == ["¿Edad?"]


LOOP = (
    "flow: f\nstart: {words: [go]}\nsteps:\n  - {set: {l: '{{ [] }}'}}\n  - {ask: q, save: x}\n"
    "  - {set: {l: '{{ l | append(x) }}'}}\n  - goto: x\n"
)


def test_bounded() -> None:
    """At most MAX_BACK questions are kept, and the values that it would bring back are bounded in bytes."""
    found = at("go", *["a"] * 30, flows=LOOP)
    assert len(found.top.back) == MAX_BACK
    for _ in range(MAX_BACK):
        found.say("atrás")
    assert len(found.slots["l"]) == 30 - MAX_BACK
    found.wait(3600)  # a question that was asked so often is asked again by then
    assert (found.say("atrás"), len(found.slots["l"])) == (["q"], 30 - MAX_BACK)
    large = at("go", *["a" * 1_000] * 8, flows=LOOP)
    assert 0 < len(orjson.dumps(large.top.back)) <= MAX_BYTES
    found.say("atrás")
    assert found.top.step == "x"


def test_cost() -> None:
    """A question costs what it changed: some tens of bytes, whatever the slots hold."""
    questions = "".join(f"  - {{ask: q, save: s{number}}}\n" for number in range(10))
    found = at("go", *["a" * 500] * 9, flows=f"flow: f\nstart: {{words: [go]}}\nsteps:\n{questions}")
    back = dump_state(found.conversation)["frames"][0]["back"]
    assert len(orjson.dumps(back)) < 9 * 40


# ── restart ──


def test_restart() -> None:
    """The bottom flow begins anew, slots empty, whatever was called or interrupted it."""
    found = at("go", "Ana", "llamar", "rojo")
    assert found.say("empezar de nuevo") == ["¿Nombre?"]
    assert (found.slots, [frame.flow for frame in found.conversation.frames]) == ({}, ["f"])
    assert found.say("atrás") == ["¿Nombre?"]


def test_restart_keeps_what_it_began_with() -> None:
    """The groups of its pattern are part of its beginning."""
    flows = "flow: f\nstart: {pattern: 'pedido (?P<n>.)'}\nsteps: [{ask: q, save: x}, {ask: r, save: y}]\n"
    found = at("pedido 7", "uno", flows=flows)
    found.say("reiniciar")
    assert found.slots == {"n": "7"}


def test_calls_have_new_keys() -> None:
    """A call that is made again after going back is another call."""
    steps = "steps:\n  - {ask: a, save: x}\n  - {run: agenda.nada}\n  - {ask: b, save: y}\n"
    found = at("go", "uno", flows=f"flow: f\nstart: {{words: [go]}}\n{steps}")
    first = found.call.key
    found.returns(1)
    found.say("atrás")
    found.say("uno")
    assert found.call.key != first


def test_from_an_anywhere_list() -> None:
    """From a list behind an `anywhere` word it is the question before the one at which the word was said."""
    flows = FLOW.replace("anywhere: {", "anywhere: {vuelve ya: [{say: Vuelvo}, {goto: back}], ")
    found = at("go", "Ana", flows=flows)
    assert found.say("vuelve ya") == ["Vuelvo", "¿Nombre?"]


def test_definitions_that_it_leads_to() -> None:
    """A flow that has ended is still needed where one can go back into it."""
    found = at("go", "Ana", "llamar", "rojo", "M")
    assert [frame.flow for frame in found.conversation.frames] == ["f"]
    assert set(found.conversation.digests().values()) == {"f", "g"}


# ── what is sensitive ──


LOGIN = """
flow: f
start: {words: [go]}
steps: [{ask: a, save: x}, {call: login}, {ask: b, save: y}]
---
flow: login
steps:
  - {ask: pin, save: pin, sensitive: true}
  - {ask: más, save: mas}
"""


def test_what_is_sensitive_goes_with_its_flow() -> None:
    """A flow that has ended leaves no sensitive answer behind: no way leads back into it, the question comes again."""
    found = at("go", "uno", "1234", flows=LOGIN)
    assert (found.say("atrás"), found.slots) == (["pin"], {})
    for text in ("4321", "sí"):
        found.say(text)
    assert "4321" not in str(dump_state(found.conversation))
    assert found.say("atrás") == ["b"]


def test_a_sensitive_answer_that_was_overwritten() -> None:
    """The older of two is not kept either."""
    loop = "steps: [{ask: pin, save: pin, sensitive: true}, {ask: otra, id: otra, options: [{Otra: pin}]}]\n"
    found = at("go", "1111", "otra", "2222", flows=f"flow: f\nstart: {{words: [go]}}\n{loop}")
    assert "1111" not in str(dump_state(found.conversation))


# ── whatever the way ──

WAYS = """
flow: f
start: {words: [go]}
steps:
  - {ask: a, save: a}
  - choose: b
    save: b
    options: [Llamar, {Ir: c}, {Otra: b}, {Lista: [{set: {k: 1}}, {ask: li, save: li}, {set: {a: cambiado}}]}]
  - {set: {a: "{{ a }} x", l: "{{ (l or []) | append(b.value) }}"}}
  - {call: g, save: r, on: {mal: a}}
  - {run: agenda.nada, save: z}
  - {ask: c, save: c}
  - {choose: d, save: d, options: {Anda: a, Salta: f, Vete: h, Mas: c}}
---
flow: g
steps:
  - {ask: g1, save: g1}
  - {call: h, with: {n: 1}}
  - {ask: g2, save: g2, skip: [mal]}
  - if: g2
    then: [{end: {outcome: bien, return: [g1, g2]}}]
  - end: mal
---
flow: h
inputs: {n: 0}
steps: [{ask: h1, save: h1}, {set: {n: 2, z: [1, 2]}}, {ask: h2, save: h2}, {goto: f, if: not n}]
"""


def stands(found: Talk) -> list[tuple[str, str, dict[str, object]]]:
    """Return where the conversation stands, and what it knows there."""
    return [(frame.flow, frame.step, dict(frame.slots)) for frame in found.conversation.frames]


@pytest.mark.parametrize("seed", range(20))
def test_as_it_was(seed: int) -> None:
    """However a talk came to a question, `back` stands at the one before it, with all as it was there."""
    draw = Random(seed)
    found = at("go", flows=WAYS)
    asked = [stands(found)]
    for _ in range(80):
        back = draw.random() < 0.35
        found.say("atrás" if back else draw.choice("aa bb llamar ir otra lista mal salta mas anda vete".split()))
        while found.open:
            found.returns(draw.choice([1, [1], None]))
        if not found.running:
            break
        if back:
            asked = asked[:-1] or asked
            assert stands(found) == asked[-1]
        elif not found.top.tries:
            asked = [*asked[-MAX_BACK:], stands(found)]
