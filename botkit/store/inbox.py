"""The inbox side of the SQLite store: intake, legs, claims. Operations run on the writer thread."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from botkit.ports import UNIQUE_S, Arrival, Failure, InboxRow, Leg, Receipt, Snapshot
from botkit.store.copies import replace_copies
from botkit.store.echoes import ECHO, SOURCE, event_of_echo, look_again, take_echo
from botkit.store.later import Connection, defers
from botkit.store.marks import Identity, is_forgotten
from botkit.store.news import STATUS, take_status
from botkit.store.queries import SQL
from botkit.store.writer import Writer
from botkit.turn.codec import dump_filed, load_event
from botkit.turn.event import FILED_KINDS, OperatorSaid

_FIND_ARRIVAL = SQL["find_arrival"]
_ADD_CONVERSATION = SQL["add_conversation"]
_SET_TIMER = SQL["set_timer"]
_CANCEL_TIMER = SQL["cancel_timer"]
_ADD_RESULT = SQL["add_result"]
_REDACT_INBOX = SQL["redact_inbox"]
#: A live row that is due later than this, in seconds, was stored before the clock was set back: no wait is as long.
AHEAD_S = 150.0
_FOREVER = float("inf")


class SqliteInbox:
    """The InboxStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def accept(self, arrivals: Sequence[Arrival], now: float) -> list[Receipt]:
        """Store arrivals durably, in order, each once; return a receipt for each."""
        return await self._writer.run(_accept, arrivals, now)

    async def copied(self, arrival: Arrival, now: float) -> Receipt | None:
        """Return the receipt that `accept` would give to a copy; None for what is new to it."""
        return await self._writer.run(_copied, arrival, now)

    async def commit(self, leg: Leg) -> None:
        """Commit a leg; raises StaleLeg when version or epoch moved on (then nothing is changed)."""
        await self._writer.run(_commit, leg)

    async def commit_each(self, legs: Sequence[Leg]) -> list[Exception | None]:
        """Commit legs, each whole or not at all; return what each of them failed with."""
        return await self._writer.run_each(_commit, [(leg,) for leg in legs])

    async def claim(
        self, now: float, limit: int, skip: frozenset[str], *, suspects: bool = False, waits_s: Sequence[float] = ()
    ) -> list[InboxRow]:
        """Claim live rows that are due, counting an attempt: per conversation its oldest one only."""
        return await self._writer.run(_claim, now, limit, skip, suspects, tuple(waits_s))

    async def next_due(self, skip: frozenset[str] = frozenset()) -> float | None:
        """Return when the earliest row that `claim` could take falls due."""
        return await self._writer.run(_next_due, skip)

    async def put_off(self, inbox_id: int, due_at: float, failure: Failure) -> None:
        """Give a failed row another try at `due_at`."""
        await self._writer.run(_change, SQL["put_off_inbox"], (due_at, *failure, inbox_id))

    async def bury(
        self, inbox_id: int, now: float, attempts: int, failure: Failure, redacted: bytes | None = None
    ) -> None:
        """Move a row to the dead letters, with the failure that it met last; `failure` where none is known."""
        await self._writer.run(_bury, inbox_id, (now, attempts, *failure, inbox_id), redacted)


@defers
def _accept(db: Connection, arrivals: Sequence[Arrival], now: float) -> list[Receipt]:
    return [_accept_one(db, arrival, now) for arrival in arrivals]


def new_id(now: float) -> str:
    """Return an opaque id for a conversation: 12 hex digits of time, 8 of chance.

    Time first, because rows of conversations that began together then stand together in every index: measured, a
    commit touches a third fewer pages than with ids that scatter.
    """
    return f"{int(now * 1000):012x}{secrets.token_hex(4)}"


