"""Numbered migrations: `migrations/NNN_name.sql`, each in a transaction of its own, counted in `user_version`."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from botkit.errors import UsageError

_FILE_NAME = re.compile(r"^(\d{3})_\w+\.sql$")


class Migration(NamedTuple):
    """One step of the schema: its number from 1, its file's name, its SQL."""

    number: int
    name: str
    sql: str


def load_migrations() -> list[Migration]:
    """Return the migrations that this version ships, in order; raises ValueError when a number is missing."""
    found = []
    for file in files("botkit.store").joinpath("migrations").iterdir():
        match = _FILE_NAME.match(file.name)
        if match:
            found.append(Migration(int(match[1]), file.name, file.read_text(encoding="utf-8")))
    found.sort()
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations are not numbered from 1 without gaps: {[step.name for step in found]}")
    return found


def migrate(db: sqlite3.Connection, migrations: Sequence[Migration]) -> list[str]:
    """Bring a database up to date and return the names applied; raises UsageError when it is newer than the code.

    A migration that fails is rolled back whole; those before it stay.
    """
    (current,) = db.execute("PRAGMA user_version").fetchone()
    if current > len(migrations):
        raise UsageError(
            f"this store has schema {current}, and this botkit knows schemas up to {len(migrations)}: "
            "use the botkit that made it, or a newer one",
            f"este almacén tiene el esquema {current}, y este botkit conoce hasta el {len(migrations)}: "
            "usa el botkit que lo hizo, o uno más nuevo",
        )
    pending = migrations[current:]
    for step in pending:
        _apply(db, step)
    return [step.name for step in pending]


def fill(db: sqlite3.Connection) -> None:
    """Make an empty database in memory a new store: a copy of one that was migrated once in this process."""
    db.deserialize(_new_store())


@cache
def _new_store() -> bytes:
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(db, load_migrations())
        return db.serialize()
    finally:
        db.close()


def _apply(db: sqlite3.Connection, step: Migration) -> None:
    try:
        db.executescript(f"BEGIN IMMEDIATE;\n{step.sql}\nPRAGMA user_version = {step.number};\nCOMMIT;")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
