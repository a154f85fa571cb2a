"""Logs out of the way for a moment, in a process that is not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from botkit.logs.setup import send_warnings


class Kept:
    """A sink that keeps what a line is made from: `at`, `level`, `event`, the fields, `exception` as text."""

    def __init__(self) -> None:
        self.entries: list[Mapping[str, Any]] = []

    def write(self, line: bytes, entry: Mapping[str, Any]) -> None:
        """Keep one."""
        self.entries.append(entry)

    debug = info = warning = error = critical = msg = write

    def take(self) -> list[Mapping[str, Any]]:
        """Return what was kept since the last time."""
        entries, self.entries = self.entries, []
        return entries


@contextmanager
def warnings_kept() -> Iterator[Kept]:
    """Keep warnings and errors until the end of the block; then what was configured before holds again."""
    before = structlog.get_config() if structlog.is_configured() else None
    kept = Kept()
    send_warnings(kept)
    try:
        yield kept
    finally:
        if before is None:
            structlog.reset_defaults()
        else:
            structlog.configure(**before)
