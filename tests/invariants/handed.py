"""Who speaks: while people have a conversation, its bot is silent."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.invariants.facts import Facts

#: Flows that speak even then: who wants no more messages is heard.
HEARD = frozenset({"opt_out"})


def silent(facts: Facts) -> Iterator[str]:
    """Find what flows said between the leg that gave a conversation to people and the one that gave it back."""
    said: dict[tuple[int, int], list[str]] = {}
    for inbox, leg, flow in facts.rows("SELECT inbox_id, leg, flow FROM outbox WHERE flow != ''"):
        said.setdefault((inbox, leg), []).append(flow)
    handed: dict[str, str | None] = {}
    for conversation, inbox, leg, entry in facts.rows(
        "SELECT conversation_id, inbox_id, leg, entry FROM journal WHERE leg > 0 ORDER BY conversation_id, version"
    ):
        before = handed.get(conversation)
        changes = _changes(entry)
        handed[conversation] = changes.get("handed", before)
        if before is None or "handed" in changes:
            continue
        for flow in said.get((inbox, leg), ()):
            if flow not in HEARD:
                yield f"conversation {conversation} is with {before}, and {flow} spoke in leg {leg} of row {inbox}"


def _changes(entry: bytes) -> dict[str, str | None]:
    """Return what a leg did to who has its conversation; what cannot be read is told by `frames`."""
    try:
        found = json.loads(entry)
    except ValueError:
        return {}
    return {"handed": found["handed"]} if isinstance(found, dict) and "handed" in found else {}
