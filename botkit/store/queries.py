"""SQL by name: each statement of queries.sql under its `-- name:` header."""

from __future__ import annotations

import re
import sqlite3
from importlib.resources import files
from typing import Any

import orjson

#: Columns that hold JSON.
_JSON = frozenset({"state", "message", "row", "event", "entry"})
_HEADER = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def parse_queries(text: str) -> dict[str, str]:
    """Return name -> statement, without comments and on one line; raises ValueError for a name used twice."""
    parts = _HEADER.split(text)
    found: dict[str, str] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in found:
            raise ValueError(f"two statements are named {name}")
        lines = (line.strip() for line in body.splitlines())
        found[name] = " ".join(line for line in lines if line and not line.startswith("--"))
    return found


#: name -> statement; the driver caches prepared statements by these very strings.
SQL = parse_queries(files("botkit.store").joinpath("queries.sql").read_text(encoding="utf-8"))


#: The id of a row that gets the next one.
NEXT_ID = None


def insert(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> int:
    """Run an INSERT of one row and return the row's id."""
    row_id = db.execute(statement, values).lastrowid
    assert row_id is not None
    return row_id


def read_rows(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return what a SELECT finds as mappings of JSON types."""
    cursor = db.execute(statement, values)
    names = [column[0] for column in cursor.description or ()]
    return [
        {name: orjson.loads(value) if name in _JSON else value for name, value in zip(names, row, strict=True)}
        for row in cursor
    ]
