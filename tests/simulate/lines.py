"""The log of a run: botkit's own lines, as an operator would read them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from botkit.logs.mask import Mask
from botkit.logs.setup import Line


class Lines:
    """Takes lines, as `logs.Sink` does; `note` gets each as one of the trace's."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self.entries: list[dict[str, Any]] = []
        self.written: list[bytes] = []

    def write(self, line: bytes, entry: Mapping[str, Any]) -> None:
        """Take one line."""
        self.entries.append(dict(entry))
        self.written.append(line)
        told = " ".join(
            f"{name}={value}"
            for name, value in sorted(entry.items())
            if name not in ("at", "event", "level", "exception")
        )
        self._note(f"log: {entry['level']} {entry['event']} {told}")

    debug = info = warning = error = critical = msg = write


@contextmanager
def lines_to(note: Callable[[str], None]) -> Iterator[Lines]:
    """Take every line of botkit's log."""
    lines, before = Lines(note), structlog.get_config()
    structlog.configure(
        processors=[Line(Mask(["sandbox-key", "sandbox-secret"]))],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    try:
        yield lines
    finally:
        structlog.configure(**before)
