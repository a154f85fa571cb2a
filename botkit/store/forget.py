"""Forgetting a person: whatever a store holds of a contact goes, in steps, each small enough for others to wait for.

What came after the word to forget is another person's beginning: it moves to a conversation of its own, with an id that
no line of a log ever had. Nothing goes while a request to the contact is in the air; its answer would find nothing to
be written to.

Two things outlive the rows. SQLite overwrites what it deletes (`secure_delete`, in `connection.py`), and the log beside
the file is emptied behind the last step. And of events that were seen, a salted hash stays: a gateway that tells one
again must not bring its person back. Statuses and echoes of what was sent are known by the same.

Rows of nobody's (groups, events that no rule knew) that name the contact go, too.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from typing import Literal, NamedTuple

import orjson

from botkit.store.inbox import new_id
from botkit.store.marks import SALT, Identity, mark_of, sent
from botkit.store.naming import naming
from botkit.store.news import STATUS
from botkit.store.queries import SQL
from botkit.store.writer import Writer
from botkit.turn.codec import load_event

#: Rows that one step deletes at most: it holds the event loop for some 5 ms.
ROWS = 100
#: Sources of events that are only about what was there before.
ABOUT_THE_PAST = ("timer", "outbox")

Step = Literal["more", "waits", "done"]


class Traces(NamedTuple):
    """Where a contact is found besides its own rows: what was seen of it, and rows of nobody's that name it."""

    seen: list[tuple[Identity, float]]
    nobodys: list[int]


