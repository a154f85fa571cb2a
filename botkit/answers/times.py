"""Times of day in sentences: "15:30", "3 pm", "las 3 y media de la tarde", "quarter to four".

The rule where people differ: an hour from 1 to 7 without more may be of the morning or of the afternoon, so it is not
understood ("a las 3", "3:30", "tres y media"). What decides is a part of the day ("de la tarde", "pm", "esta noche")
or the clock of 24 hours ("15:30", "03:30"). From 8 to 12 it is as written: "a las 8" is 08:00. Where a question's `min`
and `max` leave one half of the day alone, that decides first: from 18:00 on "a las 8 y media" is 20:30.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from botkit.answers.calendar_words import PARTS
from botkit.answers.dates import TAKEN

#: Hours that need no more than themselves; 0 and those from 13 on are of the 24-hour clock.
PLAIN_HOURS = range(8, 13)
#: what stands for minutes beside an hour
MINUTES = {"media": 30, "half": 30, "cuarto": 15, "un cuarto": 15, "quarter": 15, "a quarter": 15}
_DAY_PARTS = frozenset(PARTS) - {"am", "pm", "dia", "mediodia"}
#: Before these words a part of the day is a greeting or something else: "más tarde", "good evening".
_NO_PART = frozenset("mas muy tan good buena buen buenas".split())


@dataclass(frozen=True, slots=True)
class Opening:
    """The first and the last minute of the day that a question takes; None: no such bound."""

    first: int | None = None
    last: int | None = None

    def only(self, minutes: set[int]) -> int | None:
        """Return the one of some minutes that lies within, None if there is no single one.

        Without a first minute nothing is decided: before a bare `max` of 12:00 "a las 3" may still be of the afternoon.
        """
        if self.first is None:
            return None
        within = {minute for minute in minutes if minute >= self.first and (self.last is None or minute <= self.last)}
        return within.pop() if len(within) == 1 else None


#: no bound: what a question without `min` and `max` takes
ANY_TIME = Opening()


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it was said: the hour's figures, minutes to add (or take away), the part of the day."""

    hour: str
    minutes: int = 0
    part: str = ""

    @property
    def at_midnight(self) -> bool:
        """Tell whether it is the hour after midnight said as twelve: of which day, people do not agree."""
        return int(self.hour) == 12 and self.part not in ("", "pm") and PARTS[self.part].get(12) == 0

    def resolve(self, part: str = "", opening: Opening = ANY_TIME) -> int | None:
        """Return the minute of the day, or None if it is not sure; `part` is named elsewhere in the sentence."""
        hour = self._hour(self.part or part)
        if hour is None or (self.part and part and hour not in PARTS[part].values()):
            return None
        minute = (hour * 60 + self.minutes) % 1440
        if (
            not (self.part or part or self._of_24_hours)
            and (meant := opening.only({minute, (minute + 720) % 1440})) is not None
        ):
            return meant
        return minute if self._sure(minute // 60, self.part or part) else None

    def _hour(self, part: str) -> int | None:
        hour = int(self.hour)
        if hour > 23 or not -59 <= self.minutes <= 59:
            return None
        if not part:
            return hour
        return PARTS[part].get(hour, hour if hour in PARTS[part].values() and hour not in range(1, 13) else None)

    def _sure(self, hour: int, part: str) -> bool:
        return bool(part) or self._of_24_hours or hour in PLAIN_HOURS

    @property
    def _of_24_hours(self) -> bool:
        return self.hour.startswith("0") or int(self.hour) > 12


def find_times(words: list[str], *, bare: bool = False) -> tuple[list[Clock], list[str]]:
    """Return the times in a sentence, and its other words with a mark where a time stood.

    `bare` takes a number that stands for itself.
    """
    text = " ".join(words)
    clocks: list[Clock] = []

    def take(found: re.Match[str]) -> str:
        clocks.append(_clock({name: said for name, said in found.groupdict().items() if said is not None}))
        return TAKEN

    for pattern in _FORMS:
        text = pattern.sub(take, text)
    if bare and not clocks:
        text = _BARE.sub(take, text)
    return clocks, text.split()


def part_of_day(words: list[str]) -> tuple[str | None, list[str]]:
    """Return the part of the day that a sentence names beside its time, and the other words.

    An empty text: none; None: more than one.
    """
    at = [
        index
        for index, word in enumerate(words)
        if word in _DAY_PARTS and (not index or words[index - 1] not in _NO_PART)
    ]
    parts = {words[index] for index in at}
    rest = [word for index, word in enumerate(words) if index not in at]
    return (None if len(parts) > 1 else next(iter(parts), "")), rest


def _clock(said: dict[str, str]) -> Clock:
    if "noon" in said or "midnight" in said:
        return Clock("12", 0, "tarde" if "noon" in said else "noche")
    minutes = _minutes(said.get("m") or said.get("minus") or "0")
    back = "minus" in said or said.get("way") in ("to", "till", "before")
    hour = {"una": "1", "one": "1"}.get(said["h"], said["h"])
    part = next((said[name] for name in ("p1", "p2", "p3", "p4") if name in said), "")
    return Clock(hour, -minutes if back else minutes, "mediodia" if part == "dia" else part)


def _minutes(text: str) -> int:
    return MINUTES[text] if text in MINUTES else int(text)


_PIECES = {
    "at": r"(?:a las|las|al|a la(?= (?:una|1)\b)|la(?= (?:una|1)\b)|at|tipo|hrs|hora)",
    "hour": r"(?P<h>\d\d?|una|one)",
    "tail": r"(?: ?<part>)?(?: en punto)?",
    "part": (
        r"(?:(?P<p1>am|pm)|(?:de|por|en|a) la (?P<p2>manana|tarde|noche|madrugada)|del? (?P<p3>mediodia|dia)"
        r"|(?:in the|at) (?P<p4>morning|afternoon|evening|night))"
    ),
    "no_span": r"(?<!\ben )(?<!\bin )(?<!\bde )(?<!\bpor )(?<!\bhace )(?<!\bcada )",
    "unit": r"(?: ?(?:hs|hrs|hr|h)| en punto| oclock)",
}


def _form(pattern: str) -> re.Pattern[str]:
    for name in ("no_span", "tail", "part", "at", "hour", "unit"):
        pattern = pattern.replace(f"<{name}>", _PIECES[name])
    return re.compile(rf"(?<!\S){pattern}(?!\S)")


#: the forms, the longer ones first
_FORMS = (
    _form(r"(?P<minus>un cuarto|cuarto|\d\d?) (?:minutos )?para las? <hour><tail>"),
    _form(r"(?:at )?(?P<m>half|a quarter|quarter|\d\d?) (?:minutes )?(?P<way>past|after|to|till|before) <hour><tail>"),
    _form(r"(?:<at> )?<hour> (?:y (?P<m>media|un cuarto|cuarto|\d\d?)|menos (?P<minus>un cuarto|cuarto|\d\d?))"
          r"(?: minutos)?<tail>"),
    _form(r"(?:<at> )?(?P<h>\d\d?)[:.h](?P<m>[0-5]\d)(?::[0-5]\d)?(?: ?(?:hs|hrs|hr|h|horas))?<tail>"),
    _form(r"(?:<at> )?<hour> (?P<m>[0-5]\d) ?<part>"),
    _form(r"<at> <hour>(?:<unit>| horas| hours)?<tail>"),
    _form(r"<no_span><hour><unit><tail>"),
    _form(r"<no_span>(?P<h>1[3-9]|2[0-3]) (?:horas|hours)<tail>"),
    _form(r"<hour> ?<part>(?: en punto)?"),
    _form(r"(?:al? |a la |at )?(?:(?P<noon>mediodia|noon|midday)|(?P<midnight>medianoche|midnight))"),
)  # fmt: skip
_BARE = re.compile(r"(?<!\S)(?P<h>\d\d?)(?!\S)")
