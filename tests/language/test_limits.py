"""Limits, named constants: crossing one goes to `error`, and the log has the place."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.flow.message import MAX_MESSAGE
from botkit.flow.values import MAX_TEXT
from botkit.turn.position import MAX_CALLS
from botkit.turn.step import MAX_STEPS
from tests.turn.samples import Talk, begun, talk, texts


def place(found: Talk) -> str:
    """Return the place that the log has of what failed."""
    note: Any = next(effect for effect in found.effects if getattr(effect, "event", "") == "turn_failed")
    return str(note.fields["place"])


def test_values() -> None:
    """The limits are what the page says."""
    assert (MAX_STEPS, MAX_CALLS, MAX_MESSAGE, MAX_TEXT) == (100, 16, 4_096, 16_384)


def test_steps_without_a_wait() -> None:
    """A hundred steps run between two waits; the next one is one too many, counted over lists, asides and flows."""
    steps = "".join(f"  - set: {{x: {number}}}\n" for number in range(MAX_STEPS))
    assert begun(steps).outcome == "done"
    over = begun(steps + "  - say: nunca\n")
    assert (texts(over), over.running, over.outcome, place(over)) == (["error"], False, "error", "a.yaml:104:5")


def test_a_wait_begins_the_count_anew() -> None:
    """Behind a question there are a hundred more."""
    steps = "".join(f"  - set: {{x: {number}}}\n" for number in range(MAX_STEPS - 1))
    found = begun(f"{steps}  - {{ask: q, id: q}}\n{steps}  - say: fin\n")
    assert (texts(found), found.say("x")) == (["q"], ["fin"])


def test_call_depth() -> None:
    """Flows call one another sixteen deep."""
    flow = "flow: f\nstart: {words: [go]}\ninputs: {n: 0}\nsteps:\n  - {goto: end, if: n == %d}\n"
    flow += '  - call: f\n    with: {n: "{{ n + 1 }}"}\n  - {say: vuelta, if: n == 0}\n'
    assert talk(flow % MAX_CALLS).say("go") == ["vuelta"]
    over = talk(flow % (MAX_CALLS + 1))
    assert (over.say("go"), over.running, place(over)) == (["error"], False, "a.yaml:6:5")


@pytest.mark.parametrize("step", ["say: XX", "{ask: XX, id: q}", "{choose: XX, id: c, options: [Sí]}"])
def test_text(step: str) -> None:
    """A text of 4,096 characters is sent, a longer one is not, made by a template or not."""
    at = f"a.yaml:5:{5 + step.index('XX')}"
    assert texts(begun(f"  - {step.replace('XX', 'x' * MAX_MESSAGE)}\n")) == ["x" * MAX_MESSAGE]
    over = begun(f"  - say: antes\n  - {step.replace('XX', 'x' * (MAX_MESSAGE + 1))}\n")
    assert (texts(over), place(over)) == (["antes", "error"], at)
    made = begun(f"  - set: {{t: {'x' * MAX_MESSAGE}}}\n  - {step.replace('XX', chr(39) + '{{ t }}!' + chr(39))}\n")
    assert (texts(made), place(made)) == (["error"], at)


def test_template_output() -> None:
    """A template writes 16 KB and no more."""
    steps = f"  - set: {{t: {'x' * (MAX_TEXT // 4)}}}\n"
    assert len(begun(steps + "  - set: {u: '{{ t }}{{ t }}{{ t }}{{ t }}'}\n").slots["u"]) == MAX_TEXT
    over = begun(steps + "  - set: {u: '{{ t }}{{ t }}{{ t }}{{ t }}!'}\n")
    assert (texts(over), over.outcome, place(over)) == (["error"], "error", "a.yaml:5:14")


def test_what_was_said_before_stays() -> None:
    """What was said before a limit was crossed is sent, and the apology behind it."""
    found = begun("  - {say: hola, id: x}\n  - {set: {n: '{{ (n or 0) + 1 }}'}}\n  - {if: n < 99, then: x}\n")
    assert texts(found) == ["hola"] * (MAX_STEPS // 3 + 1) + ["error"]
