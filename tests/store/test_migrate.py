"""Migrations: in order, each whole, each once, and never backwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from botkit.errors import UsageError
from botkit.store.migrate import Migration, fill, load_migrations, migrate

ONE = Migration(1, "001_one.sql", "CREATE TABLE one (id INTEGER);")
TWO = Migration(2, "002_two.sql", "CREATE TABLE two (id INTEGER); INSERT INTO one VALUES (2);")
BROKEN = Migration(2, "002_broken.sql", "CREATE TABLE two (id INTEGER); INSERT INTO nothing VALUES (1);")


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def _tables(db: sqlite3.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]


def test_in_order(db: sqlite3.Connection) -> None:
    """Migrations are applied in order and counted."""
    assert migrate(db, [ONE, TWO]) == ["001_one.sql", "002_two.sql"]
    assert _tables(db) == ["one", "two"]
    assert db.execute("PRAGMA user_version").fetchone() == (2,)


def test_once(db: sqlite3.Connection) -> None:
    """A second run applies nothing; a later one only what is new."""
    migrate(db, [ONE])
    assert migrate(db, [ONE]) == []
    assert migrate(db, [ONE, TWO]) == ["002_two.sql"]


def test_whole_or_not(db: sqlite3.Connection) -> None:
    """A migration that fails leaves no trace of itself and keeps those before it."""
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, [ONE, BROKEN])
    assert _tables(db) == ["one"]
    assert migrate(db, [ONE, TWO]) == ["002_two.sql"]


def test_newer(db: sqlite3.Connection) -> None:
    """A database of a newer botkit is refused, with both numbers."""
    db.execute("PRAGMA user_version = 7")
    with pytest.raises(UsageError, match=r"schema 7.*up to 1"):
        migrate(db, [ONE])


def test_journal_kept(db: sqlite3.Connection) -> None:
    """A journal that was written before it could be nobody's is kept as it is."""
    shipped = load_migrations()
    migrate(db, shipped[:2])
    row = ("c1", 7, 1, 3, 5.0, b"{}")
    db.execute("INSERT INTO conversation VALUES ('c1', 'wa', '591', 0, 0, '{}', 0, 0, NULL, NULL, 0, 0)")
    db.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", row)
    migrate(db, shipped)
    assert db.execute("SELECT * FROM journal").fetchall() == [row]


def test_shipped(db: sqlite3.Connection) -> None:
    """The migrations that come with botkit make a schema without dangling references."""
    migrate(db, load_migrations())
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert "conversation" in _tables(db)


def test_inbox_made_anew(db: sqlite3.Connection) -> None:
    """The inbox keeps its rows when its table is made anew, and gives no number twice, be it of a row long gone."""
    steps = load_migrations()
    migrate(db, steps[:1])
    columns = "channel, source, kind, event, status, due_at, received_at"
    row = f"INSERT INTO inbox ({columns}) VALUES ('wa', 'api', 'x', ?, ?, 1, 1)"
    db.executemany(row, [(b"1", "done"), (b"2", "dead"), (b"3", "done")])
    db.execute("DELETE FROM inbox WHERE id = 3")
    migrate(db, steps)
    assert db.execute("SELECT id, event, status FROM inbox").fetchall() == [(1, b"1", "done"), (2, b"2", "dead")]
    assert db.execute(row, (b"4", "done")).lastrowid == 4
    db.execute(row.replace("api", "outbox"), (b"5", "pending"))
    indexes = db.execute("SELECT count(*) FROM sqlite_schema WHERE tbl_name = 'inbox' AND type = 'index'").fetchone()
    assert indexes == (4,)


def test_who_waits_is_taken_over(db: sqlite3.Connection) -> None:
    """What an older version queued gets its turn: lanes in the order in which they were, the best class of each."""
    steps = load_migrations()
    migrate(db, steps[:4])
    conversation = "INSERT INTO conversation (id, channel, contact, state, created_at, updated_at)"
    db.executemany(f"{conversation} VALUES (?, 'wa', ?, '{{}}', 0, 0)", [("b", "1"), ("a", "2")])
    columns = "conversation_id, channel, lane, seq, rank, message, flow, step, status, created_at"
    rows = [("b", "talk", 1, 2, "pending", 5.0), ("a", "bulk", 1, 3, "pending", 6.0), ("b", "talk", 2, 1, "sent", 7.0)]
    db.executemany(f"INSERT INTO outbox ({columns}) VALUES (?, 'wa', ?, ?, ?, '{{}}', 'f', 's', ?, ?)", rows)
    migrate(db, steps)
    lanes = db.execute("SELECT conversation_id, lane, channel, rank, newest_at, turn FROM waiting ORDER BY turn")
    assert lanes.fetchall() == [("b", "talk", "wa", 2, 5.0, 1), ("a", "bulk", "wa", 3, 6.0, 2)]


def test_in_memory(db: sqlite3.Connection) -> None:
    """A store in memory is as the migrations leave one, empty, takes writes, and rolls them back."""
    fill(db)
    other = sqlite3.connect(":memory:", isolation_level=None)
    migrate(other, load_migrations())
    assert list(db.iterdump()) == list(other.iterdump())
    other.close()
    assert migrate(db, load_migrations()) == []
    before = list(db.iterdump())
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO meta (name, value) VALUES ('a', 'b')")
    db.execute("ROLLBACK")
    assert list(db.iterdump()) == before
