"""A message that will not arrive, told to the flow that said it: `on_failed`."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.turn.effect import CLASSES
from botkit.turn.event import UNDELIVERED, Delivery
from botkit.turn.step import MAX_FAILURES
from tests.turn.samples import Talk, begun, talk

FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - {id: aviso, say: Hola, on_failed: mala}
  - {ask: ¿Qué día?, save: dia, on_failed: mala}
  - {ask: ¿A qué hora?, save: hora}
asides:
  mala:
    - {say: 'No salió: {{ error }} {{ dia }}'}
    - {id: otra, ask: ¿Me lees?, save: lee, on_failed: mala}
"""


def asked(*answers: str) -> Talk:
    """Return a conversation in the flow `cita`, after these answers."""
    found = talk(FLOW)
    for text in ("cita", *answers):
        found.say(text)
    return found


def failed(found: Talk, step: str = "aviso", state: str = "failed", **fields: Any) -> list[str]:
    """Let a message that a step said last not arrive."""
    fields = {"flow": "cita", "reason": "no such number", "version": found.conversation.version, **fields}
    return found.take(Delivery(step=step, state=state, **fields))


def heard(found: Talk) -> bool:
    """Tell whether the last failure moved its flow; it is noted in any case."""
    [note] = [effect for effect in found.effects if getattr(effect, "event", "") == "delivery_failed"]
    return bool(note.fields["heard"])


@pytest.mark.parametrize("state", UNDELIVERED)
def test_leads_to_its_target(state: str) -> None:
    """The flow goes on at the target, slots kept, with the reason as `error`; what it says is no reply to a person."""
    found = asked("lunes")
    assert failed(found, state=state) == ["No salió: no such number lunes", "¿Me lees?"]
    assert (found.top.step, {send.rank for send in found.sent}) == ("otra", {CLASSES["timers"]})
    assert heard(found)


def test_a_question_that_waits() -> None:
    """The question itself did not arrive: nobody can answer it, and the target follows."""
    found = asked()
    assert failed(found, "dia")[-1] == "¿Me lees?"


NOT_HEARD: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "its question was answered": (("lunes",), {"step": "dia"}),
    "the step has no on_failed": (("lunes",), {"step": "hora"}),
    "the step is gone": (("lunes",), {"step": "antes"}),
    "another flow said it": (("lunes",), {"flow": "otro"}),
}


@pytest.mark.parametrize("case", NOT_HEARD)
def test_no_longer_matters(case: str) -> None:
    """Otherwise it is noted, and nothing is said or moved."""
    answers, fields = NOT_HEARD[case]
    found = asked(*answers)
    before = found.conversation.frames
    assert failed(found, **fields) == []
    assert not heard(found)
    assert found.conversation.frames == before


def test_nothing_runs() -> None:
    """The flow has ended: nobody is there to be told."""
    found = asked("lunes", "15:00")
    assert (failed(found), found.running, heard(found)) == ([], False, False)


def test_an_earlier_run() -> None:
    """A message of a run that has ended does not move the run that came after it."""
    found = asked()
    version = found.conversation.version
    for text in ("lunes", "15:00", "cita"):
        found.say(text)
    assert failed(found, version=version) == []
    assert not heard(found)
    assert failed(found, version=found.conversation.version - 1) != []


def test_bubbles_of_one_step() -> None:
    """Several messages that fail together are one failure: only the first moves the flow."""
    found = asked("lunes")
    version = found.conversation.version
    assert failed(found, version=version) != []
    assert failed(found, version=version) == []
    assert not heard(found)


def test_failures_in_a_row_end() -> None:
    """A target whose messages fail too is not gone to for ever; a word from the person begins anew."""
    found = asked()
    failed(found, "dia")
    told = [bool(failed(found, "otra")) for _ in range(MAX_FAILURES)]
    assert told == [True] * (MAX_FAILURES - 1) + [False]
    assert found.top.step == "otra"
    for text in ("sí", "cita"):
        found.say(text)
    assert failed(found, "dia") != []


def test_a_call_is_never_interrupted() -> None:
    """With a pending call on top nothing is moved: its result comes next."""
    found = begun("  - {id: a, say: Un momento, on_failed: x}\n  - run: agenda.nada\n  - {ask: q, save: x}\n")
    assert failed(found, "a", flow="f") == []
    assert found.open
    assert found.returns() == ["q"]
