"""`start`: which flow a message begins with nothing running, and in which order the ways are tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.turn.event import Inbound, Named
from tests.flow.samples import at, loading, told
from tests.turn.samples import BUILTIN, Talk, talk

HELP = "flow: help\nstart: {words: [ayuda, pedido 7]}\nsteps: [{say: help}]\n"
STEPS = "steps: []\n"


def flow(name: str, start: str, say: str = "") -> str:
    """Return a flow that says its name, or `say`, and ends."""
    return f'flow: {name}\nstart: {start}\nsteps:\n  - say: "{say or name}"\n'


def sends(found: Talk, **parts: object) -> list[str]:
    """Send a message that is more than a text."""
    return found.take(Inbound("wa", "message", "59170000001")._replace(**parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("quiero una CITA, por favor", ["cita"]),
        ("¿cita?", ["cita"]),
        ("una cita médica mañana", ["medica"]),
        ("citas", ["hello"]),
        ("/cita", ["hello"]),
    ],
)
def test_words(message: str, said: list[str]) -> None:
    """A word counts anywhere in the message, as a whole word; the longest one that is there wins."""
    found = talk(flow("cita", "{words: [cita]}") + "---\n" + flow("medica", "{words: [cita medica]}"))
    assert found.say(message) == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("/pedido", ["<>"]),
        ("/pedido 12 urgente", ["<12 urgente>"]),
        ("/PEDIDO@tienda_bot 12", ["<12>"]),
        ("un /pedido", ["hello"]),
        ("pedido 12", ["hello"]),
    ],
)
def test_command(message: str, said: list[str]) -> None:
    """`/word` is the first token, `@bot` behind it dropped; what follows is `message.args`."""
    assert talk(flow("pedido", "{words: [/pedido]}", "<{{ message.args }}>")).say(message) == said


PATTERN = flow(
    "pedido", r"{pattern: '(?i)pedido\s+(?P<numero>\d+)(?:\s+(?P<tono>urgente))?'}", "{{ numero }}<{{ tono }}>"
)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("mi Pedido  12 urgente, ¿dónde está?", ["12<urgente>"]),
        ("pedido 12", ["12<>"]),
        ("pedido doce", ["hello"]),
    ],
)
def test_pattern(message: str, said: list[str]) -> None:
    """A pattern is searched in the message as it was written; its named groups become slots."""
    assert talk(PATTERN).say(message) == said


def test_pattern_is_raw() -> None:
    """A pattern sees capitals, accents and signs, which words do not."""
    found = talk(flow("codigo", "{pattern: '^#[A-Z]{2}$'}"))
    assert [found.say("#ab"), found.say("#ab."), found.say("#AB")] == [["hello"], ["unknown"], ["codigo"]]


def test_group_that_took_no_part() -> None:
    """A group that took no part gives no slot, and an input's default stays."""
    text = "flow: f\nstart: {pattern: 'a(?P<x>b)?(?P<y>c)?'}\ninputs: {x: defecto}\nsteps: [{ask: q, id: q}]\n"
    found = talk(text)
    found.say("a")
    assert found.slots == {"x": "defecto"}
    again = talk(text)
    again.say("abc")
    assert again.slots == {"x": "b", "y": "c"}


def test_slots_of_a_pattern_stay() -> None:
    """What a pattern gave is there after the question that the flow begins with."""
    found = talk("flow: f\nstart: {pattern: 'mesa (?P<n>.)'}\nsteps: [{ask: q, id: q}, {say: 'mesa {{ n }}'}]\n")
    assert [found.say("mesa 4"), found.say("sí")] == [["q"], ["mesa 4"]]


def test_tap_is_no_text() -> None:
    """A tap on an old menu begins nothing, whatever its title says."""
    assert talk(PATTERN).tap_id("0.0.0", "pedido 12", text=True) == ["hello"]


def test_empty_text_fits_no_pattern() -> None:
    """A medium without words fits no pattern, one that fits everything included."""
    found = talk(flow("todo", "{pattern: '.*'}"))
    assert sends(found, media={"type": "image"}) == ["hello"]
    assert found.say("x") == ["todo"]


