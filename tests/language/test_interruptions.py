"""A flow that comes on top of another: which may, when, and how the one below gets its place back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.turn.effect import Ended
from botkit.turn.event import Inbound, Named
from botkit.turn.interruption import MAX_INTERRUPTED
from tests.flow.samples import told
from tests.turn.samples import BUILTIN, SHIPPED, Talk, talk

FLOW = """
flow: f
start: {words: [go]}
steps:
  - ask: ¿Nombre?
    save: nombre
  - ask: ¿Edad?
    save: edad
    type: integer
    invalid: Un número
  - call: g
  - say: "{{ nombre }}, {{ edad }}"
---
flow: g
steps:
  - choose: ¿Color?
    save: color
    options: [Rojo, Azul]
"""
INFO = "flow: info\nstart: {words: [info, /info], interrupts: true}\nsteps:\n  - say: 'Info {{ message.args }}'\n"
MENU = """
flow: menu
start: {words: [menu], interrupts: true}
steps:
  - choose: ¿Qué?
    id: que
    options: {Nada: resume, Salir: quit, Otra vez: restart, f: f, g: g}
"""


def at(*said: str, flows: str = INFO, builtin: tuple[str, ...] = BUILTIN) -> Talk:
    """Return a conversation with FLOW and others, after some messages."""
    found = talk(f"{FLOW}---\n{flows}", builtin=builtin)
    for text in said:
        found.say(text)
    return found


def stack(found: Talk) -> list[str]:
    """Return the flows of the stack, from below."""
    return [frame.flow for frame in found.conversation.frames]


def ends(found: Talk) -> list[tuple[str, str]]:
    """Return the flows that ended in the last turn, with their outcomes."""
    return [(effect.flow, effect.outcome) for effect in found.effects if isinstance(effect, Ended)]


# ── which may ──


def test_interrupts() -> None:
    """A flow with `interrupts: true` runs on top; then the question is asked again, with all that was known."""
    found = at("go", "Ana")
    assert found.say("¡INFO!") == ["Info", "¿Edad?"]
    assert found.slots == {"nombre": "Ana"}
    assert (stack(found), found.top.step) == (["f"], "edad")


def test_only_the_whole_message() -> None:
    """While a step waits a word counts only as the whole message; with nothing running anywhere in it."""
    found = at("go")
    assert found.say("info por favor") == ["¿Edad?"]
    assert at().say("quiero info por favor") == ["Info"]


def test_others_do_not() -> None:
    """A flow without `interrupts` never comes on top of another: its word is an answer."""
    found = at("go", flows="flow: cita\nstart: {words: [cita]}\nsteps: [{say: cita}]\n")
    assert (found.say("cita"), found.slots) == (["¿Edad?"], {"nombre": "cita"})


def test_only() -> None:
    """`interrupts: only` never begins with nothing running, by word or pattern."""
    only = "flow: x\nstart: {words: [eso], pattern: '^#', interrupts: only}\nsteps: [{say: x}]\n"
    assert [at(flows=only).say(text) for text in ("eso", "#1")] == [["hello"], ["hello"]]
    assert at("go", flows=only).say("eso") == ["x", "¿Nombre?"]
    assert at("go", flows=only).say("#1") == ["x", "¿Nombre?"]


def test_if() -> None:
    """One whose `if` is not true does not."""
    found = at("go", flows="flow: x\nstart: {words: [eso], if: contact.vip, interrupts: true}\nsteps: [{say: x}]\n")
    assert found.say("eso") == ["¿Edad?"]
    found.conversation = replace(found.conversation, fields={"vip": True})
    assert found.say("eso") == ["x", "¿Edad?"]


def test_pattern() -> None:
    """An interrupting pattern is searched in the message as written; its groups become slots."""
    flows = "flow: x\nstart: {pattern: '^#(?P<n>[0-9]+)', interrupts: true}\nsteps: [{say: 'nº {{ n }}'}]\n"
    assert at("go", flows=flows).say("#12 ya") == ["nº 12", "¿Nombre?"]


def test_itself() -> None:
    """A flow that runs already does not interrupt itself, however far below: its word is the step's."""
    found = at("go", "menu", flows=MENU)
    assert (found.say("menu"), stack(found)) == (["¿Qué?"], ["f", "menu"])
    again = at("menu", flows=MENU)
    assert again.say("menu") == ["¿Qué?"]


