"""The writer: one connection, and one sync to disk for many operations (group commit).

**Why.** With `synchronous=FULL` a commit waits for the disk, about half a millisecond on an SSD, whatever it holds. One
transaction per operation therefore ends at one or two thousand a second. Operations that wait at the same moment can
share a transaction, and so a sync: the disk's price is paid once per *batch*.

**Model.** A batch is begun and its operations run on the event loop; the rows that they add or move (`later.py`) and
its COMMIT run on a thread, and while that waits for the disk the loop goes on and the next batch piles up. So batches
grow with the load and nothing ever waits on purpose: alone, an operation is committed at once. When the batch is on
disk, its futures are resolved.

**Why the operations run on the loop.** SQLite lets go of the interpreter lock at every step of a statement, and takes
it again: between two busy threads each step is then a change of threads. Measured on the webhook path, operations on a
thread cost 445 µs of CPU an event. Operations here are a few statements on indexes, some 10 µs each; what may be long
(lists for people, a wait for another process's lock, connecting) runs on the thread: `run_aside`.

**Invariant.** A future is resolved only after the COMMIT that holds its operation has returned, and an operation is in
the database whole or not at all. One that fails takes no neighbour with it: if it had written nothing, only its own
future fails; if it had, the batch is rolled back and each operation is run again in a transaction of its own. So an
operation is a function of the database and its arguments that may run twice: it keeps nothing between runs. Where a
COMMIT fails that may be on the disk all the same, nothing is run again, and every caller is refused. Only the
pump touches the connection, and it waits for the thread before it goes on: the two never use it at once.

**Failures.** What the disk or a lock refuses becomes StoreUnavailable, and the next batch tries anew; after an I/O
error it does so on a fresh connection, because a page cache that met a failed sync is not to be trusted. A file that
was deleted or replaced under it (`standing.py`) takes no more commits: nobody would ever read them.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from botkit.errors import StoreUnavailable
from botkit.store.batch import Call, Job, Operation, resolve, run_all, value_of
from botkit.store.connection import BROKEN, BUSY_TIMEOUT_S, be_patient, begin_patiently, code_of, connect, refusal_of
from botkit.store.later import Connection
from botkit.store.standing import Standing
from botkit.store.thread import Inline, SideThread, aside

P = ParamSpec("P")
T = TypeVar("T")

#: calls that share one transaction at most: bounds how long they hold the loop, some 3 ms
BATCH = 64
#: how long `close` waits for what is queued
CLOSE_TIMEOUT_S = 10.0


class Writer:
    """A SQLite connection for the event loop that opened it, with a thread for what takes long."""

    def __init__(
        self,
        path: Path | None,
        prepare: Callable[[Connection], object],
        *,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        """Keep what `open` needs; `path` None is a database in memory, `prepare` runs on the first connection."""
        self._path = path
        self._prepare = prepare
        self._busy_timeout_s = busy_timeout_s
        self._waiting: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._thread: SideThread | Inline = SideThread("botkit-store") if path else Inline()
        self._db: Connection | None = None
        self._connected = False
        self._standing = Standing(path) if path else None
        self._open = False
        self._pump: asyncio.Task[None] | None = None
        #: Batches that were committed and wrote something.
        self.written = 0
        #: Called with why a batch was refused, before those hear of it who wait for it.
        self.on_refusal: Callable[[StoreUnavailable], object] = lambda refusal: None

    async def open(self) -> None:
        """Start and connect; raises what connecting or `prepare` raised."""
        self._open = True
        self._thread.start()
        self._pump = asyncio.create_task(self._keep_pumping())
        try:
            # The first batch connects by itself; an operation that does nothing shows whether that went well.
            await self.run(_nothing)
        except BaseException:
            await self.close()
            raise

    async def run(self, operation: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `operation(connection, …)` returned, once it is committed.

        Raises StoreUnavailable when the store refuses, else what the operation raised. It may still be committed
        after its caller was cancelled.
        """
        assert not kwargs  # keyword arguments would cost a dict per call on the hot path
        result: T = value_of(await self._put(operation, (args,)))
        return result

    async def run_each(self, operation: Callable[..., T], calls: Sequence[tuple[Any, ...]]) -> list[T | Exception]:
        """Return what `operation(connection, *args)` returned or raised for each of `calls`, once they are committed.

        As many `run`s, at the price of one: a call that fails takes no other along.
        """
        jobs = [self._put(operation, calls[first : first + BATCH]) for first in range(0, len(calls), BATCH)]
        return [outcome for job in jobs for outcome in await job]

    async def run_aside(
        self, operation: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what an operation that only reads returned; it runs on the thread, so it may take its time."""
        assert not kwargs
        result: T = value_of(await self._put(operation, (args,), aside=True))
        return result

    async def run_beside(self, operation: Callable[..., T], *args: Any) -> T:
        """Return what an operation that only reads returned, which may take very long: nobody else waits for it.

        It has a connection and a thread of its own, and sees what is committed when it begins. Raises StoreUnavailable
        where there is no file, no file number or no thread left for it.
        """
        if self._path is None:
            return await self.run_aside(operation, *args)
        try:
            return await aside("botkit-read", partial(_read_beside, self._path, operation, args))
        except (sqlite3.Error, OSError) as error:
            raise refusal_of(error) from error.__cause__

    async def close(self) -> bool:
        """Finish what is queued, move the log into the file, end the thread; return whether it ended in time.

        Once more does nothing.
        """
        if self._open:
            self._open = False
            self._wake.set()
        if self._pump is None:
            return True
        await asyncio.wait({self._pump}, timeout=CLOSE_TIMEOUT_S)
        return self._pump.done()

    def _put(
        self, operation: Operation, calls: Sequence[tuple[Any, ...]], *, aside: bool = False
    ) -> asyncio.Future[list[Any]]:
        if not self._open:
            raise StoreUnavailable("the store is closed", "closed")
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job(future, operation, calls, aside))
        self._wake.set()
        return future

    # ── the pump: the only one to touch the connection ──────────────────────────────────────────────────────────

    async def _keep_pumping(self) -> None:
        while self._open or self._waiting:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            jobs = self._next_batch()
            if jobs[0].aside:
                outcomes = [await self._read_aside(jobs[0])]
            else:
                outcomes = await self._execute([(job.operation, args) for job in jobs for args in job.calls])
            resolve(jobs, outcomes)
        await self._thread.do(self._disconnect)
        self._thread.end()

    def _next_batch(self) -> list[Job]:
        """Return the jobs that may share a transaction, in order; one that runs aside comes alone."""
        jobs = [self._waiting.popleft()]
        size = len(jobs[0].calls)
        while self._waiting and not jobs[0].aside and not self._waiting[0].aside:
            size += len(self._waiting[0].calls)
            if size > BATCH:
                break
            jobs.append(self._waiting.popleft())
        return jobs

    async def _execute(self, calls: list[Call]) -> list[Any]:
        try:
            db = await self._begin()
        except Exception as error:
            failure = self._noted(await self._give_up(error))
            return [failure] * len(calls)
        has_run, before = False, db.total_changes
        try:
            outcomes = run_all(db, calls)
            has_run = True
            await self.commit(db, calls, outcomes)
            self.written += db.total_changes != before
            return outcomes
        except Exception as error:
            may_be_stored = has_run and not db.in_transaction
            failure = self._noted(await self._roll_back(error))
        if len(calls) == 1 or may_be_stored:
            return [failure] * len(calls)
        return [outcome for call in calls for outcome in await self._execute([call])]

    async def commit(self, db: Connection, calls: Sequence[Call], outcomes: Sequence[Any]) -> None:
        """Commit the batch whose calls have run, with those outcomes."""
        await self._thread.do(_commit, db)

    async def _begin(self) -> Connection:
        """Open a transaction: at once, as nobody else should hold the lock, or else on the thread, patiently."""
        db = await self._connection()
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if code_of(error) != sqlite3.SQLITE_BUSY:
                raise
            await self._thread.do(begin_patiently, db, self._busy_timeout_s)
        if self._standing is not None:
            self._standing.note_size(db)
        return db

    async def _connection(self) -> Connection:
        if self._standing is not None and self._connected:
            self._standing.check(self._db)
        if self._db is None:
            self._db = await self._thread.do(self._connect)
            if self._standing is not None:
                self._standing.check(self._db)
            self._connected = True
        return self._db

    async def _read_aside(self, job: Job) -> Any:
        try:
            db = await self._connection()
            return await self._thread.do(job.operation, db, *job.calls[0])
        except Exception as error:
            return await self._give_up(error)

    def _connect(self) -> Connection:
        """Return a connection; after a failure a new one, to the file that was there and never to an empty one."""
        db = connect(self._path, create=not self._connected)
        try:
            be_patient(db, self._busy_timeout_s)
            self._prepare(db)
            be_patient(db, 0.0)
        except BaseException:
            db.close()
            raise
        return db

    def _disconnect(self) -> None:
        if self._db is not None:
            # The last connection to close moves the write-ahead log into the file.
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    async def _roll_back(self, error: Exception) -> Exception:
        """Undo the transaction and return the error to report."""
        if self._db is not None:
            self._db.later.forget()
            if self._db.in_transaction:
                try:
                    await self._thread.do(self._db.execute, "ROLLBACK")
                except sqlite3.Error:  # no batch could begin again in what is left open
                    if self._path is not None:
                        await self._thread.do(self._disconnect)
        return await self._give_up(error)

    async def _give_up(self, error: Exception) -> Exception:
        """Return the error to report; after one that breaks the connection the next batch has a new one."""
        if code_of(error) in BROKEN and self._path is not None:
            await self._thread.do(self._disconnect)
        return refusal_of(error)

    def _noted(self, failure: Exception) -> Exception:
        if isinstance(failure, StoreUnavailable):
            self.on_refusal(failure)
        return failure


def _read_beside(path: Path, operation: Callable[..., T], args: tuple[Any, ...]) -> T:
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as db:
        db.execute("PRAGMA query_only = ON")
        return operation(db, *args)


def _commit(db: Connection) -> None:
    db.later.write(db)
    db.execute("COMMIT")


def _nothing(db: Connection) -> None:
    """Do nothing, to learn whether the connection stands."""
