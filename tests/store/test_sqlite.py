"""What only the SQLite store has: a file, its owner, its settings, and its deaths."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import pytest

from botkit.errors import StoreOwned, StoreUnavailable, UsageError
from botkit.ports import Arrival
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import SetTimer
from tests.contract.samples import NOW, arrival, leg, take, text

OWNER_PROGRAM = Path(__file__).with_name("owner.py")
#: acknowledgements to read before the owner is killed
ACKNOWLEDGED = 500


async def _start(path: Path, *mode: str) -> Process:
    """Start a process that owns `path`, and wait until it does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(OWNER_PROGRAM), str(path), *mode, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


def _look(path: Path, statement: str) -> list[Any]:
    """Read the file with a connection of our own."""
    db = sqlite3.connect(path)
    rows = db.execute(statement).fetchall()
    db.close()
    return rows


async def test_durable_settings(tmp_path: Path) -> None:
    """The writer itself says that it syncs every commit (FULL is 2), logs ahead and minds references.

    Its busy timeout is 0 because the loop waits for nothing: what waits for a lock is done on the thread.
    """
    store = await SqliteStore.open(tmp_path / "a.db")
    settings = [await store.pragma(name) for name in ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")]
    assert settings == ["2", "wal", "1", "0"]
    await store.close()


async def test_pragma_unknown() -> None:
    """Only settings on the list can be read."""
    store = await SqliteStore.open(":memory:")
    with pytest.raises(UsageError, match="choose from"):
        await store.pragma("synchronous = OFF; --")
    await store.close()


async def test_owned_by_another_process(tmp_path: Path) -> None:
    """A second process is told who has the file, which file, and what to do; once the first ends it may have it."""
    path = tmp_path / "a.db"
    process = await _start(path, "idle")
    with pytest.raises(StoreOwned, match=rf"a\.db is in use by process {process.pid}\. Stop it"):
        await SqliteStore.open(path)
    process.kill()
    await process.communicate()
    store = await SqliteStore.open(path)
    await store.close()


async def test_owned_by_this_process(tmp_path: Path) -> None:
    """The same process cannot open a file twice, by a link neither, until it is closed."""
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "a.db")
    store = await SqliteStore.open(tmp_path / "a.db")
    with pytest.raises(StoreOwned):
        await SqliteStore.open(link)
    await store.close()
    again = await SqliteStore.open(link)
    await again.close()


async def test_kill_9(tmp_path: Path) -> None:
    """Everything that a process acknowledged before kill -9 is there afterwards, each once, and the file is sound."""
    path = tmp_path / "a.db"
    process = await _start(path)
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(ACKNOWLEDGED)]
    process.kill()
    rest, _ = await process.communicate()
    acknowledged = [line.decode().strip() for line in lines + rest.splitlines(keepends=True) if line.endswith(b"\n")]
    store = await SqliteStore.open(path)
    receipts = await store.accept(
        [Arrival("wa", "webhook", "text", "519", i, "", b"d", b"{}") for i in acknowledged], 2.0
    )
    assert all(receipt.copy for receipt in receipts)
    assert len({receipt.inbox_id for receipt in receipts}) == len(acknowledged)
    assert await store.pragma("integrity_check") == "ok"
    await store.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"\0" * 4096])
async def test_no_database(tmp_path: Path, content: bytes) -> None:
    """A file that is something else is refused in words, and its lock given back."""
    path = tmp_path / "a.db"
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(UsageError, match=r"a\.db is damaged"):
            await SqliteStore.open(path)
    assert path.read_bytes() == content


async def test_no_directory(tmp_path: Path) -> None:
    """A missing directory is named."""
    with pytest.raises(UsageError, match="nowhere"):
        await SqliteStore.open(tmp_path / "nowhere" / "a.db")


