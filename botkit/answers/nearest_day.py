"""Which day is meant by a date without a year, or by a day of the week: the next such day, or the nearest that may be.

A question that takes past days alone ("¿cuándo fue?") is answered by past days: with `latest` today, "20/11" is the
last 20th of November. Where the next such day is one that the question takes, it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

#: Months to look through: 29 February is missing for eight years around 2100.
_MONTHS = 12 * 9


@dataclass(frozen=True, slots=True)
class Window:
    """The day on which something is said, and the first and the last day that it may mean; None: no such bound."""

    today: date
    earliest: date | None = None
    latest: date | None = None

    def allows(self, day: date) -> bool:
        """Tell whether a day may be meant."""
        return (self.earliest is None or day >= self.earliest) and (self.latest is None or day <= self.latest)

    def like(self, day: int, month: int | None = None) -> date | None:
        """Return the day with this number (and this month): the next one, today included, else the nearest allowed.

        None is one that the calendar does not have. Where none is allowed it is the next one all the same.
        """
        first = next(_days_like(self.today, day, month, 1), None)
        if first is None or self.allows(first):
            return first
        if self.latest is not None and first > self.latest:
            other = next(_days_like(self.latest, day, month, -1), None)
        else:
            other = next(_days_like(self.earliest or self.today, day, month, 1), None)
        return other if other is not None and self.allows(other) else first

    def on(self, weekday: int) -> date:
        """Return the next such day of the week after today (0: Monday), else the nearest allowed; never today."""
        first = self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)
        if self.allows(first):
            return first
        if self.latest is not None and first > self.latest:
            last = min(self.latest, self.today - timedelta(days=1))
            other = last - timedelta(days=(last.weekday() - weekday) % 7)
        else:
            begin = self.earliest or first
            other = begin + timedelta(days=(weekday - begin.weekday()) % 7)
        return other if self.allows(other) else first


def date_or_none(year: int, month: int, day: int) -> date | None:
    """Return a date, None for one that the calendar does not have."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days_like(start: date, day: int, month: int | None, direction: int) -> Iterator[date]:
    """Yield the dates that have this day (and this month), from `start` on, or back from it."""
    first = start.year * 12 + start.month - 1
    for number in range(first, first + direction * _MONTHS, direction):
        if month is None or number % 12 + 1 == month:
            found = date_or_none(number // 12, number % 12 + 1, day)
            if found and (found - start).days * direction >= 0:
                yield found
