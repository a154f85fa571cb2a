"""The statements of queries.sql: named once, valid, used, and on an index where it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files

import pytest

from botkit.store.migrate import load_migrations, migrate
from botkit.store.queries import SQL, parse_queries

#: statements that may walk a whole table or an index of live rows: reading for people, and at a restart
WALKS = {
    *("upcoming_inbox", "list_outbox", "count_rows", "count_results", "list_handoffs"),
    *("waiting_everywhere", "in_air"),
    # with no process running
    *("count_under_way", "drop_all_rows", "drop_all_requests", "land_all", "skip_numbers", "know_keys", "hold_keys"),
    "newest_event",
    # once when the clock was set back
    "move_timers",
    # beside the writer
    *("seen_of", "old_events", "old_letters", "old_messages", "old_results", "old_marks", "old_ledger"),
    *("list_definitions", "list_letters", "ground_ledger", "ground_rows", "ground_requests"),
}


@pytest.fixture
def schema() -> Iterator[sqlite3.Connection]:
    """An empty database with the current schema."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, load_migrations())
    yield db
    db.close()


@pytest.mark.parametrize("name", SQL)
def test_plan(schema: sqlite3.Connection, name: str) -> None:
    """Each statement is valid against the schema, and finds its rows by an index."""
    values = (None,) * SQL[name].count("?")
    plan = [row[3] for row in schema.execute(f"EXPLAIN QUERY PLAN {SQL[name]}", values)]
    given = ("SCAN CONSTANT ROW", "SCAN moved", "SCAN added")  # the values of a statement itself
    walks = [
        step
        for step in plan
        if step.startswith("SCAN ") and step not in given and not step.startswith("SCAN (subquery-")
    ]
    assert name in WALKS or walks == []


@pytest.mark.parametrize("name", ["due_inbox", "next_lanes", "head_of_lane"])
def test_plan_unsorted(schema: sqlite3.Connection, name: str) -> None:
    """What is asked for again and again comes off its index in order, without sorting."""
    values = (None,) * SQL[name].count("?")
    plan = [row[3] for row in schema.execute(f"EXPLAIN QUERY PLAN {SQL[name]}", values)]
    assert not any("TEMP B-TREE" in step for step in plan)


@pytest.mark.parametrize("name", SQL)
def test_used(name: str) -> None:
    """No statement is kept that nothing runs."""
    sources = [file.read_text() for file in files("botkit.store").iterdir() if file.name.endswith(".py")]
    assert any(f'SQL["{name}"]' in source for source in sources)


def test_parse_strips() -> None:
    """A statement loses its sentence and its line breaks."""
    assert parse_queries("-- name: one\n-- A sentence.\nSELECT 1,\n  2;\n\n-- name: two\nSELECT 3;\n") == {
        "one": "SELECT 1, 2;",
        "two": "SELECT 3;",
    }


def test_parse_twice() -> None:
    """A name used twice is refused."""
    with pytest.raises(ValueError, match="one"):
        parse_queries("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;\n")
