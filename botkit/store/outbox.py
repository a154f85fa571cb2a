"""The outbox side of the SQLite store: what goes next, intent before sending, what came of it.

A request, its rows and its ledger entry change together, and with them what their flow is told: a row that will not
arrive and whose step has `on_failed` puts one `delivery` into the conversation's inbox. Per contact at most one request
is `flying` or `uncertain`; `head` skips such a contact and `begin` refuses it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from botkit.ports import BulkTurn, Expired, Flight, LedgerEntry, OutboxRow, Settlement, WireRequest
from botkit.store.echoes import look_again
from botkit.store.ends import mark_rows, tell
from botkit.store.queries import SQL, insert, read_rows
from botkit.store.writer import Writer
from botkit.turn.effect import CLASSES

#: rows that one `expire` marks at most: bounds how long it holds the writer
EXPIRED_AT_ONCE = 500
#: contacts whose replies one `head` lets age at most: bounds how long it holds the writer
AGED_AT_ONCE = 500
#: how long a reply counts as one that somebody waits for, in seconds
FRESH_S = 120.0
_TALK = tuple(rank for name, rank in CLASSES.items() if name != "bulk")
#: in which order the classes are asked for a row
_ORDERS: dict[BulkTurn, tuple[int, ...]] = {
    "last": (*_TALK, CLASSES["bulk"]),
    "first": (CLASSES["bulk"], *_TALK),
    "never": _TALK,
}
_RECALLED = "the store refused the intent"
_GROUNDED = "no answer before the restart"


class SqliteOutbox:
    """The OutboxStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def head(self, key: str, now: float, bulk: BulkTurn = "last") -> OutboxRow | None:
        """Return the row to send next: best class first, within it contacts in turn, of each the head of its lane."""
        return await self._writer.run(_head, key, now, bulk)

    async def followers(self, row: OutboxRow, now: float, most: int) -> list[OutboxRow]:
        """Return the rows behind one in its lane, in order, up to the first of another class."""
        return await self._writer.run(_followers, row, now, most)

    async def talk_ahead(self, key: str, most: int) -> int:
        """Return to how many contacts a reply is queued, `most` if there are more."""
        return await self._writer.run(_talk_ahead, key, most)

    async def expire(self, key: str, now: float) -> Expired:
        """Mark rows past their `expires_at`, some hundred at once."""
        return await self._writer.run(_expire, key, now)

    async def begin(self, key: str, owner: str, rows: Sequence[int], wire: WireRequest, now: float) -> Flight | None:
        """Commit the intent to send; None if a row is no longer pending or its contact has a request out."""
        return await self._writer.run(_begin, key, owner, rows, wire, now)

    async def resend(self, key: str, owner: str, request_id: int, now: float) -> Flight | None:
        """Commit the intent to send an uncertain request again, byte for byte; None if it is not uncertain."""
        return await self._writer.run(_resend, key, owner, request_id, now)

    async def settle(self, flight: Flight, settlement: Settlement) -> int:
        """Mark a flight's request, rows and ledger entry; a flight settled before keeps its first end.

        Return of how many rows a flow is told.
        """
        return await self._writer.run(_settle, flight, settlement)

    async def give_up(self, request_id: int, settlement: Settlement) -> int:
        """Close an uncertain request without sending it again; any other request stays as it is.

        Return of how many rows a flow is told.
        """
        return await self._writer.run(_give_up, request_id, settlement)

    async def rows_of(self, request_id: int) -> list[int]:
        """Return the rows that a request carries, in order."""
        return [row["id"] for row in await self._writer.run_aside(read_rows, SQL["rows_of_request"], (request_id,))]

    async def uncertain(self, key: str, now: float) -> list[tuple[int, int, float]]:
        """Return (request id, attempts, due_at) of a key's uncertain requests that are due, oldest first."""
        return await self._writer.run(_uncertain, key, now)

    async def ledger(self, key: str, since: float) -> list[LedgerEntry]:
        """Return the entries unanswered or answered after `since`, oldest first."""
        return await self._writer.run(_ledger, key, since)

    async def repeated(self, key: str, since: float) -> tuple[int, int]:
        """Return how many requests of a key were out after `since`, and how many of them had been out before."""
        return await self._writer.run(_repeated, key, since)

    async def begin_errand(self, key: str, owner: str, rank: int, now: float) -> int:
        """Enter a request that is no message in the ledger, before it leaves; return the entry's id."""
        return await self._writer.run(insert, SQL["add_ledger"], (key, None, owner, rank, now))

    async def end_errand(
        self, key: str, ledger_id: int, answered_at: float, http_status: int | None, key_state: bytes | None
    ) -> None:
        """Note when such a request was answered, and the key's state where the answer changed it."""
        await self._writer.run(_end_errand, key, ledger_id, answered_at, http_status, key_state)

    async def key_state(self, key: str) -> bytes | None:
        """Return what the gate stored about a key."""
        return await self._writer.run(_key_state, key)

    async def save_key_state(self, key: str, state: bytes, now: float) -> None:
        """Store what the gate knows about a key."""
        await self._writer.run(_save_key_state, key, state, now)

    async def recall(self, owner: str, out: Collection[int], now: float) -> int:
        """Take back an owner's flying requests that are not `out`; return how many."""
        return await self._writer.run(_recall, owner, frozenset(out), now)

    async def move_answers(self, key: str, most: int, now: float, latest: float, by_s: float) -> None:
        """Move the times of a key's last `most` answers ahead, to `now` at most, of what got none to `latest`."""
        await self._writer.run(_change, SQL["move_answers"], (by_s, latest, now, key, latest, most))

    async def bring_back_answers(self, key: str, latest: float) -> None:
        """Let a key's answers be no later than `latest`."""
        await self._writer.run(_change, SQL["bring_back_answers"], (latest, key, latest))

    async def ground(self, owner: str | None, now: float, answered_at: float, due_at: float) -> int:
        """Turn flights without an answer into uncertain ones due at `due_at`; return how many."""
        return await self._writer.run(_ground, owner, answered_at, due_at)


