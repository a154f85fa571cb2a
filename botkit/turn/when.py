"""The moment that a value of a flow names: a date, a time or both, on somebody's clock."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from botkit.flow.timezone import on_clock

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{1,2}:\d\d(:\d\d)?")


def is_moment(text: str) -> bool:
    """Tell whether a text is a date, a time or both, as `instant` reads them."""
    return instant(text, ZoneInfo("UTC"), 0.0) is not None


def instant(value: Any, zone: ZoneInfo, now: float) -> float | None:
    """Return UTC seconds of `2026-12-01T15:00` (a blank for the T, an offset: as you like), a date or a time.

    A date is the beginning of its day, a time the next such time after `now`. None for anything else.
    """
    text = str(value).strip() if isinstance(value, str) else ""
    try:
        if _TIME.fullmatch(text):
            return _next(time.fromisoformat(text.rjust(5 if text.count(":") == 1 else 8, "0")), zone, now)
        if _DATE.fullmatch(text):
            return on_clock(date.fromisoformat(text), time(), zone, now)
        if not _DATE.match(text):
            return None
        moment = datetime.fromisoformat(text)
        return on_clock(moment.date(), moment.time(), zone, now) if moment.tzinfo is None else moment.timestamp()
    except (ValueError, OverflowError):
        return None


def _next(clock: time, zone: ZoneInfo, now: float) -> float:
    today = datetime.fromtimestamp(now, zone).date()
    at = on_clock(today, clock, zone, now)
    return at if at > now else on_clock(today + timedelta(days=1), clock, zone, now)
