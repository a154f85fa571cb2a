"""A copy of a store, made while it is written to, and never half of one under its name.

The copy is of one moment: a read transaction is held while SQLite's backup goes on, so that what is committed meanwhile
neither gets into it nor makes it begin anew. (The log cannot be reset before that ends, so it grows by what is
written.) It is made under another name, checked, brought to the disk, and only then given the name that was asked for:
whoever is killed leaves `.NAME.part` behind, which the next backup takes over.

Steps are small and every one lets go of the interpreter lock, so an event loop beside it goes on.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from botkit.errors import UsageError
from botkit.ports import Copy
from botkit.store.queries import SQL

#: Pages copied in one step, 1 MB: half a millisecond or so.
PAGES = 256
#: Steps between two syncs: all at the end would hold up the bot's own commits, measured on 200 MB by half a second.
STEPS_A_SYNC = 8
#: Virtual machine steps of SQLite between two looks at whether the check is to go on.
STEPS = 100_000
#: Name of the fact that a copy holds: when it was made, in UTC seconds.
MADE_AT = "backup_at"
#: What stands beside a store under its name and more.
BESIDE = ("", "-wal", "-shm", "-journal", ".lock", ".sock")

GoesOn = Callable[[], bool]


class Interrupted(UsageError):
    """The process that made a backup stops; nothing was left under its name."""


def back_up(store: Path, file: Path, *, force: bool, now: float, goes_on: GoesOn = lambda: True) -> Copy:
    """Copy a store that this process owns to `file`; raises UsageError.

    `goes_on` is asked again and again; when it says no, the backup ends without a file.
    """
    begun = time.perf_counter()
    _refuse(store, file, force=force)
    with _writing(file), part_of(file) as part:
        copy_file(store, part, goes_on)
        rows, conversations = _finish(part, now, goes_on)
        _refuse(store, file, force=force)  # it may have come to be meanwhile
        size = part.stat().st_size
        place(part, file)
    return Copy(size, rows, conversations, time.perf_counter() - begun)


def copy_file(source: Path, part: Path, goes_on: GoesOn = lambda: True, *, mode: str = "rw") -> None:
    """Copy a SQLite file as it is at this moment into `part`, in steps; raises sqlite3.Error, Interrupted.

    `mode` is that of SQLite's file names; a log beside the file, in use or left behind, needs `rw`.
    """
    steps = count(1)

    def step(status: int, remaining: int, total: int) -> None:
        if not goes_on():
            raise _interrupted()
        if next(steps) % STEPS_A_SYNC == 0:
            _sync(part)

    target = f"{source.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(target, uri=True, isolation_level=None)) as db, closing(_fresh(part)) as copy:
        db.execute("PRAGMA query_only = ON")
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()  # from here on, one moment is read
        db.backup(copy, pages=PAGES, progress=step)


def check_copy(db: sqlite3.Connection, goes_on: GoesOn = lambda: True) -> None:
    """Raise UsageError for a file whose pages or rows contradict each other."""
    db.set_progress_handler(lambda: int(not goes_on()), STEPS)
    try:
        (found,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.OperationalError:
        if not goes_on():
            raise _interrupted() from None
        raise
    finally:
        db.set_progress_handler(None, 0)
    if found != "ok":
        raise UsageError(f"the copy is damaged: {found}", f"la copia está dañada: {found}")


def place(part: Path, file: Path) -> None:
    """Bring a finished file to the disk and give it its name, over whatever had it."""
    _sync(part)
    _sync(file.parent)  # a log that was taken away from there must not come back beside it when the power fails
    part.replace(file)
    _sync(file.parent)


@contextmanager
def part_of(file: Path) -> Iterator[Path]:
    """Yield where a file is made, empty and ours alone; nothing is left there when the block ends.

    Raises UsageError while another process makes the same file.
    """
    part = file.with_name(f".{file.name}.part")
    lock = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        if not _locked(lock) or not _is_named(lock, part):
            raise UsageError(
                f"{file} is being written by another command; wait for it",
                f"otro comando está escribiendo {file}; espera a que termine",
            )
        os.ftruncate(lock, 0)
        os.fchmod(lock, 0o600)  # it holds what people wrote
        try:
            yield part
        finally:
            if _is_named(lock, part):
                for end in ("-wal", "-shm", "-journal", ""):  # its own name last: with that gone another may begin
                    part.with_name(part.name + end).unlink(missing_ok=True)
    finally:
        os.close(lock)


def _locked(fd: int) -> bool:
    """Lock an open file; return False where another process has it locked."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_named(fd: int, name: Path) -> bool:
    """Return whether an open file still has that name; who finishes a file gives it another one, lock and all."""
    try:
        return os.path.samestat(os.fstat(fd), name.lstat())
    except FileNotFoundError:
        return False


def _refuse(store: Path, file: Path, *, force: bool) -> None:
    """Raise UsageError for a name that a backup may not have."""
    own = store.resolve()
    if file.resolve() in {own.with_name(own.name + end) for end in BESIDE}:
        raise UsageError(
            f"{file} belongs to the store itself; choose another name",
            f"{file} es del propio almacén; elige otro nombre",
        )
    if file.is_dir():
        raise UsageError(f"{file} is a directory; name a file", f"{file} es una carpeta; nombra un archivo")
    if not file.parent.is_dir():
        raise UsageError(f"there is no directory {file.parent}", f"no hay una carpeta {file.parent}")
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise UsageError(
            f"{file} is a link, a device or a pipe, and a backup is a file of its own; choose another name",
            f"{file} es un enlace, un dispositivo o una tubería, y una copia es un archivo propio; elige otro nombre",
        )
    if file.exists() and not force:
        raise UsageError(
            f"{file} exists; --force replaces it by the new one", f"{file} ya existe; --force lo cambia por el nuevo"
        )


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Turn what the disk refuses into a UsageError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"cannot make {file}: {why}", f"no se puede hacer {file}: {why}") from error


def _fresh(part: Path) -> sqlite3.Connection:
    """Return a connection to a file that nobody else reads and whose half is thrown away: it keeps no journal."""
    copy = sqlite3.connect(part, isolation_level=None)
    copy.execute("PRAGMA journal_mode = OFF")
    copy.execute("PRAGMA synchronous = OFF")
    return copy


def _finish(part: Path, now: float, goes_on: GoesOn) -> tuple[int, int]:
    """Check a copy, note when it was made, and make one file of it; return its rows and its conversations."""
    with closing(sqlite3.connect(part, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")  # the store's is a log beside it, which a single file cannot have
        check_copy(db, goes_on)
        db.execute(SQL["set_meta"], (MADE_AT, repr(now)))
        tables = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        counts = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    return sum(counts.values()), counts["conversation"]


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _interrupted() -> Interrupted:
    return Interrupted("the bot stops; no backup was made", "el bot se detiene; no se hizo la copia")
