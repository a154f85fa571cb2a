"""Handoff: the bot is silent while people have a conversation, and goes on where it was when they give it back."""

from __future__ import annotations

import pytest

from botkit.turn.conversation import dump_state
from botkit.turn.effect import CLASSES
from botkit.turn.event import Apology, Begin, Delivery, Due, Named, OperatorSaid, Release, Told
from tests.flow.samples import told
from tests.turn.samples import BUILTIN, Talk, begun, talk

HOUR = 3600.0
STEPS = "  - handoff: recepcion\n  - say: De vuelta\n"
LONG = "  - handoff: {to: caja, say: Te paso con caja., for: 2h, then: nadie}\n  - say: De vuelta\n"
ASIDE = "asides:\n  nadie:\n    - say: Nadie pudo atenderte.\n"
HANDED_OFF = "flow: handed_off\nsteps: [{say: Ya te atiende una persona.}]\n"
QUESTION = "  - ask: ¿Día?\n    save: dia\n  - say: 'Anotado, {{ dia }}'\n"


def typed(text: str) -> OperatorSaid:
    """Return what the business wrote on its phone."""
    return OperatorSaid(text, phone=True)


def handed_to(found: Talk) -> str | None:
    """Return the queue that has the conversation."""
    return found.conversation.handoff.to if found.conversation.handoff else None


# ── the step ──


def test_queue_alone() -> None:
    """A queue is enough: with no `say` and no flow `handed_off` nothing is said, and people have it."""
    found = begun(STEPS)
    assert found.sent == []
    assert handed_to(found) == "recepcion"
    assert (found.top.flow, found.timers["handoff"].due_at) == ("f", found.now + 12 * HOUR)


def test_handed_off() -> None:
    """With no `say` the flow `handed_off` speaks; the handoff begins when it has."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{STEPS}", builtin=(*BUILTIN, HANDED_OFF))
    assert found.say("go") == ["Ya te atiende una persona."]
    assert handed_to(found) == "recepcion"
    assert [frame.flow for frame in found.conversation.frames] == ["f"]


def test_handed_off_that_hands_over() -> None:
    """A `handed_off` of one's own may hand over itself: it does not begin itself."""
    own = "---\nflow: handed_off\nsteps:\n  - say: Ya viene Rosa.\n  - handoff: rosa\n"
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{STEPS}{own}")
    assert found.say("go") == ["Ya viene Rosa."]
    assert handed_to(found) == "rosa"
    assert found.take(Release()) == []
    assert handed_to(found) == "recepcion"


def test_opt_out_that_asks() -> None:
    """A flow on top that waits does not keep the step below for ever: released, it goes on when that ends."""
    asks = "flow: opt_out\nsteps: [{ask: ¿Seguro?, save: seguro}]\n"
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{STEPS}", builtin=(*BUILTIN, asks))
    found.say("go")
    assert found.say("baja") == ["¿Seguro?"]
    assert found.say("sí") == []
    assert found.take(Release()) == ["¿Seguro?"]
    assert found.say("sí") == ["De vuelta"]


def test_say() -> None:
    """With `say` that is said, and `handed_off` is not."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{LONG}{ASIDE}", builtin=(*BUILTIN, HANDED_OFF))
    assert found.say("go") == ["Te paso con caja."]
    assert handed_to(found) == "caja"


def test_silent() -> None:
    """What the person writes is counted and kept, and is no answer, whatever its words."""
    found = begun(STEPS)
    for text in ("hola", "go", "/go"):
        assert found.say(text) == []
    assert found.conversation.handoff is not None
    assert found.conversation.handoff.unread == 3
    assert found.conversation.last["message"]["text"] == "/go"


def test_anywhere_is_not_heard() -> None:
    """A word of `anywhere` counts as little as any other."""
    found = begun(STEPS + QUESTION, "anywhere: {humano: nadie}\n" + ASIDE)
    assert found.say("humano") == []
    assert handed_to(found) == "recepcion"


def test_released() -> None:
    """Given back, it goes on with the next step."""
    found = begun(LONG, ASIDE)
    assert found.take(Release()) == ["De vuelta"]
    assert (handed_to(found), found.running, found.timers) == (None, False, {})


def test_elapsed() -> None:
    """When the time is over, `then` is taken; the class is that of timers."""
    found = begun(LONG, ASIDE)
    assert found.wait(2 * HOUR - 1) == []
    assert found.wait(1) == ["Nadie pudo atenderte."]
    assert found.sent[0].rank == CLASSES["timers"]
    assert (handed_to(found), found.running) == (None, False)


def test_elapsed_without_then() -> None:
    """Without `then` the end of the time leads where a release does."""
    found = begun(STEPS)
    assert found.wait(12 * HOUR) == ["De vuelta"]


def test_for_is_a_template() -> None:
    """`for` takes a template."""
    found = begun("  - set: {horas: 3}\n  - handoff: {to: caja, say: Va, for: '{{ horas }}h'}\n")
    assert found.timers["handoff"].due_at == found.now + 3 * HOUR


@pytest.mark.parametrize("event", [typed("un momento"), OperatorSaid("un momento")])
def test_people_start_the_time_anew(event: OperatorSaid) -> None:
    """What people write, on the phone or at the desk, starts the time anew and answers what was unread."""
    found = begun(LONG, ASIDE)
    found.say("¿Hay alguien?")
    found.wait(HOUR)
    found.take(event)
    assert found.conversation.handoff is not None
    assert found.conversation.handoff.unread == 0
    assert found.wait(2 * HOUR - 10) == []
    assert found.wait(10) == ["Nadie pudo atenderte."]


def test_person_does_not() -> None:
    """What the person writes does not: nobody waits for ever for somebody who does not come."""
    found = begun(LONG, ASIDE)
    found.wait(HOUR)
    found.say("¿Hay alguien?")
    assert found.wait(HOUR) == ["Nadie pudo atenderte."]


def test_reply() -> None:
    """A reply from the desk goes out as one that a person waits for; one from the phone has gone out."""
    found = begun(STEPS)
    assert found.take(OperatorSaid("Soy Rosa")) == ["Soy Rosa"]
    assert (found.sent[0].rank, found.sent[0].flow, found.sent[0].step) == (CLASSES["interactive"], "", "")
    assert found.take(typed("Soy Rosa")) == []


def test_word_releases() -> None:
    """The word of config.yaml, typed on the phone however it is written, gives it back."""
    found = begun(STEPS)
    assert found.take(typed("listo, gracias")) == []
    assert found.take(typed("¡LISTO!")) == ["De vuelta"]


def test_word_at_the_desk() -> None:
    """At the desk the word is a reply like any other: there is a command for it."""
    found = begun(STEPS)
    assert found.take(OperatorSaid("listo")) == ["listo"]
    assert handed_to(found) == "recepcion"


def test_called() -> None:
    """A called flow that hands over comes back to its caller when it is given back."""
    called = "flow: g\nsteps:\n  - handoff: caja\n  - end: visto\n"
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - call: g\n  - say: Sigo\n---\n{called}")
    found.say("go")
    assert [frame.flow for frame in found.conversation.frames] == ["f", "g"]
    assert found.take(Release()) == ["Sigo"]


def test_in_a_list_of_anywhere() -> None:
    """Behind an `anywhere` word the question is asked again when the conversation is given back."""
    found = begun(QUESTION, "anywhere:\n  humano: [{handoff: caja}]\n")
    assert found.say("humano") == []
    assert found.take(Release()) == ["¿Día?"]
    assert found.say("lunes") == ["Anotado, lunes"]


# ── the phone ──


def test_phone_takes_over() -> None:
    """Who writes on the phone has the conversation: the flow stands still, and asks again when it is given back."""
    found = begun(QUESTION)
    assert found.take(typed("Hola, soy Rosa")) == []
    assert handed_to(found) == "phone"
    assert found.say("lunes") == []
    assert found.take(typed("listo")) == ["¿Día?"]
    assert found.say("martes") == ["Anotado, martes"]


def test_phone_with_nothing_running() -> None:
    """With no flow running the bot is silent all the same, and then as before: no greeting, no word."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{say: Va}]\n")
    assert found.take(typed("Su pedido llegó")) == []
    assert found.say("go") == []
    assert found.take(Release()) == []
    assert found.say("go") == ["Va"]