class SqliteForgetting:
    """What a store can tell of how much it holds of a contact, and lose."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def holdings(self, conversation_id: str) -> dict[str, int]:
        """Return how many rows of a conversation there are: events, turns, messages, results, timers."""
        return await self._writer.run_aside(_holdings, conversation_id)

    async def is_kept(self, conversation_id: str) -> bool:
        """Return whether there is a conversation of this id."""
        return await self._writer.run_aside(_whose, conversation_id, 0) is not None

    async def forget(self, conversation_id: str, upto: int | None, now: float) -> bool:
        """Erase a contact up to inbox row `upto`, None for all of it; return False while a request to it is out.

        Once more, after a crash as well, goes on; what is not there any more is done.
        """
        found = await self._writer.run_aside(_whose, conversation_id, upto)
        if found is None:
            return True
        contact, last = found
        step: Step = "more"
        while step == "more":
            step = await self._writer.run(_land, conversation_id)
        if step == "waits":
            return False
        traces = await self._writer.run_beside(_trace, conversation_id, last, contact)
        for first in range(0, len(traces.seen), ROWS):
            await self._writer.run(_mark, traces.seen[first : first + ROWS], now)
        for first in range(0, len(traces.nobodys), ROWS):
            await self._writer.run(_erase_rows, traces.nobodys[first : first + ROWS])
        while (step := await self._writer.run(_erase, conversation_id, last, now)) == "more":
            pass
        return step == "done"

    async def empty_log(self) -> bool:
        """Move the log into the file and empty it; return False while somebody still reads from it."""
        return await self._writer.run_aside(_empty_log)


def _holdings(db: sqlite3.Connection, conversation_id: str) -> dict[str, int]:
    names = ("events", "turns", "messages", "results", "timers")
    return dict(zip(names, db.execute(SQL["count_holdings"], (conversation_id,) * len(names)).fetchone(), strict=True))


def _whose(db: sqlite3.Connection, conversation_id: str, upto: int | None) -> tuple[str, int] | None:
    """Return the contact of a conversation, and the last inbox row that goes."""
    found = db.execute(SQL["whose_conversation"], (conversation_id,)).fetchone()
    if found is None:
        return None
    return found[1], upto if upto is not None else db.execute(SQL["last_inbox_id"]).fetchone()[0]


def _land(db: sqlite3.Connection, conversation_id: str) -> Step:
    """Take back what waits to be sent, and tell whether something is still in the air."""
    if db.execute(SQL["erase_waiting"], (conversation_id, ROWS)).rowcount == ROWS:
        return "more"
    return "waits" if db.execute(SQL["is_flying"], (conversation_id,)).fetchone() else "done"


def _trace(db: sqlite3.Connection, conversation_id: str, upto: int, contact: str) -> Traces:
    """Look through everything; it may take long, so nobody waits for it."""
    names = naming(contact)
    nobodys = [row for row, *told in db.execute(SQL["nobodys_rows"]) if any(each and names(each) for each in told)]
    values = (conversation_id, upto, orjson.dumps(nobodys), contact)
    seen = [((*identity,), at) for *identity, at in db.execute(SQL["seen_of"], values)]
    return Traces(seen, nobodys)


def _mark(db: sqlite3.Connection, seen: Sequence[tuple[Identity, float]], now: float) -> None:
    """Keep of events that they were seen, and not which they were."""
    salt = _salt(db)
    for identity, at in seen:
        db.execute(SQL["add_mark"], (mark_of(salt, identity), at))
        db.execute(SQL["drop_seen"], identity)


def _salt(db: sqlite3.Connection) -> str:
    db.execute(SQL["add_meta"], (SALT, secrets.token_hex(32)))
    salt: str = db.execute(SQL["get_meta"], (SALT,)).fetchone()[0]
    return salt


def _erase_rows(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    for row in rows:
        db.execute(SQL["erase_legs"], (row,))
        db.execute(SQL["erase_event"], (row,))


def _erase(db: sqlite3.Connection, conversation_id: str, upto: int, now: float) -> Step:
    """Erase some rows of a contact; the last step erases the conversation itself and begins what came after."""
    if _land(db, conversation_id) != "done":  # what was answered "not now" waits again
        return "more" if not db.execute(SQL["is_flying"], (conversation_id,)).fetchone() else "waits"
    if _erase_requests(db, conversation_id, now) or _erase_events(db, conversation_id, upto):
        return "more"
    for erase in (SQL["erase_outbox"], SQL["erase_results"]):
        if db.execute(erase, (conversation_id, ROWS)).rowcount == ROWS:
            return "more"
    db.execute(SQL["erase_timers"], (conversation_id,))
    _begin_anew(db, conversation_id, upto, now)
    return "done"


def _erase_requests(db: sqlite3.Connection, conversation_id: str, now: float) -> int:
    rows = db.execute(SQL["some_requests"], (conversation_id, ROWS)).fetchall()
    known = [(sent(channel, gateway_id), now) for _, channel, gateway_id in rows if gateway_id]
    if known:
        _mark(db, known, now)
    for request_id, _, _ in rows:
        db.execute(SQL["erase_rows_of_request"], (request_id,))
        db.execute(SQL["erase_request"], (request_id,))
    return len(rows)


def _erase_events(db: sqlite3.Connection, conversation_id: str, upto: int) -> int:
    """Erase events before the last one, which goes with the conversation: after a crash it says what is to be done."""
    rows = db.execute(SQL["some_events"], (conversation_id, upto, ROWS)).fetchall()
    _erase_rows(db, [row for (row,) in rows])
    return len(rows)


def _begin_anew(db: sqlite3.Connection, conversation_id: str, upto: int, now: float) -> None:
    """Erase a conversation whose rows are gone; what came since is moved to a new one, if anything did."""
    db.execute(SQL["erase_echoes"], (conversation_id, upto))
    late = db.execute(SQL["late_events"], (conversation_id,)).fetchall()
    past = [row for row, source, kind, _ in late if row <= upto or source in ABOUT_THE_PAST or kind == STATUS]
    for row, source, kind, event in late:
        if row in past and kind == STATUS and source == "webhook":
            status = load_event(event)
            _mark(db, [((status.channel, STATUS, status.id or "", status.state or ""), now)], now)
    _erase_rows(db, past)
    if len(past) < len(late):
        channel, contact = db.execute(SQL["whose_conversation"], (conversation_id,)).fetchone()
        db.execute(SQL["rename_contact"], (conversation_id,))
        anew = new_id(now)
        db.execute(SQL["add_conversation"], (anew, channel, contact, b"{}", now, now))
        db.execute(SQL["move_events"], (anew, conversation_id))
        db.execute(SQL["move_legs"], (anew, anew))
        db.execute(SQL["move_echoes"], (anew, conversation_id))
    db.execute(SQL["erase_conversation"], (conversation_id,))


def _empty_log(db: sqlite3.Connection) -> bool:
    (is_busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy
