"""Logs out of the way for a moment, in a process that is not ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import structlog

from botkit.logs.setup import show_warnings


@contextmanager
def warnings_shown(console: BinaryIO) -> Iterator[None]:
    """Do as `show_warnings` does until the end of the block; then what was configured before holds again."""
    before = structlog.get_config() if structlog.is_configured() else None
    show_warnings(console)
    try:
        yield
    finally:
        if before is None:
            structlog.reset_defaults()
        else:
            structlog.configure(**before)
