"""`min` and `max` of a question: constants, or templates that are read when an answer comes.

What they bound is the answer type's `measure`: the characters of a text, a number, or a moment. Moments are ISO texts,
compared as far as both are written: `max: 2026-05-12` takes all of that day for a `datetime`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from botkit.answers.dates import YEARS
from botkit.answers.times import Opening
from botkit.answers.types import AnswerType
from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.flow.scalar import core_value
from botkit.flow.scope import NAMES, Scope
from botkit.flow.source import Text
from botkit.flow.text import Template
from botkit.flow.values import kind_of, plain

_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
#: answer type -> what a constant bound looks like, an example, and the name that is most likely meant
_MOMENTS: dict[str, tuple[str, str, str]] = {
    "date": (_DATE, "2026-05-12", "today"),
    "time": (_TIME, "15:30", "now | time"),
    "datetime": (f"{_DATE}(?:T{_TIME})?", "2026-05-12T15:30", "now"),
}
_MOMENT = re.compile(f"{_DATE}(?:T{_TIME})?|{_TIME}")
_NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that an answer may be; None: no such bound."""

    kind: AnswerType | None
    least: float | str | Template | None = None
    most: float | str | Template | None = None

    def hold(self, value: Any, scope: Scope) -> bool:
        """Tell whether an answer lies within; raises EvaluationError for a bound of another type."""
        if self.kind is None or self.kind.measure is None:
            return True
        measured = len(value) if self.kind.measure == "length" else value
        least, most = self._now("min", self.least, scope), self._now("max", self.most, scope)
        if isinstance(measured, str):
            return (least is None or measured[: len(least)] >= least[: len(measured)]) and (
                most is None or measured[: len(most)] <= most[: len(measured)]
            )
        return (least is None or measured >= least) and (most is None or measured <= most)

    def days(self, scope: Scope) -> tuple[date | None, date | None]:
        """Return the first and the last day that an answer may mean, None where there is no such bound.

        Raises EvaluationError for a bound of another type.
        """
        if self.kind is None or self.kind.name not in ("date", "datetime"):
            return None, None
        return _day(self._now("min", self.least, scope)), _day(self._now("max", self.most, scope))

    def opening(self, scope: Scope) -> Opening:
        """Return the minutes of the day between which a time must lie; raises EvaluationError as `days` does."""
        if self.kind is None or self.kind.name != "time":
            return Opening()
        return Opening(_minute(self._now("min", self.least, scope)), _minute(self._now("max", self.most, scope)))

    def _now(self, key: str, bound: float | str | Template | None, scope: Scope) -> Any:
        value = plain(bound.value(scope)) if isinstance(bound, Template) else bound
        if value is None:
            return None
        assert self.kind is not None
        if self.kind.measure == "moment":
            if isinstance(value, str) and _MOMENT.fullmatch(value):
                return value.partition("T")[2] or value if self.kind.name == "time" else value
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        place = bound.place if isinstance(bound, Template) else None
        raise EvaluationError(f"'{key}' of the type '{self.kind.name}' cannot be {kind_of(value)} like this", place)


def _minute(moment: str | None) -> int | None:
    found = re.match(_TIME, moment) if moment else None
    return int(found[0][:2]) * 60 + int(found[0][3:5]) if found else None


def _day(moment: str | None) -> date | None:
    try:
        day = date.fromisoformat(moment.partition("T")[0]) if moment else None
    except ValueError:  # a time of day, or a day that the calendar does not have
        return None
    return day if day and day.year in YEARS else None


def read_bounds(fields: StepFields, kind: AnswerType | None) -> Bounds:
    """Read `min` and `max` of a question; `kind` is None if its type could not be read."""
    bounds = Bounds(kind, _read(fields, "min", kind), _read(fields, "max", kind))
    least, most = bounds.least, bounds.most
    numbers = isinstance(least, (int, float)) and isinstance(most, (int, float)) and least > most
    if numbers or (isinstance(least, str) and isinstance(most, str) and least > most):
        fields.report("min-over-max", fields.node.entries["min"].value, min=least, max=most)
    return bounds


def _read(fields: StepFields, key: str, kind: AnswerType | None) -> float | str | Template | None:
    text = fields.text(key)
    if text is None or kind is None:
        return None
    if kind.measure is None:
        fields.report("bound-without-measure", fields.node.entries[key].key, key=key, type=kind.name)
        return None
    if "{{" in text.value or "{%" in text.value:
        return fields.reading.template(text)
    value = _constant(text, kind)
    if value is None:
        fields.report("bad-bound", text, key=key, value=text.value, type=kind.name, **_examples(fields, text, kind))
    elif not isinstance(value, str):
        fields.reading.part("number", text)
    return value


def _constant(text: Text, kind: AnswerType) -> float | str | None:
    if kind.measure == "moment":
        return text.value if re.fullmatch(_MOMENTS[kind.name][0], text.value) else None
    value = core_value(text)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _examples(fields: StepFields, text: Text, kind: AnswerType) -> dict[str, str]:
    _, constant, name = _MOMENTS.get(kind.name, ("", "3", "bot.limite"))
    words = text.value.strip()
    known = _NAME.fullmatch(words) and words.partition(".")[0] in {*NAMES, *fields.reading.slots}
    return {"constant": constant, "template": f'"{{{{ {words if known else name} }}}}"'}
