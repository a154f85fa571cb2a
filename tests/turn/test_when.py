"""The moment that a value names, when clocks change, too."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from botkit.turn.when import instant

LA_PAZ, MADRID, NEW_YORK, SANTIAGO = "America/La_Paz", "Europe/Madrid", "America/New_York", "America/Santiago"


@pytest.mark.parametrize(
    ("value", "zone", "now", "utc"),
    [
        ("2026-12-01T15:00", LA_PAZ, "2026-11-23T12:00Z", "2026-12-01T19:00Z"),
        ("2026-12-01 15:00", LA_PAZ, "2026-11-23T12:00Z", "2026-12-01T19:00Z"),
        ("2026-12-01T15:00:30", LA_PAZ, "2026-11-23T12:00Z", "2026-12-01T19:00:30Z"),
        ("2026-12-01T15:00Z", LA_PAZ, "2026-11-23T12:00Z", "2026-12-01T15:00Z"),
        ("2026-12-01T15:00+09:00", LA_PAZ, "2026-11-23T12:00Z", "2026-12-01T06:00Z"),
        ("2020-01-01T00:00", LA_PAZ, "2026-11-23T12:00Z", "2020-01-01T04:00Z"),
        ("2026-12-01", LA_PAZ, "2026-11-23T12:00Z", "2026-12-01T04:00Z"),
        ("15:30", LA_PAZ, "2026-11-23T12:00Z", "2026-11-23T19:30Z"),
        ("8:00", LA_PAZ, "2026-11-23T12:00Z", "2026-11-24T12:00Z"),
        ("08:01", LA_PAZ, "2026-11-23T12:00Z", "2026-11-23T12:01Z"),
        # 29 March 2026, 02:00 becomes 03:00
        ("2026-03-29T02:30", MADRID, "2026-03-01T00:00Z", "2026-03-29T01:30Z"),
        ("2026-03-29T01:59", MADRID, "2026-03-01T00:00Z", "2026-03-29T00:59Z"),
        ("2026-03-29T03:00", MADRID, "2026-03-01T00:00Z", "2026-03-29T01:00Z"),
        ("02:30", MADRID, "2026-03-28T12:00Z", "2026-03-29T01:30Z"),
        # 6 September 2026: the day has no midnight
        ("2026-09-06", SANTIAGO, "2026-09-01T00:00Z", "2026-09-06T04:00Z"),
        # 1 November 2026, 02:00 becomes 01:00
        ("2026-11-01T01:30", NEW_YORK, "2026-10-01T00:00Z", "2026-11-01T05:30Z"),
        ("01:30", NEW_YORK, "2026-11-01T05:00Z", "2026-11-01T05:30Z"),
        ("01:30", NEW_YORK, "2026-11-01T05:40Z", "2026-11-01T06:30Z"),
        ("01:30", NEW_YORK, "2026-11-01T06:40Z", "2026-11-02T06:30Z"),
        ("03:00", NEW_YORK, "2026-11-01T03:00Z", "2026-11-01T08:00Z"),
    ],
)
def test_instant(value: str, zone: str, now: str, utc: str) -> None:
    """A date is the beginning of its day, a time the next such time, by the clock of the zone."""
    found = instant(value, ZoneInfo(zone), datetime.fromisoformat(now).timestamp())
    assert found == datetime.fromisoformat(utc).timestamp()


@pytest.mark.parametrize(
    "value",
    [
        *(None, 12, True, ["2026-12-01"]),
        *("", "mañana", "2026-13-01", "2026-02-30", "2026-12-01T", "2026-W01", "20261201"),
        *("25:00", "12", "15:30:99", "1:2"),
    ],
)
def test_no_moment(value: object) -> None:
    """Anything else names no moment; nothing is guessed."""
    assert instant(value, ZoneInfo(LA_PAZ), 0.0) is None