def test_shared_words() -> None:
    """A flow that only interrupts and one that never does may share a word; any other two may not."""
    flow = "flow: {}\nstart: {{words: [a], interrupts: {}}}\nsteps: []\n"
    codes = {
        (one, other): told(flow.format("x", one) + "---\n" + flow.format("y", other))
        for one in ("true", "only", "false")
        for other in ("true", "only", "false")
    }
    assert [pair for pair, problems in codes.items() if not problems] == [("only", "false"), ("false", "only")]
    assert codes["true", "only"] == ["6:17 duplicate-word"]


# ── the order ──


def test_order() -> None:
    """Opt-out, exactly an offered option, `anywhere`, an interrupting flow, the step's answer, a wrong one."""
    text = (
        "flow: f\nstart: {words: [go]}\nanywhere: {Azul: [{say: anywhere}], Verde: [{say: anywhere}]}\n"
        "steps:\n  - {choose: q, id: q, options: [Stop, Azul, Gris], invalid: mal}\n---\n"
        "flow: i\nstart: {words: [azul, verde, gris, negro, primera], interrupts: true}\nsteps: [{say: interrupts}]\n"
    )
    said = []
    for message in ("stop", "azul", "verde", "gris", "negro", "la primera", "rojo"):
        found = talk(text, builtin=(*BUILTIN, "flow: opt_out\nsteps: [{say: out}, {goto: quit}]\n"))
        found.say("go")
        said.append(found.say(message))
    assert said == [["out"], [], ["anywhere", "q"], [], ["interrupts", "q"], [], ["mal"]]


def test_skip_words_come_after() -> None:
    """A `skip` word of the question comes after an interrupting flow of the same word."""
    text = "flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x, skip: [info, nada]}, {say: fin}]\n---\n"
    found = talk(text + INFO)
    found.say("go")
    assert [found.say("info"), found.say("nada")] == [["Info", "q"], ["fin"]]


def test_own_before_builtin() -> None:
    """Of two with one word the bot's own goes first, then its patterns, then the built-in one."""
    word = "flow: propia\nstart: {words: [ayuda], interrupts: true}\nsteps: [{say: propia}]\n"
    pattern = "flow: propia\nstart: {pattern: '^ayu', interrupts: true}\nsteps: [{say: patrón}]\n"
    assert at("go", flows=word, builtin=SHIPPED).say("ayuda")[0] == "propia"
    assert at("go", flows=pattern, builtin=SHIPPED).say("ayuda")[0] == "patrón"
    assert "Puedes escribir" in at("go", builtin=SHIPPED).say("ayuda")[0]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("/info 12 ya", ["Info 12 ya", "¿Nombre?"]),
        ("/INFO@mi_bot", ["Info", "¿Nombre?"]),
        ("/nada 12", ["¿Nombre?"]),
        ("ve /info", ["¿Edad?"]),
    ],
)
def test_commands(message: str, said: list[str]) -> None:
    """`/word` is the first token, `@bot` dropped, the rest `message.args`; one that nobody knows is a wrong answer."""
    assert at("go").say(message) == said


def test_unmatched_command_with_nothing_running() -> None:
    """It is what any other message is: `hello` the first time, then `unknown`."""
    found = at()
    assert [found.say("/nada"), found.say("/nada")] == [["hello"], ["unknown"]]


def test_a_tap_or_a_medium_interrupts_nothing() -> None:
    """Only what was written is a word: a tap on an old menu and a caption are the step's."""
    found = at("go")
    assert found.tap_id("0.0.0", "info", text=True) == ["¿Nombre?"]
    assert found.take(Inbound("wa", "message", "59170000001", text="info", media={"type": "image"})) == ["¿Nombre?"]


def test_during_a_call() -> None:
    """Words of a flow further below count in the flows that it calls, not in one that interrupted it."""
    flow = FLOW.replace("steps:", "anywhere: {humano: [{say: persona}]}\nsteps:", 1)
    found = talk(f"{flow}---\n{MENU}")
    for text in ("go", "Ana", "40"):
        found.say(text)
    assert found.say("humano") == ["persona", "¿Color?"]
    found.say("menu")
    assert (found.say("humano"), found.top.tries) == (["¿Qué?"], 1)


