"""Small arrivals, legs and requests to try a store with, and the steps that many tests begin with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Protocol

from botkit.ports import (
    Arrival,
    DeskStore,
    Flight,
    InboxRow,
    InboxStore,
    Leg,
    OutboxStore,
    ProvenStore,
    QueueControl,
    QueueStore,
    RetentionStore,
    Settlement,
    StoryStore,
    TimerStore,
    WireRequest,
)
from botkit.turn.effect import CLASSES, Record, Send, SetTimer

#: when every test begins, in seconds since 1970
NOW = 1_700_000_000.0
CHANNEL = "wa"
OWNER = "worker-1"
_numbers = count()
WIRE = WireRequest("POST", "/messages", "application/json", b'{"to":"519"}')


class Store(
    InboxStore,
    TimerStore,
    OutboxStore,
    QueueStore,
    QueueControl,
    StoryStore,
    RetentionStore,
    ProvenStore,
    DeskStore,
    Protocol,
):
    """What a store fulfils: all protocols."""

    async def close(self) -> None:
        """Finish and let go of everything."""
        ...


def arrival(
    gateway_id: str = "in-1",
    contact: str | None = "51999000001",
    *,
    digest: bytes = b"digest",
    turn: bool = True,
    unique_for_s: float = 60.0,
) -> Arrival:
    """Return a text that came in."""
    event = b'{"id":"%s"}' % gateway_id.encode()
    return Arrival(CHANNEL, "webhook", "text", contact, gateway_id, "", digest, event, b"raw", turn, unique_for_s)


def text(
    words: str = "hola",
    *,
    rank: str = "interactive",
    lane: str = "talk",
    expires_s: float | None = None,
    on_failed: str | None = None,
) -> Send:
    """Return the effect that queues a text."""
    message = {"type": "text", "text": words}
    return Send(message, "booking", "day", "booking.yaml:3", CLASSES[rank], lane, expires_s, on_failed)


def leg(
    row: InboxRow,
    sends: Sequence[Send] = (),
    *,
    number: int = 1,
    version: int | None = None,
    epoch: int | None = None,
    closes: bool = True,
    state: bytes = b'{"step":"day"}',
    timers: Sequence[SetTimer] = (),
    cancels: Sequence[str] = (),
    records: Sequence[Record] = (),
) -> Leg:
    """Return a leg on a claimed row; it fits the row's snapshot unless told otherwise."""
    found = row.conversation
    return Leg(
        inbox_id=row.id,
        leg=number,
        closes=closes,
        conversation_id=found.id,
        channel=CHANNEL,
        version=found.version if version is None else version,
        epoch=found.epoch if epoch is None else epoch,
        state=state,
        journal=b'{"way":[]}',
        at=NOW + 1,
        sends=sends,
        timers=timers,
        cancels=cancels,
        records=records,
    )


async def take(store: InboxStore, gateway_id: str = "in-1", contact: str = "51999000001") -> InboxRow:
    """Accept one text and return its claimed row."""
    [receipt] = await store.accept([arrival(gateway_id, contact)], NOW)
    assert receipt.row is not None
    return receipt.row


async def queue(store: InboxStore, contact: str, *sends: Send) -> str:
    """Queue messages for a contact and return its conversation's id."""
    row = await take(store, f"queued-{next(_numbers)}", contact)
    await store.commit(leg(row, sends))
    return row.conversation.id


async def fly(store: OutboxStore, now: float = NOW + 2) -> Flight:
    """Begin a request with the row at the head."""
    row = await store.head(CHANNEL, now)
    assert row is not None
    flight = await store.begin(CHANNEL, OWNER, [row.id], WIRE, now)
    assert flight is not None
    return flight


async def doubt(store: OutboxStore, due_at: float = NOW + 30) -> Flight:
    """Begin a request with the row at the head and lose its answer."""
    flight = await fly(store)
    await store.settle(flight, Settlement("uncertain", NOW + 3, detail="timeout", due_at=due_at))
    return flight


async def words_waiting(store: DeskStore) -> list[tuple[str, str]]:
    """Return (text, status) of every outbox row, oldest first."""
    rows = await store.outbox_rows(conversation_id=None, status=None, limit=1000)
    return [(row["message"]["text"], row["status"]) for row in reversed(rows)]
