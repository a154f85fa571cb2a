"""What a row of the inbox holds: an event, and the conversation that it is for."""

from __future__ import annotations

import orjson

from botkit.ports import InboxRow, Snapshot
from botkit.turn.codec import dump_event, load_event, load_filed
from botkit.turn.conversation import Conversation, load_state
from botkit.turn.event import FILED, Event, Inbound


def restore(snapshot: Snapshot) -> Conversation:
    """Return the conversation that a row of the store holds."""
    base = Conversation(snapshot.id, snapshot.channel, snapshot.contact, snapshot.version, snapshot.epoch)
    return load_state(base, orjson.loads(snapshot.state))


def event_of(row: InboxRow) -> Event:
    """Return the event that an inbox row holds."""
    if row.kind in FILED:
        return load_filed(row.kind, row.event)
    return row.parsed or load_event(row.event)


def redacted(row: InboxRow) -> bytes | None:
    """Return a message's event without what it said; None for an event that says nothing."""
    event = event_of(row)
    if not isinstance(event, Inbound):
        return None
    return dump_event(event._replace(text=None, choice=None, media=None, location=None))