# ── its place back ──


def test_silent() -> None:
    """With `resume: silent` the other flow waits on without a word, its menu and its tries kept."""
    found = at("go", "Ana", "x", flows=INFO.replace("true}", "true, resume: silent}"))
    assert (found.say("info"), found.top.tries) == (["Info"], 1)
    assert found.say("40") == ["¿Color?"]
    shown = found.top.shown
    assert (found.say("info"), found.top.shown) == (["Info"], shown)
    assert found.say("2") == ["Ana, 40"]


def test_the_same_menu() -> None:
    """A menu that is shown again keeps its ids while it says the same, so a tap on either counts; tries are kept."""
    found = at("go", "Ana", "40", "x")
    shown = found.top.shown
    assert found.say("info") == ["Info", "¿Color?"]
    assert (found.top.shown, found.top.tries) == (shown, 1)
    assert found.tap("Azul") == ["Ana, 40"]


def test_another_language() -> None:
    """A menu that says something else meanwhile is a new one: the old buttons are old."""
    flows = (
        "flow: f\nstart: {words: [go]}\nsteps: [{choose: q, id: q, options: [{label: {es: Sí, en: Yes}, value: 1}]}]\n"
        "---\nflow: english\nstart: {words: [english], interrupts: true}\nsteps: [{set: {contact.language: en}}]\n"
    )
    found = talk(flows)
    found.say("go")
    old = found.top.shown[0]["id"]
    found.say("english")
    assert ([row["label"] for row in found.top.shown], found.top.shown[0]["id"] != old) == (["Yes"], True)
    assert found.tap_id(old) == ["q"]


def test_resumed() -> None:
    """`resumed` speaks before the question, and not where the flow keeps its place silently."""
    resumed = "flow: resumed\nsteps: [{say: Seguimos}]\n"
    assert at("go", builtin=(*BUILTIN, resumed)).say("info") == ["Info", "Seguimos", "¿Nombre?"]
    silent = INFO.replace("true}", "true, resume: silent}")
    assert at("go", flows=silent, builtin=(*BUILTIN, resumed)).say("info") == ["Info"]


def test_resumed_may_ask() -> None:
    """A `resumed` that asks something waits for its answer; then comes the question, without it once more."""
    found = at("go", builtin=(*BUILTIN, "flow: resumed\nsteps: [{ask: ¿Listo?, id: l}]\n"))
    assert [found.say("info"), found.say("sí")] == [["Info", "¿Listo?"], ["¿Nombre?"]]


def test_in_a_called_flow() -> None:
    """The whole stretch gets its place back: the called flow's question, with its caller below."""
    found = at("go", "Ana", "40")
    assert (found.say("info"), stack(found)) == (["Info", "¿Color?"], ["f", "g"])
    assert found.say("rojo") == ["Ana, 40"]


def test_nested() -> None:
    """An interruption may be interrupted; each gets its place back in turn."""
    found = at("go", flows=f"{MENU}---\n{INFO}")
    found.say("menu")
    assert (found.say("info"), stack(found)) == (["Info", "¿Qué?"], ["f", "menu"])
    assert (found.say("nada"), stack(found)) == (["¿Nombre?"], ["f"])


def test_goto_keeps_the_place() -> None:
    """A flow that an interruption goes to stands in its place: when it ends, the one below goes on."""
    found = at("go", "menu", flows=MENU)
    assert (found.say("g"), stack(found)) == (["¿Color?"], ["f", "g"])
    assert (found.say("rojo"), stack(found)) == (["¿Nombre?"], ["f"])


def test_no_endless_stack() -> None:
    """Of flows that wait for their place the lowest is forgotten, as `cancelled`, before there are too many."""
    found = at("go", flows=MENU)
    for _ in range(2 * MAX_INTERRUPTED):
        found.say("menu")
        found.say("f")
    assert len(found.conversation.frames) == MAX_INTERRUPTED + 1
    assert found.conversation.frames[0].came == ""
    found.say("menu")
    assert ("f", "cancelled") in ends(found)


