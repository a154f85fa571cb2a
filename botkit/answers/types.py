"""The closed tables of answer types: by name, what each is and how a text becomes its value.

One table feeds `type` of `ask`, the filter `read`, the checker and the docs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from botkit.answers.context import ReadingContext
from botkit.answers.numbers import read_integer
from botkit.answers.text import read_text
from botkit.answers.yes_no import read_yes_no

#: What `min` and `max` bound: characters, numbers, or moments as ISO texts.
Measure = Literal["length", "value", "moment"]


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A type of answer: `read` returns a JSON value, or None for what is not surely of this type.

    `measure` says what `min` and `max` bound; None: the type has neither. `help` is one sentence.
    """

    name: str
    help: str
    read: Callable[[str, ReadingContext], Any | None]
    measure: Measure | None = None


_TYPES = (
    AnswerType("text", "any text that is not blank", read_text, "length"),
    AnswerType("integer", "the only whole number in a sentence", lambda text, _: read_integer(text), "value"),
    AnswerType("yes_no", "yes or no", lambda text, context: read_yes_no(text, context.language)),
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
