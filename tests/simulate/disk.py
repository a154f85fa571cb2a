"""The store of a simulation: the real one, on a file in memory, with a disk between the two that a plan breaks.

The writer's thread is replaced: what would run on it takes virtual time, happens somewhere within that time, and is
lost with the process that asked for it. So a process can end before a commit, or after it and before anybody knows.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from botkit.store.connection import begin_patiently
from botkit.store.migrate import load_migrations, migrate
from botkit.store.sqlite import SqliteStore
from botkit.store.writer import Writer

#: How long a real connection waits for a lock, in virtual seconds.
PATIENCE_S, LOOK_S = 5.0, 0.25
_SHARED = Path("/dev/shm")


class World(Protocol):
    """What a disk asks its world."""

    def later(self, seconds: float, then: Callable[[], None]) -> None:
        """Call back, whatever process lives then."""
        ...

    def disk_trouble(self, commits: bool) -> tuple[float, str]:
        """Return how long the next call takes, and what is wrong with it: nothing, `full`, `broken` or `unsure`."""
        ...


def refusal(kind: str) -> sqlite3.OperationalError:
    """Return what SQLite says of a full disk, or of one that fails."""
    error = sqlite3.OperationalError("database or disk is full" if kind == "full" else "disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL if kind == "full" else sqlite3.SQLITE_IOERR
    return error


class Disk:
    """What stands where the writer has its thread; `is_cut` once its process is dead."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._loop = asyncio.get_running_loop()
        self.is_cut = False

    def start(self) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""

    def do(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> asyncio.Future[Any]:
        """Return what the call gives, which happens after some time."""
        future: asyncio.Future[Any] = self._loop.create_future()
        patience_s = PATIENCE_S if function is begin_patiently else 0.0
        takes_s, trouble = self._world.disk_trouble(function.__name__ == "_commit")
        if function.__name__ == "_disconnect":
            trouble = ""  # SQLite's close tells of nothing

        def act(waited_s: float = 0.0) -> None:
            if self.is_cut:
                return
            value, error = None, None
            try:
                if trouble in ("full", "broken"):
                    raise refusal(trouble)
                value = function(*args, **kwargs)
                if trouble == "unsure":
                    raise refusal(trouble)
            except Exception as raised:
                error = raised
            if error is not None and waited_s < patience_s:
                self._world.later(LOOK_S, lambda: act(waited_s + LOOK_S))
            else:
                self._world.later(takes_s / 2, lambda: settle(value, error))

        def settle(value: Any, error: Exception | None) -> None:
            if self.is_cut or future.done():
                return
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        self._world.later(takes_s / 2, act)
        return future


class SimWriter(Writer):
    """The real writer over a disk of the simulation."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path, lambda db: None, busy_timeout_s=0.0)
        self._thread: Any = disk
        self._disk = disk

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way to the disk."""
        return bool(self._waiting) or self._db is None or self._db.in_transaction

    def cut(self) -> None:
        """Lose what is not committed, as a dead process does."""
        self._disk.is_cut, self._open = True, False
        self._disconnect()

    def read(self, statement: str) -> list[Any]:
        """Return what a statement finds now."""
        assert self._db is not None
        return self._db.execute(statement).fetchall()


async def open_store(path: Path, writer: SimWriter) -> SqliteStore:
    """Open the store; raises StoreUnavailable."""
    await writer.open()
    return SqliteStore(writer, None, path)


@cache
def _new_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        db = sqlite3.connect(path, isolation_level=None)
        migrate(db, load_migrations())
        db.close()
        return path.read_bytes()


class Folder:
    """A place in memory for one run's file."""

    def __enter__(self) -> Path:
        """Make it, with an empty store in it."""
        self._folder = tempfile.mkdtemp(prefix="botkit-sim-", dir=_SHARED if _SHARED.is_dir() else None)
        path = Path(self._folder) / "bot.db"
        path.write_bytes(_new_file())
        return path

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        shutil.rmtree(self._folder, ignore_errors=True)
