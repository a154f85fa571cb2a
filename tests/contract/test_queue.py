"""What every QueueStore shows of the outbox, and what every QueueControl changes in it."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.ports import Lane, Settlement
from botkit.turn.codec import load_filed
from botkit.turn.effect import CLASSES
from botkit.turn.event import Delivery
from tests.contract.samples import CHANNEL, NOW, Store, doubt, fly, queue, text, words_waiting

ANA, LUIS = "51999000001", "51999000002"
TALK, BULK = CLASSES["interactive"], CLASSES["bulk"]


async def end(store: Store, status: str, detail: str = "why") -> int:
    """Send the head, which comes to this end; return its row."""
    flight = await fly(store)
    assert status in ("sent", "failed", "unconfirmed", "dropped")
    await store.settle(flight, Settlement(status, NOW + 3, 400, detail=detail))  # type: ignore[arg-type]
    [row] = [each for each in await every(store) if each["request_id"] == flight.request_id]
    return int(row["id"])


async def every(store: Store) -> list[dict[str, Any]]:
    """Return every outbox row, oldest first."""
    return (await store.outbox_rows(conversation_id=None, status=None, limit=1000))[::-1]


async def lane(store: Store) -> list[tuple[int, str, str]]:
    """Return (number, text, status) of every row, by number: they are dense."""
    rows = sorted(await every(store), key=lambda row: (row["conversation_id"], row["seq"]))
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    return [(row["seq"], row["message"]["text"], row["status"]) for row in rows]


async def leave(store: Store) -> list[str]:
    """Send all that waits, one after the other; return the texts."""
    sent = []
    while (row := await store.head(CHANNEL, NOW + 9)) is not None:
        sent.append(row.message.decode())
        await store.settle(await fly(store, NOW + 9), Settlement("sent", NOW + 9))
    return [each.partition('"text":"')[2].partition('"}')[0] for each in sent]


@pytest.mark.parametrize("page", [1, 2, 3, 2000])
async def test_lanes(store: Store, page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every lane in which something waits, with how much, its class and its turn; however many are read at once."""
    monkeypatch.setattr("botkit.store.queue.LANES_AT_ONCE", page)
    ana = await queue(store, ANA, text("1"), text("2"), text("3", rank="bulk", lane="bulk"))
    luis = await queue(store, LUIS, text("4"))
    lanes = sorted(await store.lanes(), key=lambda lane: lane.turn)
    assert [each._replace(turn=0) for each in lanes] == [
        Lane(ana, "talk", TALK, 0, 2, CHANNEL),
        Lane(ana, "bulk", BULK, 0, 1, CHANNEL),
        Lane(luis, "talk", TALK, 0, 1, CHANNEL),
    ]


async def test_rows(store: Store) -> None:
    """Rows that wait come in order, those in the air by themselves, each with its contact and its request."""
    ana = await queue(store, ANA, text("1"), text("2"), text("3"))
    flight = await doubt(store, NOW + 30)
    [first, second] = await store.waiting_rows(ana, "talk", 2)
    assert [first["message"]["text"], second["message"]["text"]] == ["2", "3"]
    assert (first["contact"], first["status"], first["request_id"]) == (ANA, "pending", None)
    [air] = await store.rows_in_air()
    assert (air["request_id"], air["request_status"], air["attempts"]) == (flight.request_id, "uncertain", 1)
    assert (air["due_at"], air["detail"], air["place"]) == (NOW + 30, "timeout", "booking.yaml:3")
    assert await store.rows_in_air(ana) == [air]
    assert await store.rows_in_air("nobody") == []
    assert await store.queued([second["id"], 99, air["id"]]) == [second, air]


async def test_ended(store: Store) -> None:
    """What ended without being sent is listed, newest first; what was sent is not."""
    ana = await queue(store, ANA, text("1"), text("2"), text("3"))
    failed = await end(store, "failed")
    await end(store, "sent")
    dropped = await end(store, "dropped")
    assert [row["id"] for row in await store.ended_rows(ana, NOW, 9)] == [dropped, failed]
    assert [row["id"] for row in await store.ended_rows(ana, NOW, 1)] == [dropped]
    assert await store.ended_rows(ana, NOW + 4, 9) == []


async def test_requests(store: Store) -> None:
    """The requests that a message went out with: those that it came back from, and its own; not those of others."""
    await queue(store, ANA, text("1"), text("2"))
    await store.settle(await fly(store), Settlement("returned", NOW + 3, 503))
    first, second = await end(store, "failed", "no such number"), await end(store, "sent")
    one, other = await store.queued([first, second])
    told = [(row["status"], row["http_status"], row["detail"]) for row in await store.requests_for(one, 9)]
    assert told == [("returned", 503, ""), ("failed", 400, "no such number")]
    assert [row["status"] for row in await store.requests_for(other, 9)] == ["returned", "sent"]
    assert await store.requests_for({**one, "created_at": NOW + 4}, 9) == []


@pytest.mark.parametrize("status", ["failed", "unconfirmed", "dropped"])
async def test_requeue_in_place(store: Store, status: str) -> None:
    """With nothing behind it gone, a message waits again where it was."""
    await queue(store, ANA, text("1"), text("2"))
    row = await end(store, status)
    assert await store.requeue([row], NOW + 5) == {row: row}
    assert await lane(store) == [(1, "1", "pending"), (2, "2", "pending")]
    assert await leave(store) == ["1", "2"]


