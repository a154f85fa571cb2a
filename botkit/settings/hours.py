"""`hours` and `quiet_hours` of config.yaml: from their nodes to `flow/hours.py`, with every problem at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

from botkit.flow.hours import ALL_DAY, DAY, WEEKDAYS, Hours, QuietHours, Span, no_holidays
from botkit.flow.problem import Problem, nearest
from botkit.flow.source import Map, Node, Seq, Text
from botkit.settings.trouble import shown_value

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
#: What a day may say instead of times.
CLOSED = "closed"
QUIET_KEYS = ("from", "to")


class HoursReader:
    """Reads the two; `problems` grows."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    # ── hours ──

    def hours(self, node: Node) -> Hours | None:
        """Return the hours of the business; days that are not named are closed, if any day of the week is named."""
        if not isinstance(node, Map):
            self._wrong(node, "hours", "un grupo de días", "a group of days")
            return None
        week: dict[int, tuple[Span, ...]] = {}
        days: dict[date, tuple[Span, ...]] = {}
        holidays: Callable[[date], bool] = no_holidays
        for key, entry in node.entries.items():
            if key == "holidays":
                holidays = self._holidays(entry.value) or holidays
            elif key == CLOSED:
                for item in entry.value.items if isinstance(entry.value, Seq) else [entry.value]:
                    self._add(days, self._date(item), (), item)
            elif _DATE.fullmatch(key):
                self._add(days, self._date(entry.key), self._spans(entry.value), entry.key)
            else:
                spans = self._spans(entry.value)
                for weekday in self._weekdays(entry.key):
                    self._add(week, weekday, spans, entry.key)
        otherwise = () if week else ALL_DAY
        return Hours(tuple(week.get(number, otherwise) for number in range(7)), days, holidays)

    def _add(self, known: dict[Any, Any], day: date | int | None, spans: tuple[Span, ...], at: Node) -> None:
        if day in known:
            self.problems.append(Problem("hours-twice", at.place, {"value": getattr(at, "value", "")}))
        elif day is not None:
            known[day] = spans

    def _weekdays(self, key: Text) -> Iterator[int]:
        """Yield the days that a key names: `mon`, `mon-fri`, `fri-mon`."""
        first, dash, last = (part.strip() for part in key.value.lower().partition("-"))
        begin, end = WEEKDAYS.get(first), WEEKDAYS.get(last if dash else first)
        if begin is None or end is None:
            known = (*WEEKDAYS, "holidays", CLOSED)
            values = {"value": key.value, "near": nearest(last if begin is not None else first, known)}
            self.problems.append(Problem("hours-day", key.place, values))
            return
        for number in range(7):
            if (number - begin) % 7 <= (end - begin) % 7:
                yield number

    def _spans(self, node: Node) -> tuple[Span, ...]:
        items = node.items if isinstance(node, Seq) else [node]
        if len(items) == 1 and isinstance(items[0], Text) and items[0].value == CLOSED:
            return ()
        return tuple(span for item in items if not _empty(item) and (span := self._span(item)))

    def _span(self, node: Node) -> Span | None:
        text = node.value if isinstance(node, Text) else ""
        begin, dash, end = text.replace("–", "-").partition("-")
        span = _minutes(begin), _minutes(end)
        if not dash or span[0] is None or span[1] is None or span[0] == DAY or span[0] == span[1]:
            self.problems.append(Problem("hours-span", node.place, {"value": shown_value(node)}))
            return None
        return span[0], span[1] + (DAY if span[1] < span[0] else 0)

    def _date(self, node: Node) -> date | None:
        try:
            if isinstance(node, Text) and _DATE.fullmatch(node.value):
                return date.fromisoformat(node.value)
        except ValueError:
            pass
        self.problems.append(Problem("hours-date", node.place, {"value": shown_value(node)}))
        return None

    def _holidays(self, node: Node) -> Callable[[date], bool] | None:
        code = node.value if isinstance(node, Text) else ""
        country, _, part = code.partition("-")
        known = _countries()
        if country not in known or (part and part not in known[country]):
            options = known.get(country) or ("BO", "BO-L", "AR", "MX")
            values = {"value": shown_value(node), "known": ", ".join(options)}
            self.problems.append(Problem("hours-country", node.place, values))
            return None
        return holidays_of(country, part or None)

    # ── quiet hours ──

    def quiet(self, node: Node) -> QuietHours | None:
        """Return the quiet hours; None, with the problems said, when they are wrong."""
        if not isinstance(node, Map):
            self._wrong(node, "quiet_hours", "{from: '21:00', to: '08:00'}", "{from: '21:00', to: '08:00'}")
            return None
        for key, entry in node.entries.items():
            if key not in QUIET_KEYS:
                values = {"key": key, "where": "quiet_hours", "known": "from, to", "near": nearest(key, QUIET_KEYS)}
                self.problems.append(Problem("unknown-key", entry.key.place, values))
        found: list[int] = []
        for key in QUIET_KEYS:
            each = node.get(key)
            minutes = _minutes(each.value) if isinstance(each, Text) else None
            if each is None:
                self.problems.append(Problem("missing-key", node.place, {"key": key, "where": "quiet_hours"}))
            elif minutes is None:
                self._wrong(each, key, "una hora: 21:00", "a time: 21:00")
            else:
                found.append(minutes % DAY)
        if len(found) == 2 and found[0] == found[1]:
            self._wrong(node, "quiet_hours", "dos horas distintas", "two different times")
            return None
        return QuietHours(*found) if len(found) == 2 else None

    def _wrong(self, node: Node, key: str, expected: str, expected_en: str) -> None:
        values = {"key": key, "value": shown_value(node), "expected": expected, "expected_en": expected_en}
        self.problems.append(Problem("wrong-type", node.place, values))


def _minutes(text: str) -> int | None:
    """Return minutes from midnight; 24:00 is the day's end."""
    found = _TIME.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else None
    return minutes if minutes is not None and minutes <= DAY else None


def _empty(node: Node) -> bool:
    """Tell whether there is nothing, which is said where values are filled in."""
    return isinstance(node, Text) and node.empty


@cache
def _countries() -> dict[str, list[str]]:
    """Return the countries whose holidays are known, with their parts."""
    # Here and below: it takes longer to import than all flows take to load, and few need it.
    import holidays

    return holidays.list_supported_countries(include_aliases=False)


@cache
def holidays_of(country: str, part: str | None) -> Callable[[date], bool]:
    """Return what tells whether a day is a public holiday of a country, or of a part of one."""
    import holidays

    calendar = holidays.country_holidays(country, subdiv=part)
    return lambda day: day in calendar
