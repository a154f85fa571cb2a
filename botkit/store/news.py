"""News of what was sent: how far a message has come, and whether an uncertain one has arrived after all.

A status names a message by the gateway's id. One whose id is known moves its message forward, never back. One whose id
is not, of a contact to whom something is uncertain, is about that if nothing else of ours to the contact can be without
an id. A sending whose answer was lost can: it is followed by a second one, or was given up, and its statuses may come
days later. What may be of two requests settles neither, whatever the clocks say: sent again is better than lost. A
status could also be of what a person typed on the phone just then; an echo of that, which says so, is heeded if it came
first. An echo clears a doubt only by its words, if nothing else without an id says the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from botkit.ports import Settlement
from botkit.store.ends import TAKEN_BACK, mark_rows
from botkit.store.queries import SQL
from botkit.store.repeats import repeats
from botkit.turn.event import Inbound

#: The kind of a gateway's event that tells how far a message has come.
STATUS = "status"
#: How far, in order; behind `sent` nothing can fail any more.
STATES = ("sent", "delivered", "read")
FAILED = "failed"
LATE_FAILURE = "the gateway took it and then said that it failed"
#: An echo may come so long before or after what it repeats, a status so long before, in seconds: clocks differ.
ABOUT_S, SKEW_S = 600.0, 5.0


class Doubt(NamedTuple):
    """A request that may have arrived: to whom, its row and its bytes, and when its sending began."""

    conversation_id: str
    request_id: int
    body: bytes
    began: float


def take_status(
    db: sqlite3.Connection, conversation_id: str | None, inbox_id: int, status: Inbound, now: float
) -> int | None:
    """Take in a status that was just filed; return how many events it made, None if it changed no message."""
    told = take_known(db, status, now)
    if told is not None or conversation_id is None:
        return told
    told = clear_doubt(db, conversation_id, status, now)
    if told is None and db.execute(SQL["contact_busy"], (conversation_id,)).fetchone():
        db.execute(SQL["keep_echo"], (conversation_id, inbox_id))
    return told


def take_known(db: sqlite3.Connection, status: Inbound, now: float) -> int | None:
    """Move the message of a status forward; return how many events that made, None if its id is not known."""
    if not status.id:
        return None
    found = db.execute(SQL["request_of"], (status.channel, status.id)).fetchone()
    if found is None:
        return None
    (request_id,) = found
    rows = db.execute(SQL["deliveries"], (request_id,)).fetchall()
    if any(delivery == FAILED for _, delivery in rows):
        return 0
    reached = max((STATES.index(delivery) for _, delivery in rows if delivery in STATES), default=-1)
    if status.state == FAILED and reached < 1 and all(state == "sent" for state, _ in rows):
        db.execute(SQL["set_delivery"], (FAILED, request_id))
        return mark_rows(db, request_id, Settlement("failed", now, detail=LATE_FAILURE))
    if status.state in STATES and STATES.index(status.state) > reached:
        db.execute(SQL["set_delivery"], (status.state, request_id))
    return 0


def clear_doubt(db: sqlite3.Connection, conversation_id: str, news: Inbound, now: float) -> int | None:
    """Close a contact's uncertain request if the news are about it; return how many events that made, else None."""
    found = db.execute(SQL["uncertain_request"], (conversation_id,)).fetchone()
    if found is None or not news.id:
        return None
    doubt = Doubt(*found)
    if not (_tells_status if news.kind == STATUS else _tells_echo)(db, news, doubt):
        return None
    state = news.state if news.kind == STATUS else None
    end = Settlement("failed" if state == FAILED else "sent", now, detail=LATE_FAILURE if state == FAILED else "")
    db.execute(SQL["give_up_request"], (end.status, None, news.id, end.detail, doubt.request_id))
    if state is not None:
        db.execute(SQL["set_delivery"], (state, doubt.request_id))
    return mark_rows(db, doubt.request_id, end)


def _tells_status(db: sqlite3.Connection, status: Inbound, doubt: Doubt) -> bool:
    if status.state not in (*STATES, FAILED) or (status.at is not None and status.at < doubt.began - SKEW_S):
        return False
    if db.execute(SQL["our_request"], (status.channel, status.id)).fetchone():
        return False
    if db.execute(SQL["seen_echo"], (status.channel, status.id)).fetchone():
        return False
    if db.execute(SQL["told_before"], (status.channel, status.id, doubt.request_id)).fetchone():
        return False
    return next(_nameless(db, doubt), None) is None


def _tells_echo(db: sqlite3.Connection, echo: Inbound, doubt: Doubt) -> bool:
    if echo.at is not None and abs(echo.at - doubt.began) > ABOUT_S:
        return False
    if db.execute(SQL["our_request"], (echo.channel, echo.id)).fetchone():
        return False
    if not _says(db, doubt.request_id, doubt.body, echo.text):
        return False
    return not any(_may_say(db, request_id, body, echo.text) for request_id, body in _nameless(db, doubt))


def _nameless(db: sqlite3.Connection, doubt: Doubt) -> Iterator[tuple[int, bytes]]:
    """Yield the other requests of the contact of which the gateway may tell under an id that nobody knows."""
    yield from db.execute(SQL["nameless_requests"], (doubt.conversation_id, doubt.request_id, TAKEN_BACK))


def _says(db: sqlite3.Connection, request_id: int, body: bytes, text: str | None) -> bool:
    messages = db.execute(SQL["messages_of"], (request_id,)).fetchall()
    return any(repeats(text, orjson.loads(message), body) for (message,) in messages)


def _may_say(db: sqlite3.Connection, request_id: int, body: bytes, text: str | None) -> bool:
    """Tell whether a text may be what a request said; one whose rows went with another since may have said anything."""
    return _says(db, request_id, body, text) or not db.execute(SQL["messages_of"], (request_id,)).fetchone()
