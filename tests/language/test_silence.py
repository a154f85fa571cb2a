"""`silence` of a step: what follows when nobody answers it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.flow.hours import QuietHours
from botkit.turn.effect import CLASSES, CancelTimer, SetTimer
from botkit.turn.event import Due, Named
from tests.flow.samples import told
from tests.turn.samples import Talk, begun, talk

HOUR = 3600.0
QUESTION = "  - ask: ¿Día?\n    save: dia\n    silence: {%s}\n  - say: 'fin {{ dia }}'\n"
ASIDE = "asides: {adios: [{say: Adiós}]}\n"


def asked(silence: str, rest: str = ASIDE) -> Talk:
    """Return a conversation that stands at a question with this `silence`."""
    return begun(QUESTION % silence, rest)


def test_without_say() -> None:
    """Without `say`, `then` is taken at the first `after`."""
    found = asked("after: 2h, then: adios")
    assert found.wait(2 * HOUR - 1) == []
    assert found.wait(1) == ["Adiós"]
    assert not found.running
    assert found.timers == {}


def test_say_then() -> None:
    """After `after` it is said; after one more `after` comes `then`."""
    found = asked("after: 2h, say: ¿Sigues?, then: adios")
    assert found.wait(2 * HOUR) == ["¿Sigues?"]
    assert found.wait(2 * HOUR - 1) == []
    assert found.wait(1) == ["Adiós"]


def test_again() -> None:
    """`again` is how many more times it is said, each `after` later."""
    found = asked("after: 1h, say: ¿Sigues?, again: 2, then: adios")
    assert [found.wait(HOUR) for _ in range(5)] == [["¿Sigues?"], ["¿Sigues?"], ["¿Sigues?"], ["Adiós"], []]


def test_without_then() -> None:
    """Without `then` it is said as often as it is, and the question stays."""
    found = asked("after: 1h, say: ¿Sigues?, again: 1", "")
    assert found.wait(99 * HOUR) == ["¿Sigues?", "¿Sigues?"]
    assert found.timers == {}
    assert found.say("lunes") == ["fin lunes"]


def test_then_in_place() -> None:
    """A list under `then` runs in place; then the step behind follows."""
    found = begun("  - ask: ¿Día?\n    save: dia\n    silence: {after: 1h, then: [{say: Sigo}]}\n  - say: fin\n")
    assert found.wait(HOUR) == ["Sigo", "fin"]


def test_inbound_starts_anew() -> None:
    """Any inbound starts it anew, a wrong answer too, from the first."""
    found = begun(
        "  - ask: ¿Cuántos?\n    save: n\n    type: integer\n    silence: {after: 2h, say: ¿Sigues?, then: adios}\n",
        ASIDE,
    )
    assert found.wait(2 * HOUR) == ["¿Sigues?"]
    found.say("muchos")
    assert found.wait(2 * HOUR - 1) == []
    assert found.wait(1) == ["¿Sigues?"]
    assert found.wait(2 * HOUR) == ["Adiós"]


def test_answer_stops_it() -> None:
    """An answer ends it: the timer goes when the conversation moves on."""
    found = asked("after: 2h, then: adios")
    found.say("lunes")
    assert CancelTimer("silence/0") in found.effects
    assert found.wait(9 * HOUR) == []


def test_other_events_do_not_count() -> None:
    """What the person did not write leaves the clock as it is."""
    found = asked("after: 2h, then: adios")
    found.wait(HOUR)
    found.take(Named("pago"))
    assert found.wait(HOUR) == ["Adiós"]


def test_next_question_has_its_own() -> None:
    """Each question has its own silence; one without has none."""
    found = begun(
        "  - ask: a\n    save: a\n    silence: {after: 1h, say: x}\n"
        "  - ask: b\n    save: b\n  - ask: c\n    save: c\n    silence: {after: 3h, say: z}\n"
    )
    found.say("1")
    assert found.timers == {}
    found.say("2")
    assert found.wait(HOUR) == []
    assert found.wait(2 * HOUR) == ["z"]


def test_the_same_question_again() -> None:
    """A way that leads back to the question winds its clock anew."""
    found = begun("  - ask: ¿Día?\n    id: dia\n    silence: {after: 1h, then: [{say: Hola}, {goto: dia}]}\n")
    assert found.wait(2 * HOUR) == ["Hola", "¿Día?", "Hola", "¿Día?"]


def test_template() -> None:
    """`after` may be a template, and `say` knows the flow's slots."""
    found = begun(
        "  - set: {horas: 3}\n  - ask: ¿Día?\n    save: dia\n"
        '    silence: {after: "{{ horas }}h", say: "Pasaron {{ horas }} horas"}\n'
    )
    assert found.wait(3 * HOUR - 1) == []
    assert found.wait(1) == ["Pasaron 3 horas"]


def test_template_without_duration() -> None:
    """A template that prints no duration goes to `error`, with the place in the log."""
    found = begun('  - ask: ¿Día?\n    save: dia\n    silence: {after: "{{ message.text }}", say: x}\n')
    assert [send.message["text"] for send in found.sent] == ["¿Día?", "error"]
    assert found.notes == ["turn_failed"]
    assert found.timers == {}


def test_never_shorter_than_a_second() -> None:
    """However short a template makes it, a silence does not turn without a pause."""
    found = asked("after: 0s, say: ¿Sigues?, again: 99", "")
    assert len(found.wait(3)) == 3


