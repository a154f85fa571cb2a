"""Durations as people write them: `2.5s`, `10m`, `2h`, `3d`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botkit.errors import EvaluationError

if TYPE_CHECKING:
    from botkit.flow.scope import Scope
    from botkit.flow.text import Template

#: Longest duration of a flow or a setting, in days: a year and a month. What is added to a clock stays a date.
MAX_DAYS = 400

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
#: As many decimals as a computed number prints at most.
WRITTEN = r"\s*(\d{1,15}(?:\.\d{1,20})?)\s*([smhd])\s*"
_DURATION = re.compile(WRITTEN)
_NUMBER = re.compile(r"\s*\d{1,15}(?:\.\d{1,20})?\s*")


def parse_duration(text: str, most_days: float = MAX_DAYS) -> float | None:
    """Return seconds, or None when the text is no duration (a bare number is none) or a longer one."""
    found = _DURATION.fullmatch(text)
    if not found:
        return None
    seconds = float(found[1]) * _UNITS[found[2]]
    return seconds if seconds <= most_days * _UNITS["d"] else None


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration of a flow: fixed, or a template that prints one.

    `fixed` are its seconds where no template stands, which is when it was read. `key` is what it was written under.
    """

    key: str
    text: Template
    fixed: float | None = None

    def seconds(self, scope: Scope) -> float:
        """Return the seconds it means now; raises EvaluationError with the place for a text that is no duration."""
        if self.fixed is not None:
            return self.fixed
        text = self.text.render(scope)
        seconds = parse_duration(text)
        if seconds is None:
            raise EvaluationError(f"'{self.key}' is {_why_not(text)}", self.text.place)
        return seconds


def _why_not(text: str) -> str:
    """Say why a rendered text is no duration, without its words: they may be a person's."""
    if not text.strip():
        return "empty; it takes a duration: 30s, 10m, 2h, 3d"
    if _NUMBER.fullmatch(text):
        return "a number without its unit: 30s, 10m, 2h, 3d"
    if _DURATION.fullmatch(text):
        return f"longer than {MAX_DAYS} days"
    return "no duration: 30s, 10m, 2h, 3d"


def show_duration(seconds: float) -> str:
    """Return a duration as an author would write it, in the largest unit that it is whole in."""
    for sign, unit in reversed(_UNITS.items()):
        if seconds % unit == 0:
            return f"{seconds / unit:g}{sign}"
    return f"{seconds:g}s"
