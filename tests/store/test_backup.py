"""A backup is a whole store of one moment or no file at all, whatever happens while it is made."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from botkit.errors import UsageError
from botkit.store.backup import MADE_AT, PAGES, back_up, part_of, place
from botkit.store.lock import FileLock
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import NOW, arrival, take

#: Dies at the third step of a backup, as a power cut would have it.
DIES = """
import os, signal, sys
from itertools import count
from pathlib import Path
from botkit.store.backup import back_up
steps = count()
def goes_on():
    if next(steps) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return True
back_up(Path(sys.argv[1]), Path(sys.argv[2]), force=True, now=0.0, goes_on=goes_on)
"""


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A store of several steps, with one conversation, that nobody owns."""
    file = tmp_path / "bot.db"
    store = await SqliteStore.open(file)
    await take(store)
    await store.set_meta("large", "x" * PAGES * 4096 * 3)
    await store.close()
    return file


def read(file: Path, question: str) -> list[tuple[object, ...]]:
    """Return what a file answers."""
    with closing(sqlite3.connect(file)) as db:
        return db.execute(question).fetchall()


def written_at_each_step(path: Path) -> Callable[[], bool]:
    """Return what changes a page at every step of a backup, and says that it is to go on."""
    steps = iter(range(9_999))

    def goes_on() -> bool:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("INSERT INTO meta VALUES (?, 'late')", (f"late {next(steps)}",))
        return True

    return goes_on


def test_one_moment(path: Path, tmp_path: Path) -> None:
    """What is committed while a backup goes on neither gets into it nor makes it begin anew; nothing else is left."""
    copy = tmp_path / "copies" / "bot.db"
    copy.parent.mkdir()
    done = back_up(path, copy, force=False, now=NOW, goes_on=written_at_each_step(path))
    assert read(copy, "SELECT value FROM meta WHERE name LIKE 'late%'") == []
    assert len(read(path, "SELECT value FROM meta WHERE name LIKE 'late%'")) < 20
    assert read(copy, f"SELECT value FROM meta WHERE name = '{MADE_AT}'") == [(repr(NOW),)]
    assert (done.size, done.conversations) == (copy.stat().st_size, 1)
    assert done.rows == 5  # the conversation, its event, that it was seen, two facts
    assert [each.name for each in copy.parent.iterdir()] == ["bot.db"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_can_be_opened(path: Path, tmp_path: Path) -> None:
    """A backup is a store, which knows what its events were."""
    store = await SqliteStore.open(path)
    await store.back_up(tmp_path / "copy.db")
    await store.close()
    copy = await SqliteStore.open(tmp_path / "copy.db")
    [receipt] = await copy.accept([arrival()], NOW)
    await copy.close()
    assert receipt.copy


def test_killed(path: Path, tmp_path: Path) -> None:
    """Who is killed in a backup leaves the backup before it whole, and stands in nobody's way."""
    copy = tmp_path / "copy.db"
    back_up(path, copy, force=False, now=NOW)
    before = copy.read_bytes()
    died = subprocess.run([sys.executable, "-c", DIES, path, copy], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert copy.read_bytes() == before
    assert (tmp_path / ".copy.db.part").exists()
    back_up(path, copy, force=True, now=NOW + 1)
    assert not (tmp_path / ".copy.db.part").exists()
    assert read(copy, f"SELECT value FROM meta WHERE name = '{MADE_AT}'") == [(repr(NOW + 1),)]


def test_stopped(path: Path, tmp_path: Path) -> None:
    """A process that stops ends its backup, and no file is left."""
    steps = iter([True, False])
    with pytest.raises(UsageError, match="no backup was made"):
        back_up(path, tmp_path / "copy.db", force=False, now=NOW, goes_on=lambda: next(steps))
    assert [each.name for each in tmp_path.iterdir() if "copy" in each.name] == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("there.db", "exists; --force"),
        ("bot.db", "belongs to the store"),
        ("bot.db-wal", "belongs to the store"),
        ("folder", "is a directory"),
        ("bot-link", "is a link, a device or a pipe"),
        ("bot-pipe", "is a link, a device or a pipe"),
        ("nowhere/copy.db", "there is no directory"),
        ("a" * 250, "cannot make"),
    ],
)
def test_refused(path: Path, tmp_path: Path, name: str, why: str) -> None:
    """A backup takes no name that is another file's."""
    (tmp_path / "there.db").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "bot-link").symlink_to(tmp_path / "there.db")
    os.mkfifo(tmp_path / "bot-pipe")
    with pytest.raises(UsageError, match=why):
        back_up(path, tmp_path / name, force=name.startswith("bot"), now=NOW)
    assert (tmp_path / "there.db").read_text() == "mine"


def test_two_at_once(path: Path, tmp_path: Path) -> None:
    """Two backups do not write one file."""
    copy = tmp_path / "copy.db"

    def another() -> bool:
        with pytest.raises(UsageError, match="another command"):
            back_up(path, copy, force=True, now=NOW)
        return True

    back_up(path, copy, force=False, now=NOW, goes_on=another)


def test_finished_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opened what another process finishes, before it could lock it, leaves the finished file as it is."""
    file, flock = tmp_path / "copy.db", fcntl.flock

    def late(fd: int, how: int) -> None:
        monkeypatch.undo()
        with part_of(file) as part:
            part.write_text("finished")
            place(part, file)
        flock(fd, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(UsageError, match="another command"), part_of(file):
        pass
    assert file.read_text() == "finished"


def test_begun_before_the_end(tmp_path: Path) -> None:
    """Who has given a file its name takes nothing away from the next one that is made under it."""
    file = tmp_path / "copy.db"
    with part_of(file) as first:
        place(first, file)
        following = part_of(file)
        second = following.__enter__()
    assert second.exists()
    following.__exit__(None, None, None)
    assert not second.exists()


def test_damaged(path: Path, tmp_path: Path) -> None:
    """A store whose pages contradict each other gives no backup."""
    [(root,)] = read(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'inbox_by_conversation'")
    assert isinstance(root, int)
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096 + 8)
        file.write(os.urandom(64))
    with pytest.raises(UsageError, match=r"damaged|malformed"):
        back_up(path, tmp_path / "copy.db", force=False, now=NOW)
    assert not (tmp_path / "copy.db").exists()


async def test_schema_stays(path: Path, tmp_path: Path) -> None:
    """What is opened for a backup alone keeps the schema that it has, which may be older than this botkit's."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 1")
    store = await SqliteStore.open(path, is_upgraded=False)
    await store.back_up(tmp_path / "copy.db")
    await store.close()
    assert read(tmp_path / "copy.db", "PRAGMA user_version") == [(1,)]
    FileLock(path).release()
