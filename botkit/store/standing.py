"""Whether a store's files still stand where they were opened, whole.

A file that somebody deletes, moves or replaces goes on taking commits, and they are gone with the process that has it
open. So who commits looks first: what is another file, or none, is refused, until the one that was there is back, or
the bot is started again and takes what is there then. It costs two calls of the system a batch, some 3 µs.

One that is written over (`cp` of a backup, `>`) is the same file, and takes commits, too, which damage it: pages of two
stores stand side by side then. Nothing of SQLite's notices, but a store never becomes smaller, and a backup is smaller
as a rule: from then on everything is refused until a restart. One of the same size or larger passes for the store.
"""

from __future__ import annotations

import os
from pathlib import Path

from botkit.errors import StoreUnavailable


class Standing:
    """A store's file and the log beside it, as they stand while a connection is open."""

    def __init__(self, path: Path) -> None:
        self._file = path.resolve()
        self._log = self._file.with_name(self._file.name + "-wal")
        self._file_was: os.stat_result | None = None
        self._log_was: os.stat_result | None = None
        self._is_cut = False

    def check(self, *, is_open: bool = True) -> None:
        """Note which files there are; raises StoreUnavailable where they are no longer those that were noted.

        The log is nobody's while no connection is open: who closes the last one deletes it.
        """
        was, self._file_was = self._file_was, _same(self._file, self._file_was)
        self._log_was = _same(self._log, self._log_was) if is_open else None
        self._is_cut |= was is not None and self._file_was is not None and self._file_was.st_size < was.st_size
        if self._is_cut:
            told = f"{self._file} was written over under the running bot: stop the bot and restore"
            raise StoreUnavailable(told, "moved")


def _same(file: Path, was: os.stat_result | None) -> os.stat_result | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        found = None
    if was is not None and (found is None or not os.path.samestat(found, was)):
        what = "deleted or moved" if found is None else "replaced"
        raise StoreUnavailable(
            f"{file} was {what} under the running bot: put it back, or stop the bot and restore", "moved"
        )
    return found
