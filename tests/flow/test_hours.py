"""When a business is open, and when people are left in peace."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from botkit.flow.hours import Hours, QuietHours
from botkit.flow.source import Map
from botkit.flow.yaml_reader import read
from botkit.settings.hours import HoursReader

CLINIC = """\
mon-fri: ["08:30-12:30", "14:30-19:00"]
sat: 09:00-13:00
holidays: BO
closed: [2026-12-24]
2026-12-31: 09:00-12:00
2026-08-06: 10:00-11:00
"""
BAR = "jue-sáb: 20:00-03:00\ndom: 12:00-24:00"


def hours(text: str) -> Hours:
    """Return the hours that a text says, which must be right."""
    root = read(text.encode(), "config.yaml").documents[0].root
    assert isinstance(root, Map)
    reader = HoursReader([])
    found = reader.hours(root)
    assert not reader.problems
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "at", "is_open"),
    [
        (CLINIC, "2026-11-23 08:29", False),
        (CLINIC, "2026-11-23 08:30", True),
        (CLINIC, "2026-11-23 12:29:59", True),
        (CLINIC, "2026-11-23 12:30", False),
        (CLINIC, "2026-11-27 18:59", True),
        (CLINIC, "2026-11-28 09:00", True),
        (CLINIC, "2026-11-28 14:30", False),
        (CLINIC, "2026-11-29 10:00", False),
        (CLINIC, "2026-12-25 10:00", False),  # Christmas, a Friday
        (CLINIC, "2026-11-02 10:00", False),  # All Souls' Day, a Monday
        (CLINIC, "2026-12-24 10:00", False),  # closed
        (CLINIC, "2026-12-31 15:00", False),  # hours of its own
        (CLINIC, "2026-12-31 09:30", True),
        (CLINIC, "2026-08-06 10:30", True),  # a holiday with hours of its own
        (CLINIC, "2031-12-25 10:00", False),
        (BAR, "2026-11-26 19:59", False),
        (BAR, "2026-11-26 23:00", True),
        (BAR, "2026-11-27 02:59", True),
        (BAR, "2026-11-27 03:00", False),
        (BAR, "2026-11-29 02:00", True),  # Saturday's
        (BAR, "2026-11-29 23:59", True),
        (BAR, "2026-11-30 00:00", False),
        ("fri-mon: 00:00-24:00", "2026-11-23 10:00", True),
        ("fri-mon: 00:00-24:00", "2026-11-24 10:00", False),
        ("mon: closed", "2026-11-24 10:00", False),
        ("closed: [2026-11-24]", "2026-11-23 03:00", True),
        ("closed: [2026-11-24]", "2026-11-24 12:00", False),
        ("holidays: BO-L", "2026-07-16 12:00", False),  # La Paz
        ("holidays: BO", "2026-07-16 12:00", True),
    ],
)
def test_open(text: str, at: str, is_open: bool) -> None:
    """A date of its own counts first, then `closed` and holidays, then the day of the week; ends are not open."""
    assert hours(text).open_at(datetime.fromisoformat(at)) is is_open


def test_always_open() -> None:
    """Without hours the business never closes."""
    assert Hours().open_at(datetime.fromisoformat("2026-12-25 03:00"))


NIGHT, SIESTA = QuietHours(21 * 60, 8 * 60), QuietHours(13 * 60, 15 * 60)
SMALL_HOURS = QuietHours(23 * 60, 2 * 60 + 30)
LONG_NIGHT = QuietHours(22 * 60, 90)


@pytest.mark.parametrize(
    ("quiet", "zone", "at", "until"),
    [
        (NIGHT, "America/La_Paz", "2026-11-23 20:59", "2026-11-23 20:59"),
        (NIGHT, "America/La_Paz", "2026-11-23 21:00", "2026-11-24 08:00"),
        (NIGHT, "America/La_Paz", "2026-11-24 03:00", "2026-11-24 08:00"),
        (NIGHT, "America/La_Paz", "2026-11-24 08:00", "2026-11-24 08:00"),
        (SIESTA, "America/La_Paz", "2026-11-24 14:00", "2026-11-24 15:00"),
        (SIESTA, "America/La_Paz", "2026-11-24 15:00", "2026-11-24 15:00"),
        (QuietHours(22 * 60, 0), "America/La_Paz", "2026-12-31 23:00", "2027-01-01 00:00"),
        # The clock goes from 02:00 to 03:00: 02:30 is not there, and counts as 03:30.
        (SMALL_HOURS, "Europe/Madrid", "2026-03-29 01:00", "2026-03-29 03:30"),
        (NIGHT, "America/Santiago", "2026-09-05 23:00", "2026-09-06 08:00"),
        # The clock goes from 02:00 back to 01:00: 01:30 is there twice.
        (LONG_NIGHT, "America/New_York", "2026-11-01 00:30", "2026-11-01 01:30"),
    ],
)
def test_quiet(quiet: QuietHours, zone: str, at: str, until: str) -> None:
    """What falls into the quiet hours waits until they end, by the person's own clock, when clocks change, too."""
    place = ZoneInfo(zone)
    moment = datetime.fromisoformat(at).replace(tzinfo=place).timestamp()
    assert quiet.put_off(moment, place) == datetime.fromisoformat(until).replace(tzinfo=place).timestamp()


def test_quiet_in_the_second_hour() -> None:
    """In the second of two equal hours the end is that hour's own."""
    place = ZoneInfo("America/New_York")
    second = datetime(2026, 11, 1, 1, 10, tzinfo=place, fold=1).timestamp()
    assert LONG_NIGHT.put_off(second, place) == datetime(2026, 11, 1, 1, 30, tzinfo=place, fold=1).timestamp()
