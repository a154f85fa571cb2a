"""Time zones: their names, and what their clocks show when."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def is_timezone(value: object) -> bool:
    """Tell whether a value is the IANA name of a time zone: `America/La_Paz`."""
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def on_clock(day: date, clock: time, zone: ZoneInfo, now: float) -> float:
    """Return UTC seconds of a time of day in a zone.

    One that the clock jumps over counts as much later; one that it shows twice is the first, or the second once the
    first is over `now`.
    """
    first, second = (datetime.combine(day, clock, zone).replace(fold=fold).timestamp() for fold in (0, 1))
    return second if first <= now < second else first
