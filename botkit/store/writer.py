"""The writer thread: one connection, and one sync to disk for many operations (group commit).

**Why.** With `synchronous=FULL` a commit waits for the disk, about half a millisecond on an SSD, whatever it holds. One
transaction per operation therefore ends at one or two thousand a second. Operations that wait at the same moment can
share a transaction, and so a sync: the disk's price is paid once per *batch*.

**Model.** The event loop hands over what it gathered in one pass, as one parcel; while the thread commits a batch, the
next one piles up. So batches grow with the load and nothing ever waits on purpose: alone, an operation is committed at
once. When the batch is on disk, one call wakes the loop for all of its operations.

**Invariant.** A future is resolved only after the COMMIT that holds its operation has returned, and an operation is in
the database whole or not at all. One that fails takes no neighbour with it: if it had written nothing, only its own
future fails; if it had, the batch is rolled back and each operation is run again in a transaction of its own. So an
operation is a function of the database and its arguments that may run twice: it keeps nothing between runs.

**Threads.** SQLite lets go of the interpreter lock at every step of a statement, and a busy event loop gives it back
only when the switch interval has run out. With the default 5 ms, measured with a loop that never rests, sixteen
operations took five seconds; with 50 µs they take 20 ms, and an idle loop loses nothing. So opening a writer shortens
the interval of the process.

**Failures.** What the disk or a lock refuses becomes StoreUnavailable, and the next batch tries anew; after an I/O
error it does so on a fresh connection, because a page cache that met a failed sync is not to be trusted.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar

from botkit.errors import StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")

#: operations that share one transaction at most: bounds how long the first of them waits for the last
BATCH = 256
#: how long a commit waits for a lock that another process holds
BUSY_TIMEOUT_S = 5.0
#: how long a busy loop may keep the interpreter lock from the thread at a time
SWITCH_INTERVAL_S = 50e-6
#: prepared statements that are kept: more than queries.sql holds
STATEMENTS = 256
#: how long `close` waits for what is queued
CLOSE_TIMEOUT_S = 10.0

#: SQLite's primary result codes that say "not now": nothing is wrong with the statement
_REFUSALS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
#: those after which the connection is opened anew
_BROKEN = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}

Operation = Callable[..., Any]
Job = tuple["asyncio.Future[Any]", Operation, tuple[Any, ...]]
Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]


class Writer:
    """A SQLite connection on a thread of its own, for the event loop that opened it."""

    def __init__(
        self,
        path: Path | None,
        prepare: Callable[[sqlite3.Connection], object],
        *,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        """Keep what `open` needs; `path` None is a database in memory, `prepare` runs on the first connection."""
        self._path = path
        self._prepare = prepare
        self._busy_timeout_s = busy_timeout_s
        self._loop = asyncio.get_running_loop()
        self._gathered: list[Job] = []
        self._parcels: SimpleQueue[list[Job] | None] = SimpleQueue()
        self._db: sqlite3.Connection | None = None
        self._connected = False
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._open = False
        self._thread = threading.Thread(target=self._serve, name="botkit-store", daemon=True)

    async def open(self) -> None:
        """Start the thread and connect; raises what connecting or `prepare` raised."""
        self._open = True
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_S))
        self._thread.start()
        try:
            # The first batch connects by itself; an operation that does nothing shows whether that went well.
            await self.run(_nothing)
        except BaseException:
            await self.close()
            raise

    async def run(
        self, operation: Callable[Concatenate[sqlite3.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what `operation(connection, …)` returned, once it is committed.

        Raises StoreUnavailable when the store refuses, else what the operation raised. It may still be committed
        after its caller was cancelled.
        """
        assert not kwargs  # keyword arguments would cost a dict per call on the hot path
        if not self._open:
            raise StoreUnavailable("the store is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        if not self._gathered:
            self._loop.call_soon(self._hand_over)
        self._gathered.append((future, operation, args))
        return await future

    async def close(self) -> bool:
        """Finish what is queued, move the log into the file, end the thread; return whether it ended in time.

        Once more does nothing.
        """
        if self._open:
            self._open = False
            self._hand_over()
            self._parcels.put(None)
            await asyncio.wait({self._ended}, timeout=CLOSE_TIMEOUT_S)
        return self._ended.done()

    def _hand_over(self) -> None:
        if self._gathered:
            self._parcels.put(self._gathered)
            self._gathered = []

    # ── on the thread ───────────────────────────────────────────────────────────────────────────────────────────

    def _serve(self) -> None:
        ending = False
        while not ending:
            jobs, ending = self._collect()
            for start in range(0, len(jobs), BATCH):
                self._post(_resolve, self._execute(jobs[start : start + BATCH]))
        self._disconnect()
        self._post(_end, self._ended)

    def _collect(self) -> tuple[list[Job], bool]:
        """Wait for work and return all that is there, and whether the end was asked for."""
        parcel = self._parcels.get()
        jobs: list[Job] = []
        while parcel is not None:
            jobs += parcel
            if len(jobs) >= BATCH:
                return jobs, False
            try:
                parcel = self._parcels.get_nowait()
            except Empty:
                return jobs, False
        return jobs, True

    def _execute(self, jobs: list[Job]) -> list[Outcome]:
        try:
            db = self._connect()
            db.execute("BEGIN IMMEDIATE")
        except Exception as error:
            return [(future, None, self._translate(error)) for future, _, _ in jobs]
        try:
            return _run_all(db, jobs)
        except Exception as error:
            failure = self._roll_back(error)
        if len(jobs) == 1:
            return [(jobs[0][0], None, failure)]
        return self._execute_apart(jobs)

    def _execute_apart(self, jobs: list[Job]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for job in jobs:
            outcomes += self._execute([job])
        return outcomes

    def _connect(self) -> sqlite3.Connection:
        """Return the connection; after a failure a new one, to the file that was there and never to an empty one."""
        if self._db is None:
            db = connect(self._path, busy_timeout_s=self._busy_timeout_s, create=not self._connected)
            try:
                self._prepare(db)
            except BaseException:
                db.close()
                raise
            self._db, self._connected = db, True
        return self._db

    def _disconnect(self) -> None:
        if self._db is not None:
            # The last connection to close moves the write-ahead log into the file.
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _roll_back(self, error: Exception) -> Exception:
        """Undo the transaction and return the error to report."""
        if self._db is not None and self._db.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
        return self._translate(error)

    def _translate(self, error: Exception) -> Exception:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if code in _BROKEN and self._path is not None:
            self._disconnect()
        if code not in _REFUSALS:
            return error
        refusal = StoreUnavailable(f"the store refuses work: {error}")
        refusal.__cause__ = error
        return refusal

    def _post(self, callback: Callable[..., None], argument: object) -> None:
        # The loop may be gone at exit; then nobody waits for the answer.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback, argument)


def connect(path: Path | None, *, busy_timeout_s: float, create: bool = True) -> sqlite3.Connection:
    """Return a connection that commits durably; `path` None is a database in memory."""
    target = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}" if path else ":memory:"
    db = sqlite3.connect(target, uri=True, timeout=busy_timeout_s, isolation_level=None, cached_statements=STATEMENTS)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        # Measured: within the noise of the group commit.
        db.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _run_all(db: sqlite3.Connection, jobs: list[Job]) -> list[Outcome]:
    """Run the operations of an open transaction and commit; raises when one failed after it had written."""
    outcomes: list[Outcome] = []
    for future, operation, args in jobs:
        before = db.total_changes
        try:
            outcomes.append((future, operation(db, *args), None))
        except Exception as error:
            if not db.in_transaction or db.total_changes != before or isinstance(error, sqlite3.OperationalError):
                raise
            outcomes.append((future, None, error))
    db.execute("COMMIT")
    return outcomes


def _resolve(outcomes: list[Outcome]) -> None:
    for future, value, error in outcomes:
        if future.done():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)


def _end(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)


def _nothing(db: sqlite3.Connection) -> None:
    """Do nothing, to learn whether the connection stands."""