def test_phone_by_time() -> None:
    """Twelve hours after the last that was written there, it comes back by itself."""
    found = begun(QUESTION)
    found.take(typed("Hola"))
    found.wait(11 * HOUR)
    found.take(typed("¿Sigue ahí?"))
    assert found.wait(12 * HOUR - 1) == []
    assert found.wait(1) == ["¿Día?"]


def test_word_alone_takes_nothing_over() -> None:
    """The word with nobody having the conversation does nothing."""
    found = begun(QUESTION)
    assert found.take(typed("listo")) == []
    assert handed_to(found) is None
    assert found.say("lunes") == ["Anotado, lunes"]


def test_phone_during_a_handoff() -> None:
    """Who writes on the phone while a queue has it answers for the queue."""
    found = begun(STEPS)
    found.take(typed("Hola"))
    assert handed_to(found) == "recepcion"


RESUMED = "flow: resumed\nsteps: [{say: Seguimos.}]\n"


def test_resumed() -> None:
    """`resumed` comes before the question; where none is asked, it does not."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{QUESTION}", builtin=(*BUILTIN, RESUMED))
    found.take(typed("Hola"))
    assert found.take(Release()) == []
    found.say("go")
    found.take(typed("Hola"))
    assert found.take(Release()) == ["Seguimos.", "¿Día?"]
    assert found.say("lunes") == ["Anotado, lunes"]


def test_resumed_after_a_step() -> None:
    """A step that handed over goes on without `resumed`: nobody interrupted it."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{STEPS}", builtin=(*BUILTIN, RESUMED))
    found.say("go")
    assert found.take(Release()) == ["De vuelta"]


def test_phone_during_a_wait() -> None:
    """A step that waits for a time asks nothing: it waits on by what was left of it."""
    found = begun("  - wait: 5h\n    id: w\n  - say: Ya\n")
    found.wait(4 * HOUR)
    found.take(typed("Hola"))
    assert found.wait(9 * HOUR) == []
    assert found.take(Release()) == []
    assert found.wait(HOUR - 3) == []
    assert found.wait(3) == ["Ya"]


OPT_OUT = "flow: opt_out\nsteps: [{say: No te escribo más.}]\n"


@pytest.mark.parametrize("steps", [STEPS, QUESTION])
def test_opt_out_counts(steps: str) -> None:
    """Who wants no more messages is heard, whoever has the conversation; then all is silent again."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{steps}", builtin=(*BUILTIN, OPT_OUT))
    found.say("go")
    found.take(typed("Hola"))
    assert found.say("BAJA") == ["No te escribo más."]
    assert found.conversation.opted_out
    assert handed_to(found) is not None
    assert found.say("gracias") == []
    assert found.take(Release()) == (["De vuelta"] if steps == STEPS else ["¿Día?"])


def test_opt_out_with_nothing_running() -> None:
    """So it is with no flow running."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{say: Va}]\n", builtin=(*BUILTIN, OPT_OUT))
    found.take(typed("Hola"))
    assert found.say("baja") == ["No te escribo más."]
    assert found.say("go") == []


# ── what the business asks for ──

OTHER = "---\nflow: aviso\ninputs: {cita: , tono: amable}\nsteps:\n  - ask: '¿Vienes {{ cita }}?'\n    save: viene\n"


