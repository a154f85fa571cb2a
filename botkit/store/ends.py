"""How messages end: their rows' states, and what their flow is told of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from botkit.ports import Settlement
from botkit.store.queries import NEXT_ID, SQL
from botkit.turn.codec import dump_filed
from botkit.turn.event import DELIVERY, UNDELIVERED, Delivery

#: longest reason that a flow is told, in characters: a gateway may answer with a page
MAX_REASON = 200
#: why an uncertain request ended that an operator has sent anew: it may have arrived all the same
TAKEN_BACK = "to be sent again, by an operator"


def mark_rows(db: sqlite3.Connection, request_id: int, end: Settlement) -> int:
    """Give the rows of a request that has just come to an end their state; return of how many a flow is told."""
    if end.status == "returned":
        db.execute(SQL["return_rows"], (request_id,))
        return 0
    settled_at = None if end.status == "uncertain" else end.at
    reason = None if end.status == "sent" else end.detail
    db.execute(SQL["settle_rows"], (end.status, reason, settled_at, end.status == "uncertain", request_id))
    if end.status not in UNDELIVERED:
        return 0
    rows = [row for (row,) in db.execute(SQL["listening_rows"], (request_id,))]
    tell(db, rows, end.status, end.detail, end.at)
    return len(rows)


def tell(db: sqlite3.Connection, rows: Sequence[int], state: str, reason: str, now: float) -> None:
    """Put what became of rows into the inbox of their conversation, as its next events."""
    for row in rows:
        conversation_id, channel, flow, step, version = db.execute(SQL["said_by"], (row,)).fetchone()
        event = dump_filed(Delivery(flow, step, state, (reason or state)[:MAX_REASON], version, row))
        entry = (NEXT_ID, conversation_id, channel, "outbox", DELIVERY, event, None, "pending", 0, now, now)
        db.execute(SQL["add_inbox"], entry)
