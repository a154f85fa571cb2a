"""The timers' side of the SQLite store: a timer that is due becomes an inbox row, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import orjson

from botkit.ports import Fired
from botkit.store.queries import NEXT_ID, SQL
from botkit.store.writer import Writer
from botkit.turn.clocks import EXACT_S, LASTING
from botkit.turn.codec import dump_filed
from botkit.turn.event import FILED_KINDS, Due

#: What the rows of timers are called in the inbox.
SOURCE = "timer"


class SqliteTimers:
    """The TimerStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def fire(self, now: float, limit: int) -> Fired:
        """Move timers that are due, the earliest first and `limit` at most, to their conversations' inbox, at once."""
        return await self._writer.run(_fire, now, limit)

    async def move_timers(self, now: float, by_s: float, spared: Sequence[float]) -> None:
        """Move what lasts for a while and is not due yet, but for those due at `spared`: the clock was set."""
        await self._writer.run(_move, now, by_s, spared)


def _move(db: sqlite3.Connection, now: float, by_s: float, spared: Sequence[float]) -> None:
    db.execute(SQL["move_timers"], (by_s, now, orjson.dumps(LASTING), orjson.dumps(list(spared)), EXACT_S))


def _fire(db: sqlite3.Connection, now: float, limit: int) -> Fired:
    due = FILED_KINDS[Due]
    found = db.execute(SQL["due_timers"], (now, limit)).fetchall()
    rows = [
        (NEXT_ID, conversation_id, channel, SOURCE, due, dump_filed(Due(name, kind, was)), None, "pending", 0, now, now)
        for _, conversation_id, channel, name, kind, was in found
    ]
    if found:
        db.executemany(SQL["drop_timer"], [(timer_id,) for timer_id, *_ in found])
        db.executemany(SQL["add_inbox"], rows)
    (next_at,) = db.execute(SQL["next_timer"]).fetchone()
    return Fired(len(found), next_at)
