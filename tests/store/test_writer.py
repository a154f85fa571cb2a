"""The writer thread: groups, failures, recovery, closing."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from botkit.errors import StoreUnavailable
from botkit.store.connection import begin_patiently
from botkit.store.thread import SWITCH_INTERVAL_S, Inline
from botkit.store.writer import BATCH, Writer


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, body TEXT UNIQUE)")


def _add(db: sqlite3.Connection, *bodies: str) -> None:
    for body in bodies:
        db.execute("INSERT INTO item (body) VALUES (?)", (body,))


def _read(db: sqlite3.Connection) -> list[str]:
    return [body for (body,) in db.execute("SELECT body FROM item ORDER BY id")]


def _refuse(db: sqlite3.Connection) -> None:
    raise LookupError("not here")


def _same(db: sqlite3.Connection) -> sqlite3.Connection:
    return db


def _pages(db: sqlite3.Connection, spare: int) -> None:
    (used,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {used + spare}")


def _trace(db: sqlite3.Connection, statements: list[str]) -> None:
    db.set_trace_callback(statements.append)


def _checkpoint(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _forget_pages(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA shrink_memory")


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _break(db: sqlite3.Connection) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    raise error


def _add_and_refuse(db: sqlite3.Connection) -> None:
    _add(db, "torn")
    _refuse(db)


def _refuse_rollback(action: int, operation: str | None, *_: str | None) -> int:
    """Deny ROLLBACK, as SQLite's authorizer."""
    denied = action == sqlite3.SQLITE_TRANSACTION and operation == "ROLLBACK"
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    """A writer on a file with one table."""
    opened = Writer(tmp_path / "a.db", _prepare, busy_timeout_s=0.01)
    await opened.open()
    yield opened
    await opened.close()


async def test_group(writer: Writer) -> None:
    """Operations of one moment share a commit, and each gets its own value."""
    statements: list[str] = []
    await writer.run(_trace, statements)
    statements.clear()
    await asyncio.gather(*(writer.run(_add, f"item {n}") for n in range(BATCH)))
    assert statements.count("COMMIT") == 1
    assert len(await writer.run(_read)) == BATCH


async def test_more_than_a_batch(writer: Writer) -> None:
    """More operations than a batch holds are all done, in the order of their calls."""
    names = [f"item {n}" for n in range(BATCH * 2 + 1)]
    await asyncio.gather(*(writer.run(_add, name) for name in names))
    assert await writer.run(_read) == names


async def test_failure_alone(writer: Writer) -> None:
    """An operation that fails after writing is undone whole, and its neighbours are done once."""
    outcomes = await asyncio.gather(
        writer.run(_add, "a"), writer.run(_add, "b", "a"), writer.run(_add, "c"), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), sqlite3.IntegrityError, type(None)]
    assert await writer.run(_read) == ["a", "c"]


async def test_refusal_alone(writer: Writer) -> None:
    """An operation that refuses before writing costs its neighbours nothing."""
    outcomes = await asyncio.gather(writer.run(_add, "a"), writer.run(_refuse), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), LookupError]


async def test_each(writer: Writer) -> None:
    """Calls given together, more than a batch holds, get their own outcomes; one that failed is undone alone."""
    calls = [(f"item {n}", "twice", "twice") if n == 3 else (f"item {n}",) for n in range(BATCH + 1)]
    outcomes = await writer.run_each(_add, calls)
    failed = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, sqlite3.IntegrityError)]
    assert failed == [3]
    assert await writer.run(_read) == [f"item {n}" for n in range(BATCH + 1) if n != 3]


@pytest.mark.parametrize(
    ("made", "error"),
    [
        ("botkit.store.writer.sqlite3.connect", sqlite3.OperationalError("unable to open database file")),
        ("botkit.store.thread.threading.Thread.start", RuntimeError("can't start new thread")),
        ("botkit.store.writer.Path.absolute", FileNotFoundError(2, "No such file or directory")),
    ],
)
async def test_beside_refused(writer: Writer, monkeypatch: pytest.MonkeyPatch, made: str, error: Exception) -> None:
    """Without a file number, a thread or a working directory, reading beside the writer is refused, not broken."""
    if isinstance(error, sqlite3.Error):
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(made, fail)
    with pytest.raises(StoreUnavailable):
        await writer.run_beside(_read)


async def test_cancelled_caller(writer: Writer) -> None:
    """A caller that went away does not hold up the others."""
    gone = asyncio.ensure_future(writer.run(_add, "a"))
    await asyncio.sleep(0)
    gone.cancel()
    await writer.run(_add, "b")
    assert await writer.run(_read) == ["a", "b"]