def test_order_of_patterns() -> None:
    """Of two patterns that fit, the flow that stands first begins, unless its `if` is not true."""
    found = talk(flow("uno", "{pattern: 'x.', if: contact.vip}") + "---\n" + flow("dos", "{pattern: '.y'}"))
    assert found.say("xy") == ["dos"]
    found.conversation = replace(found.conversation, fields={"vip": True})
    assert found.say("xy") == ["uno"]


def test_order() -> None:
    """Own words, own patterns, built-in words, a flow that takes anything."""
    text = (
        flow("resto", "{any: true}")
        + "---\n"
        + flow("numero", r"{pattern: '\d|^ya'}")
        + "---\n"
        + flow("cita", "{words: [cita]}")
    )
    found = talk(text, builtin=(*BUILTIN, HELP))
    said = [found.say(message) for message in ("ayuda cita 7", "pedido 7", "ya, ayuda", "ayuda", "otra cosa")]
    assert said == [["cita"], ["numero"], ["numero"], ["help"], ["resto"]]


def test_any() -> None:
    """Any message begins it, media too; with an `if` that is not true `hello` and `unknown` answer."""
    found = talk(flow("resto", "{any: true}"))
    assert sends(found, media={"type": "image"}) == ["resto"]
    assert sends(found, location={"latitude": 1.0, "longitude": 2.0}) == ["resto"]
    assert found.say("") == ["resto"]
    closed = talk(flow("resto", "{any: true, if: contact.vip}"))
    assert [closed.say("x"), closed.say("x")] == [["hello"], ["unknown"]]


def test_if() -> None:
    """A flow whose `if` is not true does not begin by its words, and leaves them to another one."""
    found = talk(flow("vip", "{words: [cita], if: contact.vip}") + "---\n" + flow("otro", "{pattern: cita}"))
    assert found.say("cita") == ["otro"]
    found.conversation = replace(found.conversation, fields={"vip": True})
    assert found.say("cita") == ["vip"]


def test_named_like_a_built_in_flow() -> None:
    """A flow named like a built-in one replaces its `start` too."""
    found = talk(flow("help", "{words: [socorro]}", "propio"), builtin=(*BUILTIN, HELP))
    assert [found.say("ayuda"), found.say("socorro")] == [["hello"], ["propio"]]


def test_absent() -> None:
    """Without `start` a flow begins by no message."""
    assert talk("flow: cita\nsteps: [{say: cita}]\n").say("cita") == ["hello"]


@pytest.mark.parametrize(
    ("start", "problems"),
    [
        ("{pattern: 'a(?=b)'}", ["2:20 bad-pattern"]),
        ("{pattern: ''}", ["2:18 empty-value"]),
        ("{pattern: [a]}", ["2:18 wrong-type"]),
        ("{pattern: 'x(?P<today>.)'}", ["2:24 reserved-name"]),
        ("{any: tal vez}", ["2:14 wrong-type"]),
        ("{pattern: '(?P<n>.)', if: n}", ["2:34 never-set"]),
        ("{words: [a], interrupts: always}", ["2:33 not-a-choice"]),
        ("{words: [a], resume: never}", ["2:29 not-a-choice"]),
        ("{any: true, interrupts: only}", ["2:9 any-never-interrupts"]),
        ("{event: [pago]}", ["2:16 wrong-type"]),
        ("{event: '{{ pago }}'}", ["2:16 wrong-type"]),
    ],
)
def test_mistakes(start: str, problems: list[str]) -> None:
    """A mistake in `start` is told at its place; no slot has a value before the flow begins."""
    assert told(f"flow: f\nstart: {start}\n{STEPS}") == problems


def test_shared_pattern() -> None:
    """Two own flows of one pattern are a warning, at the second."""
    loaded = loading(flow("a", "{pattern: x}"), flow("b", "{pattern: x}"))
    assert [f"{problem.place.file} {at(problem)}" for problem in loaded.problems] == ["b.yaml 2:18 shared-pattern"]
    assert loaded.flows is not None


# ── named events ──


PAID = (
    "flow: pago\nstart: {event: pagado, interrupts: XX}\ninputs: {monto: , moneda: Bs}\n"
    'steps:\n  - say: "Pagaste {{ monto }} {{ moneda }}"\n---\n'
    "flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}]\n"
)