def _head(db: sqlite3.Connection, key: str, now: float, bulk: BulkTurn) -> OutboxRow | None:
    db.execute(SQL["let_age"], (CLASSES["timers"], key, CLASSES["interactive"], now - FRESH_S, AGED_AT_ONCE))
    for rank in _ORDERS[bulk]:
        for conversation_id, lane in db.execute(SQL["next_lanes"], (key, rank, now)):
            row = db.execute(SQL["head_of_lane"], (conversation_id, lane, now)).fetchone()
            if row is not None:  # else all that it has is too old, and not yet marked so
                return replace(OutboxRow(*row), rank=rank)
    return None


def _followers(db: sqlite3.Connection, row: OutboxRow, now: float, most: int) -> list[OutboxRow]:
    found = (OutboxRow(*values) for values in db.execute(SQL["followers"], (row.id, now, most)))
    return [replace(each, contact=row.contact, rank=row.rank) for each in found]


def _talk_ahead(db: sqlite3.Connection, key: str, most: int) -> int:
    (ahead,) = db.execute(SQL["talk_ahead"], (key, CLASSES["interactive"], most)).fetchone()
    return int(ahead)


def _expire(db: sqlite3.Connection, key: str, now: float) -> Expired:
    rows = db.execute(SQL["expire_outbox"], (now, key, now, EXPIRED_AT_ONCE)).fetchall()
    told = sorted(row for row, on_failed in rows if on_failed is not None)
    tell(db, told, "expired", "", now)
    (next_at,) = db.execute(SQL["next_to_expire"], (key,)).fetchone()
    return Expired(len(told), next_at)


def _begin(
    db: sqlite3.Connection, key: str, owner: str, rows: Sequence[int], wire: WireRequest, now: float
) -> Flight | None:
    # All is read before anything is written: a refusal leaves nothing to undo.
    found = [db.execute(SQL["still_pending"], (row, key)).fetchone() for row in rows]
    if not found or None in found:
        return None
    conversation_id, rank = found[0][0], min(row[1] for row in found)
    if any(row[0] != conversation_id for row in found):
        raise ValueError("the rows of one request belong to one contact")
    if db.execute(SQL["contact_busy"], (conversation_id,)).fetchone():
        return None
    sent = (wire.method, wire.path, wire.content_type, wire.body)
    request_id = insert(db, SQL["add_request"], (key, conversation_id, rank, *sent, owner, now, now))
    ledger_id = insert(db, SQL["add_ledger"], (key, request_id, owner, rank, now))
    for row in rows:
        db.execute(SQL["fly_row"], (request_id, row))
    return Flight(request_id, ledger_id, conversation_id, rank, wire, 1)


