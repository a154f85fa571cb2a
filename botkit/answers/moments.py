"""`date`, `time` and `datetime`: one moment in a sentence, as ISO text in the bot's zone."""

from __future__ import annotations

import re
from datetime import date

from botkit.answers.calendar_words import VAGUE
from botkit.answers.context import ReadingContext
from botkit.answers.dates import find_days
from botkit.answers.times import ANY_TIME, MINUTES, Clock, Opening, find_times, part_of_day
from botkit.answers.words import FILLERS, settled, words_of

#: With these a number alone is no day: "en 3".
_NOT_ALONE = frozenset("en in de del of a".split())
_LONE_DAY = re.compile(r"\d\d?(?:ro|ero|er|o|°|st|nd|rd|th)?")


def read_date(text: str, context: ReadingContext) -> str | None:
    """Return the one day that a text names, as `2026-05-12`."""
    words = words_of(text, context.language)
    days, rest = find_days(words, context.window)
    if days.empty and (lone := _alone(words)):
        days, rest = find_days(["el", lone], context.window)
    _, rest = find_times(rest)
    day = days.day
    return day.isoformat() if day and _clear(rest, text) else None


def read_time(text: str, context: ReadingContext) -> str | None:
    """Return the one time of day that a text names, as `15:30`."""
    words = words_of(text, context.language)
    days, rest = find_days(words, context.window)
    lone = days.empty and _alone(part_of_day(rest)[1]) is not None
    minute, _, rest = _minute(rest, bare=lone, opening=context.opening)
    return _shown(minute) if minute is not None and not days.impossible and _clear(rest, text) else None


def read_datetime(text: str, context: ReadingContext) -> str | None:
    """Return the one day and the one time that a text names, as `2026-05-12T15:30`.

    Twelve at night is not understood: some mean the night before that day, some the night after.
    """
    days, rest = find_days(words_of(text, context.language), context.window)
    minute, at_midnight, rest = _minute(rest)
    day: date | None = days.day
    if day is None or minute is None or at_midnight or not _clear(rest, text):
        return None
    return f"{day.isoformat()}T{_shown(minute)}"


def _minute(words: list[str], *, bare: bool = False, opening: Opening = ANY_TIME) -> tuple[int | None, bool, list[str]]:
    """Return the minute of the day (None: none, or not sure), whether it is twelve at night, the other words."""
    clocks, rest = find_times(words, bare=bare)
    part, rest = part_of_day(rest)
    if part is None or not MINUTES.keys().isdisjoint(rest):
        return None, False, rest
    minutes = {clock.resolve(part, opening) for clock in clocks}
    return (minutes.pop() if len(minutes) == 1 else None), any(_midnight(clock, part) for clock in clocks), rest


def _midnight(clock: Clock, part: str) -> bool:
    return Clock(clock.hour, clock.minutes, clock.part or part).at_midnight


def _alone(words: list[str]) -> str | None:
    """Return the number that a text consists of; what breaks off behind it was to be another: "15 de"."""
    if not _NOT_ALONE.isdisjoint(words):
        return None
    left = [word for word in words if word not in FILLERS]
    return left[0] if len(left) == 1 and _LONE_DAY.fullmatch(left[0]) else None


def _clear(rest: list[str], text: str) -> bool:
    return settled(rest, text) and VAGUE.isdisjoint(rest)


def _shown(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
