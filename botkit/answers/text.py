"""`text`: what was written, trimmed."""

from __future__ import annotations

from botkit.answers.context import ReadingContext
from botkit.answers.fold import flatten

#: What is not seen and may stand at the ends of a text: blanks of no width, marks of direction.
_UNSEEN = "\u200b\u200c\u200e\u200f\u2060\ufeff\u00ad"


def read_text(text: str, context: ReadingContext) -> str | None:
    """Return a text without blanks at both ends; None if nothing is left that can be seen."""
    trimmed = text.strip().strip(_UNSEEN).strip()
    return trimmed if trimmed and flatten(trimmed[:64]) else None