def _accept_one(db: Connection, arrival: Arrival, now: float) -> Receipt:
    channel, contact, later = arrival.channel, arrival.contact, db.later
    identity = (channel, arrival.kind, arrival.gateway_id, arrival.discriminator)
    if later.has_seen(identity):
        later.write(db)
    found = db.execute(_FIND_ARRIVAL, (*identity, channel, contact)).fetchone()
    if later.is_moving(found[3]):
        later.write(db)
        found = db.execute(_FIND_ARRIVAL, (*identity, channel, contact)).fetchone()
    if (known := _known(db, arrival, identity, found, now)) is not None:
        return known
    _, _, _, conversation_id, version, epoch, state, created_at, _ = found
    if contact is not None and conversation_id is None:
        conversation_id, version, epoch, state, created_at = new_id(now), 0, 0, b"{}", now
        db.execute(_ADD_CONVERSATION, (conversation_id, channel, contact, state, now, now))
    turn = arrival.turn and contact is not None
    status, attempts = ("pending", 1) if turn else ("filed", 0)
    kind, source, event = arrival.kind, arrival.source, arrival.event
    row = (conversation_id, channel, source, kind, event, arrival.raw, status, attempts, now, now)
    inbox_id = later.add_inbox(db, row)
    later.mark_seen(identity, (arrival.digest, inbox_id, now))
    if not turn:
        if arrival.journal is not None:
            later.add_journal((conversation_id, inbox_id, 0, version or 0, now, arrival.journal))
        if kind == STATUS:
            later.write(db)
            told = take_status(db, conversation_id, inbox_id, arrival.parsed or load_event(arrival.event), now)
            if told is not None and conversation_id is not None:
                look_again(db, conversation_id, now)
            return Receipt(inbox_id, None, settles=told is not None)
        if kind != ECHO or conversation_id is None:
            return Receipt(inbox_id, None)
    snapshot = Snapshot(conversation_id, channel, contact or "", version, epoch, state, created_at)
    if not turn:
        later.write(db)
        return Receipt(inbox_id, _take_echo(db, snapshot, inbox_id, arrival, now), settles=True)
    return Receipt(inbox_id, InboxRow(inbox_id, kind, source, event, now, 1, 0, snapshot, arrival.parsed))


def _copied(db: sqlite3.Connection, arrival: Arrival, now: float) -> Receipt | None:
    identity = (arrival.channel, arrival.kind, arrival.gateway_id, arrival.discriminator)
    found = db.execute(_FIND_ARRIVAL, (*identity, arrival.channel, arrival.contact)).fetchone()
    return _known(db, arrival, identity, found, now)


def _known(
    db: sqlite3.Connection, arrival: Arrival, identity: Identity, found: tuple[Any, ...], now: float
) -> Receipt | None:
    """Return the receipt of a copy, None for what is new. Of somebody forgotten it has row 0.

    What a gateway tells again is then dropped like any copy. What somebody asked for was asked of a conversation that
    is gone, so the same id never asks for the same again: it says so, else a request for somebody else would be lost.
    """
    inbox_id, digest, seen_at, *_, salt = found
    since, until = _window(arrival, now)
    if inbox_id is not None and since <= seen_at <= until:
        return Receipt(inbox_id, None, copy=True, same_body=digest == arrival.digest)
    if salt is not None and is_forgotten(db, salt, identity, since, until):
        return Receipt(0, None, copy=True, same_body=arrival.source == "webhook")
    return None


def _window(arrival: Arrival, now: float) -> tuple[float, float]:
    """Return between which times an event must have been seen for an arrival to be its copy."""
    return now - arrival.unique_for_s, now if arrival.unique_for_s < UNIQUE_S else _FOREVER


def _take_echo(
    db: sqlite3.Connection, snapshot: Snapshot, inbox_id: int, arrival: Arrival, now: float
) -> InboxRow | None:
    """Return the row of what an echo that was filed means, None if it means nothing, or is not known yet."""
    echo = arrival.parsed or load_event(arrival.event)
    row_id = take_echo(db, arrival.channel, snapshot.id, inbox_id, echo, now)
    if row_id is None:
        return None
    said = event_of_echo(echo)
    return InboxRow(row_id, FILED_KINDS[OperatorSaid], SOURCE, dump_filed(said), now, 1, 0, snapshot)


@defers
def _commit(db: Connection, leg: Leg) -> None:
    conversation_id, inbox_id, at = leg.conversation_id, leg.inbox_id, leg.at
    # JSON is made before anything is written: a value without a JSON form then fails nobody else's leg.
    messages = [orjson.dumps(send.message) for send in leg.sends]
    muted = [orjson.dumps(each.send.message) for each in leg.muted]
    if leg.timers or leg.cancels or leg.records:
        _keep(db, leg)
    # Of its outbox rows, how many have no number yet in each lane.
    bulk = [send.lane for send in leg.sends].count("bulk")
    talk = len(messages) - bulk + len(muted)
    status, closed_at = ("done", at) if leg.closes else ("open", None)
    moved = (conversation_id, leg.version, leg.epoch, leg.state, at, talk, bulk)
    db.later.move(moved, (inbox_id, status, leg.leg, closed_at))
    if messages:
        talk = _queue(db, leg, messages, talk, bulk)
    if muted:
        _mute(db, leg, muted, talk)
    db.later.add_journal((conversation_id, inbox_id, leg.leg, leg.version + 1, at, leg.journal))
    if leg.redacted is not None:
        db.execute(_REDACT_INBOX, (leg.redacted, inbox_id))


