"""The outbox as those who run the bot see it in the SQLite store, and what they change in it.

A message that waits again never comes before one that may have reached the person after it: then it is queued once more
at the end of its lane. So numbers stay dense, and a lane's order is that of its numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from botkit.ports import SENT_AGAIN_AS, Dropped, Lane, Settlement
from botkit.store.echoes import look_again
from botkit.store.ends import TAKEN_BACK, mark_rows, tell
from botkit.store.queries import SQL, insert, read_rows
from botkit.store.writer import Writer

#: State of a row that may wait again.
ENDED = frozenset(("failed", "expired", "unconfirmed", "dropped"))
#: Lanes that are read at once: bounds how long it holds up those who write.
LANES_AT_ONCE = 2000

Row = dict[str, Any]


class SqliteQueue:
    """The protocols QueueStore and QueueControl over a writer; what they share with OutboxStore stands there."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def lanes(self) -> list[Lane]:
        """Return every lane in which something waits."""
        found: list[Lane] = []
        while True:
            after = found[-1][:2] if found else ("", "")
            page = await self._writer.run_aside(_lanes, after)
            found += page
            if len(page) < LANES_AT_ONCE:
                return found

    async def waiting_rows(self, conversation_id: str, lane: str, limit: int) -> list[Row]:
        """Return the first rows that wait in a lane, in order."""
        return await self._rows(SQL["waiting_in_lane"], (conversation_id, lane, limit))

    async def rows_in_air(self, conversation_id: str | None = None) -> list[Row]:
        """Return the rows whose request is out or uncertain, oldest first."""
        if conversation_id is None:
            return await self._rows(SQL["in_air"], ())
        return await self._rows(SQL["in_air_to"], (conversation_id,))

    async def queued(self, rows: Sequence[int]) -> list[Row]:
        """Return rows by id, whatever became of them."""
        return await self._writer.run_aside(_queued, rows)

    async def ended_rows(self, conversation_id: str, since: float, limit: int) -> list[Row]:
        """Return a contact's rows that ended since then without being sent, newest first."""
        return await self._rows(SQL["ended_lately"], (conversation_id, since, limit))

    async def requests_for(self, row: Row, limit: int) -> list[Row]:
        """Return the requests that a row went out with, as far as that is known, oldest first."""
        values = (row["channel"], row["created_at"], row["conversation_id"], row["request_id"], limit)
        return await self._writer.run_aside(read_rows, SQL["requests_for"], values)

    async def requeue(self, rows: Sequence[int], now: float) -> dict[int, int]:
        """Have rows wait again, in their old place or at the end of their lane; return row -> the row that waits."""
        return await self._writer.run(_requeue, rows, now)

    async def waiting_ids(self, *, conversation_id: str | None, channel: str | None) -> list[int]:
        """Return the rows that wait or are uncertain."""
        values = (conversation_id, conversation_id, channel, channel)
        return [row["id"] for row in await self._writer.run_aside(read_rows, SQL["waiting_everywhere"], values * 2)]

    async def drop(self, rows: Sequence[int], now: float, reason: str) -> Dropped:
        """Drop rows that wait, and whole requests that are uncertain; tell their flows."""
        return await self._writer.run(_drop, rows, now, reason)

    async def _rows(self, statement: str, values: tuple[Any, ...]) -> list[Row]:
        return await self._writer.run_aside(_rows_of, statement, values)


def _lanes(db: sqlite3.Connection, after: tuple[str, str]) -> list[Lane]:
    return [Lane(*row) for row in db.execute(SQL["waiting_lanes"], (*after, LANES_AT_ONCE)).fetchall()]


def _rows_of(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> list[Row]:
    return _queued(db, [row for (row,) in db.execute(statement, values).fetchall()])


def _queued(db: sqlite3.Connection, rows: Iterable[int]) -> list[Row]:
    return [found for row in rows for found in read_rows(db, SQL["queued_row"], (row,))]


def _requeue(db: sqlite3.Connection, rows: Sequence[int], now: float) -> dict[int, int]:
    found = _queued(db, rows)
    waits: dict[int, int] = {}
    for request_id in {row["request_id"]: None for row in found if row["status"] == "uncertain"}:
        waits |= {each: each for each in _give_back(db, request_id, now)}
    moved: set[tuple[str, str]] = set()
    for row in sorted((row for row in found if row["status"] in ENDED), key=itemgetter("seq")):
        lane = row["conversation_id"], row["lane"]
        if lane not in moved and not db.execute(SQL["has_left_behind"], (*lane, row["seq"])).fetchone():
            db.execute(SQL["requeue_row"], (row["id"],))
            waits[row["id"]] = row["id"]
        else:
            moved.add(lane)
            waits[row["id"]] = _copy(db, row, now)
    return waits


def _give_back(db: sqlite3.Connection, request_id: int, now: float) -> list[int]:
    """Have the rows of an uncertain request wait again, in their old places: nothing behind them has left."""
    rows = [row for (row,) in db.execute(SQL["rows_of_request"], (request_id,)).fetchall()]
    db.execute(SQL["give_up_request"], ("returned", None, None, TAKEN_BACK, request_id))
    mark_rows(db, request_id, Settlement("returned", now))
    for (conversation_id,) in db.execute(SQL["whose_request"], (request_id,)).fetchall():
        look_again(db, conversation_id, now)
    for row in rows:
        db.execute(SQL["requeue_row"], (row,))
    return rows


def _copy(db: sqlite3.Connection, row: Row, now: float) -> int:
    """Queue a row once more, at the end of its lane."""
    lane = row["lane"]
    (number,) = db.execute(SQL["next_number"], (lane, lane, row["conversation_id"], lane)).fetchone()
    copy = insert(db, SQL["copy_row"], (number, now, row["id"]))
    db.execute(SQL["replace_row"], (f"{SENT_AGAIN_AS}{copy}", now, row["id"]))
    return copy


def _drop(db: sqlite3.Connection, rows: Sequence[int], now: float, reason: str) -> Dropped:
    found = _queued(db, rows)
    dropped, listening = [], []
    for row in found:
        for (on_failed,) in db.execute(SQL["drop_row"], (reason, now, row["id"])).fetchall():
            dropped.append(row["id"])
            listening += [row["id"]] if on_failed is not None else []
    tell(db, listening, "dropped", reason, now)
    told = len(listening)
    for request_id in {row["request_id"]: None for row in found if row["status"] == "uncertain"}:
        dropped += [row for (row,) in db.execute(SQL["rows_of_request"], (request_id,)).fetchall()]
        end = Settlement("dropped", now, detail=reason)
        db.execute(SQL["give_up_request"], (end.status, None, None, end.detail, request_id))
        told += mark_rows(db, request_id, end)
        for (conversation_id,) in db.execute(SQL["whose_request"], (request_id,)).fetchall():
            told += look_again(db, conversation_id, now)
    return Dropped(dropped, told)
