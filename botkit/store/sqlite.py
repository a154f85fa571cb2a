"""The SQLite store: one file, one owner, one writer thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self

from botkit.errors import UsageError
from botkit.store.connection import BUSY_TIMEOUT_S
from botkit.store.definitions import SqliteDefinitions
from botkit.store.desk import SqliteDesk
from botkit.store.inbox import SqliteInbox
from botkit.store.lock import FileLock
from botkit.store.migrate import fill, load_migrations, migrate
from botkit.store.outbox import SqliteOutbox
from botkit.store.queue import SqliteQueue
from botkit.store.timers import SqliteTimers
from botkit.store.writer import Writer

MEMORY = ":memory:"


class SqliteStore(SqliteInbox, SqliteDefinitions, SqliteTimers, SqliteOutbox, SqliteQueue, SqliteDesk):
    """Every protocol of `ports` that a store has, on a SQLite file or in memory; made by `open`."""

    def __init__(self, writer: Writer, lock: FileLock | None) -> None:
        super().__init__(writer)
        self._lock = lock

    @classmethod
    async def open(
        cls, path: str | Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, writer: Callable[..., Writer] = Writer
    ) -> Self:
        """Take the file's lock, bring its schema up to date and start the writer; `:memory:` has neither file nor lock.

        Raises StoreOwned when another process has the file, UsageError when it is no store of this version.
        """
        file = None if str(path) == MEMORY else Path(path)
        lock = FileLock(file) if file else None
        try:
            prepare = partial(migrate, migrations=load_migrations()) if file else fill
            made = writer(file, prepare, busy_timeout_s=busy_timeout_s)
            await made.open()
        except BaseException as error:
            if lock:
                lock.release()
            if isinstance(error.__cause__, sqlite3.DatabaseError):
                raise UsageError(f"cannot open {path}: {error.__cause__}") from error
            raise
        return cls(made, lock)

    async def close(self) -> None:
        """Finish what is queued and give the file back; once more does nothing."""
        # A thread that hangs in a write still owns the file; then only the end of the process frees it.
        if await self._writer.close() and self._lock:
            self._lock.release()
