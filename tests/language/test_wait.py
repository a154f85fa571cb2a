"""`wait`: waits for a time or a named event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.flow.hours import QuietHours
from botkit.turn.conversation import Frame
from botkit.turn.effect import CLASSES
from botkit.turn.event import Due, Named
from tests.flow.samples import told
from tests.turn.samples import Talk, begun, talk

HOUR = 3600.0
#: Tests begin on a Sunday, 23 November 2025, at 11:00 in La Paz; `go` is said a second later.
TODAY = "2025-11-23"


def waiting(wait: str, rest: str = "", before: str = "") -> Talk:
    """Return a conversation that stands at this `wait`, with `save` or the like in `rest`."""
    return begun(f"{before}  - wait: {wait}\n    id: pausa\n{rest}  - say: sigo\n")


# ── a duration ──


def test_duration() -> None:
    """After its duration the flow goes on, once."""
    found = waiting("2h")
    assert found.sent == []
    assert found.wait(2 * HOUR - 1) == []
    assert found.wait(1) == ["sigo"]
    assert not found.running
    assert found.timers == {}


def test_template() -> None:
    """A duration may be a template."""
    found = waiting('"{{ n }}h"', before="  - set: {n: 3}\n")
    assert found.wait(3 * HOUR - 1) == []
    assert found.wait(1) == ["sigo"]


def test_no_time() -> None:
    """A wait for no time goes on at once."""
    found = waiting("0s")
    assert [send.message["text"] for send in found.sent] == ["sigo"]


def test_loop_without_time() -> None:
    """Waits for no time do not turn without end."""
    found = begun("  - wait: 0s\n    id: a\n  - goto: a\n")
    assert found.notes == ["turn_failed"]


def test_rank() -> None:
    """What follows a wait is of the class of timers."""
    found = waiting("2h")
    found.wait(2 * HOUR)
    assert [send.rank for send in found.sent] == [CLASSES["timers"]]


@pytest.mark.parametrize("text", ["hola", "sigo", "go", "/salir"])
def test_what_is_written_is_no_answer(text: str) -> None:
    """What the person writes meanwhile changes nothing, the time neither; `message` knows it."""
    found = begun("  - wait: 2h\n    id: pausa\n  - say: '{{ message.text }}'\n")
    found.wait(HOUR)
    assert found.say(text) == []
    assert found.top.step == "pausa"
    assert found.wait(HOUR) == [text]


def test_anywhere_is_not_understood() -> None:
    """A word of `anywhere` counts at questions, not in a wait."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nanywhere: {info: [{say: Info}]}\nsteps:\n"
        "  - ask: a\n    save: a\n  - wait: 2h\n    id: pausa\n"
    )
    found.say("go")
    assert found.say("info") == ["Info", "a"]
    found.say("1")
    assert found.say("info") == []


def test_silence_of_the_flow_stands() -> None:
    """In a wait nobody is asked anything: the flow's `silence` begins with the next question."""
    found = begun("  - wait: 5h\n    id: w\n  - ask: a\n    save: a\n", "silence: {after: 1h, say: ¿Sigues?}\n")
    assert found.wait(5 * HOUR) == ["a"]
    assert found.wait(HOUR) == ["¿Sigues?"]


def test_quiet_hours() -> None:
    """Quiet hours do not put off what an author waits for."""
    found = waiting("2h")
    found.flows.bot = replace(found.flows.bot, quiet_hours=QuietHours(12 * 60, 15 * 60))
    assert found.wait(2 * HOUR) == ["sigo"]


def test_guard() -> None:
    """A wait whose `if` is not true is skipped."""
    found = waiting("2h", "    if: false\n")
    assert [send.message["text"] for send in found.sent] == ["sigo"]


# ── until ──


