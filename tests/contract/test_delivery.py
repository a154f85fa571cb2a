"""What every store tells flows of: messages that will not arrive, once each, in the transaction that settles them."""

from __future__ import annotations

import pytest

from botkit.errors import StoreUnavailable
from botkit.ports import InboxRow, RequestStatus, Settlement
from botkit.turn.codec import load_filed
from botkit.turn.event import DELIVERY, UNDELIVERED, Delivery
from tests.contract.conftest import Reopen
from tests.contract.samples import CHANNEL, NOW, OWNER, WIRE, Store, doubt, fly, leg, queue, take, text

A, B = "51999000001", "51999000002"
FAILED = Settlement("failed", NOW + 3, 400, detail="no such number")
EVERY_END: tuple[RequestStatus, ...] = ("sent", "failed", "returned", "uncertain", "unconfirmed", "dropped")


async def told(store: Store, now: float = NOW + 99) -> list[InboxRow]:
    """Return the deliveries that wait for their turn."""
    rows = await store.claim(now, 100, frozenset())
    assert {(row.kind, row.source) for row in rows} <= {(DELIVERY, "outbox")}
    return rows


def told_by(row: InboxRow) -> Delivery:
    """Return what a row tells."""
    event = load_filed(row.kind, row.event)
    assert isinstance(event, Delivery)
    return event


@pytest.mark.parametrize("status", EVERY_END)
async def test_settled(store: Store, status: RequestStatus) -> None:
    """Of a message that will not arrive its flow is told; of one that may, or did, it is not."""
    conversation = await queue(store, A, text(on_failed="day"))
    flight = await fly(store)
    end = Settlement(status, NOW + 3, detail="no such number", due_at=NOW + 30)
    assert await store.settle(flight, end) == (status in UNDELIVERED)
    rows = await told(store)
    assert len(rows) == (status in UNDELIVERED)
    for row in rows:
        assert (row.conversation.id, row.attempts, row.legs) == (conversation, 1, 0)
        [sent] = await store.outbox_rows(conversation_id=None, status=None, limit=9)
        assert told_by(row) == Delivery("booking", "day", status, "no such number", 1, sent["id"])


async def test_nobody_listens(store: Store) -> None:
    """A row without `on_failed` tells nobody."""
    await queue(store, A, text())
    assert await store.settle(await fly(store), FAILED) == 0
    assert await told(store) == []


async def test_version(store: Store) -> None:
    """What is told names the version that the saying leg made, however far the conversation went meanwhile."""
    await queue(store, A, text("1"))
    await queue(store, A, text("2", on_failed="day"))
    await queue(store, A, text("3"))
    for end in (Settlement("sent", NOW + 3), FAILED):
        await store.settle(await fly(store), end)
    [row] = await told(store)
    assert told_by(row).version == 2


async def test_given_up(store: Store) -> None:
    """An uncertain message that is given up is told of, with its state where nobody gave a reason."""
    await queue(store, A, text(on_failed="day"))
    flight = await doubt(store)
    assert await told(store) == []
    assert await store.give_up(flight.request_id, Settlement("unconfirmed", NOW + 30)) == 1
    [row] = await told(store)
    assert (told_by(row).state, told_by(row).reason) == ("unconfirmed", "unconfirmed")


async def test_expired(store: Store) -> None:
    """Each message that expires is told of; those without `on_failed` are not."""
    await queue(store, A, text("1", expires_s=5, on_failed="day"), text("2", expires_s=5))
    await queue(store, B, text("3", expires_s=5, on_failed="day"))
    assert (await store.expire(CHANNEL, NOW + 6)).told == 2
    assert [told_by(row).state for row in await told(store)] == ["expired", "expired"]


async def test_once(store: Store) -> None:
    """Whatever settles a message again tells nobody again."""
    await queue(store, A, text("1", on_failed="day"), text("2", expires_s=5, on_failed="day"))
    flight = await fly(store)
    for again in (False, True):
        assert await store.settle(flight, FAILED) == (not again)
        assert await store.give_up(flight.request_id, Settlement("dropped", NOW + 4)) == 0
        assert (await store.expire(CHANNEL, NOW + 6)).told == (not again)
    rows = await told(store)
    await store.commit(leg(rows[0]))
    [second] = await told(store)
    await store.commit(leg(second))
    assert await told(store) == []


async def test_every_row_of_a_request(store: Store) -> None:
    """Rows that went as one request fail as one, each for itself."""
    await queue(store, A, text("1", on_failed="day"), text("2"), text("3", on_failed="day"))
    rows = [row["id"] for row in await store.outbox_rows(conversation_id=None, status=None, limit=9)]
    flight = await store.begin(CHANNEL, OWNER, rows, WIRE, NOW + 2)
    assert flight is not None
    assert await store.settle(flight, FAILED) == 2


async def test_long_reason(store: Store) -> None:
    """A gateway that answers with a page does not put the page into the conversation."""
    await queue(store, A, text(on_failed="day"))
    await store.settle(await fly(store), Settlement("failed", NOW + 3, detail="x" * 5000))
    [row] = await told(store)
    assert len(told_by(row).reason) == 200


async def test_in_order(store: Store) -> None:
    """What is told waits behind what came before it, and goes before what comes later."""
    await queue(store, A, text(on_failed="day"))
    before = await take(store, "before", A)
    await store.settle(await fly(store), FAILED)
    after = await take(store, "after", A)
    order = []
    for _ in range(3):
        [row] = await store.claim(NOW + 99, 9, frozenset())
        order.append(row.id)
        await store.commit(leg(row))
    assert (order[0], order[2]) == (before.id, after.id)


async def test_outlives_a_restart(reopen: Reopen) -> None:
    """A process that ends before the flow has heard leaves it in the inbox."""
    store = await reopen()
    await queue(store, A, text(on_failed="day"))
    await store.settle(await fly(store), FAILED)
    store = await reopen()
    assert len(await told(store)) == 1


async def test_told_and_settled_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the one cannot be stored, neither is the other: a kill between them loses nothing."""
    await queue(store, A, text(on_failed="day"))
    flight = await fly(store)

    def broken(*_: object) -> None:
        raise StoreUnavailable("full")

    with monkeypatch.context() as patch:
        patch.setattr("botkit.store.ends.tell", broken)
        with pytest.raises(StoreUnavailable):
            await store.settle(flight, FAILED)
    [row] = await store.outbox_rows(conversation_id=None, status=None, limit=9)
    assert row["status"] == "flying"
    assert await told(store) == []
    assert await store.settle(flight, FAILED) == 1
