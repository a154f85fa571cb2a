"""`schedule`: named reminders, whose flow begins on top of whatever runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.flow.hours import QuietHours
from botkit.turn.effect import CLASSES
from botkit.turn.event import Due
from botkit.turn.kinds.schedule import MAX_REMINDERS
from tests.flow.samples import told
from tests.turn.samples import NOW, Talk, talk

HOUR = 3600.0
#: NOW is Sunday 23 November 2025, 11:00 in La Paz; the first turn comes a second later.
REMINDER = """
---
flow: aviso
inputs: {cita: , tono: Hola}
steps:
  - say: "{{ tono }}, tu cita: {{ cita }}"
  - {choose: ¿Vienes?, id: vienes, options: [Sí, No]}
  - say: Anotado.
"""


def bot(schedule: str, rest: str = "", steps: str = "") -> Talk:
    """Return a bot whose flow `f` schedules like this, and then asks."""
    return talk(
        f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - schedule: {schedule}\n{steps}"
        f"  - {{ask: ¿Algo más?, id: mas}}\n  - say: fin\n{REMINDER}{rest}"
    )


def begun(schedule: str, **parts: str) -> Talk:
    """Return such a bot, begun."""
    found = bot(schedule, **parts)
    found.say("go")
    return found


def due_in(found: Talk) -> dict[str, float]:
    """Return in how many seconds from the beginning each reminder is due."""
    return {name: each["at"] - NOW - 1 for name, each in found.conversation.reminders.items()}


@pytest.mark.parametrize(
    ("when", "seconds"),
    [
        ("after: 2h", 2 * HOUR),
        ("after: '{{ 1 + 1 }}h'", 2 * HOUR),
        ("after: 90m", 1.5 * HOUR),
        ("at: 2025-11-24", 13 * HOUR - 1),
        ("at: 2025-11-24 09:00", 22 * HOUR - 1),
        ("at: 2025-11-24T09:00", 22 * HOUR - 1),
        ("at: '15:30'", 4.5 * HOUR - 1),
        ("at: '10:00'", 23 * HOUR - 1),
        ("at: '{{ today }} 20:00'", 9 * HOUR - 1),
        ("at: 2020-01-01", 0),
    ],
)
def test_when(when: str, seconds: float) -> None:
    """`after` counts from now; `at` is a date (its beginning), a time (the next) or both; what is past is due now."""
    assert due_in(begun(f"{{name: cita, flow: aviso, with: {{cita: x}}, {when}}}")) == {"cita": seconds}


def test_it_outlives_the_flow() -> None:
    """The flow ends, and the reminder comes, with what it was given then; it comes once."""
    found = begun("{name: cita, flow: aviso, with: {cita: mañana}, after: 2h}")
    assert found.say("no") == ["fin"]
    assert found.wait(2 * HOUR) == ["Hola, tu cita: mañana", "¿Vienes?"]
    assert found.say("Sí") == ["Anotado."]
    assert found.conversation.reminders == {}
    assert found.wait(100 * HOUR) == []


def test_it_interrupts() -> None:
    """While a flow runs it comes on top, and gives the place back with the question."""
    found = begun("{name: cita, flow: aviso, with: {cita: x, tono: Ey}, after: 2h}")
    assert found.wait(2 * HOUR) == ["Ey, tu cita: x", "¿Vienes?"]
    assert {send.rank for send in found.sent} == {CLASSES["timers"]}
    assert found.say("No") == ["Anotado.", "¿Algo más?"]
    assert found.say("nada") == ["fin"]


def test_silent() -> None:
    """A flow with `resume: silent` gives the place back without a word."""
    rest = "---\nflow: callado\nstart: {interrupts: only, resume: silent}\nsteps: [{say: psst}]\n"
    found = begun("{name: n, flow: callado, after: 1h}", rest=rest)
    assert found.wait(HOUR) == ["psst"]
    assert found.say("nada") == ["fin"]


def test_replace() -> None:
    """One per contact and name: a second one takes its place; `save` gets when the earlier one was due."""
    steps = (
        "  - {schedule: {name: cita, flow: aviso, with: {cita: b}, after: 3h}, save: antes}\n  - say: '{{ antes }}'\n"
    )
    found = bot("{name: cita, flow: aviso, with: {cita: a}, at: 2025-11-24 09:00}", steps=steps)
    assert found.say("go") == ["2025-11-24T09:00", "¿Algo más?"]
    assert due_in(found) == {"cita": 3 * HOUR}
    assert found.wait(3 * HOUR)[0] == "Hola, tu cita: b"


def test_two_names() -> None:
    """Reminders of two names run beside each other, the earlier one first; a name may be a template."""
    steps = "  - set: {n: 2}\n  - schedule: {name: 'cita-{{ n }}', flow: aviso, with: {cita: b}, after: 1h}\n"
    found = begun("{name: cita, flow: aviso, with: {cita: a}, after: 2h}", steps=steps)
    assert due_in(found) == {"cita": 2 * HOUR, "cita-2": HOUR}
    assert found.wait(HOUR)[0] == "Hola, tu cita: b"
    assert found.wait(HOUR)[0] == "Hola, tu cita: a"


def test_cancel() -> None:
    """`cancel` takes it back, and says when it was due; of one that is not there, none."""
    steps = (
        "  - {schedule: {cancel: cita}, save: {a: due}}\n  - {schedule: {cancel: cita}, save: b}\n"
        "  - say: '{{ a }} {{ b is none }}'\n"
    ).replace("{{ b is none }}", "{{ b == none }}")
    found = bot("{name: cita, flow: aviso, with: {cita: a}, at: 2025-11-24 09:00}", steps=steps)
    assert found.say("go")[0] == "2025-11-24T09:00 sí"
    assert found.timers == {}
    assert found.wait(100 * HOUR) == []


def test_quiet_hours() -> None:
    """In quiet hours it waits until they end."""
    found = begun("{name: cita, flow: aviso, with: {cita: x}, at: '23:30'}")
    found.flows.bot = replace(found.flows.bot, quiet_hours=QuietHours(21 * 60, 8 * 60))
    found.say("nada")
    assert found.wait(20 * HOUR) == []
    assert due_in(found) == {"cita": 21 * HOUR - 1}
    assert found.wait(HOUR)[0] == "Hola, tu cita: x"


def test_opted_out() -> None:
    """Who opted out is reminded of nothing."""
    found = begun("{name: cita, flow: aviso, with: {cita: x}, after: 1h}")
    found.conversation.fields["opted_out"] = True
    assert found.wait(HOUR) == []
    assert found.notes == ["reminder_dropped"]
    assert found.conversation.reminders == {}


def test_a_stale_timer() -> None:
    """A timer of a reminder that was put off or taken back does nothing."""
    found = begun("{name: cita, flow: aviso, with: {cita: x}, after: 1h}")
    assert found.take(Due("reminder/cita", "reminder")) == []
    assert found.take(Due("reminder/otra", "reminder")) == []
    assert found.wait(HOUR)[0] == "Hola, tu cita: x"


def test_a_flow_that_is_gone() -> None:
    """A reminder whose flow a deploy removed is dropped, with a line in the log."""
    found = begun("{name: cita, flow: aviso, with: {cita: x}, after: 1h}")
    del found.flows.flows["aviso"]
    assert found.wait(HOUR) == []
    assert found.notes == ["reminder_dropped"]


@pytest.mark.parametrize(
    "schedule",
    [
        "{name: '{{ contact.nada }}', flow: aviso, with: {cita: x}, after: 1h}",
        "{name: n, flow: aviso, with: {cita: x}, at: \"{{ 'pronto' }}\"}",
        "{name: n, flow: aviso, with: {cita: x}, after: \"{{ 'pronto' }}\"}",
        "{name: n, flow: aviso, with: {cita: x}, at: '{{ contact.nada }}'}",
    ],
)
def test_what_goes_to_error(schedule: str) -> None:
    """A name that prints nothing, and a template that prints no time, go to `error`."""
    found = bot(schedule)
    assert found.say("go") == ["error"]


def test_most() -> None:
    """A contact has a bounded number of them: a name that never repeats goes to `error` one day."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nsteps:\n"
        "  - schedule: {name: '{{ message.args }}', flow: aviso, with: {cita: x}, after: 1h}\n" + REMINDER
    )
    found.flows.starts.append(("/go", found.flows.flows["f"]))
    for number in range(MAX_REMINDERS):
        assert found.say(f"/go {number}") == []
    assert found.say("/go 0") == []  # one that is there takes its own place
    assert found.say("/go otro") == ["error"]


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ("cita", "wrong-type"),
        ("{flow: aviso, after: 1h, with: {cita: x}}", "missing-key"),
        ("{name: n, after: 1h}", "missing-key"),
        ("{name: n, flow: aviso, with: {cita: x}}", "missing-key"),
        ("{name: n, flow: aviso, with: {cita: x}, at: '9:00', after: 1h}", "at-and-after"),
        ("{name: n, flow: aviso, with: {cita: x}, at: mañana}", "wrong-type"),
        ("{name: n, flow: aviso, with: {cita: x}, after: 10}", "bad-duration"),
        ("{name: n, flow: avisos, with: {cita: x}, after: 1h}", "unknown-flow"),
        ("{name: n, flow: aviso, after: 1h}", "missing-input"),
        ("{name: n, flow: aviso, with: {cita: x, dia: y}, after: 1h}", "unknown-input"),
        ("{name: n, flow: aviso, with: {cita: '{{ nada }}'}, after: 1h}", "unknown-name"),
        ("{name: n, flow: aviso, with: {cita: x}, after: 1h, cada: 1d}", "unknown-key"),
        ("{cancel: n, flow: aviso}", "unknown-key"),
        ("{cancel: }", "empty-value"),
    ],
)
def test_mistakes(schedule: str, problem: str) -> None:
    """What is wrong with a reminder is told when flows are loaded."""
    text = f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - schedule: {schedule}\n{REMINDER}"
    assert [each.partition(" ")[2] for each in told(text)][:1] == [problem]
