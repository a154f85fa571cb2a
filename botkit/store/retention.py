"""Erasing by age in the SQLite store: which rows are too old, and what goes with them.

Rows are looked for without an index, beside the writer: there is one for whatever is read all the time, and each would
cost every event. They are erased by their keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from botkit.ports import Expiring, Newest
from botkit.store.queries import SQL
from botkit.store.writer import Writer

#: What is erased -> how the keys of rows that are too old are found.
_FOUND: Mapping[Expiring, str] = MappingProxyType(
    {
        "journal": SQL["old_events"],
        "dead": SQL["old_letters"],
        "messages": SQL["old_messages"],
        "results": SQL["old_results"],
        "seen": SQL["old_marks"],
        "ledger": SQL["old_ledger"],
    }
)
#: What is erased -> the statements that erase one, in order, and the parts of its key that each takes.
_ERASED: Mapping[Expiring, Sequence[tuple[str, slice]]] = MappingProxyType(
    {
        "journal": ((SQL["erase_legs"], slice(1)), (SQL["erase_event"], slice(1))),
        "dead": ((SQL["erase_legs"], slice(1)), (SQL["erase_event"], slice(1))),
        "messages": ((SQL["erase_message"], slice(1)), (SQL["erase_bare_request"], slice(1, 2))),
        "results": ((SQL["erase_result"], slice(1)),),
        "seen": ((SQL["drop_seen"], slice(4)), (SQL["drop_mark"], slice(4, 5))),
        "ledger": ((SQL["erase_ledger"], slice(1)),),
    }
)


class SqliteRetention:
    """The RetentionStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def expired(self, what: Expiring, before: float, limit: int) -> list[tuple[Any, ...]]:
        """Return the keys of some rows that are older."""
        return await self._writer.run_beside(_expired, what, before, limit)

    async def erase(self, what: Expiring, rows: Sequence[tuple[Any, ...]]) -> None:
        """Erase rows by their keys, with what belongs to them."""
        await self._writer.run(_erase, what, rows)

    async def newest_event(self) -> Newest | None:
        """Return the last event; None where there is none."""
        found = await self._writer.run_aside(_rows, SQL["newest_event"], ())
        return Newest(*found[0]) if found else None

    async def gateway_times(self, after: int) -> list[float]:
        """Return when some of the newest events behind `after` were, by their gateway's clock."""
        return [at for (at,) in await self._writer.run_aside(_rows, SQL["gateway_times"], (after,))]


def _rows(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return db.execute(statement, values).fetchall()


def _expired(db: sqlite3.Connection, what: Expiring, before: float, limit: int) -> list[tuple[Any, ...]]:
    statement = _FOUND[what]
    return db.execute(statement, (before,) * (statement.count("?") - 1) + (limit,)).fetchall()


def _erase(db: sqlite3.Connection, what: Expiring, rows: Sequence[tuple[Any, ...]]) -> None:
    for statement, part in _ERASED[what]:
        db.executemany(statement, [row[part] for row in rows])
