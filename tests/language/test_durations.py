"""Durations: fixed ones are checked as flows are loaded, templates as a step comes to them."""

from __future__ import annotations

import pytest

from botkit.flow.duration import parse_duration
from botkit.turn.effect import Note
from tests.flow.samples import told_of_steps
from tests.turn.samples import Talk, begun


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30.0),
        ("2.5s", 2.5),
        ("10m", 600.0),
        ("2h", 7200.0),
        ("3d", 259_200.0),
        (" 2 h ", 7200.0),
        ("400d", 34_560_000.0),
    ],
)
def test_duration(text: str, seconds: float) -> None:
    """A duration is a number with its unit."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["30", "h", "-2h", "2 horas", "1h30m", "", "1e3s", "²s", "401d", "9" * 15 + "d"])
def test_no_duration(text: str) -> None:
    """A bare number is no duration, nor is a negative one or more than a year and a month."""
    assert parse_duration(text) is None


def with_expires(given: str) -> Talk:
    """Return a conversation in which a message with this `expires` was to be said; `x` is 3, `texto` is `10m`."""
    slots = '{x: 3, texto: "10m", mitad: "{{ 10 / 3 }}", nada: }'
    return begun(f'  - set: {slots}\n  - {{say: Uno, expires: "{given}"}}\n')


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("{{ x }}m", 180.0),
        ("{{ texto }}", 600.0),
        ("{{ x * 2 }} h", 21_600.0),
        ("{{ mitad }}s", 3.33333333333333),
        ("{% if x > 2 %}1d{% else %}1h{% endif %}", 86_400.0),
    ],
)
def test_template(given: str, seconds: float) -> None:
    """A template may print the number, the unit, or both."""
    assert [send.expires_s for send in with_expires(given).sent] == [seconds]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{{ x }}", "a number without its unit"),
        ("{{ nada }}", "empty"),
        ("{{ x - 5 }}m", "no duration"),
        ("{{ x }}000d", "longer than 400 days"),
        ("{{ texto }}{{ texto }}", "no duration"),
    ],
)
def test_no_duration_at_run_time(given: str, why: str) -> None:
    """What prints no duration goes to `error`, with its place and without what it printed."""
    found = with_expires(given)
    told = next(note.fields for note in found.effects if isinstance(note, Note))
    reason, place = told["reason"], told["place"]
    assert (found.outcome, reason[: len(why) + 13], place) == ("error", f"'expires' is {why}", "a.yaml:5:25")


def test_timeout() -> None:
    """The limit of a call may be computed, too."""
    call = begun('  - set: {x: 3}\n  - {run: agenda.nada, timeout: "{{ x }}m"}\n').top.pending_call
    assert call is not None
    assert call.timeout_s == 180.0


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ('{say: Uno, expires: "{{ x }}m"}', []),
        ('{say: Uno, expires: "{{ y }}m"}', ["4:29 unknown-name"]),
        ('{say: Uno, expires: "{{ x m"}', ["4:26 bad-expression"]),
        ("{say: Uno, expires: 500d}", ["4:25 bad-duration"]),
        ("{say: Uno, expires: -5m}", ["4:25 bad-duration"]),
    ],
)
def test_checked(step: str, problems: list[str]) -> None:
    """The names of a template are checked, and a fixed duration as a whole; one mistake is reported once."""
    assert told_of_steps(f"  - set: {{x: 1}}\n  - {step}\n") == problems
