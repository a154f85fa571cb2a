"""Where and when an answer was given: what a reader needs to know besides the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from botkit.answers.nearest_day import Window
from botkit.answers.times import ANY_TIME, Opening


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The contact's `language`, the time (aware, in the bot's zone), the bot's country and its currency's ISO code.

    `earliest` and `latest` are the days between which the question takes an answer; None: no such bound.
    `opening` is the same for times of day.
    """

    language: str
    now: datetime
    country: str = "BO"
    currency: str = "BOB"
    earliest: date | None = None
    latest: date | None = None
    opening: Opening = ANY_TIME

    @property
    def window(self) -> Window:
        """Return today, and the days that may be meant."""
        return Window(self.now.date(), self.earliest, self.latest)
