"""One process owns a SQLite file, by an advisory lock on `<file>.lock` that the kernel drops when it dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from botkit import forked
from botkit.errors import StoreOwned, refused_by_system
from botkit.rights import hand_over
from botkit.store.owner import forbidden


class FileLock:
    """Ownership of a SQLite file, from construction to `release`.

    The lock file holds the owner's pid and stays behind: deleting it would let two processes lock two files.
    """

    def __init__(self, database: Path) -> None:
        """Take the lock; raises StoreOwned when another process has it, UsageError when it cannot be made."""
        # A symlink and its target are one database, so they share one lock.
        resolved = database.resolve()
        self.path = resolved.with_name(resolved.name + ".lock")
        try:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise forbidden(database) or refused_by_system(
                error,
                f"cannot write {self.path}: {error.strerror}; create its directory or allow it",
                f"no se puede escribir {self.path}: {error.strerror}; crea su carpeta o da permiso",
            ) from error
        hand_over(self.path, (resolved if resolved.exists() else resolved.parent).stat())
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(self._fd, 32, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise StoreOwned(*_explain(database, owner)) from None
        forked.keep(self._fd)
        os.ftruncate(self._fd, 0)
        with suppress(OSError):  # a full disk: whose it is, is only told
            os.pwrite(self._fd, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Give the lock back; once more does nothing."""
        if self._fd >= 0:
            forked.let_go(self._fd)
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = -1


def _explain(database: Path, owner: str) -> tuple[str, str]:
    """Return who has the store and what to do, in English and in Spanish."""
    process = f"process {owner}" if owner else "another process"
    proceso = f"el proceso {owner}" if owner else "otro proceso"
    return (
        f"{database} is in use by {process}. Stop it first, or give this one another file; "
        f"commands that need live data ask the running process.",
        f"{database} está en uso por {proceso}. Detenlo antes, o dale a este otro archivo; "
        f"los comandos que necesitan datos vivos le preguntan al proceso que corre.",
    )
