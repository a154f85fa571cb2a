"""What a store says of itself is what a backup of it would find."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from botkit.store.examine import examine
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import take


async def test_index(tmp_path: Path) -> None:
    """A store is not well of which an index and its rows are of two moments, though every page is."""
    file = tmp_path / "bot.db"
    store = await SqliteStore.open(file)
    await take(store)
    await store.close()
    assert examine(file)["check"] == "ok"
    [index] = _change(file, "SELECT * FROM sqlite_schema WHERE name = 'inbox_by_conversation'")
    _change(file, "DELETE FROM sqlite_schema WHERE name = 'inbox_by_conversation'")
    _change(file, "DELETE FROM inbox")
    _change(file, "INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", *index)
    assert "inbox_by_conversation" in examine(file)["check"]


def _change(file: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Return what a statement gave that may change the schema itself."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        return db.execute(statement, values).fetchall()