def test_begin() -> None:
    """A flow begins with its inputs, of the class of timers."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{QUESTION}{OTHER}")
    assert found.take(Begin("aviso", {"cita": "hoy", "nada": 1})) == ["¿Vienes hoy?"]
    assert (found.slots, found.sent[0].rank) == ({"cita": "hoy", "tono": "amable"}, CLASSES["timers"])


def test_begin_interrupts() -> None:
    """Where another flow runs it comes on top, and that one gets its place back."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{QUESTION}{OTHER}")
    found.say("go")
    found.take(Begin("aviso", {"cita": "hoy"}))
    assert [frame.flow for frame in found.conversation.frames] == ["f", "aviso"]
    assert found.say("sí") == ["¿Día?"]


def test_begin_waits() -> None:
    """While people have the conversation it waits for its end."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{QUESTION}{OTHER}")
    found.take(typed("Hola"))
    assert found.take(Begin("aviso", {"cita": "hoy"})) == []
    found.take(Release())
    assert found.wait(0) == ["¿Vienes hoy?"]


def test_begin_of_nothing() -> None:
    """A flow that a deploy took away meanwhile is noted, and all stays as it was."""
    found = begun(QUESTION)
    assert found.take(Begin("aviso")) == []
    assert found.notes == ["flow_unknown"]
    assert found.say("lunes") == ["Anotado, lunes"]


def test_told_leaves_the_question() -> None:
    """A text that the business sends is of the class of timers, and the question waits on."""
    found = begun(QUESTION)
    assert found.take(Told("Tu pedido llegó")) == ["Tu pedido llegó"]
    assert found.sent[0].rank == CLASSES["timers"]
    assert found.say("lunes") == ["Anotado, lunes"]


# ── clocks ──


def test_clocks_stand() -> None:
    """No silence runs out meanwhile; a flow's goes on by what was left of it."""
    found = begun(QUESTION, "silence: {after: 5h, say: ¿Sigues?, then: nadie}\n" + ASIDE)
    found.wait(4 * HOUR)
    left = found.timers["idle/0"].due_at - (found.now + 1)
    found.take(typed("Hola"))
    assert list(found.timers) == ["handoff"]
    assert found.wait(9 * HOUR) == []
    found.take(Release())
    assert found.timers["idle/0"].due_at == found.now + left


def test_question_waits_anew() -> None:
    """The silence of a question that is asked again counts from then: nobody was silent."""
    found = begun("  - ask: ¿Día?\n    save: dia\n    silence: {after: 2h, say: ¿Sigues?}\n")
    found.wait(2 * HOUR - 10)
    found.take(typed("Hola"))
    assert found.take(Release()) == ["¿Día?"]
    assert found.wait(2 * HOUR - 1) == []
    assert found.wait(1) == ["¿Sigues?"]


def test_writing_starts_no_clock() -> None:
    """What the person writes meanwhile starts no clock anew."""
    found = begun(QUESTION, "silence: {after: 5h, say: ¿Sigues?, then: nadie}\n" + ASIDE)
    before = found.top.due
    found.take(typed("Hola"))
    found.say("¿hay alguien?")
    assert found.top.due == before


def test_stale_clock() -> None:
    """A timer that fired just before people took over waits with the others."""
    found = begun(QUESTION, "silence: {after: 5h, say: ¿Sigues?, then: nadie}\n" + ASIDE)
    found.take(typed("Hola"))
    found.now += 5 * HOUR
    assert found.take(Due("idle/0", "idle")) == []
    found.take(Release())
    assert found.wait(5 * HOUR) == ["¿Sigues?", "Nadie pudo atenderte."]


def test_clock_of_a_handoff_that_is_over() -> None:
    """The clock of a handoff that was given back does nothing, nor does one that was put off."""
    found = begun(LONG, ASIDE)
    assert found.take(Due("handoff", "handoff")) == []
    found.take(Release())
    assert found.take(Due("handoff", "handoff")) == []


# ── what else happens meanwhile ──


