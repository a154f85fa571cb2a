"""A store brought back from a backup: what it means, and that the present one stays.

What came after the backup is gone from the store, not from the world: people have read it. So what waited to be sent
when the backup was made may have been sent since, and nobody here knows; whoever restores says whether it goes out now
or is dropped, where `botkit outbox` still has it. Events that waited for their turn have it, at least once more, as
promised; timers that fell due meanwhile fire. Numbers of events are never given again: a service that was called for
one of the lost ones would take a new one for a repetition. And what was sent last, before the store was changed, is
in no ledger: each key is held for one period.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from botkit.errors import StoreOwned, UsageError
from botkit.ports import RESTORED
from botkit.rights import hand_over
from botkit.store.backup import MADE_AT, check_copy, copy_file, part_of, place
from botkit.store.connection import connect
from botkit.store.lock import FileLock
from botkit.store.migrate import load_migrations
from botkit.store.queries import SQL

#: Numbers that are left out: more events than any store took since a backup that is worth having.
SKIPPED = 10_000_000
#: What ends the name of a store that was put aside: when, as a pattern of file names.
_STAMP = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
#: Why a message that waited in a backup is not sent.
DROPPED = "it waited in a backup that was restored; it may have been sent since"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that can be restored: a checked copy of it beside the store, and what was under way when it was made.

    `made_at` is UTC seconds, None where the file does not say. `messages` waited to be sent, or for a clear answer;
    `events` waited for their turn.
    """

    store: Path
    copy: Path
    made_at: float | None
    conversations: int
    messages: int
    events: int

    def restore(self, stamp: str, now: float, *, sends: bool) -> Path | None:
        """Put the copy in the store's place; return where the present store stands now, None if there was none.

        Of one that is gone it is where its log stands now. `stamp` ends that one's name. What waited to be sent is sent
        only with `sends`. Raises UsageError, StoreOwned while another process has the store.
        """
        with _owned(self.store):
            return self._restore(stamp, now, sends=sends)

    def _restore(self, stamp: str, now: float, *, sends: bool) -> Path | None:
        with closing(sqlite3.connect(self.copy, isolation_level=None)) as db:
            db.execute("BEGIN")
            _settle(db, now, sends=sends)
            db.execute("COMMIT")
        _own(self.copy, self.store)
        kept = (_put_aside if self.store.exists() else _put_log_aside)(self.store, stamp)
        place(self.copy, self.store)
        return kept


@contextmanager
def opened_backup(file: Path, store: Path) -> Iterator[Backup]:
    """Yield a backup to put in a store's place.

    Nobody owns the store meanwhile: a person may be asked, and a bot starts all the same. Raises StoreOwned while
    another process has the store, UsageError for a file that is no backup of one.
    """
    if not file.is_file():
        raise UsageError(f"there is no file {file}", f"no hay un archivo {file}")
    if file.resolve() == store.resolve():
        raise UsageError(f"{file} is the store itself", f"{file} es el propio almacén")
    with _owned(store):  # before a large file is read
        pass
    with _reading(file), part_of(store.resolve()) as part:
        copy_file(file, part, mode="rw" if file.with_name(file.name + "-wal").exists() else "ro&immutable=1")
        yield _looked_at(store.resolve(), part)


@contextmanager
def _owned(store: Path) -> Iterator[None]:
    """Own a store that has one name; raises StoreOwned."""
    lock = FileLock(store)
    try:
        drop_second_names(store.resolve())
        yield
    finally:
        lock.release()