@pytest.mark.parametrize(
    ("end", "said", "outcome"),
    [
        ("end: ya", ["¿Nombre?"], None),
        ("goto: resume", ["¿Nombre?"], None),
        ("end: {outcome: ya, all: true}", [], "ya"),
        ("goto: quit", [], "cancelled"),
        ("goto: restart", ["¿Nombre?"], None),
    ],
)
def test_ends(end: str, said: list[str], outcome: str | None) -> None:
    """`end` and `resume` give the place back; `quit` and `all: true` end what is below, too; `restart` begins anew."""
    found = at("go", flows=f"flow: x\nstart: {{words: [x], interrupts: only}}\nsteps: [{{{end}}}]\n")
    assert found.say("x") == said
    if outcome:
        assert (found.running, found.outcome) == (False, outcome)


def test_resume_in_a_flow_that_did_not_interrupt() -> None:
    """There it is the same as `end`."""
    found = at("menu", flows=MENU)
    assert (found.say("nada"), found.running, found.outcome) == ([], False, "done")


def test_during_an_anywhere_list() -> None:
    """A question in an `anywhere` list is interrupted, and asked again, like any other."""
    flow = FLOW.replace("steps:", "anywhere: {dato: [{ask: ¿Dato?, id: dato}]}\nsteps:", 1)
    found = talk(f"{flow}---\n{INFO}")
    for text in ("go", "Ana", "dato"):
        found.say(text)
    assert found.say("info") == ["Info", "¿Dato?"]
    assert found.say("x") == ["¿Edad?"]


def test_a_skipped_question() -> None:
    """A question whose `if` is no longer true when the flow gets its place back is skipped."""
    flows = (
        "flow: f\nstart: {words: [go]}\nsteps:\n  - {ask: ¿Correo?, save: contact.correo, if: not contact.correo}\n"
        "  - {ask: ¿Edad?, id: edad}\n---\n"
        "flow: c\nstart: {words: [correo], interrupts: true}\nsteps: [{set: {contact.correo: a@b.bo}}]\n"
    )
    found = talk(flows)
    found.say("go")
    assert found.say("correo") == ["¿Edad?"]


# ── as a target ──


ONLY = "flow: pausa\nstart: {interrupts: only}\nsteps: [{ask: ¿Sigo?, id: sigo}]\n"


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        ("  - {choose: q, id: q, options: [{Pausa: pausa}]}\n", ["pausa"]),
        ("  - {ask: q, id: q}\n  - goto: pausa\n", ["x"]),
        ("  - {ask: q, id: q, type: integer, invalid: {tries: 1, then: pausa}}\n", ["x"]),
    ],
)
def test_only_as_a_target(steps: str, way: list[str]) -> None:
    """A flow that only interrupts comes on top as a target, too: the last question is asked again after it."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{steps}---\n{ONLY}")
    found.say("go")
    assert [found.say(text) for text in way] == [["¿Sigo?"]]
    assert (found.say("sí"), stack(found)) == (["q"], ["f"])


def test_only_as_a_target_and_silent() -> None:
    """By an option the question was left, with its menu: it is asked again, `resume: silent` or not."""
    silent = ONLY.replace("only}", "only, resume: silent}")
    found = talk(
        f"flow: f\nstart: {{words: [go]}}\nsteps: [{{choose: q, id: q, options: [{{P: pausa}}]}}]\n---\n{silent}"
    )
    found.say("go")
    found.say("p")
    assert found.say("sí") == ["q"]
    assert [row["label"] for row in found.top.shown] == ["P"]


def test_only_as_a_target_before_any_question() -> None:
    """Where nothing was asked yet, there is no place to get back: the flow is done."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps: [{{goto: pausa}}]\n---\n{ONLY}")
    found.say("go")
    assert (found.say("sí"), found.running) == ([], False)


# ── clocks below ──

HOUR = 3600.0
WAITS = "flow: f\nstart: {words: [go]}\nsteps: [{wait: 2h, id: w}, {ask: ¿Ya?, id: ya}]\n---\n"


def test_a_wait_goes_on() -> None:
    """A `wait` that is interrupted waits on, by its own clock."""
    found = talk(WAITS + INFO)
    found.say("go")
    assert found.wait(HOUR) == []
    assert (found.say("info"), found.top.step) == (["Info"], "w")
    assert found.wait(HOUR) == ["¿Ya?"]