def test_events_wait() -> None:
    """A named event waits until the conversation is given back, and then comes in its order."""
    found = begun(STEPS + QUESTION)
    assert found.take(Named("pago", {"monto": 5})) == []
    assert found.take(Named("envio")) == []
    assert [each["event"]["name"] for each in found.conversation.held] == ["pago", "envio"]
    assert found.take(Release()) == ["De vuelta", "¿Día?"]
    found.wait(0)
    assert found.conversation.held == ()
    assert found.notes.count("event_unheard") == 1


def test_reminders_wait() -> None:
    """A reminder that falls due meanwhile comes once, when the conversation is given back."""
    schedule = "  - schedule: {name: cita, flow: aviso, after: 1h, with: {cita: hoy}}\n"
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{schedule}{QUESTION}{OTHER}")
    found.say("go")
    found.take(typed("Hola"))
    assert found.wait(2 * HOUR) == []
    assert found.take(Release()) == ["¿Día?"]
    assert found.wait(0) == ["¿Vienes hoy?"]
    assert found.conversation.reminders == {}


def test_too_many_events() -> None:
    """A flood of events is cut off, and the log says so."""
    found = begun(STEPS)
    for _ in range(51):
        found.take(Named("pago"))
    assert (len(found.conversation.held), found.notes) == (50, ["event_dropped"])


def test_no_more_bytes_than_can_wait() -> None:
    """Nor do large ones find room without end; a small one still does."""
    found = begun(STEPS)
    for size in (40_000, 40_000, 10):
        found.take(Named("pago", "x" * size))
    assert [len(each["event"]["data"]) for each in found.conversation.held] == [40_000, 10]


def test_told() -> None:
    """What the business sends by command arrives, whoever has the conversation."""
    assert begun(STEPS).take(Told("Tu pedido llegó")) == ["Tu pedido llegó"]


@pytest.mark.parametrize("event", [Delivery("f", "dia", "failed", "no"), Apology("x")])
def test_no_word_of_the_bot(event: Delivery | Apology) -> None:
    """What failed moves no flow and brings no apology."""
    found = begun("  - ask: ¿Día?\n    save: dia\n    on_failed: nadie\n", ASIDE)
    found.take(typed("Hola"))
    assert found.take(event) == []
    assert found.take(Release()) == ["¿Día?"]


def test_release_of_nothing() -> None:
    """With nobody having the conversation a release does nothing, and a reply is sent all the same."""
    found = begun(QUESTION)
    assert found.take(Release()) == []
    assert found.take(OperatorSaid("Hola")) == ["Hola"]
    assert found.say("lunes") == ["Anotado, lunes"]


def test_stored() -> None:
    """All of it is in the state that is stored, from which every turn here begins."""
    found = begun(LONG, ASIDE)
    found.say("hola")
    found.take(Named("pago", [1]))
    assert dump_state(found.conversation)["handoff"]["to"] == "caja"
    assert found.conversation.handoff is not None
    assert (found.conversation.handoff.unread, len(found.conversation.held)) == (1, 1)
    assert found.take(Release()) == ["De vuelta"]


# ── what check says ──


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ("handoff: recepcion", []),
        ("handoff: {to: caja, say: Va, for: 2h, then: fin}", []),
        ("handoff: {say: Va}", ["4:14 missing-key"]),
        ("handoff: {to: caja, por: 2h}", ["4:25 unknown-key"]),
        ("handoff: {to: caja, for: 2}", ["4:30 bad-duration"]),
        ("handoff: {to: caja, then: nadie}", ["4:31 unknown-target"]),
        ("handoff: '{{ cola }}'", ["4:14 wrong-type"]),
        ("handoff: ''", ["4:14 empty-value"]),
        ("handoff: [a]", ["4:14 wrong-type"]),
    ],
)
def test_checked(step: str, problems: list[str]) -> None:
    """Each slip is told where it stands."""
    assert (
        told(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {step}\n    id: h\n  - id: fin\n    say: Fin\n") == problems
    )
