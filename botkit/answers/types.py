"""The closed tables of answer types: by name, what each is and how a text becomes its value.

One table feeds `type` of `ask`, the filter `read`, the checker and the docs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from botkit.answers.contact_details import read_email, read_phone, read_url
from botkit.answers.context import ReadingContext
from botkit.answers.moments import read_date, read_datetime, read_time
from botkit.answers.numbers import read_integer, read_money, read_number
from botkit.answers.text import read_text
from botkit.answers.yes_no import read_yes_no
from botkit.errors import EvaluationError, type_of

#: What `min` and `max` bound: characters, numbers, or moments as ISO texts.
Measure = Literal["length", "value", "moment"]


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A type of answer: `read` returns a JSON value, or None for what is not surely of this type.

    `measure` says what `min` and `max` bound; None: the type has neither. `help` is one sentence. A bot's own `read`
    may do anything; `value_of` is what a turn asks.
    """

    name: str
    help: str
    read: Callable[[str, ReadingContext], Any | None]
    measure: Measure | None = None

    def value_of(self, text: str, context: ReadingContext) -> Any | None:
        """Return what `read` makes of a text, as JSON types (dates become ISO texts).

        Raises EvaluationError when it raises, or returns what no store can keep. What an own type raises is not told:
        it may hold what the person wrote. One that leaves or interrupts would take the process along.
        """
        try:
            value = self.read(text, context)
        except BaseException as error:
            raise EvaluationError(f"the answer type '{self.name}' failed: {type_of(error)}") from None
        try:
            return orjson.loads(orjson.dumps(value))
        except (orjson.JSONEncodeError, RecursionError):
            raise EvaluationError(f"the answer type '{self.name}' gave what is no JSON") from None


_TYPES = (
    AnswerType("text", "any text that is not blank", read_text, "length"),
    AnswerType("integer", "the only whole number in a sentence: 40, veinticinco, 1.500", read_integer, "value"),
    AnswerType("number", "the only number in a sentence: 40, 1,5, 1.500,50, dos y medio", read_number, "value"),
    AnswerType("money", "the only amount in a sentence, in the bot's currency: Bs 20, 1.500,50", read_money, "value"),
    AnswerType("date", "the only day: mañana, el martes, 12/5, 12 de mayo, in 3 days", read_date, "moment"),
    AnswerType("time", "the only time of day: 15:30, 3 pm, las 3 y media de la tarde", read_time, "moment"),
    AnswerType("datetime", "the only day with a time: mañana a las 3 de la tarde", read_datetime, "moment"),
    AnswerType("email", "the only email address", read_email),
    AnswerType("phone", "the only phone number, of the bot's country where it has no +", read_phone),
    AnswerType("yes_no", "yes or no: sí, dale, claro que no, 👍", lambda text, ctx: read_yes_no(text, ctx.language)),
    AnswerType("url", "the only web address", read_url),
)

#: name -> answer type that is read from a text
ANSWER_TYPES: dict[str, AnswerType] = {known.name: known for known in _TYPES}

#: name -> what an answer type takes that is read from the message itself, not from its text
MESSAGE_TYPES: dict[str, str] = {
    "location": "a place that was sent as one",
    "image": "a picture",
    "document": "a document",
    "audio": "a voice message or another sound",
    "video": "a video",
    "media": "a medium of any kind",
    "any": "whatever was sent: text, medium or location",
}
