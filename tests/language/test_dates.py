"""Dates and times as values: ISO in data, with parts."""

from __future__ import annotations

import pytest

from tests.flow.samples import evaluate
from tests.turn.samples import begun


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("d.year", 2026),
        ("d.month", 5),
        ("d.day", 12),
        ("d.weekday", 2),
        ("d.hour", None),
        ("t.hour", 15),
        ("t.minute", 30),
        ("t.day", None),
        ("m.weekday", 2),
        ("m.hour", 15),
        ("x.day", None),
        ("y.day", None),
        ("d.otra", None),
        ("n.day", None),
    ],
)
def test_parts(expression: str, value: int | None) -> None:
    """A stored date or time has the parts that `now` has; what is none has none."""
    slots = {"d": "2026-05-12", "t": "15:30", "m": "2026-05-12T15:30", "x": "2026-13-12", "y": "hola", "n": None}
    assert evaluate(expression, **slots) == value


def test_no_sundays() -> None:
    """A `check` may refuse a day of the week."""
    found = begun(
        "  - ask: q\n    save: d\n    type: date\n    check: [{if: answer.weekday == 7, say: Domingo no}]\n"
        '  - say: "{{ d.weekday }}"\n'
    )
    assert found.say("29/11/2026") == ["Domingo no"]
    assert found.say("28/11/2026") == ["6"]