def test_rank() -> None:
    """What a silence says is of the class of timers."""
    found = asked("after: 2h, say: ¿Sigues?", "")
    found.wait(2 * HOUR)
    assert [send.rank for send in found.sent] == [CLASSES["timers"]]


def test_while_a_call_is_pending() -> None:
    """While a handler works nobody is asked anything."""
    found = begun("  - ask: a\n    save: a\n    silence: {after: 1h, say: x}\n  - run: agenda.nada\n")
    found.say("1")
    assert found.open
    assert found.timers == {}


def test_stale() -> None:
    """A timer that fires when its clock was wound anew does nothing, and fires again when it is due."""
    found = asked("after: 2h, then: adios")
    found.timers["silence/0"] = SetTimer("silence/0", "silence", found.now)
    assert found.take(Due("silence/0", "silence")) == []
    assert [type(effect) for effect in found.effects] == [SetTimer]
    assert found.wait(2 * HOUR) == ["Adiós"]


@pytest.mark.parametrize(
    ("defaults", "step", "said"),
    [
        ("{silence: {after: 1h, say: x}}", "", ["x"]),
        ("{silence: {after: 1h, say: x}}", "silence: {say: y}", ["y"]),
        ("{silence: {after: 1h, say: x}}", "silence: never", []),
        ("{ask: {silence: {after: 1h, say: x}}}", "", ["x"]),
        ("{choose: {silence: {after: 1h, say: x}}}", "", []),
        ("{silence: {after: 1h, say: x}, ask: {silence: never}}", "", []),
    ],
)
def test_defaults(defaults: str, step: str, said: list[str]) -> None:
    """Steps take a default `silence`, key by key; `never` takes it back."""
    steps = f"steps: [{{ask: q, save: a, {step or 'header: h'}}}]\n"
    found = talk(f"flow: f\nstart: {{words: [go]}}\ndefaults: {defaults}\n{steps}")
    found.say("go")
    assert found.wait(HOUR) == said


# ── quiet hours ──


def at_night(silence: str, rest: str = "", **contact: str) -> Talk:
    """Return a conversation at a question, at 11:00 in La Paz; from 12:00 to 15:00 it is quiet."""
    found = asked(silence, rest)
    found.flows.bot = replace(found.flows.bot, quiet_hours=QuietHours(12 * 60, 15 * 60))
    found.conversation = replace(found.conversation, fields=dict(contact))
    return found


def test_put_off() -> None:
    """What falls due in quiet hours happens when they end, and counts on from then."""
    found = at_night("after: 2h, say: ¿Sigues?, then: adios", ASIDE)
    assert found.wait(4 * HOUR - 5) == []
    assert found.wait(5) == ["¿Sigues?"]
    assert found.wait(2 * HOUR) == ["Adiós"]


def test_not_put_off() -> None:
    """What falls due at another time is not put off."""
    found = at_night("after: 30m, say: ¿Sigues?")
    assert found.wait(HOUR / 2) == ["¿Sigues?"]


def test_answer_in_quiet_hours() -> None:
    """Replies never wait, and an answer ends what was put off."""
    found = at_night("after: 2h, then: adios", ASIDE)
    found.wait(3 * HOUR)
    assert found.say("lunes") == ["fin lunes"]
    assert found.timers == {}


def test_quiet_at_the_contact() -> None:
    """It is quiet by the contact's own clock."""
    found = at_night("after: 2h, say: ¿Sigues?", timezone="Europe/Madrid")
    assert found.wait(2 * HOUR) == ["¿Sigues?"]


@pytest.mark.parametrize(
    ("silence", "problems"),
    [
        ("2h", ["4:30 wrong-type"]),
        ("{then: end}", ["4:30 missing-key"]),
        ("{after: 2h}", ["4:30 silence-without-effect"]),
        ("{after: 2h, again: 1, then: end}", ["4:30 missing-key"]),
        ("{after: 2h, say: x, again: 0}", ["4:57 wrong-type"]),
        ("{after: 2h, say: x, then: nada}", ["4:56 unknown-target"]),
        ("{after: 2h, say: x, tras: 1}", ["4:50 unknown-key"]),
    ],
)
def test_mistakes_of_a_step(silence: str, problems: list[str]) -> None:
    """A mistake in a step's silence is told at its place."""
    assert told(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {{ask: q, id: a, silence: {silence}}}\n") == problems


@pytest.mark.parametrize("step", ["say: a", "goto: end"])
def test_only_questions(step: str) -> None:
    """Only a step that waits for an answer has a silence."""
    steps = f"steps: [{{{step}, silence: {{after: 2h, say: x}}}}]\n"
    assert [each.split()[1] for each in told(f"flow: f\nstart: {{words: [go]}}\n{steps}")] == ["unknown-key"]


def test_a_slot_is_not_set_by_silence() -> None:
    """Behind `then` the question has saved nothing: what reads its slot there can never find it."""
    text = "flow: f\nstart: {words: [go]}\nsteps:\n  - ask: a\n    save: dia\n"
    text += "    silence: {after: 1h, then: [{say: '{{ dia }}'}, {end: }]}\n  - say: '{{ dia }}'\n"
    assert told(text) == ["6:43 never-set"]
