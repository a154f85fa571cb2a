"""`min` and `max` of a question."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.answers.times import Opening
from botkit.answers.types import AnswerType
from botkit.errors import EvaluationError
from botkit.flow.load import Loaded, load
from botkit.flow.locale import Locale
from botkit.flow.model import BotInfo
from botkit.flow.problem import render
from botkit.flow.scope import Scope
from botkit.flow.yaml_reader import read
from botkit.turn.bounds import Bounds
from botkit.turn.kinds import KINDS


def moment(name: str) -> AnswerType:
    """Return a type of moments that reads ISO texts."""
    return AnswerType(name, name, lambda text, _: text, "moment")


TYPES = {name: moment(name) for name in ("date", "time", "datetime")}
FLOW = "flow: f\nstart: {{words: [f]}}\nsteps:\n  - set: {{limite: 3, nadie: }}\n  - ask: q\n    id: x\n{}"


def loading(type_: str, keys: str) -> Loaded:
    """Load a flow with one question of a type."""
    text = FLOW.format(f"    type: {type_}\n" + "".join(f"    {key}\n" for key in keys.split("; ")))
    return load([read(text, "f.yaml")], [], BotInfo(), {}, KINDS, answer_types=TYPES)


def bounds(type_: str, keys: str) -> Bounds:
    """Return the bounds of one question."""
    flows = loading(type_, keys).flows
    assert flows is not None
    found: Bounds = flows.flows["f"].steps["x"].body.expected.bounds
    return found


def scope(**slots: Any) -> Scope:
    """Return what names mean on 23 November 2026."""
    fixed = {"today": lambda _: "2026-11-23", "now": lambda _: "2026-11-23T09:00"}
    return Scope({"limite": 3, "nadie": None, **slots}, fixed, {}, Locale())


@pytest.mark.parametrize(
    ("type_", "keys", "value", "holds"),
    [
        ("text", "min: 2", "ab", True),
        ("text", "min: 2", "a", False),
        ("text", "max: 2", "abc", False),
        ("text", "max: '{{ limite }}'", "abc", True),
        ("text", "max: '{{ limite }}'", "abcd", False),
        ("integer", "min: -1.5; max: 3", -1, True),
        ("integer", "min: -1.5; max: 3", -2, False),
        ("integer", "max: '{{ limite + 1 }}'", 4, True),
        ("integer", "max: '{{ limite + 1 }}'", 5, False),
        ("integer", "max: '{{ nadie }}'", 5, True),
        ("date", "min: 2026-12-01", "2026-12-01", True),
        ("date", "min: 2026-12-01", "2026-11-30", False),
        ("date", "min: '{{ today }}'", "2026-11-23", True),
        ("date", "min: '{{ today }}'", "2026-11-22", False),
        ("date", "min: '{{ now }}'", "2026-11-23", True),
        ("date", "max: '{{ now }}'", "2026-11-24", False),
        ("time", "min: 08:00; max: 18:30", "18:30", True),
        ("time", "min: 08:00; max: 18:30", "18:31", False),
        ("time", "min: '{{ now }}'", "08:59", False),
        ("time", "min: '{{ now }}'", "09:00", True),
        ("datetime", "max: 2026-12-01", "2026-12-01T23:59", True),
        ("datetime", "max: 2026-12-01", "2026-12-02T00:00", False),
        ("datetime", "min: '{{ now }}'", "2026-11-23T08:59", False),
        ("datetime", "min: 2026-12-01T10:00", "2026-12-01T10:00", True),
    ],
)
def test_bounds(type_: str, keys: str, value: Any, holds: bool) -> None:
    """Texts are bound by their length, numbers by size, moments by time; a template is read when the answer comes."""
    assert bounds(type_, keys).hold(value, scope()) is holds


@pytest.mark.parametrize(
    ("type_", "keys", "opening"),
    [
        ("time", "min: 18:00; max: 23:30", Opening(18 * 60, 23 * 60 + 30)),
        ("time", "min: '{{ now }}'", Opening(9 * 60)),
        ("time", "max: '{{ nadie }}'", Opening()),
        ("datetime", "min: '{{ now }}'", Opening()),
    ],
)
def test_opening(type_: str, keys: str, opening: Opening) -> None:
    """The bounds of a time of day tell in which half of the day an hour is meant."""
    assert bounds(type_, keys).opening(scope()) == opening


@pytest.mark.parametrize(
    ("type_", "value"),
    [("integer", "x"), ("integer", True), ("integer", []), ("text", "2026-01-01"), ("date", 3), ("date", "mañana")],
)
def test_bound_of_another_type(type_: str, value: Any) -> None:
    """A bound that turns out to be of another type is an error with its place."""
    with pytest.raises(EvaluationError, match="'max' of the type") as caught:
        bounds(type_, "max: '{{ limite }}'").hold("2026-01-01" if type_ != "integer" else 1, scope(limite=value))
    assert str(caught.value.place) == "f.yaml:8:10"


@pytest.mark.parametrize(
    ("type_", "keys", "code", "advice"),
    [
        ("date", "min: today", "bad-bound", 'like 2026-05-12, or an expression in quotes: "{{ today }}"'),
        ("date", "min: hoy", "bad-bound", 'like 2026-05-12, or an expression in quotes: "{{ today }}"'),
        ("date", "min: 2026-13-01", "bad-bound", 'like 2026-05-12, or an expression in quotes: "{{ today }}"'),
        ("date", "min: 2026-12-01T10:00", "bad-bound", '"{{ today }}"'),
        ("time", "min: 8", "bad-bound", 'like 15:30, or an expression in quotes: "{{ now | time }}"'),
        ("datetime", "max: 12/5", "bad-bound", 'like 2026-05-12T15:30, or an expression in quotes: "{{ now }}"'),
        ("integer", "max: limite", "bad-bound", 'like 3, or an expression in quotes: "{{ limite }}"'),
        ("text", "max: true", "bad-bound", "like 3"),
        ("yes_no", "min: 1", "bound-without-measure", "use 'check'"),
        ("text", "min: 3; max: 2", "min-over-max", "change one"),
        ("date", "min: 2026-12-02; max: 2026-12-01", "min-over-max", "change one"),
    ],
)
def test_what_fits_no_type(type_: str, keys: str, code: str, advice: str) -> None:
    """A constant that is no bound of the type is a mistake that says what to write."""
    problems = loading(type_, keys).problems
    assert [problem.code for problem in problems] == [code]
    assert advice in render(problems[0], (), "en")
