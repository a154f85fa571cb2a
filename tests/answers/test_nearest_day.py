"""Days without a year, and days of the week, where a question takes only some days. It is Monday 23 November 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.answers.nearest_day import Window
from tests.answers.samples import read
from tests.turn.samples import begun

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20/11", "2026-11-20"),
        ("fue el 20 de noviembre", "2026-11-20"),
        ("23/11", "2026-11-23"),
        ("24/11", "2025-11-24"),
        ("29/2", "2024-02-29"),
        ("el 30", "2026-10-30"),
        ("el 31", "2026-10-31"),
        ("el 12", "2026-11-12"),
        ("el viernes", "2026-11-20"),
        ("viernes 20/11", "2026-11-20"),
        ("el viernes 20", "2026-11-20"),
        ("el lunes", "2026-11-16"),
        ("este viernes", "2026-11-20"),
        ("ayer", "2026-11-22"),
        ("hoy", "2026-11-23"),
        ("20/11/2027", "2027-11-20"),
        ("mañana", "2026-11-24"),
        ("el próximo viernes", "2026-11-27"),
        ("el viernes que viene", "2026-11-27"),
        ("el viernes de la próxima semana", "2026-12-04"),
        ("31/4", None),
        ("jueves 20/11", None),
    ],
)
def test_past(text: str, day: str | None) -> None:
    """With `max` today the last such day is meant; what names another day by itself stays that day."""
    assert read("date", text, latest=TODAY) == day
    with_time = read("datetime", f"{text} a las 15:30", latest=TODAY)
    assert with_time == (f"{day}T15:30" if day else None)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "day"),
    [
        ("20/11", date(2026, 11, 23), date(2026, 12, 31), "2027-11-20"),
        ("20/12", date(2026, 11, 23), date(2026, 12, 31), "2026-12-20"),
        ("12/5", date(2027, 6, 1), None, "2028-05-12"),
        ("el 5", date(2027, 1, 10), None, "2027-02-05"),
        ("el viernes", date(2026, 12, 1), None, "2026-12-04"),
        ("el viernes", date(2026, 11, 24), date(2026, 11, 25), "2026-11-27"),
        ("20/11", None, date(2020, 1, 1), "2019-11-20"),
        ("20/11", date(2026, 11, 21), date(2026, 11, 22), "2027-11-20"),
        ("el lunes", date(2026, 11, 23), date(2026, 11, 23), "2026-11-30"),
        ("el lunes", None, date(2026, 11, 23), "2026-11-16"),
    ],
)
def test_bounds(text: str, earliest: date | None, latest: date | None, day: str) -> None:
    """The next such day if the question takes it, else the nearest it takes; where it takes none, the next one."""
    assert read("date", text, earliest=earliest, latest=latest) == day


DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(DAYS, st.none() | DAYS, st.none() | DAYS, st.integers(0, 6), st.integers(1, 28), st.integers(1, 12))
def test_it_is_such_a_day(
    today: date, earliest: date | None, latest: date | None, weekday: int, day: int, month: int
) -> None:
    """Whatever is allowed, the day is of the kind that was said, and the next one where that may be."""
    window = Window(today, earliest, latest)
    on, like = window.on(weekday), window.like(day, month)
    assert on.weekday() == weekday
    assert like is not None
    assert (like.day, like.month) == (day, month)
    assert on == window.on(weekday) != today
    if Window(today).on(weekday) != on:
        assert window.allows(on)
        assert not window.allows(Window(today).on(weekday))


def test_a_question() -> None:
    """`min` and `max` of a question say which days may be meant."""
    question = "  - ask: q\n    save: d\n    type: date\n    invalid: no\n"
    found = begun(f'{question}    max: "{{{{ today }}}}"\n  - say: "{{{{ d }}}}"\n')
    assert found.say("20/11") == ["2025-11-20"]
    found = begun(f'{question}    min: "{{{{ today }}}}"\n    max: 2025-12-31\n  - say: "{{{{ d }}}}"\n')
    assert found.say("20/11") == ["no"]
    assert found.say("20/12") == ["2025-12-20"]


@pytest.mark.parametrize("bound", ["0001-01-01", "9999-12-31", "2026-02-31", "15:30"])
def test_odd_bounds(bound: str) -> None:
    """A bound far off, or that is no day, fails nothing."""
    steps = f'  - set: {{b: "{bound}"}}\n  - {{ask: q, save: d, type: date, KEY: "{{{{ b }}}}", invalid: no}}\n'
    for key in ("min", "max"):
        found = begun(steps.replace("KEY", key) + '  - say: "{{ d }}"\n')
        assert found.say("el viernes") in (["no"], ["2025-11-28"])


def test_years_ahead() -> None:
    """A date that comes every year is never farther than the bounds."""
    assert Window(TODAY, latest=TODAY - timedelta(days=400)).like(20, 11) == date(2024, 11, 20)
