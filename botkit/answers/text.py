"""`text`: what was written, trimmed."""

from __future__ import annotations

from botkit.answers.context import ReadingContext


def read_text(text: str, context: ReadingContext) -> str | None:
    """Return a text without blanks at both ends; None if nothing is left."""
    return text.strip() or None
