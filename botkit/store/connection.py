"""The writer's connection: how it is opened, how it waits for a lock, and what its errors mean."""

from __future__ import annotations

import sqlite3
from errno import EACCES, EAGAIN, EDQUOT, EMFILE, ENFILE, ENOENT, ENOMEM, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import Any

from botkit.errors import StoreReason, StoreUnavailable
from botkit.rights import hand_over
from botkit.store.later import Connection, Later

#: how long a commit waits for a lock that another process holds
BUSY_TIMEOUT_S = 5.0
#: pages in the log before it is moved into the file: a page that many commits touch is then moved once (32 MB at most)
CHECKPOINT_PAGES = 2000
#: pages of the file kept in memory
CACHE_KB = 8192
#: prepared statements that are kept: more than queries.sql holds, and those of `later.py` for every count of rows
STATEMENTS = 512
#: SQLite's primary result codes that say "not now": nothing is wrong with the statement
REFUSALS = {
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
#: result code -> why nothing can be stored; any other one is a disk that fails
_REASONS: dict[int, StoreReason] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "unopened",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_NOMEM: "resources",
}
#: the same of what the system says
_REASONS_OF_SYSTEM: dict[int, StoreReason] = {
    **dict.fromkeys((ENOSPC, EDQUOT), "full"),
    **dict.fromkeys((EROFS, EACCES, EPERM), "read_only"),
    **dict.fromkeys((ENOENT, ENOTDIR), "unopened"),
    **dict.fromkeys((EAGAIN, EMFILE, ENFILE, ENOMEM), "resources"),
}
#: those after which the connection is opened anew
BROKEN = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}


def connect(path: Path | None, *, create: bool = True) -> Connection:
    """Return a connection that commits durably; `path` None is a database in memory."""
    if path is not None and create and not path.exists():
        path.touch(mode=0o600)  # it holds what people wrote; SQLite's own files beside it take after it
        hand_over(path, path.parent.stat())  # whoever runs the bot for the first time
    target = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}" if path else ":memory:"
    # The pump sees to it that loop and thread use it in turn.
    options: dict[str, Any] = {"isolation_level": None, "cached_statements": STATEMENTS, "check_same_thread": False}
    db = sqlite3.connect(target, uri=True, factory=Connection, **options)
    db.later = Later()
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        # Measured: within the noise of the group commit.
        db.execute("PRAGMA foreign_keys = ON")
        # What is erased must not stay in free pages. Debian's SQLite does it unasked, so bench.store has its price.
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def be_patient(db: sqlite3.Connection, seconds: float) -> None:
    """Set how long a statement waits for a lock that another process holds."""
    db.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def begin_patiently(db: sqlite3.Connection, seconds: float) -> None:
    """Open a transaction, waiting so long for a lock that another process holds."""
    be_patient(db, seconds)
    try:
        db.execute("BEGIN IMMEDIATE")
    finally:
        be_patient(db, 0.0)


def code_of(error: Exception) -> int:
    """Return SQLite's primary result code of an error; SQLITE_OK for an error that is not SQLite's."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)) & 0xFF


def refusal_of(error: Exception) -> Exception:
    """Return StoreUnavailable for an error that says "not now", as the system's do, else the error itself."""
    if code_of(error) not in REFUSALS and not isinstance(error, OSError):
        return error
    refusal = StoreUnavailable(f"the store refuses work: {error}", _reason_of(error))
    refusal.__cause__ = error
    return refusal


def _reason_of(error: Exception) -> StoreReason:
    if isinstance(error, OSError):
        return _REASONS_OF_SYSTEM.get(error.errno or 0, "io")
    return _REASONS.get(code_of(error), "io")
