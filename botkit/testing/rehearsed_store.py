"""The store of a rehearsal: the real one in memory, in which a conversation stands as somebody says it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import orjson

from botkit.ports import Snapshot
from botkit.rows import restore
from botkit.store.queries import SQL
from botkit.store.sqlite import SqliteStore
from botkit.turn.clocks import changes
from botkit.turn.conversation import Conversation, dump_state
from botkit.turn.effect import CancelTimer, Effect, SetTimer

_PLACE = """
INSERT INTO conversation (id, channel, contact, version, epoch, state, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_STAND = "UPDATE conversation SET state = ?, version = ?, updated_at = ? WHERE id = ?"


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

    async def stand(self, conversation: Conversation, effects: Sequence[Effect], at: float) -> None:
        """Let the conversation stand so from now on, with the timers that these effects set or cancel.

        No row of the inbox tells of it, so what is drawn later comes out as it would have.
        """
        await self._writer.run(_stand, conversation, effects, at)

    async def number(self, inbox_id: int) -> None:
        """Give the next row of the inbox this id, unless one has it, or a higher one, already."""
        await self._writer.run(_number, inbox_id)


def _place(db: sqlite3.Connection, snapshot: Snapshot, timers: Sequence[SetTimer]) -> None:
    at = snapshot.created_at
    db.execute(_PLACE, (*snapshot[:5], snapshot.state, at, at))
    _set_timers(db, snapshot.id, timers)


def _stand(db: sqlite3.Connection, conversation: Conversation, effects: Sequence[Effect], at: float) -> None:
    state = orjson.dumps(dump_state(conversation))
    db.execute(_STAND, (state, conversation.version, at, conversation.id))
    cancelled = [(conversation.id, each.name) for each in effects if isinstance(each, CancelTimer)]
    db.executemany(SQL["cancel_timer"], cancelled)
    _set_timers(db, conversation.id, [each for each in effects if isinstance(each, SetTimer)])


def _set_timers(db: sqlite3.Connection, conversation_id: str, timers: Sequence[SetTimer]) -> None:
    rows = [(conversation_id, each.name, each.kind, each.due_at, orjson.dumps(each.payload)) for each in timers]
    db.executemany(SQL["set_timer"], rows)


def _number(db: sqlite3.Connection, inbox_id: int) -> None:
    db.execute("DELETE FROM sqlite_sequence WHERE name = 'inbox'")
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', ?)", (inbox_id - 1,))
