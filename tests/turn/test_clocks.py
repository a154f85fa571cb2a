"""The timers of a conversation are the difference that a leg makes to its clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from botkit.turn.clocks import PASSED, Clock, changes, clocks_of
from botkit.turn.conversation import Conversation, Frame, Handoff
from botkit.turn.effect import CancelTimer, SetTimer
from botkit.turn.event import Due, Named
from tests.turn.samples import EMPTY, begun

REMINDER = {"flow": "aviso", "with": {}, "at": 900.0}


def standing(*due: dict[str, float], **reminders: dict[str, Any]) -> Conversation:
    """Return a conversation with these clocks, the lowest frame's first."""
    frames = tuple(Frame("f", "d", "s", due=each) for each in due)
    return Conversation("c1", "wa", "1", frames=frames, reminders=reminders)


def test_names() -> None:
    """A frame's clocks are named by its place in the stack, reminders by their name."""
    assert clocks_of(standing({"idle": 5.0}, {"silence": 3.0}, cita=REMINDER)) == {
        "idle/0": Clock("idle", 5.0),
        "silence/1": Clock("silence", 3.0),
        "reminder/cita": Clock("reminder", 900.0),
    }


def test_handoff() -> None:
    """While people have the conversation only their clock runs; then what waited for the end of it has one."""
    held = {"kind": "named", "event": {"name": "pago"}, "at": 7.0}
    handed = replace(standing({"idle": 5.0}, cita=REMINDER), handoff=Handoff("caja", 1.0, 9.0, 8.0), held=(held,))
    assert clocks_of(handed) == {"handoff": Clock("handoff", 9.0)}
    assert clocks_of(replace(handed, handoff=None))["held"] == Clock("held", 7.0)


def test_passed() -> None:
    """A clock that ran out while it was covered has no timer."""
    assert clocks_of(standing({"wait": PASSED})) == {}


@pytest.mark.parametrize(
    ("before", "after", "fired", "made"),
    [
        (standing(), standing(), None, []),
        (standing({}), standing({}), None, []),
        (standing({"wait": 5.0}), standing({"wait": 5.0}), None, []),
        (standing(), standing({"wait": 5.0}), None, [SetTimer("wait/0", "wait", 5.0)]),
        (standing({"wait": 5.0}), standing({"wait": 6.0}), None, [SetTimer("wait/0", "wait", 6.0)]),
        (standing({"wait": 5.0}), standing(), None, [CancelTimer("wait/0")]),
        (standing({"wait": 5.0}), standing({"silence": 5.0}), None, None),
        (standing({"wait": 5.0}), standing(), "wait/0", []),
        (standing({"wait": 5.0}), standing({"wait": 5.0}), "wait/0", [SetTimer("wait/0", "wait", 5.0)]),
        (standing({"wait": 5.0}), standing({"wait": 9.0}), "silence/0", [SetTimer("wait/0", "wait", 9.0)]),
        (standing(), standing(cita=REMINDER), None, [SetTimer("reminder/cita", "reminder", 900.0)]),
    ],
)
def test_changes(
    before: Conversation, after: Conversation, fired: str | None, made: list[SetTimer | CancelTimer] | None
) -> None:
    """Timers are set where a clock is new or moved, cancelled where it is gone; a fired one counts as gone before."""
    expected = [CancelTimer("wait/0"), SetTimer("silence/0", "silence", 5.0)] if made is None else made
    assert changes(before, after, fired) == expected


@pytest.mark.parametrize("event", [Due("wait/0", "wait"), Due("reminder/x", "reminder"), Due("handoff", "handoff")])
def test_stale(event: Due) -> None:
    """A timer whose clock is not due in the state changes nothing that anybody sees."""
    talk = begun("  - ask: ¿Qué?\n    save: x\n")
    before = talk.conversation.frames
    assert talk.take(event) == []
    assert talk.effects == ()
    assert talk.conversation.frames == before


@pytest.mark.parametrize(
    ("step", "name", "is_over"),
    [
        ("wait: 2h", "wait/0", True),
        ("wait: {event: pago, timeout: 2h}", "wait/0", True),
        ("wait: {until: '18:00'}", "wait/0", False),
        ("handoff: {to: gente, for: 3h}", "handoff", True),
        ("ask: ¿Qué?\n    save: x\n    silence: {after: 2h, then: end}", "silence/0", True),
    ],
)
def test_clock_set_back(step: str, name: str, is_over: bool) -> None:
    """What lasts for a while is over by its timer where the clock was set back; a time of day has still to come."""
    talk = begun(f"  - {step}\n  - say: Fin\n")
    timer = talk.timers[name]
    talk.now -= 7200
    stale = Due(timer.name, timer.kind, timer.due_at - 60)
    talk.take(stale)
    assert talk.timers == {name: timer}
    talk.take(Due(timer.name, timer.kind, timer.due_at + 0.0001))
    assert (name not in talk.timers) is is_over


def test_nothing_runs() -> None:
    """A timer or an event that finds nothing running does nothing; of the event the log tells."""
    talk = begun("  - say: hola\n")
    assert talk.take(Due("silence/0", "silence")) == []
    assert talk.take(Named("pago")) == []
    assert talk.notes == ["event_unheard"]
    assert not talk.running


def test_empty_state() -> None:
    """A conversation without clocks has none in what is stored."""
    assert clocks_of(EMPTY) == {}