@pytest.mark.parametrize("status", ["sent", "unconfirmed", "flying", "uncertain", "dropped"])
async def test_requeue_behind(store: Store, status: str) -> None:
    """What may have reached the person later is not overtaken: the message is queued once more, at the end."""
    await queue(store, ANA, text("1"), text("2"), text("3"))
    row = await end(store, "failed")
    if status == "flying":
        await fly(store)
    elif status == "uncertain":
        await doubt(store)
    else:
        await end(store, status)
    [copy] = (await store.requeue([row], NOW + 5)).values()
    assert copy != row
    assert await lane(store) == [(1, "1", "replaced"), (2, "2", status), (3, "3", "pending"), (4, "1", "pending")]
    [old] = await store.queued([row])
    assert (old["reason"], old["settled_at"]) == (f"sent again as message {copy}", NOW + 5)


async def test_requeue_failed_behind(store: Store) -> None:
    """What was refused behind it never arrived: both wait in their old places."""
    await queue(store, ANA, text("1"), text("2"))
    first, second = await end(store, "failed"), await end(store, "failed")
    assert await store.requeue([second, first], NOW + 5) == {first: first, second: second}
    assert await leave(store) == ["1", "2"]


async def test_requeue_keeps_order(store: Store) -> None:
    """Of several that are sent again none overtakes another, even where only the first must go to the end."""
    await queue(store, ANA, text("1"), text("2"), text("3"))
    first, second = await end(store, "failed"), await end(store, "unconfirmed")
    await store.requeue([second, first], NOW + 5)
    assert await leave(store) == ["3", "1", "2"]


async def test_requeue_uncertain(store: Store) -> None:
    """A request in doubt goes back whole, and everybody behind it moves on."""
    await queue(store, ANA, text("1"), text("2"))
    await doubt(store)
    [row] = [row["id"] for row in await store.rows_in_air()]
    assert await store.requeue([row], NOW + 5) == {row: row}
    assert await store.uncertain(CHANNEL, NOW + 9e9) == []
    assert await leave(store) == ["1", "2"]


@pytest.mark.parametrize("status", ["pending", "sent", "flying"])
async def test_requeue_nothing(store: Store, status: str) -> None:
    """What waits, is being sent, or was sent stays as it is."""
    await queue(store, ANA, text("1"))
    if status == "sent":
        await end(store, "sent")
    elif status == "flying":
        await fly(store)
    before = await every(store)
    assert await store.requeue([before[0]["id"], 99], NOW + 5) == {}
    assert await every(store) == before


async def test_requeue_expired(store: Store) -> None:
    """What expired has no deadline when it is sent again, and its flow is not told a second time."""
    await queue(store, ANA, text("1", expires_s=1.0, on_failed="quit"))
    await store.expire(CHANNEL, NOW + 9)
    [row] = await every(store)
    await store.requeue([row["id"]], NOW + 10)
    assert await store.expire(CHANNEL, NOW + 99) == (0, None)
    flight = await fly(store, NOW + 100)
    assert await store.settle(flight, Settlement("failed", NOW + 101, 400)) == 0


async def test_drop(store: Store) -> None:
    """What waits is dropped, with its reason; flows that listen are told; what is being sent is not touched."""
    await queue(store, ANA, text("1"), text("2", on_failed="quit"), text("3"))
    await fly(store)
    rows = [row["id"] for row in await every(store)]
    assert await store.drop(rows[:2], NOW + 5, "nobody needs it") == ([rows[1]], 1)
    assert await words_waiting(store) == [("1", "flying"), ("2", "dropped"), ("3", "pending")]
    [told] = [row for row in await store.claim(NOW + 9, 9, frozenset()) if row.source == "outbox"]
    event = load_filed(told.kind, told.event)
    assert isinstance(event, Delivery)
    assert (event.state, event.reason, event.outbox) == ("dropped", "nobody needs it", rows[1])


async def test_drop_uncertain(store: Store) -> None:
    """A doubt is dropped with its whole request, and what is behind it may leave."""
    await queue(store, ANA, text("1", on_failed="quit"), text("2"))
    await doubt(store)
    [row] = [row["id"] for row in await store.rows_in_air()]
    assert await store.drop([row], NOW + 5, "why") == ([row], 1)
    assert await leave(store) == ["2"]


async def test_waiting_ids(store: Store) -> None:
    """All that waits or is in doubt, of a contact, of a channel, or of everybody."""
    ana = await queue(store, ANA, text("1"), text("2"))
    await doubt(store)
    await queue(store, LUIS, text("3"), text("4"), text("5", rank="bulk", lane="bulk"))
    await fly(store)
    rows = [row["id"] for row in await every(store)]
    assert await store.waiting_ids(conversation_id=None, channel=None) == [rows[0], rows[1], rows[3], rows[4]]
    assert await store.waiting_ids(conversation_id=ana, channel=CHANNEL) == rows[:2]
    assert await store.waiting_ids(conversation_id=None, channel="other") == []