def _resend(db: sqlite3.Connection, key: str, owner: str, request_id: int, now: float) -> Flight | None:
    for (conversation_id,) in db.execute(SQL["whose_request"], (request_id,)).fetchall():
        look_again(db, conversation_id, now)  # news that waited for a flight that no answer ended
    found = db.execute(SQL["fly_again"], (owner, now, request_id, key)).fetchall()
    if not found:
        return None
    conversation_id, rank, attempts, *wire = found[0]
    ledger_id = insert(db, SQL["add_ledger"], (key, request_id, owner, rank, now))
    db.execute(SQL["fly_rows_again"], (request_id,))
    return Flight(request_id, ledger_id, conversation_id, rank, WireRequest(*wire), attempts)


def _settle(db: sqlite3.Connection, flight: Flight, end: Settlement) -> int:
    counted_at = end.at if end.counted_at is None else end.counted_at
    db.execute(SQL["answer_ledger"], (counted_at, end.http_status, flight.ledger_id))
    due_at = end.due_at if end.status == "uncertain" else None
    settled = db.execute(
        SQL["settle_request"],
        (end.status, end.at, end.http_status, end.gateway_id, end.detail, due_at, flight.request_id, flight.attempts),
    )
    told = mark_rows(db, flight.request_id, end) if settled.rowcount else 0
    _keep_key_state(db, flight.request_id, end)
    return told + look_again(db, flight.conversation_id, end.at)


def _give_up(db: sqlite3.Connection, request_id: int, end: Settlement) -> int:
    closed = db.execute(SQL["give_up_request"], (end.status, end.http_status, end.gateway_id, end.detail, request_id))
    told = mark_rows(db, request_id, end) if closed.rowcount else 0
    _keep_key_state(db, request_id, end)
    for (conversation_id,) in db.execute(SQL["whose_request"], (request_id,)).fetchall():
        told += look_again(db, conversation_id, end.at)
    return told


def _keep_key_state(db: sqlite3.Connection, request_id: int, end: Settlement) -> None:
    if end.key_state is not None:
        db.execute(SQL["save_key_of_request"], (end.key_state, end.at, request_id))


def _uncertain(db: sqlite3.Connection, key: str, now: float) -> list[tuple[int, int, float]]:
    return db.execute(SQL["due_uncertain"], (key, now)).fetchall()


def _ledger(db: sqlite3.Connection, key: str, since: float) -> list[LedgerEntry]:
    rows = db.execute(SQL["recent_ledger"], (key, key, since))
    return [LedgerEntry(sent_at, answered_at, owner) for sent_at, answered_at, owner, _ in rows]


def _repeated(db: sqlite3.Connection, key: str, since: float) -> tuple[int, int]:
    sent, again = db.execute(SQL["count_repeated"], (key, key, since)).fetchone()
    return sent, again


def _key_state(db: sqlite3.Connection, key: str) -> bytes | None:
    row = db.execute(SQL["get_key"], (key,)).fetchone()
    return row[0] if row else None


def _save_key_state(db: sqlite3.Connection, key: str, state: bytes, now: float) -> None:
    db.execute(SQL["save_key"], (key, state, now))


def _end_errand(
    db: sqlite3.Connection, key: str, ledger_id: int, answered_at: float, http_status: int | None, state: bytes | None
) -> None:
    db.execute(SQL["answer_ledger"], (answered_at, http_status, ledger_id))
    if state is not None:
        _save_key_state(db, key, state, answered_at)


def _change(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> None:
    db.execute(statement, values)


def _recall(db: sqlite3.Connection, owner: str, out: frozenset[int], now: float) -> int:
    flying = db.execute(SQL["flying_requests"], (owner,)).fetchall()
    strays = [(request_id, attempts) for request_id, attempts in flying if request_id not in out]
    for request_id, attempts in strays:
        if attempts == 1:
            db.execute(SQL["recall_ledger"], (now, request_id))
            db.execute(SQL["settle_request"], ("returned", now, None, None, _RECALLED, None, request_id, attempts))
            mark_rows(db, request_id, Settlement("returned", now))
        else:
            db.execute(SQL["forget_sending"], (request_id,))
            db.execute(SQL["doubt_again"], (now, request_id))
            mark_rows(db, request_id, Settlement("uncertain", now))
    return len(strays)


def _ground(db: sqlite3.Connection, owner: str | None, answered_at: float, due_at: float) -> int:
    # The requests go last: the other two find theirs by what is still flying.
    db.execute(SQL["ground_ledger"], (answered_at, owner, owner, owner, owner))
    db.execute(SQL["ground_rows"], (_GROUNDED, owner, owner))
    return db.execute(SQL["ground_requests"], (due_at, _GROUNDED, owner, owner)).rowcount
