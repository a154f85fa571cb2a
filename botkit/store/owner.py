"""Whose files a store's are, and why one that cannot be opened cannot: damage, or another user's file."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from botkit.errors import StoreDamaged, TryLater, UsageError
from botkit.rights import denied
from botkit.store.connection import code_of

#: What stands beside a store and is written with it; the folder comes last, which must let files be made.
_BESIDE = ("", ".lock", "-wal", "-shm")


def why_refused(path: Path, error: sqlite3.Error) -> UsageError:
    """Return what to say of a store that SQLite does not open."""
    if code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreDamaged(
            f"the store {path} is damaged ({error}): stop the bot, and `botkit restore` the last backup; the damaged"
            " file stays beside it",
            f"el almacén {path} está dañado ({error}): detén el bot y haz `botkit restore` de la última copia; el"
            " archivo dañado queda al lado",
            str(error),
        )
    told = f"cannot open {path}: {error}", f"no se puede abrir {path}: {error}"
    return forbidden(path) or TryLater(*told)


def forbidden(path: Path) -> UsageError | None:
    """Return which of a store's files this user may not write, and whose it is; None if that is not what refuses."""
    if path.parent.exists() and os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        return None  # the disk is what refuses
    return denied([*(path.with_name(path.name + end) for end in _BESIDE), path.parent])
