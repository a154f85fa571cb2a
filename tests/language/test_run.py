"""`run`: what the page says of it, each ruling once, on flows as authors write them."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.turn.conversation import PendingCall
from botkit.turn.event import Meanwhile
from tests.flow.samples import at, loading
from tests.turn.samples import begun


def arguments(given: str) -> dict[str, Any]:
    """Return what a handler is called with."""
    return begun(f"  - set: {{a: 1, b: dos}}\n  - run: agenda.todo\n    with: {given}\n").call.arguments


def pending(keys: str) -> PendingCall:
    """Return the call that a step with these keys waits for."""
    call = begun(f"  - {{run: agenda.nada{keys}}}\n").top.pending_call
    assert call is not None
    return call


def codes(step: str) -> list[str]:
    """Return what is wrong with a step."""
    found = loading(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - set: {{dia: 1}}\n  - {step}\n")
    return [at(problem).partition(" ")[2] for problem in found.problems]


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ("{x: '{{ a }}', y: [1, '{{ b }}']}", {"x": 1, "y": [1, "dos"]}),
        ("[a, b]", {"a": 1, "b": "dos"}),
        ("{x: '{{ omit }}', y: 2}", {"y": 2}),
    ],
)
def test_with(given: str, passed: dict[str, Any]) -> None:
    """`with` is a mapping or a list of slots by name; `omit` drops a key."""
    assert arguments(given) == passed


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ("{run: agenda.libres, with: {dia: 1}}", []),
        ("{run: agenda.libres, with: [dia]}", []),
        ("{run: agenda.libre, with: [dia]}", ["unknown-handler"]),
        ("{run: agenda.libres}", ["missing-argument"]),
        ("{run: agenda.nada, retries: 6}", ["wrong-type"]),
        ("{run: agenda.nada, retries: dos}", ["wrong-type"]),
        ("{run: agenda.nada, timeout: 30}", ["bad-duration"]),
    ],
)
def test_checked(step: str, problems: list[str]) -> None:
    """Handler, arguments and limits are checked before anything runs."""
    assert codes(step) == problems


def test_limits() -> None:
    """A handler has thirty seconds and one attempt unless its step says otherwise; the deadline counts them all."""
    call = pending("")
    assert (call.timeout_s, call.retries, call.meanwhile_s) == (30.0, 0, None)
    long = pending(", timeout: 5s, retries: 2, meanwhile: Espera")
    assert (long.timeout_s, long.retries, long.meanwhile_s) == (5.0, 2, 2.0)
    assert long.deadline - call.deadline == 3 * 5.0 - 30.0


def test_save() -> None:
    """`save` keeps the result, or what expressions make of it."""
    found = begun("  - {run: agenda.nada, save: {x: 'result.n + 1', y: result}}\n  - say: '{{ x }}'\n")
    assert found.returns({"n": 1}) == ["2"]
    assert found.slots == {"x": 2, "y": {"n": 1}}


def test_on_error() -> None:
    """A failure goes to `on_error`, which reads why; without it the `error` flow runs."""
    found = begun(
        "  - {run: agenda.nada, on_error: mal}\n  - say: sigue\n", "asides: {mal: [say: 'mal: {{ error }}']}\n"
    )
    assert found.returns(error="ValueError: no") == ["mal: ValueError: no"]
    assert begun("  - run: agenda.nada\n").returns(error="no") == ["error"]


def test_meanwhile_once() -> None:
    """`meanwhile` is said once; the call stays pending under its key, and the result goes on as ever."""
    found = begun("  - {run: agenda.nada, meanwhile: Espera}\n  - say: listo\n")
    call = found.top.pending_call
    assert call is not None
    assert found.take(Meanwhile(call.key), same=True) == ["Espera"]
    assert found.take(Meanwhile(call.key), same=True) == []
    assert found.returns(1) == ["listo"]