@pytest.mark.parametrize(
    ("until", "hours"),
    [
        ("2025-11-24", 13),
        (f"{TODAY}T15:30", 4.5),
        (f"{TODAY} 15:30", 4.5),
        (f"{TODAY}T15:30:00-03:00", 3.5),
        (f"{TODAY}T15:30Z", 0.5),
        ("15:30", 4.5),
        ("9:00", 22),
        (TODAY, 0),
        ("2020-01-01T10:00", 0),
    ],
)
@pytest.mark.parametrize("form", ["{{until: {}}}", '{{until: "{{{{ t }}}}"}}'])
def test_until(until: str, hours: float, form: str) -> None:
    """A date is its beginning, a time the next such time, on the person's clock; what is past goes on at once."""
    found = begun(
        f"  - set: {{t: '{until}'}}\n  - wait: {form.format(repr(until))}\n    id: w\n  - say: ya {{{{ t }}}}\n"
    )
    if not hours:
        assert [send.message["text"] for send in found.sent] == [f"ya {until}"]
        return
    assert found.wait(hours * HOUR - 2) == []
    assert found.wait(1) == [f"ya {until}"]


def test_until_at_the_contact() -> None:
    """A contact with a time zone of their own is waited for by it."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps:\n  - wait: {until: '17:00'}\n    id: w\n  - say: ya\n")
    found.conversation = replace(found.conversation, fields={"timezone": "Europe/Madrid"})
    found.say("go")
    assert found.wait(HOUR) == ["ya"]


@pytest.mark.parametrize("value", ["nada", "2025-13-01", "25:00", "{{ 5 }}", "{{ [1] }}"])
def test_until_what(value: str) -> None:
    """A value that names no moment goes to `error`."""
    found = begun(f"  - set: {{t: '{value}'}}\n  - wait: {{until: '{{{{ t }}}}'}}\n    id: w\n")
    assert [send.message["text"] for send in found.sent] == ["error"]


# ── an event ──

EVENT = "{event: pago, timeout: 1d, then: [{say: tarde}, {goto: end}]}"


def test_event() -> None:
    """The event goes on, and what came with it is saved."""
    found = begun(f"  - wait: {EVENT}\n    save: pago\n  - say: 'Bs {{{{ pago.monto }}}}'\n")
    assert found.take(Named("otro", {"monto": 1})) == []
    assert found.notes == ["event_unheard"]
    assert found.take(Named("pago", {"monto": 10})) == ["Bs 10"]
    assert found.timers == {}


@pytest.mark.parametrize(
    ("save", "slots"),
    [("{p: event.monto}", {"p": 10}), ("{p: event.nada}", {"p": None}), ("contact.pago", {})],
)
def test_save(save: str, slots: dict[str, object]) -> None:
    """Parts of an event are saved by expressions over `event`, or all of it for the contact."""
    found = waiting(EVENT, f"    save: {save}\n")
    found.take(Named("pago", {"monto": 10}))
    assert found.slots == slots
    assert found.conversation.fields.get("pago") == ({"monto": 10} if not slots else None)


def test_event_without_data() -> None:
    """An event may bring nothing."""
    found = begun(f"  - wait: {EVENT}\n    save: p\n  - say: \"{{{{ p or 'nada' }}}}\"\n")
    assert found.take(Named("pago")) == ["nada"]


def test_timeout() -> None:
    """An event that does not come in time leads to `then`; later it finds nobody."""
    found = waiting(EVENT)
    assert found.wait(24 * HOUR) == ["tarde"]
    assert found.take(Named("pago")) == []
    assert found.notes == ["event_unheard"]


def test_timeout_without_then() -> None:
    """Without `then` the next step follows, with the slot unset."""
    found = begun("  - wait: {event: pago, timeout: 1d}\n    save: p\n  - say: \"{{ p or 'nada' }}\"\n")
    assert found.wait(24 * HOUR) == ["nada"]


def test_for_ever() -> None:
    """Without `timeout` it waits for ever."""
    found = waiting("{event: pago}")
    assert found.timers == {}
    assert found.wait(10_000 * HOUR) == []
    assert found.take(Named("pago")) == ["sigo"]


def test_before_it_waits() -> None:
    """An event that comes before its wait is not kept."""
    found = begun("  - ask: a\n    save: a\n  - wait: {event: pago}\n    id: w\n  - say: sigo\n")
    assert found.take(Named("pago")) == []
    assert found.say("1") == []
    assert found.take(Named("pago")) == ["sigo"]


# ── while another flow stands on top ──


def covered(wait: str, rest: str = "") -> Talk:
    """Return a conversation whose flow waits below another one that asks."""
    found = talk(
        f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - wait: {wait}\n    id: w\n{rest}  - say: sigo\n"
        "---\nflow: g\nstart: {words: [other]}\nsteps: [{ask: g, save: g}]\n"
    )
    found.say("go")
    top = Frame("g", found.flows.flows["g"].digest, "g", came="ask")
    found.conversation = replace(found.conversation, frames=(*found.conversation.frames, top))
    return found


def test_covered_time() -> None:
    """A wait that is over while another flow stands on top does not talk into it, and does not fire again."""
    found = covered("2h")
    assert found.wait(2 * HOUR) == []
    assert found.timers == {}
    assert found.top.flow == "g"


def test_covered_event() -> None:
    """An event for a flow that is covered is kept with what it brought, and taken once."""
    found = covered("{event: pago, timeout: 1d}", "    save: p\n")
    assert found.take(Named("pago", 7)) == []
    assert found.notes == []
    assert found.timers == {}
    assert found.conversation.frames[0].slots == {"p": 7}
    found.take(Named("pago", 8))
    assert found.notes == ["event_unheard"]


@pytest.mark.parametrize(
    ("wait", "is_over"),
    [("2h", True), ("{event: pago, timeout: 2h}", True), ("{until: '18:00'}", False)],
)
def test_covered_and_clock_set_back(wait: str, is_over: bool) -> None:
    """A while is over by its timer, covered or not, though the clock was set back; a time of day has still to come."""
    found = covered(wait)
    timer = found.timers["wait/0"]
    found.now -= 2 * HOUR
    assert found.take(Due(timer.name, timer.kind, timer.due_at)) == []
    assert ("wait/0" not in found.timers) is is_over


def test_stale() -> None:
    """A timer of a wait that is not due does nothing."""
    found = waiting("2h")
    assert found.take(Due("wait/1", "wait")) == []
    assert found.take(Due("wait/x", "wait")) == []
    assert found.take(Due("wait/0", "wait")) == []
    assert found.wait(2 * HOUR - 3) == ["sigo"]


# ── mistakes ──


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ("wait: 2", ["4:12 bad-duration"]),
        ("wait: [2h]", ["4:12 wrong-type"]),
        ("wait: {}", ["4:12 wrong-type"]),
        ("wait: {until: lunes}", ["4:20 wrong-type"]),
        ("wait: {until: 2025-13-01}", ["4:20 wrong-type"]),
        ("wait: {until: '{{ dia }}'}", ["4:24 unknown-name"]),
        ("wait: {until: 15:30, timeout: 2h}", ["4:27 unknown-key"]),
        ("wait: {event: pago, then: end}", ["4:12 missing-key"]),
        ("wait: {event: '{{ x }}'}", ["4:20 wrong-type"]),
        ("wait: {event: pago, timeout: 1, then: end}", ["4:35 bad-duration"]),
        ("wait: {event: pago, timeout: 1d, then: nada}", ["4:45 unknown-target"]),
        ("wait: 2h, save: x", ["4:16 save-without-event"]),
        ("wait: 2h, silence: {after: 1h, say: x}", ["4:16 unknown-key"]),
        ("wait: 2h, expires: 1h", ["4:16 unknown-key"]),
    ],
)
def test_mistakes(step: str, problems: list[str]) -> None:
    """A mistake is told at its place."""
    text = f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {{{step}, id: w}}\n"
    assert told(text) == problems


def test_no_lasting_id() -> None:
    """A wait is a place where conversations stand, so it wants an id; one that saves an event has it."""
    steps = "steps: [{wait: 2h}, {wait: {event: e}, save: e}, {say: '{{ e }}'}]\n"
    assert [each.split()[1] for each in told(f"flow: f\nstart: {{words: [go]}}\n{steps}")] == ["no-lasting-id"]
