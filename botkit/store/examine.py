"""What a store says of itself to who looks after it; read beside the writer, which goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from botkit.ports import CLOCK_KNOWN
from botkit.store.migrate import load_migrations
from botkit.store.queries import SQL


def examine(file: Path) -> dict[str, Any]:
    """Return check (`ok` or what is wrong), schema, knows (this botkit's), size, log (bytes), newest and known.

    These two are when the last event came and, where the clock is in doubt, what it said before, in UTC seconds; else
    None. Raises sqlite3.Error. It may take seconds (10 ms a MB): every page is read, and every row looked for in its
    indexes, as a backup does; the log of another store that was taken in shows only there.
    """
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as db:
        db.execute("PRAGMA query_only = ON")
        (check,) = db.execute("PRAGMA integrity_check(1)").fetchone()
        (schema,) = db.execute("PRAGMA user_version").fetchone()
        newest = db.execute(SQL["newest_event"]).fetchone() if check == "ok" else None
        known = db.execute(SQL["get_meta"], (CLOCK_KNOWN,)).fetchone() if check == "ok" else None
    log = file.with_name(file.name + "-wal")
    return {
        "check": check,
        "schema": schema,
        "knows": len(load_migrations()),
        "size": file.stat().st_size,
        "log": log.stat().st_size if log.exists() else 0,
        "newest": newest[1] if newest else None,
        "known": _doubted(known[0]) if known else None,
    }


def _doubted(text: str) -> float | None:
    at, doubted_s = orjson.loads(text)
    return None if doubted_s is None else float(at)