def test_a_wait_that_is_over_meanwhile() -> None:
    """One that is over while another flow stands on top goes on when it gets its place back, not before."""
    found = talk(WAITS + MENU.replace("f: f, g: g", "Nadie: quit"))
    found.say("go")
    found.say("menu")
    assert found.wait(3 * HOUR) == []
    assert found.say("nada") == ["¿Ya?"]


SILENCE = """
flow: f
start: {words: [go]}
silence: {after: 1d, say: Hasta luego, then: end}
steps:
  - ask: ¿Nombre?
    save: nombre
    silence: {after: 2h, say: ¿Sigues?, then: end}
---
"""


def test_silence_of_what_is_interrupted() -> None:
    """The step's silence stops while another flow stands on top, and begins anew when the question comes again."""
    found = talk(SILENCE + MENU.replace("f: f, g: g", "Nadie: quit"))
    found.say("go")
    found.wait(HOUR)
    found.say("menu")
    assert found.wait(5 * HOUR) == []
    found.say("nada")
    assert [found.wait(1.9 * HOUR), found.wait(0.2 * HOUR)] == [[], ["¿Sigues?"]]


def test_the_flow_below_falls_silent() -> None:
    """The silence of a whole flow counts below an interruption, too; its target ends what stands on top."""
    found = talk(SILENCE + MENU.replace("f: f, g: g", "Nadie: quit"))
    found.say("go")
    found.say("menu")
    assert found.wait(25 * HOUR) == ["Hasta luego"]
    assert (ends(found), found.running) == ([("menu", "cancelled"), ("f", "done")], False)


def test_an_event_interrupts_a_wait() -> None:
    """A flow that an event begins speaks in the middle of a `wait`, which waits on."""
    found = talk(WAITS + "flow: e\nstart: {event: e, interrupts: true}\nsteps: [{say: Llegó}]\n")
    found.say("go")
    assert (found.take(Named("e")), found.top.step) == (["Llegó"], "w")
    assert found.wait(2 * HOUR) == ["¿Ya?"]


def test_silence_begins_anew_without_a_message() -> None:
    """A question that comes again after an event waits as long as any other."""
    found = talk(SILENCE + "flow: e\nstart: {event: e, interrupts: true}\nsteps: [{say: Llegó}]\n")
    found.say("go")
    found.wait(HOUR)
    assert found.take(Named("e")) == ["Llegó", "¿Nombre?"]
    assert [found.wait(1.9 * HOUR), found.wait(0.2 * HOUR)] == [[], ["¿Sigues?"]]


@pytest.mark.parametrize(("resume", "said"), [("ask", []), ("silent", ["hola"])])
def test_gathered_messages(resume: str, said: list[str]) -> None:
    """What was written so far of an answer is forgotten where the question comes again, and else still counts."""
    flows = "flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x, together: 2s}, {say: '{{ x }}'}]\n---\n"
    found = talk(flows + INFO.replace("true}", f"true, resume: {resume}}}"))
    for text in ("go", "hola", "info"):
        found.say(text)
    assert found.wait(3.0) == said


def test_the_flow_below_goes_on_from_its_silence() -> None:
    """Its target may ask: the way back is the flow's own, and what stood on top is gone."""
    flows = SILENCE.replace("then: end}\nsteps", "then: adios}\nasides: {adios: [{ask: ¿Vuelves?, id: v}]}\nsteps")
    found = talk(flows + MENU.replace("f: f, g: g", "Nadie: quit"), builtin=SHIPPED)
    found.say("go")
    found.say("menu")
    assert found.wait(25 * HOUR) == ["Hasta luego", "¿Vuelves?"]
    assert (found.say("atrás"), stack(found)) == (["¿Nombre?"], ["f"])


def test_depth_of_calls() -> None:
    """How deep flows may call one another is counted from the flow that interrupted."""
    deep = "flow: r\ninputs: [n]\nsteps: [{if: n > 0, then: [{call: r, with: {n: '{{ n - 1 }}'}}]}, {ask: q, id: q}]\n"
    begin = "flow: {}\nstart: {{words: [{}], interrupts: true}}\nsteps: [{{call: r, with: {{n: 10}}}}]\n"
    found = talk("---\n".join([deep, begin.format("f", "go"), begin.format("i", "eso")]))
    found.say("go")
    assert (found.say("eso"), len(found.conversation.frames)) == (["q"], 24)
