"""Whether a store's files still stand where they were opened, whole.

A file that somebody deletes, moves or replaces goes on taking commits, and they are gone with the process that has it
open. So who commits looks first: what is another file, or none, is refused, until the one that was there is back, or
the bot is started again and takes what is there then. It costs two calls of the system and one of SQLite a batch, some
7 µs.

One that is written over (`cp` of a backup, `>`) is the same file, and takes commits, too, which damage it: pages of two
stores stand side by side then. Nothing of SQLite's notices, but it alone makes a store smaller (`VACUUM`), and then
knows how large it is; a backup is smaller as a rule. So from a size on that SQLite does not know, everything is refused
until a restart. One of the same size or larger passes for the store.
"""

from __future__ import annotations

import os
import sqlite3
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
        self._has_log = False
        self._pages_noted = -1

    def check(self, db: sqlite3.Connection | None) -> None:
        """Note which files there are; raises StoreUnavailable where they are no longer those that were noted.

        `db` is the open connection. While there is none, the log is nobody's: who closes the last one deletes it.
        """
        was, self._file_was = self._file_was, _same(self._file, self._file_was)
        self._log_was = _same(self._log, self._log_was) if db else None
        self._has_log = db is not None and (self._has_log or bool(self._log_was and self._log_was.st_size))
        if was is not None and self._file_was is not None and self._file_was.st_size < was.st_size:
            self._is_cut |= not self._is_known(db, self._file_was.st_size)
        if self._is_cut:
            raise StoreUnavailable(
                f"{self._file} was written over under the running bot: stop the bot and restore; "
                "if nobody copied anything and SQLite itself was used on it (VACUUM), start the bot again",
                "moved",
            )

    def note_size(self, db: sqlite3.Connection) -> None:
        """Note how large SQLite says that the store is, in a transaction that has begun.

        Where somebody's VACUUM went before, the file may get that size while this transaction makes the store larger.
        """
        self._pages_noted = _told(db, "page_count")

    def _is_known(self, db: sqlite3.Connection | None, size: int) -> bool:
        """Return whether a connection says of itself that the store has that size, or had it when it began last.

        From the first commit that stands in a log while it is open it has that from all who commit, not from the file.
        """
        if db is None or not self._has_log:
            return False
        page = _told(db, "page_size")
        return size in (self._pages_noted * page, _told(db, "page_count") * page)


def _told(db: sqlite3.Connection, name: str) -> int:
    """Return a number that a connection knows, -1 where it cannot tell: no file has that size."""
    try:
        return int(db.execute(f"PRAGMA {name}").fetchone()[0])
    except sqlite3.Error:
        return -1


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
