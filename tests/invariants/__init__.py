"""The one checker: what must hold of a store, whatever was killed, cut off or refused meanwhile.

It reads the SQLite file by itself and shares no code with botkit. Beside the store it is given what the gateway saw
and which events were answered 200, for that is what is promised. The closed table INVARIANTS names each; a violation is
a readable line.

**What the schema counts.** A *leg* is one commit of a turn; each adds one to the conversation's `version` and writes
one journal row with leg ≥ 1 (leg 0 is what was filed without a turn). So the version is the number of applied legs, and
the journal's versions of a conversation are 1, 2, 3 … in the order in which its events came.

**Attempts.** Each row of `ledger` with a request is one attempt, committed before its first byte. An attempt that was
answered 3xx, 4xx or 503 was not taken, nor the last one of a request that is `returned`; every other may have been.
What the gateway saw is matched by the SHA-256 of the body: the driver sees to it that no two messages to one contact
are alike, else a copy of one could hide behind the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from tests.invariants import handed, lost, order, torn
from tests.invariants.facts import Facts, Heard, Seen, Window, facts_of

__all__ = ["INVARIANTS", "Heard", "Meaning", "Seen", "Violation", "Window", "violations"]

#: What a violation means to the person: the columns of a proof's table.
Meaning = Literal["lost", "torn", "reordered", "duplicate", "limit", "stuck", "defect"]


class Violation(NamedTuple):
    """What does not hold: the invariant's name in INVARIANTS, what that means, and where."""

    name: str
    meaning: Meaning
    line: str

    def __str__(self) -> str:
        return f"{self.meaning}: {self.name}: {self.line}"


Find = Callable[[Facts], Iterator[str]]

#: name -> what its violation means, the invariant in one sentence, what finds violations.
INVARIANTS: dict[str, tuple[Meaning, str, Find]] = {
    "stored": ("lost", "Every event that was answered 200 is in the inbox.", lost.stored),
    "sent": ("lost", "Every message that is marked sent was taken by the gateway.", lost.sent),
    "stored once": ("duplicate", "A message has one inbox row, however often it came.", lost.stored_once),
    "copies": (
        "duplicate",
        "The gateway took no more copies of a message than 1 + its uncertain attempts.",
        lost.copies,
    ),
    "again": ("duplicate", "Only what is uncertain is sent again, and each attempt is counted.", lost.again),
    "sound": ("torn", "The database is whole.", torn.sound),
    "journal": ("torn", "Each applied leg is journaled once, and nothing is there that no leg made.", torn.journaled),
    "version": ("torn", "A conversation's version is the number of its applied legs.", torn.version),
    "frames": ("torn", "Every state can be read, and its flows are kept.", torn.frames),
    "arrival": ("reordered", "The events of a conversation are applied in order of arrival.", order.arrival),
    "numbers": ("reordered", "Outbox numbers are dense per contact and lane.", order.numbers),
    "order": ("reordered", "The gateway takes a lane's messages in rising order.", order.order),
    "silent": ("defect", "While people have a conversation, no flow speaks in it.", handed.silent),
    "limit": ("limit", "No window holds more requests than the limit.", order.limit),
    "ended": ("stuck", "Once faults stop, all work ends.", order.ended),
}


def violations(
    store: Path | sqlite3.Connection,
    seen: Sequence[Seen],
    heard: Sequence[Heard],
    *,
    now: float,
    window: Window | None = None,
    ended: bool = True,
) -> list[Violation]:
    """Return what does not hold; `ended` False while faults go on: then work may be left."""
    db = store if isinstance(store, sqlite3.Connection) else sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        facts = facts_of(db, seen, heard, window, now)
        return [
            Violation(name, meaning, line)
            for name, (meaning, _, find) in INVARIANTS.items()
            if ended or name != "ended"
            for line in find(facts)
        ]
    finally:
        if db is not store:
            db.close()