async def test_disk_full(writer: Writer) -> None:
    """On a full disk what fits is stored, the rest is refused, and all goes on once there is room."""
    await writer.run(_pages, 0)
    big, small = await asyncio.gather(
        writer.run(_add, "x" * 100_000), writer.run(_add, "small"), return_exceptions=True
    )
    assert isinstance(big, StoreUnavailable)
    assert small is None
    await writer.run(_pages, 1000)
    await writer.run(_add, "x" * 100_000)
    assert len(await writer.run(_read)) == 2


async def test_locked(writer: Writer, tmp_path: Path) -> None:
    """While another process holds the write lock work is refused, and goes on after it lets go."""
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = await asyncio.gather(writer.run(_add, "a"), writer.run(_add, "b"), return_exceptions=True)
    assert [type(outcome) for outcome in refused] == [StoreUnavailable, StoreUnavailable]
    other.execute("ROLLBACK")
    other.close()
    await writer.run(_add, "a")
    assert await writer.run(_read) == ["a"]


async def test_damaged(tmp_path: Path) -> None:
    """What a damaged page refuses is the store's refusal, though nothing was written yet."""
    writer = Writer(tmp_path / "a.db", _prepare)
    await writer.open()
    await asyncio.gather(*(writer.run(_add, "x" * 3000 + str(n)) for n in range(20)))
    await writer.close()
    with (tmp_path / "a.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    writer = Writer(tmp_path / "a.db", lambda db: None)
    await writer.open()
    refused: list[StoreUnavailable] = []
    writer.on_refusal = refused.append
    with pytest.raises(StoreUnavailable, match="malformed"):
        await writer.run(_read)
    await writer.close()
    assert [each.reason for each in refused] == ["damaged"]


async def test_broken_connection(writer: Writer) -> None:
    """After an I/O error the next operation has a fresh connection."""
    first = await writer.run(_same)
    with pytest.raises(StoreUnavailable, match="disk I/O"):
        await writer.run(_break)
    assert await writer.run(_same) is not first
    await writer.run(_add, "a")


async def test_rollback_fails(writer: Writer) -> None:
    """A transaction that cannot be undone goes with its connection: the next batch does not meet it."""
    db = await writer.run(_same)
    db.set_authorizer(_refuse_rollback)
    with pytest.raises(LookupError):
        await writer.run(_add_and_refuse)
    await writer.run(_add, "after")
    assert await writer.run(_read) == ["after"]


class _Unsure(Inline):
    """No thread at all; the first commit is done, and then said to have failed."""

    is_unsure = True

    def do(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> asyncio.Future[Any]:
        """Make the call."""
        done = super().do(function, *args, **kwargs)
        return super().do(_break, *args) if function.__name__ == "_commit" and self._fails() else done

    def _fails(self) -> bool:
        fails, self.is_unsure = self.is_unsure, False
        return fails


async def test_unsure_commit(tmp_path: Path) -> None:
    """What a commit may have stored although it failed is not run again: every caller of the batch is refused."""
    writer = Writer(tmp_path / "a.db", _prepare)
    await writer.open()
    writer._thread = _Unsure()
    outcomes = await asyncio.gather(writer.run(_add, "1"), writer.run(_add, "2"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
    assert await writer.run(_read) == ["1", "2"]
    await writer.close()


async def test_file_gone(writer: Writer, tmp_path: Path) -> None:
    """A file that vanished is not replaced by an empty one."""
    for file in _files(tmp_path):
        file.unlink()
    with pytest.raises(StoreUnavailable):
        await writer.run(_break)
    with pytest.raises(StoreUnavailable, match="deleted or moved"):
        await writer.run(_read)
    assert _files(tmp_path) == []


@pytest.mark.parametrize("which", ["a.db", "a.db-wal"])
async def test_file_deleted(writer: Writer, tmp_path: Path, which: str) -> None:
    """Into a file that nobody finds any more nothing is committed; once it is back the writer goes on."""
    await writer.run(_add, "before")
    (tmp_path / which).rename(tmp_path / "away")
    for run in (writer.run, writer.run_aside):
        with pytest.raises(StoreUnavailable, match=f"{which} was deleted or moved under the running bot"):
            await run(_read)
    (tmp_path / "away").rename(tmp_path / which)
    await writer.run(_add, "after")
    assert await writer.run(_read) == ["before", "after"]


async def test_file_replaced(writer: Writer, tmp_path: Path) -> None:
    """A file that took its place is another one, for a fresh connection after an I/O error, too."""
    await writer.run(_add, "before")
    sqlite3.connect(tmp_path / "b.db").close()
    (tmp_path / "b.db").touch()
    (tmp_path / "b.db").replace(tmp_path / "a.db")
    for operation in (_break, _read):
        with pytest.raises(StoreUnavailable, match="replaced"):
            await writer.run(operation)


async def test_file_written_over(writer: Writer, tmp_path: Path) -> None:
    """Into a file that somebody copied a smaller one over nothing is committed, though it grows again meanwhile."""
    await writer.run(_add, "before")
    await writer.run_aside(_checkpoint)
    whole = (tmp_path / "a.db").read_bytes()
    await writer.run(_read)
    (tmp_path / "a.db").write_bytes(whole[:4096])
    with pytest.raises(StoreUnavailable, match="written over"):
        await writer.run(_add, "after")
    (tmp_path / "a.db").write_bytes(whole)
    with pytest.raises(StoreUnavailable, match="written over"):
        await writer.run(_add, "after")


async def test_file_written_over_at_first(writer: Writer, tmp_path: Path) -> None:
    """A smaller store is noticed before the first commit, too, when SQLite has its size from the file itself."""
    await writer.run(_add, "before")
    await writer.run_aside(_checkpoint)
    small = (tmp_path / "a.db").read_bytes()
    await writer.run(_add, "x" * 9999)
    await writer.close()
    following = Writer(tmp_path / "a.db", _prepare)
    await following.open()
    await following.run_aside(_forget_pages)
    (tmp_path / "a.db").write_bytes(small)
    with pytest.raises(StoreUnavailable, match="written over"):
        await following.run(_add, "after")
    await following.close()


@pytest.mark.parametrize("ends", [True, False])
async def test_file_vacuumed(writer: Writer, tmp_path: Path, ends: bool) -> None:
    """A file that SQLite itself made smaller is the store, whether its log was emptied with it or not."""
    await writer.run(_add, *(f"{n:05000}" for n in range(50)))
    await writer.run_aside(_checkpoint)
    await writer.run(_read)
    large = (tmp_path / "a.db").stat().st_size
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("DELETE FROM item")
        other.execute("VACUUM")
        other.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if ends else 'PASSIVE'})").fetchall()
    assert (tmp_path / "a.db").stat().st_size < large
    await writer.run(_add, "after")
    assert await writer.run(_read) == ["after"]
    (tmp_path / "a.db").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="written over"):
        await writer.run(_read)


async def test_file_vacuumed_while_waited(writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is the store that SQLite made smaller while a batch waited for it, and then added to."""
    await writer.run(_add, *(f"{n:05000}" for n in range(50)))
    await writer.run_aside(_checkpoint)
    large = (tmp_path / "a.db").stat().st_size

    def vacuum(db: sqlite3.Connection, seconds: float) -> None:
        for statement in ("ROLLBACK", "PRAGMA wal_autocheckpoint = 0", "DELETE FROM item", "VACUUM"):
            other.execute(statement)
        begin_patiently(db, seconds)

    def add(db: sqlite3.Connection) -> None:
        other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        _add(db, "x" * 9999)

    monkeypatch.setattr("botkit.store.writer.begin_patiently", vacuum)
    target = tmp_path / "a.db"
    with closing(sqlite3.connect(target, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        await writer.run(add)
    assert target.stat().st_size < large
    assert await writer.run(_read) == ["x" * 9999]


async def test_fresh_connection_keeps_its_place(writer: Writer) -> None:
    """The log that went with a connection is missed by nobody."""
    await writer.run(_add, "before")
    with pytest.raises(StoreUnavailable):
        await writer.run(_break)
    assert await writer.run(_read) == ["before"]


async def test_log_of_others(writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that stands there while the writer has no connection is nobody's: it may go with who reads it."""

    def refuse(db: sqlite3.Connection) -> None:
        monkeypatch.undo()
        _break(db)

    await writer.run(_add, "before")
    reader = sqlite3.connect(tmp_path / "a.db")
    assert _read(reader) == ["before"]
    with pytest.raises(StoreUnavailable):
        await writer.run(_break)
    monkeypatch.setattr(writer, "_prepare", refuse)
    with pytest.raises(StoreUnavailable, match="disk I/O"):
        await writer.run(_read)
    reader.close()
    assert await writer.run(_read) == ["before"]


async def test_busy_loop(writer: Writer) -> None:
    """An event loop that never rests lets the thread through: the interpreter switches often enough."""
    assert sys.getswitchinterval() <= SWITCH_INTERVAL_S


async def test_close_drains(writer: Writer, tmp_path: Path) -> None:
    """Closing finishes what is queued and leaves one file with all of it."""
    queued = [asyncio.ensure_future(writer.run(_add, f"item {n}")) for n in range(10)]
    await asyncio.sleep(0)
    assert await writer.close()
    await asyncio.gather(*queued)
    assert _files(tmp_path) == [tmp_path / "a.db"]


async def test_closed(writer: Writer) -> None:
    """A closed writer refuses work, and may be closed again."""
    await writer.close()
    await writer.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await writer.run(_read)