def _keep(db: Connection, leg: Leg) -> None:
    """Write a leg's timers and what it recorded."""
    conversation_id, inbox_id, at = leg.conversation_id, leg.inbox_id, leg.at
    timers = [(conversation_id, t.name, t.kind, t.due_at, orjson.dumps(t.payload)) for t in leg.timers]
    results = [(conversation_id, inbox_id, r.flow, at, orjson.dumps(r.row)) for r in leg.records]
    if leg.cancels:
        db.executemany(_CANCEL_TIMER, [(conversation_id, name) for name in leg.cancels])
    if timers:
        db.executemany(_SET_TIMER, timers)
    if results:
        db.executemany(_ADD_RESULT, results)


def _queue(db: Connection, leg: Leg, messages: list[bytes], talk: int, bulk: int) -> int:
    """Queue a leg's messages, and return how many of `talk` rows are left to number."""
    conversation_id, channel, at = leg.conversation_id, leg.channel, leg.at
    for send, message in zip(leg.sends, messages, strict=True):
        if send.lane == "bulk":
            behind = bulk = bulk - 1
        else:
            behind = talk = talk - 1
        if send.message["type"] == "choices":
            replace_copies(db, conversation_id, send, at)
        expires_at = None if (deadline_s := send.deadline_s) is None else at + deadline_s
        place = (conversation_id, channel, send.lane, behind, send.rank, leg.inbox_id, leg.leg)
        db.later.add_outbox((*place, message, send.flow, send.step, send.place, send.on_failed, at, expires_at))
    return talk


def _mute(db: Connection, leg: Leg, messages: list[bytes], talk: int) -> None:
    """Keep what a leg would have said, behind what it says: it is a gap for whoever counts."""
    for count, ((send, reason), message) in enumerate(zip(leg.muted, messages, strict=True), 1):
        step = (send.flow, send.step, send.place)
        origin = (send.rank, leg.inbox_id, leg.leg, message)
        db.later.add_muted((leg.conversation_id, leg.channel, talk - count, *origin, *step, reason, leg.at))


def _claim(
    db: sqlite3.Connection, now: float, limit: int, skip: frozenset[str], suspects: bool, waits_s: Sequence[float]
) -> list[InboxRow]:
    db.execute(SQL["take_ahead"], (now, now + AHEAD_S))
    chosen: list[int] = []
    for inbox_id, conversation_id in db.execute(SQL["due_inbox"], (now, suspects)):
        if len(chosen) >= limit:
            break
        if conversation_id not in skip:
            chosen.append(inbox_id)
    db.executemany(SQL["count_attempt"], [(inbox_id,) for inbox_id in chosen])
    rows = [_load_inbox_row(db.execute(SQL["get_inbox"], (inbox_id,)).fetchone()) for inbox_id in chosen]
    if waits_s:
        waits = [waits_s[row.attempts] if row.attempts < len(waits_s) else 0.0 for row in rows]
        due = [(now + wait_s, row.id) for row, wait_s in zip(rows, waits, strict=True)]
        db.executemany(SQL["put_off_next"], due)
    return rows


def _load_inbox_row(row: tuple[Any, ...]) -> InboxRow:
    inbox_id, kind, source, event, received_at, attempts, legs, *conversation = row
    return InboxRow(inbox_id, kind, source, event, received_at, attempts, legs, Snapshot(*conversation))


def _next_due(db: sqlite3.Connection, skip: frozenset[str]) -> float | None:
    for due_at, conversation_id in db.execute(SQL["upcoming_inbox"]):
        if conversation_id not in skip:
            return float(due_at)
    return None


def _bury(db: sqlite3.Connection, inbox_id: int, values: tuple[Any, ...], redacted: bytes | None) -> None:
    buried = db.execute(SQL["bury_inbox"], values)
    if buried.rowcount and redacted is not None:
        db.execute(_REDACT_INBOX, (redacted, inbox_id))


def _change(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> None:
    db.execute(statement, values)
