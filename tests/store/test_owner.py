"""Whose a store's files are, and what is said of one that cannot be opened."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from botkit.doctor import examine_machine
from botkit.errors import StoreDamaged, TryLater, UsageError
from botkit.logs.file import RotatingFile
from botkit.server.target import dangers
from botkit.settings import Settings
from botkit.store.backup import back_up
from botkit.store.restore import opened_backup
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import NOW

#: A user that owns nothing.
NOBODY = 65534
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away, or becomes another user")

#: Opens a store as another user, and prints why that fails.
OPENS = """
import asyncio, os, sys
from botkit.errors import UsageError
from botkit.store.sqlite import SqliteStore
os.setgid(int(sys.argv[2])), os.setuid(int(sys.argv[2]))
try:
    asyncio.run(SqliteStore.open(sys.argv[1]))
except UsageError as error:
    print(error.told("en"), error.told("es"), sep="\\n")
"""


async def made(path: Path) -> Path:
    """Make a store and a backup of it; return the backup."""
    await (await SqliteStore.open(path)).close()
    copy = path.with_name("copy.db")
    back_up(path, copy, force=False, now=NOW)
    return copy


def put_back(copy: Path, path: Path) -> Path | None:
    """Restore a backup; return where the store before stands."""
    with opened_backup(copy, path) as found:
        return found.restore("before", NOW, sends=False)


async def test_mode(tmp_path: Path) -> None:
    """A restored store has the mode of the one whose place it takes; of none, nobody else reads it."""
    path = tmp_path / "bot.db"
    copy = await made(path)
    path.chmod(0o660)
    put_back(copy, path)
    assert path.stat().st_mode & 0o777 == 0o660
    path.unlink()
    put_back(copy, path)
    assert path.stat().st_mode & 0o777 == 0o600


@ROOT
async def test_owner(tmp_path: Path) -> None:
    """A store that root restores stays the bot's, and so do its lock and the one before; without one the folder's."""
    path = tmp_path / "bot.db"
    copy = await made(path)
    lock = tmp_path / "bot.db.lock"
    os.chown(path, NOBODY, 4)
    lock.unlink()
    aside = put_back(copy, path)
    assert aside
    assert [(file.stat().st_uid, file.stat().st_gid) for file in (path, lock, aside)] == [(NOBODY, 4)] * 3
    os.chown(tmp_path, NOBODY, 5)
    path.unlink()
    lock.unlink()
    put_back(copy, path)
    assert [(file.stat().st_uid, file.stat().st_gid) for file in (path, lock)] == [(NOBODY, 5)] * 2


@ROOT
async def test_root_begins(tmp_path: Path) -> None:
    """What root begins in another user's folder is that user's: store, log of writes and lock, and the bot's log."""
    os.chown(tmp_path, NOBODY, 5)
    store = await SqliteStore.open(tmp_path / "bot.db")
    RotatingFile(tmp_path / "botkit.log").close()
    for name in ("bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock", "botkit.log"):
        made = (tmp_path / name).stat()
        assert (name, made.st_uid, made.st_gid) == (name, NOBODY, 5)
    await store.close()
    os.chown(tmp_path / "botkit.log", 0, 0)
    RotatingFile(tmp_path / "botkit.log").close()
    assert (tmp_path / "botkit.log").stat().st_uid == 0


@ROOT
def test_root_is_warned(tmp_path: Path) -> None:
    """Who runs as root what another user's folder holds is told so, and whose it is."""
    settings = Settings.model_validate({"channels": {}})
    assert dangers(settings, {}, tmp_path) == []
    os.chown(tmp_path, NOBODY, NOBODY)
    assert dangers(settings, {}, tmp_path) == ["it runs as root, and the store's folder is nobody's: run it as nobody"]
    found = [each for each in examine_machine(tmp_path / "bot.db", tmp_path / "botkit.log") if each.code == "root"]
    assert [each.values for each in found] == [{"owner": "nobody", "path": tmp_path}]


@ROOT
@pytest.mark.parametrize("which", ["bot.db", "bot.db.lock", "."])
def test_forbidden(tmp_path: Path, which: str) -> None:
    """A store that a user may not write is refused with that file, its owner and the user."""
    folder = tmp_path / "bot"
    folder.mkdir()
    asyncio.run(made(folder / "bot.db"))
    for each in (folder, *folder.iterdir()):
        os.chown(each, NOBODY, NOBODY)
    for above in (folder, *folder.parents):
        if above.stat().st_uid == 0 and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
    os.chown(folder / which, 0, 0)
    code = f"import sys; sys.path[:] = {sys.path!r}\n{OPENS}"
    command = [sys.executable, "-c", code, str(folder / "bot.db"), str(NOBODY)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    file = (folder / which).resolve()
    assert told[0].startswith(f"user nobody cannot write {file}, which is root's: `chown nobody {file}`")
    assert told[1].startswith(f"el usuario nobody no puede escribir {file}, que es de root: `chown nobody {file}`")


@pytest.mark.parametrize("is_there", [False, True])
async def test_gone(tmp_path: Path, is_there: bool) -> None:
    """Where a store is gone, or emptied, that was not closed, none begins anew; its log stays until it is deleted."""
    path, log = tmp_path / "bot.db", tmp_path / "bot.db-wal"
    if is_there:
        path.touch()
    log.write_bytes(b"what it took last")
    with pytest.raises(UsageError, match=r"to begin anew, delete .*bot\.db-wal too") as refused:
        await SqliteStore.open(path)
    assert "para empezar de cero, borra también" in refused.value.told("es")
    assert not isinstance(refused.value, TryLater)  # nothing mends it but somebody's hand
    assert (path.exists(), log.read_bytes()) == (is_there, b"what it took last")
    log.unlink()
    await made(path)


@pytest.mark.parametrize("left", [["bot.db-wal"], ["bot.db"], ["bot.db", "bot.db-wal"], [".bot.db.part"]])
async def test_begins(tmp_path: Path, left: list[str]) -> None:
    """A log without content, or an empty store, as a first start leaves them that is killed, hinder no start."""
    for name in left:
        (tmp_path / name).touch()
    await made(tmp_path / "bot.db")


async def test_damaged(tmp_path: Path) -> None:
    """A file that is no store any more is called damaged, and the way back is named."""
    path = tmp_path / "bot.db"
    await made(path)
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(StoreDamaged, match="`botkit restore` the last backup") as refused:
        await SqliteStore.open(path)
    assert "haz `botkit restore` de la última copia" in refused.value.told("es")
    assert isinstance(refused.value, UsageError)
