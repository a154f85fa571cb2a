"""Rows that the operations of a batch add or move, kept until its end and written together on the writer's thread.

Most of what an event costs the store are rows whose values are all known beforehand. One statement for the rows of a
whole batch lets go of the interpreter lock once, so it runs beside the event loop and not on it (`writer.py` says why
operations run on the loop). Measured on the webhook path: an eighth of the loop's CPU.

What an operation leaves here no statement of the batch sees. So an operation says that it knows that (`defers`), and
before any other one the rows are written. An inbox row that is not to be moved is found out only then: the batch is
undone and its calls run one by one, so that each learns how it ended.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from botkit.errors import StaleLeg
from botkit.store.queries import SQL

Row = tuple[Any, ...]
#: Channel, kind, the gateway's id and discriminator of an event.
Identity = tuple[str, str, str, str]
Operation = TypeVar("Operation", bound=Callable[..., Any])

#: Rows of one statement at most: every count has a statement of its own, and all are kept prepared.
ROWS = 64

_ADD_INBOX, _MARK_SEEN, _ADD_OUTBOX = SQL["add_inbox"], SQL["mark_seen"], SQL["add_outbox"]
_ADD_JOURNAL, _MOVE_INBOX = SQL["add_journal"], SQL["move_inbox"]
_ROW = re.compile(r"VALUES (\([^()]*\))")


def defers(operation: Operation) -> Operation:
    """Mark an operation that reads nothing of what is added later but by asking for it here."""
    operation.defers = True  # type: ignore[attr-defined]
    return operation


class Later:
    """The rows of one batch, by the statement that inserts one."""

    __slots__ = ("_inbox_id", "_rows", "_seen")

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._seen: set[Identity] = set()
        self._inbox_id: int | None = None
        self.forget()

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def forget(self) -> None:
        """Let go of what was added: it is inserted, or its batch is undone."""
        # In the order in which they are written.
        self._rows = {_ADD_INBOX: [], _MARK_SEEN: [], _MOVE_INBOX: [], _ADD_OUTBOX: [], _ADD_JOURNAL: []}
        self._seen.clear()
        self._inbox_id = None

    def add_inbox(self, db: sqlite3.Connection, row: Row) -> int:
        """Add an inbox row, given without its id; return the id that it will have."""
        if self._inbox_id is None:
            self._inbox_id = db.execute(SQL["last_inbox_id"]).fetchone()[0]
        self._inbox_id += 1
        self._rows[_ADD_INBOX].append((self._inbox_id, *row))
        return self._inbox_id

    def mark_seen(self, identity: Identity, row: Row) -> None:
        """Remember an event."""
        self._seen.add(identity)
        self._rows[_MARK_SEEN].append((*identity, *row))

    def has_seen(self, identity: Identity) -> bool:
        """Tell whether an event is among those to remember."""
        return identity in self._seen

    def add_outbox(self, row: Row) -> None:
        """Queue one bubble."""
        self._rows[_ADD_OUTBOX].append(row)

    def add_journal(self, row: Row) -> None:
        """Journal a leg."""
        self._rows[_ADD_JOURNAL].append(row)

    def move_inbox(self, row: Row) -> None:
        """Count a leg on an inbox row: its id, status, legs and when it was closed."""
        self._rows[_MOVE_INBOX].append(row)

    def insert(self, db: sqlite3.Connection) -> None:
        """Write what is kept. Where a row is refused, all of the batch has to be undone.

        Raises StaleLeg when an inbox row is not to be moved.
        """
        if not len(self):
            return
        for statement, rows in self._rows.items():
            for first in range(0, len(rows), ROWS):
                part = rows[first : first + ROWS]
                done = db.execute(_for_rows(statement, len(part)), tuple(chain.from_iterable(part)))
                if statement is _MOVE_INBOX and done.rowcount != len(part):
                    raise StaleLeg(f"a leg of event {part[0][0]} was applied before, or is not yet its turn")
        self.forget()


@cache
def _for_rows(statement: str, count: int) -> str:
    """Return a statement with VALUES of one row as one with so many."""
    return _ROW.sub(lambda found: "VALUES " + ", ".join([found[1]] * count), statement)


class Connection(sqlite3.Connection):
    """A connection, with the rows that its batch adds at the end."""

    later: Later
