"""The store of a rehearsal: the real one in memory, in which a conversation stands as somebody says it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import orjson

from botkit.legs import restore
from botkit.ports import Snapshot
from botkit.store.queries import SQL
from botkit.store.sqlite import SqliteStore
from botkit.turn.clocks import changes
from botkit.turn.effect import SetTimer

_PLACE = """
INSERT INTO conversation (id, channel, contact, version, epoch, state, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


class RehearsedStore(SqliteStore):
    """A store whose one conversation is given, and whose rows of the inbox may have the ids that they once had.

    What a flow draws among variants hangs on both ids: so they are drawn as they were.
    """

    async def place(self, snapshot: Snapshot) -> None:
        """Let a conversation stand as it is told, its timers set."""
        there = restore(snapshot)
        none = replace(there, frames=(), reminders={}, handoff=None, held=())
        timers = [effect for effect in changes(none, there) if isinstance(effect, SetTimer)]
        await self._writer.run(_place, snapshot, timers)

    async def number(self, inbox_id: int) -> None:
        """Give the next row of the inbox this id, unless one has it, or a higher one, already."""
        await self._writer.run(_number, inbox_id)


def _place(db: sqlite3.Connection, snapshot: Snapshot, timers: Sequence[SetTimer]) -> None:
    at = snapshot.created_at
    db.execute(_PLACE, (*snapshot[:5], snapshot.state, at, at))
    rows = [(snapshot.id, each.name, each.kind, each.due_at, orjson.dumps(each.payload)) for each in timers]
    db.executemany(SQL["set_timer"], rows)


def _number(db: sqlite3.Connection, inbox_id: int) -> None:
    db.execute("DELETE FROM sqlite_sequence WHERE name = 'inbox'")
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', ?)", (inbox_id - 1,))
