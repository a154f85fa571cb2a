"""Nothing is torn: each leg is there whole, and nothing that no leg made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.invariants.facts import Facts


def sound(facts: Facts) -> Iterator[str]:
    """Find what the database itself calls broken."""
    for (said,) in facts.rows("PRAGMA integrity_check"):
        if said != "ok":
            yield f"SQLite says: {said}"
    for table, row, parent, _ in facts.rows("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to a {parent} that is not there"


def journaled(facts: Facts) -> Iterator[str]:
    """Find events whose applied legs are not all in the journal, each once, and what no leg made."""
    for row, status, legs, count, last in facts.rows(
        "SELECT i.id, i.status, i.legs, count(j.leg), coalesce(max(j.leg), 0) FROM inbox i"
        " LEFT JOIN journal j ON j.inbox_id = i.id AND j.leg > 0 GROUP BY i.id"
        " HAVING i.legs != count(j.leg) OR i.legs != coalesce(max(j.leg), 0) OR (i.status = 'done') > (i.legs > 0)"
        " OR (i.status = 'filed' AND i.legs > 0)"
    ):
        yield f"inbox row {row} is {status} after {legs} legs; the journal has {count}, the last is {last}"
    for table in ("outbox", "result"):
        leg = "AND j.leg = t.leg" if table == "outbox" else ""
        for row, inbox in facts.rows(
            f"SELECT t.id, t.inbox_id FROM {table} t WHERE t.inbox_id IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.inbox_id = t.inbox_id {leg})"
        ):
            yield f"row {row} of {table} comes of a leg of inbox row {inbox} that is not in the journal"


def version(facts: Facts) -> Iterator[str]:
    """Find conversations whose version is not the number of their applied legs, or whose legs share one."""
    for conversation, version, legs, versions, last in facts.rows(
        "SELECT c.id, c.version, count(j.leg), count(DISTINCT j.version), coalesce(max(j.version), 0)"
        " FROM conversation c LEFT JOIN journal j ON j.conversation_id = c.id AND j.leg > 0 GROUP BY c.id"
        " HAVING c.version != count(j.leg) OR c.version != count(DISTINCT j.version)"
        " OR c.version != coalesce(max(j.version), 0)"
    ):
        yield f"conversation {conversation} is at version {version}; {legs} legs made {versions} versions up to {last}"


def frames(facts: Facts) -> Iterator[str]:
    """Find states and journal entries that cannot be read, frames of no known definition, calls that nobody makes."""
    known = {digest for (digest,) in facts.rows("SELECT digest FROM definition")}
    for conversation, state, is_open in facts.rows(
        "SELECT c.id, c.state, EXISTS (SELECT 1 FROM inbox i WHERE i.conversation_id = c.id AND i.status = 'open')"
        " FROM conversation c"
    ):
        for line in _frames_of(_read(state), known, bool(is_open)):
            yield f"conversation {conversation}: {line}"
    for inbox, leg, entry in facts.rows("SELECT inbox_id, leg, entry FROM journal"):
        if not isinstance(_read(entry), dict):
            yield f"the journal's leg {leg} of inbox row {inbox} cannot be read"


def _frames_of(state: Any, known: set[str], is_open: bool) -> Iterator[str]:
    if not isinstance(state, dict):
        yield "its state cannot be read"
        return
    frames = state.get("frames", [])
    for frame in frames:
        if not all(isinstance(frame.get(name), str) for name in ("flow", "digest", "step")):
            yield f"a frame says neither flow nor step: {str(frame)[:80]}"
        elif frame["digest"] not in known:
            yield f"it stands in a definition of {frame['flow']} that is not kept"
    is_waiting = bool(frames) and bool(frames[-1].get("pending_call"))
    if is_waiting and not is_open:
        yield "it waits for a call, and no event of it is open"


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
