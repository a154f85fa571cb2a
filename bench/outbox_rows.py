"""Rows for an outbox that is measured, queued as a turn queues them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from botkit.ports import Arrival, Leg, Receipt
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import CLASSES, Send

#: Events that are stored and played together.
BATCH = 500
#: Returns the class and the lane of the n-th row.
Shape = Callable[[int], tuple[str, str]]


async def fill(store: SqliteStore, key: str, rows: int, contacts: int, shape: Shape, now: float) -> None:
    """Queue so many rows, evenly over the contacts."""
    for first in range(0, contacts, BATCH):
        numbers = range(first, min(first + BATCH, contacts))
        # a moment each: ids of one millisecond differ by chance only, and for so many it is too little
        receipts = await store.accept([_arrival(key, number) for number in numbers], now + first / 1000)
        legs = [
            _leg(key, receipt, [_send(n, *shape(n)) for n in range(number, rows, contacts)], now)
            for number, receipt in zip(numbers, receipts, strict=True)
        ]
        await asyncio.gather(*[store.commit(leg) for leg in legs])


async def queue_turn(store: SqliteStore, key: str, number: int, bubbles: int, now: float) -> None:
    """Queue the replies of one turn of a new contact."""
    [receipt] = await store.accept([_arrival(key, number)], now)
    await store.commit(_leg(key, receipt, [_send(n, "interactive", "talk") for n in range(bubbles)], now))


def _arrival(key: str, number: int) -> Arrival:
    return Arrival(key, "webhook", "text", f"5917{number:07}", f"in-{number}", "", b"digest", b"{}", b"", True, 60.0)


def _leg(key: str, receipt: Receipt, sends: Sequence[Send], now: float) -> Leg:
    assert receipt.row is not None
    found = receipt.row.conversation
    state = (found.version, found.epoch, b"{}", b"{}")
    return Leg(receipt.row.id, 1, True, found.id, key, *state, now, sends)


def _send(number: int, rank: str, lane: str) -> Send:
    return Send({"type": "text", "text": f"Hola {number}"}, "f", "s", "f.yaml:1", CLASSES[rank], lane)
