"""Whose a file is: what is said where a user may not write it, and that root leaves nothing of its own behind."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shlex import join

from botkit.errors import UsageError


def hand_over(file: Path, like: os.stat_result) -> None:
    """Give a file that a command has made to the owner and group in `like`; only root can, and need not be told."""
    if (os.geteuid(), os.getegid()) != (like.st_uid, like.st_gid):
        with suppress(PermissionError):
            os.chown(file, like.st_uid, like.st_gid)


def denied(files: Sequence[Path]) -> UsageError | None:
    """Return which of some files and folders this user may not write, and whose; None where it may all that exist."""
    found = [file for file in files if file.exists()]
    wrong = [file for file in found if not os.access(file, os.W_OK | (os.X_OK if file.is_dir() else os.R_OK))]
    if not wrong:
        return None
    file, user, owner = wrong[0], user_name(), owner_of(wrong[0])
    chown = join(["chown", user, *map(str, wrong)])
    return UsageError(
        f"user {user} cannot write {file}, which is {owner}'s: `{chown}`, or run the command as {owner}",
        f"el usuario {user} no puede escribir {file}, que es de {owner}: `{chown}`, o usa el comando como {owner}",
    )


def user_name() -> str:
    """Return the name of the user that this process runs as."""
    return _name(os.geteuid())


def owner_of(file: Path) -> str:
    """Return the name of a file's owner."""
    return _name(file.stat().st_uid)


def root_for(folder: Path) -> str | None:
    """Return the owner of a folder in which this process works as root, and which is another user's; else None."""
    if os.geteuid() != 0 or not folder.exists() or folder.stat().st_uid == 0:
        return None
    return owner_of(folder)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
