"""Whether a store's files still stand where they were opened.

A file that somebody deletes, moves or replaces goes on taking commits, and they are gone with the process that has it
open. So who commits looks first: what is another file, or none, is refused, until the one that was there is back, or
the bot is started again and takes what is there then. It costs two calls of the system a batch, some 3 µs.
"""

from __future__ import annotations

from pathlib import Path

from botkit.errors import StoreUnavailable

#: What tells files apart: device and number on it.
Identity = tuple[int, int]


class Standing:
    """A store's file and the log beside it, as they stand while a connection is open."""

    def __init__(self, path: Path) -> None:
        self._file = path.resolve()
        self._log = self._file.with_name(self._file.name + "-wal")
        self._file_was: Identity | None = None
        self._log_was: Identity | None = None

    def check(self, *, is_open: bool = True) -> None:
        """Note which files there are; raises StoreUnavailable where they are no longer those that were noted.

        The log is nobody's while no connection is open: who closes the last one deletes it.
        """
        self._file_was = _same(self._file, self._file_was)
        self._log_was = _same(self._log, self._log_was) if is_open else None


def _same(file: Path, was: Identity | None) -> Identity | None:
    try:
        found = file.stat()
        identity = found.st_dev, found.st_ino
    except FileNotFoundError:
        identity = None
    if was is not None and identity != was:
        what = "deleted or moved" if identity is None else "replaced"
        told = f"{file} was {what} under the running bot: put it back, or stop the bot and restore"
        raise StoreUnavailable(told, "moved")
    return identity
