"""What handlers may not do to the process that plays them: leave it, or write into its output."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

#: Lines of one input that are kept of what handlers print.
KEPT = 40


class Printed(io.TextIOWrapper):
    """What handlers print, in the place of standard output; nobody can close it."""

    def __init__(self) -> None:
        self._bytes = _Open()
        super().__init__(self._bytes, "utf-8", "backslashreplace", write_through=True)

    def close(self) -> None:
        """Stay open: another handler may print."""

    def fileno(self) -> int:
        """Return the number of standard output: a handler may start a program that writes there."""
        return sys.__stdout__.fileno() if sys.__stdout__ is not None else super().fileno()

    def taken(self) -> list[str]:
        """Return the lines that were printed, KEPT at most, and forget them."""
        lines = self._bytes.getvalue().decode(errors="replace").splitlines()
        self._bytes.seek(0)
        self._bytes.truncate()
        return [*lines[:KEPT], *(["…"] if len(lines) > KEPT else [])]


class _Open(io.BytesIO):
    def close(self) -> None:
        """Stay open."""


@contextmanager
def enclosed(printed: Printed) -> Iterator[None]:
    """Let `printed` have what is printed, and let `os._exit` raise SystemExit as `sys.exit` does.

    A process that a handler forks may leave.
    """
    leave, whose = os._exit, os.getpid()

    def stay(status: int) -> None:
        if os.getpid() != whose:
            leave(status)
        raise SystemExit(f"os._exit({status})")

    os._exit = stay  # type: ignore[assignment]
    try:
        with redirect_stdout(printed):
            yield
    finally:
        os._exit = leave