@pytest.mark.parametrize(
    ("interrupts", "alone", "over"),
    [
        ("false", ["Pagaste 20 Bs"], []),
        ("true", ["Pagaste 20 Bs"], ["Pagaste 20 Bs", "q"]),
        ("only", [], ["Pagaste 20 Bs", "q"]),
    ],
)
def test_event(interrupts: str, alone: list[str], over: list[str]) -> None:
    """A named event begins a flow with its data as inputs; over another flow only one that interrupts."""
    found = talk(PAID.replace("XX", interrupts))
    event = Named("pagado", {"monto": 20, "otro": 1})
    assert found.take(event) == alone
    found.say("go")
    assert found.take(event) == over
    assert (found.top.flow, found.top.step) == ("f", "x")


@pytest.mark.parametrize(("data", "note"), [({"moneda": "USD"}, "event_incomplete"), (None, "event_incomplete")])
def test_event_without_an_input(data: object, note: str) -> None:
    """An event that lacks an input begins nothing, and says so in the log: half a message is worse than none."""
    found = talk(PAID.replace("XX", "true"))
    assert (found.take(Named("pagado", data)), found.notes, found.running) == ([], [note], False)


def test_event_that_nobody_knows() -> None:
    """It leaves a line in the log, and nothing else."""
    found = talk(PAID.replace("XX", "true"))
    assert (found.take(Named("nada", {})), found.notes) == ([], ["event_unheard"])


def test_event_that_a_step_waits_for() -> None:
    """A step that waits for the event has it before a flow that it begins."""
    found = talk(
        PAID.replace("XX", "true") + "---\nflow: w\nstart: {words: [w]}\nsteps: [{wait: {event: pagado}}, {say: ya}]\n"
    )
    found.say("w")
    assert found.take(Named("pagado", {"monto": 1})) == ["ya"]


def test_event_comes_twice() -> None:
    """Events of one name are not the same thing: the second begins its flow on top of the first's question."""
    flows = "flow: p\nstart: {event: listo, interrupts: true}\ninputs: [n]\nsteps: [{ask: 'Pedido {{ n }}', id: q}]\n"
    found = talk(flows)
    assert [found.take(Named("listo", {"n": n})) for n in (7, 8)] == [["Pedido 7"], ["Pedido 8"]]
    assert found.say("ya") == ["Pedido 7"]


def test_shared_event() -> None:
    """Two flows of one event are a warning, at the second."""
    loaded = loading(flow("a", "{event: x}"), flow("b", "{event: x}"))
    assert [f"{problem.place.file} {at(problem)}" for problem in loaded.problems] == ["b.yaml 2:16 shared-event"]


@pytest.mark.parametrize(
    ("start", "inputs", "lacking"),
    [
        ("words: [go]", "[a, b]", ["a words", "b words"]),
        ("words: [go]", "{a: , b: 1}", ["a words"]),
        ("words: [go], interrupts: only", "[a]", ["a words"]),
        ("any: true", "[a]", ["a any"]),
        ("pattern: 'x(?P<b>y)'", "[a, b]", ["a pattern"]),
        ("pattern: 'x(?P<b>y)', words: [go]", "[a, b]", ["a words, pattern", "b words"]),
        ("words: [go]", '{a: "", b: 0, c: false}', []),
        ("pattern: 'x(?P<a>y)?'", "[a]", []),
        ("event: e", "[a]", []),
        ("event: e, words: [go]", "[a]", ["a words"]),
        ("if: true", "[a]", []),
    ],
)
def test_inputs_that_no_message_gives(start: str, inputs: str, lacking: list[str]) -> None:
    """An input that must be given is an error in a flow that a message begins, unless it is a group of the pattern."""
    found = loading(f"flow: f\nstart: {{{start}}}\ninputs: {inputs}\nsteps: []\n").problems
    values = [problem.values for problem in found if problem.code == "start-without-inputs"]
    assert [f"{each['name']} {each['ways']}" for each in values] == lacking


def test_an_input_that_may_be_missing() -> None:
    """With an empty default a flow asks for what a word does not give."""
    steps = "steps:\n  - {ask: '¿Cuánto?', save: monto, if: not monto}\n  - say: Son {{ monto }}\n"
    found = talk(f'flow: f\nstart: {{words: [go]}}\ninputs: {{monto: ""}}\n{steps}')
    assert (found.say("go"), found.say("20")) == (["¿Cuánto?"], ["Son 20"])
