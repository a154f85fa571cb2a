"""Whose files a store's are, and why one that cannot be opened cannot: damage, or another user's file."""

from __future__ import annotations

import os
import pwd
import sqlite3
from contextlib import suppress
from pathlib import Path

from botkit.errors import StoreDamaged, TryLater, UsageError
from botkit.store.connection import code_of

#: What stands beside a store and is written with it; the folder comes last, which must let files be made.
_BESIDE = ("", ".lock", "-wal", "-shm")


def hand_over(file: Path, like: os.stat_result) -> None:
    """Give a file that a command has made to the owner and group in `like`; only root can, and need not be told."""
    if (os.geteuid(), os.getegid()) != (like.st_uid, like.st_gid):
        with suppress(PermissionError):
            os.chown(file, like.st_uid, like.st_gid)


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
    files = [file for end in _BESIDE if (file := path.with_name(path.name + end)).exists()]
    wrong = [file for file in files if not os.access(file, os.R_OK | os.W_OK)]
    if path.parent.exists() and not os.access(path.parent, os.W_OK | os.X_OK):
        wrong.append(path.parent)
    if not wrong:
        return None
    file, user = wrong[0], _name(os.geteuid())
    owner = _name(file.stat().st_uid)
    return UsageError(
        f"user {user} cannot write {file}, which is {owner}'s: `chown {user} {file}`, or run the command as {owner}",
        f"el usuario {user} no puede escribir {file}, que es de {owner}: `chown {user} {file}`, o usa el comando como"
        f" {owner}",
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
