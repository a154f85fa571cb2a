"""When a business is open and when it is quiet: arithmetic on local days and minutes, DST included.

A span is (begin, end) in minutes from the midnight of its day; the end is beyond 1,440 where it passes midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from botkit.flow.timezone import on_clock

Span = tuple[int, int]

#: Minutes of a day.
DAY = 24 * 60
#: Open the whole day.
ALL_DAY: tuple[Span, ...] = ((0, DAY),)
#: Days of the week as config.yaml names them -> their number, Monday first; English, then Spanish.
WEEKDAYS: Mapping[str, int] = {
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{name: number for number, name in enumerate(("lun", "mar", "mié", "jue", "vie", "sáb", "dom"))},
    **{"mie": 2, "sab": 5},
}


def no_holidays(day: date) -> bool:
    """Know of no holiday."""
    return False


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a business: `week` from Monday, `days` with hours of their own (none: closed), holidays (closed).

    A date of its own counts before a holiday, and a holiday before its day of the week.
    """

    week: tuple[tuple[Span, ...], ...] = (ALL_DAY,) * 7
    days: Mapping[date, tuple[Span, ...]] | None = None
    is_holiday: Callable[[date], bool] = no_holidays

    def open_at(self, moment: datetime) -> bool:
        """Tell whether the business is open at a moment of its own clock."""
        minute = moment.hour * 60 + moment.minute
        today, yesterday = moment.date(), moment.date() - timedelta(days=1)
        return any(begin <= minute < end for begin, end in self.spans(today)) or any(
            minute + DAY < end for _, end in self.spans(yesterday)
        )

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the hours of a day; those that pass midnight are all its own."""
        own = (self.days or {}).get(day)
        if own is not None:
            return own
        return () if self.is_holiday(day) else self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The part of each day in which nobody is reminded of anything: minutes from midnight, maybe over it."""

    begin: int
    end: int

    def put_off(self, at: float, zone: ZoneInfo) -> float:
        """Return `at` (UTC seconds), or the end of the quiet hours that it falls in, in a time zone."""
        local = datetime.fromtimestamp(at, zone)
        minute = local.hour * 60 + local.minute
        over_midnight = self.begin > self.end
        if over_midnight:
            quiet = minute >= self.begin or minute < self.end
        else:
            quiet = self.begin <= minute < self.end
        if not quiet:
            return at
        day = local.date() + timedelta(days=1 if over_midnight and minute >= self.begin else 0)
        return max(at, on_clock(day, time(*divmod(self.end, 60)), zone, at))
