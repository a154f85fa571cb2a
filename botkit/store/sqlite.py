"""The SQLite store: one file, one owner, one writer thread."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

from botkit.errors import UsageError
from botkit.ports import Copy
from botkit.store.backup import back_up
from botkit.store.connection import BUSY_TIMEOUT_S
from botkit.store.definitions import SqliteDefinitions
from botkit.store.desk import SqliteDesk
from botkit.store.examine import examine
from botkit.store.forget import SqliteForgetting
from botkit.store.inbox import SqliteInbox
from botkit.store.letters import SqliteLetters
from botkit.store.lock import FileLock
from botkit.store.migrate import fill, load_migrations, migrate
from botkit.store.outbox import SqliteOutbox
from botkit.store.owner import why_not_begun, why_refused
from botkit.store.proof import SqliteProof
from botkit.store.queue import SqliteQueue
from botkit.store.restore import drop_second_names
from botkit.store.retention import SqliteRetention
from botkit.store.story import SqliteStory
from botkit.store.thread import aside
from botkit.store.timers import SqliteTimers
from botkit.store.writer import Writer

MEMORY = ":memory:"


class SqliteStore(
    SqliteInbox,
    SqliteDefinitions,
    SqliteTimers,
    SqliteOutbox,
    SqliteQueue,
    SqliteStory,
    SqliteLetters,
    SqliteForgetting,
    SqliteRetention,
    SqliteProof,
    SqliteDesk,
):
    """Every protocol of `ports` that a store has, on a SQLite file or in memory; made by `open`."""

    def __init__(self, writer: Writer, lock: FileLock | None, file: Path | None) -> None:
        super().__init__(writer)
        self._lock, self._file = lock, file

    @classmethod
    async def open(
        cls,
        path: str | Path,
        *,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        writer: Callable[..., Writer] = Writer,
        is_upgraded: bool = True,
    ) -> Self:
        """Take the file's lock, bring its schema up to date and start the writer; `:memory:` has neither file nor lock.

        Without `is_upgraded` the schema stays as it is: only for what reads any version of it.
        Raises StoreOwned when another process has the file, TryLater when disk or a lock refuses, UsageError when it
        is no store of this version, or is gone and was not closed.
        """
        file = None if str(path) == MEMORY else Path(path)
        lock = FileLock(file) if file else None
        try:
            if file:
                drop_second_names(file.resolve())
                if gone := why_not_begun(file):
                    raise gone
            upgrade = partial(migrate, migrations=load_migrations()) if is_upgraded else _stay
            made = writer(file, upgrade if file else fill, busy_timeout_s=busy_timeout_s)
            await made.open()
        except BaseException as error:
            if lock:
                lock.release()
            if isinstance(error.__cause__, sqlite3.DatabaseError):
                raise why_refused(Path(path), error.__cause__) from error
            raise
        return cls(made, lock, file)

    async def back_up(self, to: Path, *, force: bool = False) -> Copy:
        """Copy the store to a file while it is written to; raises UsageError, and then there is no such file.

        The copying is done on a thread of its own, so neither the loop nor the writer waits for it.
        """
        if self._file is None:
            raise UsageError("a store in memory has no file to copy")
        file, stopped = self._file, False
        try:
            return await aside(
                "botkit-backup",
                lambda: back_up(file, to, force=force, now=time.time(), goes_on=lambda: not stopped),
            )
        finally:
            stopped = True  # whoever waited for it is gone

    async def examine(self) -> dict[str, Any]:
        """Return what `store.examine` tells, and `synchronous`, the writer's own; raises UsageError.

        It is read on a thread of its own, so neither the loop nor the writer waits for it.
        """
        if self._file is None:
            raise UsageError("a store in memory has no file to examine")
        synchronous, file = int(await self.pragma("synchronous")), self._file
        try:
            told = await aside("botkit-examine", lambda: examine(file))
        except sqlite3.Error as error:
            told = {"check": str(error), "schema": 0, "knows": 0, "size": 0, "log": 0, "newest": None, "known": None}
        return {**told, "synchronous": synchronous}

    async def close(self) -> None:
        """Finish what is queued and give the file back; once more does nothing."""
        # A thread that hangs in a write still owns the file; then only the end of the process frees it.
        if await self._writer.close() and self._lock:
            self._lock.release()


def _stay(db: sqlite3.Connection) -> None:
    """Leave a schema as it is."""
