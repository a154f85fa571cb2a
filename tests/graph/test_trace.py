"""What a picture of a flow shows: all of its steps and ways, in words."""

from __future__ import annotations

import pytest

from botkit.flow.flowset import FlowSet
from botkit.flow.model import RESERVED_TARGETS, TRIGGERS, Flow
from botkit.graph.caption import CAPTIONS
from botkit.graph.mermaid import SHAPES
from botkit.graph.outline import PATHS
from botkit.graph.picture import APART, MAIN, OTHER_BOXES, Picture
from botkit.graph.shape import OUTLINES
from botkit.graph.trace import ANYWHERE, START, trace
from botkit.graph.words import DASHED, HEADINGS, PHRASES, TARGETS, WAYS, word
from botkit.turn.kinds import KINDS
from tests.graph.samples import BOTS, flows_in, own_flows, traced

EVERY_BOT = pytest.mark.parametrize("bot", BOTS)


def labels(picture: Picture, source: str) -> dict[str, str]:
    """Return where the lines of a box lead to -> their labels."""
    return {line.target: line.label for line in picture.lines if line.source == source}


def test_tables() -> None:
    """Every kind of step has its caption, its outline and its words; so has all else that is drawn."""
    kinds = {*KINDS, *OTHER_BOXES}
    assert CAPTIONS.keys() == KINDS.keys()
    assert OUTLINES.keys() == SHAPES.keys() == kinds
    assert {outline.name for outline in OUTLINES.values()} == PATHS.keys()
    assert HEADINGS.keys() - {"apart"} == kinds
    assert TARGETS.keys() == {*RESERVED_TARGETS, "again"}


def test_every_trigger_has_words() -> None:
    """Each trigger of the machine has a label in both languages."""
    assert WAYS.keys() == TRIGGERS.keys()
    assert TRIGGERS.keys() >= DASHED
    given = {"key": "k", "time": "2h", "tries": 3, "well": "w", "other": "o"}
    assert all(word(WAYS, trigger, language, **given) for trigger in TRIGGERS for language in ("es", "en"))


def test_spanish_is_no_english() -> None:
    """No text of the tables was forgotten in one of the languages."""
    same = {each for table in (HEADINGS, TARGETS, WAYS, PHRASES) for each in table.values() if each[0] == each[1]}
    assert {text for text, _ in same} <= {"{other}", "{key}", "{well}", "no", "audio", "video", "[{kind}] {text}"}


@EVERY_BOT
def test_every_transition_is_drawn(bot: str) -> None:
    """The lines are the transitions of the machine, and no others; what a box says itself has none."""
    for flow in own_flows(bot):
        check_transitions(flows_in(bot), flow)


def check_transitions(flows: FlowSet, flow: Flow) -> None:
    """Compare what is drawn of a flow with its machine."""
    picture = trace(flows, flow, "es")
    steps = {box.id for box in picture.boxes if box.place and box.step}
    drawn = {(line.source, trigger, _end(line.target)) for line in picture.lines for trigger in line.triggers}
    wanted = set()
    for source, trigger, target in flows.machines[flow.digest].transitions():
        leaves = flow.steps[source].kind == "goto" and target.startswith("@")
        if trigger != "ended" and not (leaves and trigger == "next"):
            wanted.add((ANYWHERE if trigger in ("anywhere", "idle") else source, trigger, _end(target)))
    assert steps == set(flow.steps)
    assert drawn == wanted


def _end(target: str) -> str:
    """Return a target as boxes and machine have it in common: leaves are named by where they lead to."""
    return target.rpartition("·")[2].removeprefix("@")


@EVERY_BOT
def test_every_line_has_its_boxes(bot: str) -> None:
    """Lines begin and end at boxes, and two boxes are joined by one line."""
    for flow in own_flows(bot):
        picture = trace(flows_in(bot), flow, "en")
        ids = {box.id for box in picture.boxes}
        assert len(ids) == len(picture.boxes)
        assert all({line.source, line.target} <= ids for line in picture.lines)
        assert len({(line.source, line.target) for line in picture.lines}) == len(picture.lines)


