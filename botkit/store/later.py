"""Rows that the operations of a batch add or move, kept until its end and written together on the writer's thread.

Most of what an event costs the store are rows whose values are all known beforehand. One statement for the rows of a
whole batch lets go of the interpreter lock once, so it runs beside the event loop and not on it (`writer.py` says why
operations run on the loop). Measured on the webhook path: an eighth of the loop's CPU.

What an operation leaves here no statement of the batch sees. So an operation says that it knows that (`defers`), and
before any other one the rows are written. That a leg is stale is found out only then: the batch is undone and its calls
run one by one, so that each learns how it ended.
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

_ADD_INBOX, _MARK_SEEN = SQL["add_inbox"], SQL["mark_seen"]
_MOVE_CONVERSATION, _MOVE_INBOX = SQL["move_conversation"], SQL["move_inbox"]
_ADD_OUTBOX, _ADD_MUTED, _ADD_JOURNAL = SQL["add_outbox"], SQL["add_muted"], SQL["add_journal"]
#: In the order in which they are written: outbox rows take the numbers that their conversation has reserved.
_ORDER = (_ADD_INBOX, _MARK_SEEN, _MOVE_CONVERSATION, _MOVE_INBOX, _ADD_OUTBOX, _ADD_MUTED, _ADD_JOURNAL)
#: What is stale unless each of its rows is changed.
_MOVES = {
    _MOVE_CONVERSATION: "is no longer at the version and epoch that the leg began with",
    _MOVE_INBOX: "has this leg already, or it is not yet its turn",
}
_ROW = re.compile(r"VALUES (\([^()]*\))")


def defers(operation: Operation) -> Operation:
    """Mark an operation that reads nothing of what is added later but by asking for it here."""
    operation.defers = True  # type: ignore[attr-defined]
    return operation


class Later:
    """The rows of one batch, by the statement that inserts one."""

    __slots__ = ("_inbox_id", "_moving", "_rows", "_seen", "count")

    def __init__(self) -> None:
        #: How many rows wait.
        self.count = 0
        self._rows: dict[str, list[Row]] = {}
        self._seen: set[Identity] = set()
        self._moving: set[str] = set()
        self._inbox_id: int | None = None
        self.forget()

    def forget(self) -> None:
        """Let go of what was added: it is written, or its batch is undone."""
        self.count = 0
        self._rows = {statement: [] for statement in _ORDER}
        self._seen.clear()
        self._moving.clear()
        self._inbox_id = None

    def _add(self, statement: str, row: Row) -> None:
        self.count += 1
        self._rows[statement].append(row)

    def add_inbox(self, db: sqlite3.Connection, row: Row) -> int:
        """Add an inbox row, given without its id; return the id that it will have."""
        if self._inbox_id is None:
            self._inbox_id = db.execute(SQL["last_inbox_id"]).fetchone()[0]
        self._inbox_id += 1
        self._add(_ADD_INBOX, (self._inbox_id, *row))
        return self._inbox_id

    def mark_seen(self, identity: Identity, row: Row) -> None:
        """Remember an event."""
        self._seen.add(identity)
        self._add(_MARK_SEEN, (*identity, *row))

    def has_seen(self, identity: Identity) -> bool:
        """Tell whether an event is among those to remember."""
        return identity in self._seen

    def move(self, conversation: Row, inbox: Row) -> None:
        """Move a conversation and the inbox row of its leg on; their values are those of the two statements."""
        self._moving.add(conversation[0])
        self._add(_MOVE_CONVERSATION, conversation)
        self._add(_MOVE_INBOX, inbox)

    def is_moving(self, conversation_id: str) -> bool:
        """Tell whether a conversation is among those that are moved on."""
        return conversation_id in self._moving

    def add_outbox(self, row: Row) -> None:
        """Queue one bubble of a leg that moves its conversation on."""
        self._add(_ADD_OUTBOX, row)

    def add_muted(self, row: Row) -> None:
        """Keep one bubble of such a leg that is never sent."""
        self._add(_ADD_MUTED, row)

    def add_journal(self, row: Row) -> None:
        """Journal a leg."""
        self._add(_ADD_JOURNAL, row)

    def write(self, db: sqlite3.Connection) -> None:
        """Write what is kept. Where a row is refused, all of the batch has to be undone.

        Raises StaleLeg when a conversation or an inbox row is not where a leg has found it.
        """
        if not self.count:
            return
        for statement, rows in self._rows.items():
            for first in range(0, len(rows), ROWS):
                part = rows[first : first + ROWS]
                done = db.execute(_for_rows(statement, len(part)), tuple(chain.from_iterable(part)))
                if statement in _MOVES and done.rowcount != len(part):
                    which = f"{part[0][0]} " if len(part) == 1 else ""
                    raise StaleLeg(f"{statement.split()[1]} {which}{_MOVES[statement]}")
        self.forget()


@cache
def _for_rows(statement: str, count: int) -> str:
    """Return a statement with VALUES of one row as one with so many."""
    return _ROW.sub(lambda found: "VALUES " + ", ".join([found[1]] * count), statement)


class Connection(sqlite3.Connection):
    """A connection, with the rows that its batch adds at the end."""

    later: Later
