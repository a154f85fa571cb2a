"""Echoes: what left the business's number was ours, or somebody typed it on the phone and took the conversation over.

A gateway tells of both alike. An echo is ours by its id, or by its words if something of ours with the same words went
to that contact about that time. While a request to the contact is flying or uncertain, its id is not known yet: the
echo waits, durably, until nothing is in the air. What is not ours becomes an event of the conversation, once.
"""

from __future__ import annotations

import sqlite3

import orjson

from botkit.store.news import ABOUT_S, clear_doubt, take_known
from botkit.store.queries import NEXT_ID, SQL, insert
from botkit.store.repeats import repeats
from botkit.turn.codec import dump_filed, load_event
from botkit.turn.event import FILED_KINDS, Inbound, OperatorSaid

#: The kind of a gateway's event that is looked at.
ECHO = "echo"
#: What the rows of people who run the bot are called in the inbox.
SOURCE = "operator"
#: Messages to a contact that an echo is compared with, the last ones of each lane.
COMPARED = 30


def take_echo(
    db: sqlite3.Connection, channel: str, conversation_id: str, inbox_id: int, echo: Inbound, now: float
) -> int | None:
    """Tell an echo that was just filed apart; return the row of the event that it became (claimed), if any."""
    if _is_known(db, channel, echo):
        return None
    if clear_doubt(db, conversation_id, echo, now) is not None:
        look_again(db, conversation_id, now)
        return None
    if db.execute(SQL["contact_busy"], (conversation_id,)).fetchone():
        db.execute(SQL["keep_echo"], (conversation_id, inbox_id))
        return None
    if _repeats_ours(db, conversation_id, echo, now):
        return None
    return _tell(db, channel, conversation_id, echo, 1, now)


def look_again(db: sqlite3.Connection, conversation_id: str, now: float) -> int:
    """Take in the news that waited for what was in the air; return how many events they made.

    What is uncertain may have arrived by them. While something still is in the air, they wait on.
    """
    waiting = db.execute(SQL["waiting_echoes"], (conversation_id,)).fetchall()
    if not waiting:
        return 0
    told = sum(clear_doubt(db, conversation_id, load_event(event), now) or 0 for _, event, _ in waiting)
    if db.execute(SQL["contact_busy"], (conversation_id,)).fetchone():
        return told
    db.execute(SQL["drop_echoes"], (conversation_id,))
    for channel, event, received_at in waiting:
        echo = load_event(event)
        if echo.kind != ECHO:
            told += take_known(db, echo, now) or 0
        elif not _is_known(db, channel, echo) and not _repeats_ours(db, conversation_id, echo, received_at):
            _tell(db, channel, conversation_id, echo, 0, now)
            told += 1
    return told


def event_of_echo(echo: Inbound) -> OperatorSaid:
    """Return what an echo that is not ours means."""
    return OperatorSaid(echo.text or "", phone=True, media=echo.media)


def _tell(db: sqlite3.Connection, channel: str, conversation_id: str, echo: Inbound, attempts: int, now: float) -> int:
    event = dump_filed(event_of_echo(echo))
    kind = FILED_KINDS[OperatorSaid]
    row = (conversation_id, channel, SOURCE, kind, event, None, "pending", attempts, now, now)
    return insert(db, SQL["add_inbox"], (NEXT_ID, *row))


def _is_known(db: sqlite3.Connection, channel: str, echo: Inbound) -> bool:
    return echo.id is not None and db.execute(SQL["our_request"], (channel, echo.id)).fetchone() is not None


def _repeats_ours(db: sqlite3.Connection, conversation_id: str, echo: Inbound, received_at: float) -> bool:
    at = echo.at if echo.at is not None else received_at
    for lane in ("talk", "bulk"):
        for message, body, sent_at in db.execute(SQL["sent_lately"], (conversation_id, lane, COMPARED)):
            if abs(at - sent_at) <= ABOUT_S and repeats(echo.text, orjson.loads(message), body):
                return True
    return False
