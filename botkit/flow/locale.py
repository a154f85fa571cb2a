"""What filters need to know of the bot and the contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

#: Reads a text as an answer of a type: `(type, text)` -> the value, none if the text is no such answer.
ReadAnswer = Callable[[str, str], Any]


class Locale(NamedTuple):
    """Language (`es`, `en`), currency (ISO 4217), the country whose phones are national, and the reader of answers.

    `read_answer` is None where nobody answers, as in the bodies of requests.
    """

    language: str = "es"
    currency: str = "BOB"
    country: str = "BO"
    read_answer: ReadAnswer | None = None
