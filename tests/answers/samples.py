"""When and where the answers of these tests are given: Monday 23 November 2026, 09:00 in La Paz."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from botkit.answers.context import ReadingContext
from botkit.answers.times import ANY_TIME, Opening
from botkit.answers.types import ANSWER_TYPES

LA_PAZ = ZoneInfo("America/La_Paz")
NOW = datetime(2026, 11, 23, 9, tzinfo=LA_PAZ)


def context(
    language: str = "es",
    now: datetime = NOW,
    country: str = "BO",
    currency: str = "BOB",
    earliest: date | None = None,
    latest: date | None = None,
    opening: Opening = ANY_TIME,
) -> ReadingContext:
    """Return what readers are told."""
    return ReadingContext(language, now, country, currency, earliest, latest, opening)


def read(type_: str, text: str, language: str = "es", **known: Any) -> Any:
    """Return what an answer type makes of a text."""
    return ANSWER_TYPES[type_].read(text, context(language, **known))
