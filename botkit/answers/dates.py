"""Days in sentences: "mañana", "el próximo viernes", "12/5", "12 de mayo", "in 3 days".

The rules where people differ:

* Numbers are day first, as in Latin America; with a slash, month first where day first is impossible ("5/13").
* Without a year it is the next such date, today included; "el 12" is the next 12th. Where the question's `min` and
  `max` forbid that one, it is the nearest that they allow. Two digits of a year lie between 80 years ago and 19 years
  ahead.
* A day of the week is the next one after today, also with "próximo", "este", "next": nobody says "el lunes" for
  a Monday that is today. `min` and `max` move it likewise, but not one that is called the next. With "de la próxima
  semana" it is in the week after this one, which begins on Monday.
* What names a day twice must agree: "martes 12 de mayo" is nothing if 12 May is no Tuesday.
* A day of the week that is counted is none: "el primer lunes", "el último viernes", "el otro martes".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from botkit.answers.calendar_words import COUNTED, FIRSTS, MONTHS, NEAR, NEAR_YEARS, UNITS, WEEKDAYS
from botkit.answers.nearest_day import Window, date_or_none

#: Years that an answer may be in.
YEARS = range(1900, 2200)
#: Longest way to a day that is told by counting, in days.
FARTHEST = 3660
#: Words that may follow "el 12"; another word may be what there are twelve of.
FOLLOWERS = frozenset("a al at in en por para please pls porfa porfavor gracias thanks si esta estaria nomas".split())
#: What stands where a date or a time was.
TAKEN = "·"


@dataclass(slots=True)
class Days:
    """The days found in a sentence, the days of the week that they must be, and what could not be a day.

    `coming` says that a day of the week was called the next.
    """

    window: Window
    days: set[date] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)
    impossible: bool = False
    coming: bool = False

    @property
    def today(self) -> date:
        """Return the day on which it is said."""
        return self.window.today

    def add(self, day: date | None) -> None:
        """Take a day; None is one that the calendar does not have."""
        if day is None or day.year not in YEARS:
            self.impossible = True
        else:
            self.days.add(day)

    @property
    def empty(self) -> bool:
        """Tell whether the sentence names no day."""
        return not (self.days or self.weekdays or self.impossible)

    @property
    def day(self) -> date | None:
        """Return the one day that all of it means, or None."""
        if self.impossible or len(self.days) > 1 or len(self.weekdays) > 1:
            return None
        if not self.days:
            window = Window(self.today) if self.coming else self.window
            return next((window.on(weekday) for weekday in self.weekdays), None)
        day = next(iter(self.days))
        return day if self.weekdays <= {day.weekday()} else None


Form = tuple[re.Pattern[str], Callable[[Days, dict[str, str]], None]]


def find_days(words: list[str], window: Window) -> tuple[Days, list[str]]:
    """Return the days in a sentence, and its other words with a mark where a day stood."""
    days = Days(window)
    text = " ".join(words)
    for pattern, take in _FORMS:
        text = pattern.sub(partial(_taken, days, take), text)
    return days, text.split()


def _taken(days: Days, take: Callable[[Days, dict[str, str]], None], found: re.Match[str]) -> str:
    take(days, {name: value for name, value in found.groupdict().items() if value is not None})
    return TAKEN


# ── what a form means ──


def _in_figures(days: Days, said: dict[str, str]) -> None:
    day, month = int(said["d"]), int(said["m"])
    if month > 12 and said["sep"] == "/":
        day, month = month, day
    days.add(_of(days.window, day, month, said.get("y")))


def _iso(days: Days, said: dict[str, str]) -> None:
    days.add(_of(days.window, int(said["d"]), int(said["m"]), said["y"]))


def _in_words(days: Days, said: dict[str, str]) -> None:
    year = said.get("y") or said.get("yy")
    if "near_year" in said:
        year = str(days.today.year + NEAR_YEARS[said["near_year"]])
    days.add(_of(days.window, _number(said["d"]), MONTHS[said["month"]], year))


def _of_a_month(days: Days, said: dict[str, str]) -> None:
    month = days.today.replace(day=1)
    if "next" in said:
        month = (month + timedelta(days=31)).replace(day=1)
    days.add(date_or_none(month.year, month.month, _number(said["d"])))


def _day_alone(days: Days, said: dict[str, str]) -> None:
    days.add(days.window.like(_number(said["d"])))


def _near(days: Days, said: dict[str, str]) -> None:
    days.add(days.today + timedelta(days=NEAR[said["near"]]))


def _now(days: Days, said: dict[str, str]) -> None:
    days.add(days.today)


def _counted(days: Days, said: dict[str, str]) -> None:
    count = int(said["n"]) if said["n"].isdigit() else 1
    count = -count if "ago" in said else count
    unit = UNITS[said["unit"]]
    if not abs(count) * (unit or 31) <= FARTHEST:
        days.add(None)
    elif unit:
        days.add(days.today + timedelta(days=count * unit))
    else:
        months = days.today.year * 12 + days.today.month - 1 + count
        days.add(date_or_none(months // 12, months % 12 + 1, days.today.day))


def _weekday(days: Days, said: dict[str, str]) -> None:
    weekday = WEEKDAYS[said["w"]]
    monday = days.today - timedelta(days=days.today.weekday())
    if "plural" in said or "counted" in said:
        days.add(None)
    elif "last" in said or "past" in said:
        days.add(days.today - timedelta(days=(days.today.weekday() - weekday - 1) % 7 + 1))
    elif "thisweek" in said or "nextweek" in said:
        days.add(monday + timedelta(days=weekday + (7 if "nextweek" in said else 0)))
    elif "this" in said and weekday == days.today.weekday():
        days.add(None)  # today, or in a week
    else:
        days.weekdays.add(weekday)
        days.coming = days.coming or "next" in said or "follows" in said


# ── the calendar ──


def _number(text: str) -> int:
    return FIRSTS.get(text) or int(re.sub(r"\D", "", text))


def _of(window: Window, day: int, month: int, year: str | None) -> date | None:
    if year is None:
        return window.like(day, month)
    number = int(year)
    if len(year) == 2:
        number += window.today.year // 100 * 100
        number -= 100 if number > window.today.year + 19 else 0
    return date_or_none(number, month, day)


# ── the forms, the longer ones first ──


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PIECES = {
    "figures": r"(?P<d>\d\d?(?:ro|ero|er|o|°|st|nd|rd|th)?)",
    "followed": rf"(?=$| (?:{'|'.join(sorted(FOLLOWERS))})(?!\S))",
    "day": rf"(?P<d>\d\d?(?:ro|ero|er|o|°|st|nd|rd|th)?|{_any_of(FIRSTS)})",
    "month": rf"(?P<month>{_any_of(MONTHS)})",
    "weekday": rf"(?P<w>{_any_of(WEEKDAYS)})",
    "year": r"(?:(?: del?| of|) (?:ano )?(?P<y>\d{4})| del? (?:ano )?(?P<yy>\d\d)"
    rf"|(?: del?| of|) (?P<near_year>{_any_of(NEAR_YEARS)}))?",
    "count": r"(?P<n>\d{1,6}|un|una|a|an|one)",
    "unit": rf"(?P<unit>{_any_of(UNITS)})",
    "near": rf"(?P<near>{_any_of(NEAR)})",
}


def _form(pattern: str, take: Callable[[Days, dict[str, str]], None]) -> Form:
    for name, piece in _PIECES.items():
        pattern = pattern.replace(f"<{name}>", piece)
    return re.compile(rf"(?<!\S){pattern}(?!\S)"), take


_FORMS: tuple[Form, ...] = (
    _form(r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)", _iso),
    _form(r"(?P<d>\d\d?)(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<y>\d{4}|\d\d)", _in_figures),
    _form(r"(?P<d>\d\d?)(?P<sep>[-/])(?P<m>\d\d?)", _in_figures),
    _form(r"<day>(?: del?| of|) (?:este mes|this month)", _of_a_month),
    _form(r"<day>(?: del?| of|) (?P<next>proximo mes|mes que viene|mes proximo|next month)", _of_a_month),
    _form(r"<day>(?: del?| of|)(?: mes de)? <month><year>", _in_words),
    _form(r"<month>(?: the)? <day><year>", _in_words),
    _form(r"(?:en|dentro de|de aqui a|in|within) <count> <unit>", _counted),
    _form(r"<count> <unit> from (?:now|today)", _counted),
    _form(r"(?P<ago>hace) <count> <unit>", _counted),
    _form(r"<count> <unit> (?P<ago>ago|atras)", _counted),
    _form(r"(?<!\bla )(?<!\besta )(?<!\blas )<near>", _near),
    _form(r"(?:esta|this)(?= (?:manana|tarde|noche|morning|afternoon|evening))", _now),
    _form(
        rf"(?:(?P<counted>{'|'.join(COUNTED)}) |(?P<plural>los) |(?P<last>last) |(?P<this>este|this) "
        r"|(?P<next>(?:el )?proximo |next ))?<weekday>"
        r"(?: (?P<follows>que viene|proximo|siguiente)| (?P<past>pasado)"
        r"| (?P<thisweek>de esta semana|this week|of this week)"
        r"| (?P<nextweek>de la (?:proxima|otra|siguiente) semana|de la otra|de la semana (?:que viene|proxima)"
        r"|(?:of )?next week))?",
        _weekday,
    ),
    _form(rf"(?:el dia|el|dia|the|al|{TAKEN}) <figures><followed>", _day_alone),
)