async def test_newer_file(tmp_path: Path) -> None:
    """A file of a newer botkit is refused and left alone."""
    path = tmp_path / "a.db"
    _look(path, "PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="schema 99"):
        await SqliteStore.open(path)
    assert _look(path, "PRAGMA user_version") == [(99,)]


async def test_memory_needs_no_thread() -> None:
    """A store in memory does everything on the loop: no thread beside it, and no time lost on the way to one."""
    before = set(threading.enumerate())  # one of a store that was closed may be about to end
    store = await SqliteStore.open(":memory:")
    assert set(threading.enumerate()) <= before
    await store.close()


async def test_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store in memory leaves no file, and two of them share nothing."""
    monkeypatch.chdir(tmp_path)
    one, two = await SqliteStore.open(":memory:"), await SqliteStore.open(":memory:")
    await take(one)
    assert (await two.counts())["conversations"] == 0
    await one.close()
    await two.close()
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 (no loop to hold up)


async def test_closed() -> None:
    """A closed store refuses work, and may be closed again."""
    store = await SqliteStore.open(":memory:")
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.accept([arrival()], NOW)


async def test_locked_accept(tmp_path: Path) -> None:
    """An event that meets a locked file is refused whole, and taken when it comes again."""
    store = await SqliteStore.open(tmp_path / "a.db", busy_timeout_s=0.01)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.accept([arrival()], NOW)
    other.close()
    [receipt] = await store.accept([arrival()], NOW)
    assert not receipt.copy
    await store.close()


async def test_timers(tmp_path: Path) -> None:
    """Timers are set, replaced and cancelled by name; one both cancelled and set in a leg is set."""
    path = tmp_path / "a.db"
    store = await SqliteStore.open(path)
    row = await take(store)
    timers = [SetTimer("silence", "silence", NOW + due, {"n": due}) for due in (60, 90)]
    await store.commit(leg(row, timers=[*timers, SetTimer("wait", "wait", NOW)], closes=False))
    assert _look(path, "SELECT name, due_at, payload FROM timer ORDER BY name") == [
        ("silence", NOW + 90, b'{"n":90}'),
        ("wait", NOW, b"{}"),
    ]
    await store.commit(leg(row, number=2, version=1, timers=timers[:1], cancels=["silence", "wait", "unknown"]))
    assert _look(path, "SELECT name, due_at FROM timer") == [("silence", NOW + 60)]
    await store.close()


async def test_journal(tmp_path: Path) -> None:
    """Each leg is journaled under the version that it made, and its messages name it."""
    path = tmp_path / "a.db"
    store = await SqliteStore.open(path)
    row = await take(store)
    await store.commit(leg(row, closes=False))
    await store.commit(leg(row, [text()], number=2, version=1))
    assert _look(path, "SELECT inbox_id, leg, version, entry FROM journal ORDER BY inbox_id, leg") == [
        (row.id, 1, 1, b'{"way":[]}'),
        (row.id, 2, 2, b'{"way":[]}'),
    ]
    assert _look(path, "SELECT inbox_id, leg, flow, step, place FROM outbox") == [
        (row.id, 2, "booking", "day", "booking.yaml:3")
    ]
    assert _look(path, "SELECT status, legs, closed_at FROM inbox") == [("done", 2, NOW + 1)]
    await store.close()


async def test_filed(tmp_path: Path) -> None:
    """Raw bodies are kept; what is of nobody belongs to no conversation."""
    path = tmp_path / "a.db"
    store = await SqliteStore.open(path)
    await store.accept([arrival(contact=None)], NOW)
    assert _look(path, "SELECT conversation_id, status, attempts, raw FROM inbox") == [(None, "filed", 0, b"raw")]
    await store.close()


async def test_private_file(tmp_path: Path) -> None:
    """The store's files can be read by their owner alone."""
    store = await SqliteStore.open(tmp_path / "a.db")
    await store.set_meta("name", "value")
    modes = _modes(tmp_path)
    await store.close()
    assert modes == {0}


def _modes(folder: Path) -> set[int]:
    """Return what others may do with the store's files."""
    return {path.stat().st_mode & 0o077 for path in folder.glob("a.db*") if path.suffix != ".lock"}
