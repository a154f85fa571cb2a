"""Whose files a store's are, and why one is not opened: damage, another user's file, or one that is gone."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from botkit.errors import StoreDamaged, TryLater, UsageError
from botkit.rights import denied
from botkit.store.connection import code_of

#: What stands beside a store and is written with it; the folder comes last, which must let files be made.
_BESIDE = ("", ".lock", "-wal", "-shm")
#: What a store that is gone leaves beside its place: what it last took, and half of a restore that was killed.
_LEFT = ("{}-wal", ".{}.part")


def why_not_begun(path: Path) -> UsageError | None:
    """Return what to say of a store that is gone or was emptied, not closed; None for one that is there or never was.

    SQLite would begin an empty one, and delete the log. Who begins one writes its first page before there is a log,
    so a first start that is killed leaves no log without a store.
    """
    store = path.resolve()
    if store.exists() and store.stat().st_size:
        return None
    for left in (store.with_name(name.format(store.name)) for name in _LEFT):
        if left.exists() and left.stat().st_size:
            return UsageError(
                f"the store {path} is gone or empty, and {left} is still there: put the file back, or `botkit restore`"
                f" a backup; to begin anew, delete {left} too",
                f"el almacén {path} ya no está o está vacío, y {left} sigue ahí: devuelve el archivo a su lugar, o haz"
                f" `botkit restore` de una copia; para empezar de cero, borra también {left}",
            )
    return None


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