def _looked_at(store: Path, part: Path) -> Backup:
    with closing(sqlite3.connect(part, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        check_copy(db)
        _check_schema(db)
        made_at = db.execute(SQL["get_meta"], (MADE_AT,)).fetchone()
        messages, events, conversations = db.execute(SQL["count_under_way"]).fetchone()
    return Backup(store, part, float(made_at[0]) if made_at else None, conversations, messages, events)


def _check_schema(db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(load_migrations()):
        raise UsageError(
            f"it has schema {version}, and this botkit knows schemas up to {len(load_migrations())}: "
            "use the botkit that made it, or a newer one",
            f"tiene el esquema {version}, y este botkit conoce hasta el {len(load_migrations())}: "
            "usa el botkit que lo hizo, o uno más nuevo",
        )
    if not version or not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'conversation'").fetchone():
        raise UsageError("it is no store of botkit's", "no es un almacén de botkit")


def _settle(db: sqlite3.Connection, now: float, *, sends: bool) -> None:
    """Make of a copy the store that goes on from it."""
    if not sends:
        db.execute(SQL["drop_all_rows"], (DROPPED, now))
        db.execute(SQL["drop_all_requests"], (DROPPED,))
        db.execute(SQL["land_all"], (now,))
    db.execute(SQL["skip_numbers"], (SKIPPED,))
    db.execute(SQL["know_keys"], (now,))
    db.execute(SQL["hold_keys"], (now, RESTORED, RESTORED, now))


def _own(copy: Path, store: Path) -> None:
    """Give a copy the owner and the mode of the store whose place it takes; of none, the folder's owner."""
    if not store.exists():
        hand_over(copy, store.parent.stat())
        return
    told = store.stat()
    hand_over(copy, told)
    copy.chmod(stat.S_IMODE(told.st_mode))


def drop_second_names(store: Path) -> None:
    """Take away the names that a restore gave the present store which was killed before it was another one's.

    Who opens a store by two names has two logs for one file, and damages it. The caller owns the store.
    """
    for end in ("", "-wal"):
        file = store.with_name(store.name + end)
        if file.exists() and file.stat().st_nlink > 1:
            for name in store.parent.glob(f"{escape(store.name)}.{_STAMP}{end}"):
                if name.samefile(file):
                    name.unlink()


def _put_aside(store: Path, stamp: str) -> Path:
    """Give the present store a second name, which is all that it has soon; return it."""
    aside, log = store.with_name(f"{store.name}.{stamp}"), store.with_name(f"{store.name}-wal")
    kept_log = aside.with_name(f"{aside.name}-wal")
    _link(store, aside)
    if log.exists():
        _link(log, kept_log)
    with suppress(sqlite3.Error), closing(connect(store, create=False)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that it is one file; a damaged one stays as it is
    if kept_log.exists() and not kept_log.stat().st_size:
        kept_log.unlink()
    _drop_logs(store)
    return aside


def _put_log_aside(store: Path, stamp: str) -> Path | None:
    """Give the log of a store that is gone another name, lest it is replayed into the next one; return that name.

    Who is killed from here on leaves a copy that no bot starts beside (`owner.why_not_begun`).
    """
    log, kept_log = store.with_name(f"{store.name}-wal"), store.with_name(f"{store.name}.{stamp}-wal")
    is_kept = log.exists() and log.stat().st_size > 0
    if is_kept:
        _link(log, kept_log)
    _drop_logs(store)
    return kept_log if is_kept else None


def _drop_logs(store: Path) -> None:
    for end in ("-wal", "-shm", "-journal"):
        store.with_name(store.name + end).unlink(missing_ok=True)


def _link(file: Path, name: Path) -> None:
    """Give a file a second name; where the disk knows no such thing, a copy."""
    try:
        os.link(file, name)
    except FileExistsError:
        raise UsageError(f"{name} exists; try again in a second", f"{name} ya existe; prueba en un segundo") from None
    except OSError:
        shutil.copy2(file, name)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Say of what goes wrong which file it is about."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"cannot restore {file}: {why}", f"no se puede restaurar {file}: {why}") from error
    except StoreOwned:
        raise
    except UsageError as error:
        en, es = str(error), error.told("es")
        raise UsageError(f"cannot restore {file}: {en}", f"no se puede restaurar {file}: {es}") from error
