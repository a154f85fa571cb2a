"""A menu that is shown again before it could be sent: the first copy would only cost a request, so the last one counts.

What makes a copy is the step that says it and every word of it; the ids of its options are new with each visit.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import orjson

from botkit.store.queries import SQL
from botkit.turn.effect import Send

_REPLACED = "shown again before it was sent"


def replace_copies(db: sqlite3.Connection, conversation_id: str, send: Send, now: float) -> None:
    """Mark the copies of a menu that still wait; its flow is not told, for what it said arrives."""
    waiting = db.execute(SQL["waiting_of_step"], (conversation_id, send.lane, send.flow, send.step)).fetchall()
    words = _words(send.message)
    for row, message in waiting:
        if _words(orjson.loads(message)) == words:
            db.execute(SQL["replace_row"], (_REPLACED, now, row))


def _words(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message without the ids of its options."""
    options = [{name: value for name, value in each.items() if name != "id"} for each in message.get("options", ())]
    return {**message, "options": options}
