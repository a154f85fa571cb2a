"""Where and when an answer was given: what a reader needs to know besides the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The contact's `language`, the time (aware, in the bot's zone), the bot's country and its currency's ISO code."""

    language: str
    now: datetime
    country: str = "BO"
    currency: str = "BOB"
