"""The dead letters of the SQLite store: what was given up, and what an operator does with it.

A letter that is tried again becomes a new row, behind all that its conversation has done and will do: the old one was
passed by, and what came after it was answered without it.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from botkit.ports import InboxRow, Snapshot
from botkit.store.queries import SQL, insert, read_rows
from botkit.store.writer import Writer


class SqliteLetters:
    """The LetterStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def letters(self, limit: int) -> list[dict[str, Any]]:
        """Return the dead letters, the newest first."""
        return await self._writer.run_aside(read_rows, SQL["list_letters"], (limit,))

    async def letter(self, letter: int) -> dict[str, Any] | None:
        """Return one dead letter; None if there is none, or it was dealt with."""
        found = await self._writer.run_aside(read_rows, SQL["get_letter"], (letter,))
        return found[0] if found else None

    async def retry_letter(self, letter: int, now: float) -> InboxRow | None:
        """Put a letter's event behind all that its conversation has, claimed; None if it was dealt with."""
        return await self._writer.run(_retry, letter, now)

    async def drop_letter(self, letter: int) -> bool:
        """Deal with a letter by doing nothing more; False if it was dealt with."""
        return await self._writer.run(_resolve, letter, "dropped")


def _retry(db: sqlite3.Connection, letter: int, now: float) -> InboxRow | None:
    if not _resolve(db, letter, "retried"):
        return None
    inbox_id = insert(db, SQL["copy_letter"], (now, now, letter))
    _, kind, source, event, received_at, attempts, legs, *conversation = db.execute(
        SQL["get_inbox"], (inbox_id,)
    ).fetchone()
    return InboxRow(inbox_id, kind, source, event, received_at, attempts, legs, Snapshot(*conversation))


def _resolve(db: sqlite3.Connection, letter: int, how: str) -> bool:
    return db.execute(SQL["resolve_letter"], (how, letter)).rowcount == 1
