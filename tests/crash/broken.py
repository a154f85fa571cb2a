"""Builds of botkit that break a promise, each in one part: the proof must catch every one of them.

They are made in the process that `serve.py` forks, by putting another function in the place of one; no setting and no
variable reaches them. Each has the point at which a kill shows it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botkit.gateway.listing import Mark
from botkit.legs import Player
from botkit.outbox import flights
from botkit.ports import Arrival, Flight, InboxRow, Settlement, WireRequest
from botkit.progress import Progress
from botkit.server.poller import Poller
from botkit.server.webhook import Filing
from botkit.store import inbox, later, outbox
from botkit.store.queries import SQL
from botkit.turn import people
from botkit.turn.asked import written
from botkit.turn.conversation import Conversation
from botkit.turn.event import Inbound
from botkit.turn.leg import Leg
from tests.invariants import Meaning


@dataclass(frozen=True, slots=True)
class Broken:
    """A build: what it does wrong, what that means (None: nothing is wrong), what makes it, and where to kill it.

    It is shown by the kill, or once `events` were answered; by a bot that asks where it `polls`.
    """

    wrong: str
    breaks: Meaning | None
    build: Callable[[], None]
    points: tuple[str, ...]
    events: int = 0
    polls: bool = False


def answer_early() -> None:
    """Let the webhook answer before its events are committed."""
    file = Filing.file
    tasks: set[asyncio.Task[None]] = set()

    async def promise(self: Filing, arrivals: Sequence[Arrival]) -> None:
        task = asyncio.create_task(file(self, arrivals))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    _put(Filing, "file", promise)


def mark_early() -> None:
    """Mark a message as sent before the gateway has answered."""
    carry = flights.Flights._carry

    async def mark_and_carry(self: flights.Flights, flight: Flight, queued_at: float | None) -> None:
        await self.write_down(flight, Settlement("sent", self._clock.now(), 200))
        await carry(self, flight, queued_at)

    _put(flights.Flights, "_carry", mark_and_carry)


def send_without_intent() -> None:
    """Write down that a message flies only once it has landed; one at a time, so that none is taken twice."""
    begin, settle = outbox._begin, outbox._settle
    out: dict[int, tuple[Any, ...]] = {}

    def begin_unwritten(
        db: sqlite3.Connection, key: str, owner: str, rows: Sequence[int], wire: WireRequest, now: float
    ) -> Flight | None:
        db.execute("SAVEPOINT intent")
        flight = begin(db, key, owner, rows, wire, now)
        db.execute("ROLLBACK TO intent")
        db.execute("RELEASE intent")
        if flight is not None:
            out[flight.request_id] = (key, owner, rows, wire, now)
        return flight

    def settle_late(db: sqlite3.Connection, flight: Flight, end: Settlement) -> int:
        began = out.get(flight.request_id)
        return settle(db, (began and begin(db, *began)) or flight, end)

    _put(flights, "FLIGHTS_LIMIT", 1)
    _put(outbox, "_begin", begin_unwritten)
    _put(outbox, "_settle", settle_late)


def play_late() -> None:
    """Let every third event be played on the state before the last leg, as by a worker that slept meanwhile."""
    take_up = Player._take_up
    known: dict[str, Conversation] = {}
    played = [0]

    def oversleep(self: Player, row: InboxRow, progress: Progress) -> Conversation:
        now = take_up(self, row, progress)
        before = known.get(now.id)
        known[now.id] = now
        played[0] += 1
        return before if before is not None and not progress.legs and played[0] % 3 == 0 else now

    _put(Player, "_take_up", oversleep)


def commit_unchecked() -> None:
    """Commit legs whatever has become of their conversation, with a worker that sleeps now and then."""
    play_late()
    checked, for_rows = " AND version = moved.column2 AND epoch = moved.column3", later._for_rows
    assert checked in SQL["move_conversation"]
    _put(later, "_for_rows", lambda statement, count: for_rows(statement, count).replace(checked, ""))


def take_copies() -> None:
    """Take an event again that was taken before."""
    known = "s.discriminator = ?"
    assert known in inbox._FIND_ARRIVAL
    _put(inbox, "_FIND_ARRIVAL", inbox._FIND_ARRIVAL.replace(known, f"{known} AND 0"))


def move_early() -> None:
    """Keep the mark behind what a gateway lists before that is committed."""
    take = Poller._take

    async def move_and_take(self: Poller, body: bytes, mark: Mark) -> float:
        listed = await self._read(body, mark)
        if listed.mark != mark:
            await self._store.set_meta(self._name, listed.mark.dump())
        return await take(self, body, mark)

    _put(Poller, "_take", move_and_take)


def speak_in_handoff() -> None:
    """Answer who writes while people have the conversation."""
    hear = people.MEANWHILE[Inbound]

    def answer(leg: Leg, message: Inbound) -> None:
        leg.effects.append(written(f"¿Qué es {message.text}?", "interactive"))
        hear(leg, message)

    people.MEANWHILE[Inbound] = answer


def _put(place: object, name: str, value: object) -> None:
    """Put something in the place of what is there."""
    assert hasattr(place, name)
    setattr(place, name, value)


BROKEN: dict[str, Broken] = {
    "200-before-commit": Broken(
        "an event is answered 200 before it is committed", "lost", answer_early, ("inbox-before",)
    ),
    "mark-before-answer": Broken("a message is marked sent before the answer", "lost", mark_early, ("send-before",)),
    "no-intent": Broken(
        "a message flies before that is committed", "duplicate", send_without_intent, ("send-written",)
    ),
    "no-version": Broken("a leg is committed on a state that is gone", "torn", commit_unchecked, (), 40),
    "no-dedupe": Broken("an event that comes again is taken again", "duplicate", take_copies, ("inbox-after",)),
    "poll-mark-first": Broken(
        "the mark moves before what was listed is committed", "lost", move_early, ("inbox-before",), polls=True
    ),
    "speaks-in-handoff": Broken(
        "the bot answers while people have the conversation", "defect", speak_in_handoff, (), 60
    ),
    "late-worker": Broken("nothing, though a worker sleeps", None, play_late, ("leg-after",), 40),
}
