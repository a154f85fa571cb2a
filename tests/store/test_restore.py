"""A restored store goes on from the backup, and the one that was there stays."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from botkit.errors import StoreOwned, UsageError
from botkit.ports import RESTORED
from botkit.store.backup import back_up
from botkit.store.lock import FileLock
from botkit.store.migrate import load_migrations
from botkit.store.restore import SKIPPED, Backup, opened_backup
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import CHANNEL, NOW, doubt, fly, leg, queue, take, text, words_waiting

#: Dies when the present store has its second name and the backup not yet its place.
DIES = """
import os, signal, sys
from pathlib import Path
from botkit.store import restore
restore.place = lambda part, file: os.kill(os.getpid(), signal.SIGKILL)
with restore.opened_backup(Path(sys.argv[1]), Path(sys.argv[2])) as found:
    found.restore("2026-11-23T22-41-00", 0.0, sends=False)
"""

#: Takes one event and is killed.
LIVES = """
import asyncio, os, signal, sys
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import take
async def live():
    await take(await SqliteStore.open(sys.argv[1]), "last", "51900005")
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(live())
"""


@pytest.fixture
async def places(tmp_path: Path) -> tuple[Path, Path]:
    """A backup in which one message is uncertain, one waits, one flies, and one event; and the store, since."""
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    store = await SqliteStore.open(path)
    await queue(store, "51900001", text("one"), text("two"))
    await doubt(store)
    await queue(store, "51900002", text("three"))
    await fly(store)
    await take(store, "waits", "51900003")
    back_up(path, copy, force=False, now=NOW)
    await take(store, "later", "51900004")
    await store.close()
    return path, copy


@pytest.fixture
def lived(places: tuple[Path, Path]) -> Path:
    """The store's place when it was deleted under an owner that took one event more and was killed."""
    path, _ = places
    killed = subprocess.run([sys.executable, "-c", LIVES, path], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    path.unlink()
    return path


def put_back(copy: Path, path: Path, *, sends: bool = False) -> Path | None:
    """Restore a backup; return where the store before stands."""
    with opened_backup(copy, path) as found:
        return found.restore("before", NOW + 9, sends=sends)


def test_told(places: tuple[Path, Path]) -> None:
    """Who restores is told first what was under way; until the word is given nothing is changed."""
    path, copy = places
    before = path.read_bytes()
    with opened_backup(copy, path) as found:
        assert (found.made_at, found.conversations, found.messages, found.events) == (NOW, 3, 3, 1)
    assert path.read_bytes() == before
    assert not [each for each in path.parent.iterdir() if each.suffix == ".part"]


async def test_dropped(places: tuple[Path, Path]) -> None:
    """What waited is dropped with its reason unless told otherwise; events keep their turn; the old store stays."""
    path, copy = places
    aside = put_back(copy, path)
    store = await SqliteStore.open(path)
    assert {status for _, status in await words_waiting(store)} == {"dropped"}
    assert await store.head(CHANNEL, NOW) is None
    assert await store.uncertain(CHANNEL, NOW + 99) == []
    assert {each.answered_at is None for each in await store.ledger(CHANNEL, 0)} == {False}
    assert (await store.counts())["inbox_live"] == 1
    assert await store.conversation(CHANNEL, "51900004") == []
    await store.close()
    assert aside == path.with_name("bot.db.before")
    old = await SqliteStore.open(aside)
    assert len(await old.conversation(CHANNEL, "51900004")) == 1
    await old.close()


async def test_sent(places: tuple[Path, Path]) -> None:
    """With a yes they stand as they stood."""
    path, copy = places
    put_back(copy, path, sends=True)
    store = await SqliteStore.open(path)
    assert [status for _, status in await words_waiting(store)] == ["uncertain", "pending", "flying"]
    await store.close()


async def test_numbers_are_new(places: tuple[Path, Path]) -> None:
    """An event after a restore has no number that one of the lost ones had: calls are known by it."""
    path, copy = places
    put_back(copy, path)
    store = await SqliteStore.open(path)
    row = await take(store, "new", "51900009")
    await store.commit(leg(row))
    await store.close()
    assert row.id > SKIPPED


async def test_keys_are_held(places: tuple[Path, Path]) -> None:
    """Every key is held from the restore on, whether it was ever used or not."""
    path, copy = places
    put_back(copy, path)
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT key, state ->> 'why', state ->> 'held_until' FROM rate_key").fetchall()
    assert found == [(CHANNEL, RESTORED, NOW + 9)]


def test_new_place(places: tuple[Path, Path], tmp_path: Path) -> None:
    """Where there is no store, a backup becomes one."""
    assert put_back(places[1], tmp_path / "other.db") is None
    assert (tmp_path / "other.db").exists()


async def test_store_gone(places: tuple[Path, Path], lived: Path) -> None:
    """The log of a store that was deleted under its owner is kept, and no part of the restored one."""
    path, copy = places
    log = path.with_name("bot.db-wal").read_bytes()
    aside = put_back(copy, path)
    store = await SqliteStore.open(path)
    assert await store.conversation(CHANNEL, "51900005") == []
    assert await store.pragma("integrity_check") == "ok"
    await store.close()
    assert aside == path.with_name("bot.db.before-wal")
    assert aside.read_bytes() == log


def test_killed_where_it_was_gone(places: tuple[Path, Path], lived: Path) -> None:
    """Who is killed while the log has another name leaves a place where no empty store begins."""
    path, copy = places
    died = subprocess.run([sys.executable, "-c", DIES, copy, path], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert not path.with_name("bot.db-wal").exists()
    with pytest.raises(UsageError, match=r"\.bot\.db\.part is still there"):
        asyncio.run(_start(path))
    put_back(copy, path)
    asyncio.run(_start(path))


def test_damaged_store(places: tuple[Path, Path]) -> None:
    """A store that cannot even be opened is no hindrance, and is kept with its log."""
    path, copy = places
    path.write_bytes(b"no store at all")
    path.with_name("bot.db-wal").write_bytes(b"its log")
    aside = put_back(copy, path)
    assert aside is not None
    assert aside.read_bytes() == b"no store at all"
    assert aside.with_name("bot.db.before-wal").read_bytes() == b"its log"
    assert not path.with_name("bot.db-wal").exists()


def test_killed(places: tuple[Path, Path]) -> None:
    """Who is killed in between leaves the store that was there."""
    path, copy = places
    died = subprocess.run([sys.executable, "-c", DIES, copy, path], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT 1 FROM conversation WHERE contact = '51900004'").fetchone()
    put_back(copy, path.with_name("other.db"))


@pytest.mark.parametrize("starts", [True, False])
def test_killed_leaves_no_second_name(places: tuple[Path, Path], starts: bool) -> None:
    """The next start, or the next restore, takes away the second name that the store has got, and no other file."""
    path, copy = places
    subprocess.run([sys.executable, "-c", DIES, copy, path], check=False, capture_output=True)
    aside = path.with_name("bot.db.2026-11-23T22-41-00")
    assert aside.samefile(path)
    older = path.with_name("bot.db.2026-11-22T22-41-00")
    older.write_bytes(b"put aside before")
    if starts:
        asyncio.run(_start(path))
    else:
        put_back(copy, path)
    assert (aside.exists(), older.read_bytes()) == (False, b"put aside before")


async def _start(path: Path) -> None:
    await (await SqliteStore.open(path)).close()


async def test_owned(places: tuple[Path, Path]) -> None:
    """Nothing is restored while a process has the store."""
    path, copy = places
    store = await SqliteStore.open(path)
    with pytest.raises(StoreOwned), opened_backup(copy, path):
        pass
    await store.close()


async def test_started_while_asked(places: tuple[Path, Path]) -> None:
    """A bot starts while somebody is asked; then nothing is restored, until it has stopped."""
    path, copy = places
    with opened_backup(copy, path) as found:
        store = await SqliteStore.open(path)
        with pytest.raises(StoreOwned):
            found.restore("before", NOW + 9, sends=False)
        assert await store.counts()
        assert not path.with_name("bot.db.before").exists()
        await store.close()
        assert found.restore("before", NOW + 9, sends=False) == path.with_name("bot.db.before")


def test_owned_at_last(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a store that is in use in the end it is said so, as in the beginning: it may be free later."""
    path, copy = places
    monkeypatch.setattr(Backup, "_restore", lambda *_, **__: FileLock(path))
    with pytest.raises(StoreOwned):
        put_back(copy, path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no store of botkit"),
        (b"hello, this is no database" * 99, "not a database"),
        ("newer", "a newer one"),
        (None, "no file"),
    ],
)
def test_no_backup(places: tuple[Path, Path], content: bytes | str | None, why: str) -> None:
    """A file that is no backup of this botkit's changes nothing."""
    path, copy = places
    if content is None:
        copy.unlink()
    elif isinstance(content, bytes):
        copy.write_bytes(content)
    else:
        with closing(sqlite3.connect(copy)) as db:
            db.execute(f"PRAGMA user_version = {len(load_migrations()) + 1}")
    before = path.read_bytes()
    with pytest.raises(UsageError, match=why) as caught, opened_backup(copy, path):
        pass
    assert caught.value.told("es").startswith("no ")
    assert path.read_bytes() == before
