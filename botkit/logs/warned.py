"""What Python warns of while a bot runs, as lines of the log: a coroutine that nobody awaited, what will be no more."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import structlog

log = structlog.get_logger("botkit.python")


@contextmanager
def warnings_logged() -> Iterator[None]:
    """Send Python's warnings to the log instead of standard error, as `python_warning` with the place."""
    before = warnings.showwarning
    warnings.showwarning = _tell
    try:
        yield
    finally:
        warnings.showwarning = before


def _tell(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    log.warning("python_warning", kind=category.__name__, why=str(message), place=f"{filename}:{lineno}")