WAY = """
flow: f
start: {{words: [go]}}
steps:
{step}
  - choose: fin
    id: fin
    options: {{A: lado, B: end}}
asides:
  lado:
    - say: aparte
"""


@pytest.mark.parametrize(
    ("step", "es", "en"),
    [
        ("- ask: q\n    save: x", {"fin": "responde"}, {"fin": "answers"}),
        ("- choose: q\n    id: x\n    options: {Sí: fin, No: lado}", {"fin": "«Sí»", "lado": "«No»"}, {"fin": "“Sí”"}),
        ("- choose: q\n    id: x\n    options: [Sí, No]", {"fin": "«Sí» · «No»"}, {"fin": "“Sí” · “No”"}),
        (
            "- choose: q\n    id: x\n    options:\n      - {label: Sí, if: bot.open}\n      - No: lado",
            {"fin": "«Sí» (solo si bot.open)"},
            {"fin": "“Sí” (only if bot.open)"},
        ),
        (
            "- choose: q\n    id: x\n    options:\n      - {from: '[1, 2]'}\n      - No: lado",
            {"fin": "una de: [1, 2]"},
            {"fin": "one of: [1, 2]"},
        ),
        (
            "- ask: q\n    save: x\n    invalid: {say: no, tries: 3, then: lado}",
            {"lado": "tras 3 respuestas malas"},
            {"lado": "after 3 wrong answers"},
        ),
        (
            "- ask: q\n    save: x\n    silence: {after: 2h, then: lado}",
            {"lado": "sin respuesta 2h"},
            {"lado": "no answer for 2h"},
        ),
        (
            "- run: agenda.nada\n    id: x\n    on_error: lado",
            {"fin": "sale bien", "lado": "si falla"},
            {"fin": "it works", "lado": "if it fails"},
        ),
        ("- run: agenda.nada\n    id: x", {"fin": ""}, {"fin": ""}),
        (
            "- http: GET agenda/x\n    id: x\n    on_status: {404: lado}",
            {"fin": "sale bien", "lado": "estado 404"},
            {"lado": "status 404"},
        ),
        ("- if: bot.open\n    id: x\n    then: lado", {"fin": "no", "lado": "sí"}, {"fin": "no", "lado": "yes"}),
        ("- goto: lado\n    id: x\n    if: bot.open", {"fin": "si no", "lado": ""}, {"fin": "otherwise"}),
        ("- say: hola\n    id: x\n    if: bot.open", {"fin": ""}, {"fin": ""}),
        ("- say: hola\n    id: x\n    on_failed: lado", {"lado": "si no se pudo enviar"}, {"fin": ""}),
        ("- wait: 2h\n    id: x", {"fin": "pasan 2h"}, {"fin": "after 2h"}),
        (
            "- wait: {event: paid, timeout: 1d, then: lado}\n    id: x",
            {"fin": "llega el aviso", "lado": "no llega en 1d"},
            {"fin": "the event comes", "lado": "not come in 1d"},
        ),
        (
            "- handoff: {to: ventas, for: 3h, then: lado}\n    id: x",
            {"fin": "lo devuelven", "lado": "pasan 3h"},
            {"fin": "given back", "lado": "after 3h"},
        ),
        (
            "- call: hello\n    id: x\n    on: {error: lado}",
            {"fin": "otro final", "lado": "final: error"},
            {"fin": "any other outcome", "lado": "outcome: error"},
        ),
    ],
)
def test_labels(step: str, es: dict[str, str], en: dict[str, str]) -> None:
    """A way out is called by what the person says, the condition or what happens."""
    text = WAY.format(step=f"  {step}")
    assert labels(traced(text, "es"), "x").items() >= es.items()
    assert labels(traced(text, "en"), "x").items() >= en.items()


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("say: 'Hola {{ contact.name }}'", "Hola {contact.name}"),
        ("say: ['uno', 'dos', 'tres']", "uno (and 2 more)"),
        ("say: {es: hola, en: hello}", "hello"),
        ("say: 'Hi{% if bot.open %} yes{% else %}no{% endif %}'", "Hi yes / no"),
        ("say: {image: 'https://x.example/a.png', caption: foto}", "[picture] foto"),
        ("set: {a: 1, b: '{{ today }}', c: [x]}", "a = 1, b = {today}, c = [x]"),
        ("record: {a: x, b: y}", "a, b"),
        ("wait: {until: '{{ today }}'}", "until {today}"),
        ("wait: {event: paid}", "the event paid"),
        ("schedule: {name: r, flow: hello, after: 2d}", "r: Greeting, in 2d"),
        ("schedule: {cancel: r}", "cancels r"),
        ("http: POST agenda/x", "POST agenda/x"),
        ("run: agenda.nada", "agenda.nada"),
        ("handoff: ventas", "ventas"),
        ("end: {outcome: sold, all: true}", "sold and all below"),
        ("goto: quit", "everything ends"),
        ("goto: stuck", "Stuck"),
    ],
)
def test_captions(step: str, text: str) -> None:
    """A box says in the author's words what the step does."""
    picture = traced(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {step}\n    id: x\n")
    assert next(box.text for box in picture.boxes if box.id == "x") == text


ASIDES = """
flow: f
title: Un flujo
start: {words: [Menú, go], interrupts: true, if: bot.open}
anywhere:
  humano: gente
  otra: pregunta
silence: {after: 1d, say: ¿Sigues?}
steps:
  - ask: q
    save: pregunta
    silence: {after: 2h, say: ¿Hola?}
  - goto: g
asides:
  gente:
    - handoff: ventas
---
flow: g
steps:
  - say: g
"""


def test_lanes() -> None:
    """Asides, and what counts at every question, stand apart from the main line."""
    picture = traced(ASIDES)
    lanes = {box.id: box.lane for box in picture.boxes}
    assert lanes == {
        **{START: MAIN, "pregunta": MAIN, "goto_1": MAIN},
        **{"gente": APART, ANYWHERE: APART, f"{ANYWHERE}·pregunta": APART, "gente·end": APART},
    }
    assert all(box.dashed for box in picture.boxes if box.lane == APART)
    assert all(line.dashed for line in picture.lines if line.source == ANYWHERE)
    assert labels(picture, ANYWHERE) == {"gente": "“humano”", f"{ANYWHERE}·pregunta": "“otra”"}


def test_notes() -> None:
    """A box says besides under which condition, how it begins and what silence brings."""
    boxes = {box.id: box for box in traced(ASIDES).boxes}
    assert boxes[START].text == "by: Menú, go"
    assert boxes[START].notes == ("only if bot.open", "may interrupt another flow")
    assert boxes["pregunta"].notes == ("no answer for 2h: ¿Hola?",)
    assert boxes[ANYWHERE].notes == ("nobody writes for 1d: ¿Sigues?; it is parked",)
    assert boxes["goto_1"].flow == "g"


def test_callers() -> None:
    """A flow that others use says so, and that it does not begin alone."""
    start = traced("flow: g\nsteps:\n  - say: g\n---\nflow: f\nstart: {words: [x]}\nsteps:\n  - call: g\n").boxes[0]
    assert (start.text, start.notes) == ("only from another flow or a reminder", ("used by: f",))


@pytest.mark.parametrize(("name", "text"), [("stuck", "begun by botkit"), ("help", "by: ayuda, help, /ayuda, /help")])
def test_builtin(name: str, text: str) -> None:
    """A built-in flow without words says that botkit begins it."""
    flows = flows_in("repo")
    assert trace(flows, flows.flows[name], "en").boxes[0].text == text


def test_whole() -> None:
    """What a box has no room for stands in its tooltip, with its place."""
    long = "palabra " * 100
    box = traced(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - say: {long}\n    id: x\n").boxes[1]
    assert box.whole == f"says · x\n{long.strip()}\nf.yaml:4"
