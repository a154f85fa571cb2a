"""What every DeskStore reads: conversations, outbox rows, counts, facts."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.ports import Failure, Settlement
from botkit.turn.effect import Record, SetTimer
from tests.contract.conftest import Reopen
from tests.contract.samples import CHANNEL, NOW, Store, arrival, doubt, fly, leg, queue, take, text


@pytest.mark.parametrize("stored", ["51999000001", "+51999000001"])
@pytest.mark.parametrize("asked", ["51999000001", "+51999000001", "+51 999 000 001", "51 999-000-001"])
async def test_conversation_spelling(store: Store, stored: str, asked: str) -> None:
    """A contact is found with or without plus sign and spaces, on any channel or the one named."""
    row = await take(store, contact=stored)
    for channel in (None, CHANNEL):
        [found] = await store.conversation(channel, asked)
        assert (found["id"], found["contact"], found["state"]) == (row.conversation.id, stored, {})


async def test_conversation_by_id(store: Store) -> None:
    """The id of a conversation, which the log tells, gives it and no other; the channel must be its own."""
    row = await take(store)
    await take(store, contact="51999000002", gateway_id="m2")
    [found] = await store.conversation(None, row.conversation.id)
    assert (found["id"], found["contact"]) == (row.conversation.id, "51999000001")
    assert await store.conversation("other", row.conversation.id) == []


async def test_conversation_unknown(store: Store) -> None:
    """An unknown contact, or a channel that it does not use, gives nothing."""
    await take(store)
    assert await store.conversation(None, "51999") == []
    assert await store.conversation("other", "51999000001") == []


async def test_outbox_rows(store: Store) -> None:
    """Outbox rows come newest first, by conversation and status, up to the limit, with their message decoded."""
    first = await queue(store, "51999000001", text("1"), text("2"))
    await queue(store, "51999000002", text("3"))
    await store.settle(await fly(store), Settlement("failed", NOW + 3, 400, detail="no such number"))
    everything = await store.outbox_rows(conversation_id=None, status=None, limit=2)
    assert [row["message"] for row in everything] == [{"type": "text", "text": "3"}, {"type": "text", "text": "2"}]
    [failed] = await store.outbox_rows(conversation_id=first, status="failed", limit=9)
    assert (failed["seq"], failed["reason"], failed["settled_at"]) == (1, "no such number", NOW + 3)


async def test_counts(store: Store) -> None:
    """Counts say what waits, what is in doubt and what died."""
    row = await take(store, "in-1", "51999000001")
    await store.commit(leg(row, [text("1"), text("2")], closes=False))
    dead = await take(store, "in-2", "51999000002")
    await store.bury(dead.id, NOW, 5, Failure("boom"))
    await doubt(store)
    assert await store.counts() == {
        "inbox_live": 1,
        "inbox_dead": 1,
        "outbox_pending": 1,
        "outbox_uncertain": 1,
        "conversations": 2,
    }


async def test_results(store: Store) -> None:
    """What a flow recorded comes oldest first, from a time on, page by page, order and types of columns kept."""
    rows: list[dict[str, Any]] = [{"z": 1, "a": 1.5}, {"b": None, "a": [True, {"é": "ñ"}]}, {"c": "x"}]
    for number, row in enumerate(rows):
        found = await take(store, f"in-{number}")
        await store.commit(leg(found, records=[Record("a", row), Record("b", {})])._replace(at=NOW + number))
    every = await store.results("a")
    assert [list(each["row"].items()) for each in every] == [list(row.items()) for row in rows]
    assert [each["at"] for each in every] == [NOW, NOW + 1, NOW + 2]
    assert await store.results("a", since=NOW + 1) == every[1:]
    assert await store.results("a", limit=2) == every[:2]
    assert await store.results("a", after=every[1]["id"]) == every[2:]
    assert await store.results("c") == []
    assert await store.recorded() == [{"flow": "a", "rows": 3}, {"flow": "b", "rows": 3}]


async def test_meta(reopen: Reopen) -> None:
    """Facts about the store outlive a restart; the last word stands."""
    store = await reopen()
    assert await store.get_meta("target") is None
    await store.set_meta("target", "one")
    await store.set_meta("target", "two")
    store = await reopen()
    assert await store.get_meta("target") == "two"


async def test_live(store: Store) -> None:
    """Conversations in which a flow runs or a reminder waits come by id, page by page; what people write is no such."""
    states = (b'{"frames":[]}', b'{"reminders":{}}', b'{"last":{"text":"\\"frames\\":"}}', b'{"frames":[1]}')
    rows = [await take(store, f"in-{number}", f"5199900000{number}") for number in range(len(states))]
    for row, state in zip(rows, states, strict=True):
        await store.commit(leg(row, state=state))
    ids = sorted(rows[number].conversation.id for number in (0, 1, 3))
    found = await store.live()
    assert [row["id"] for row in found] == ids
    assert {row["contact"]: row["state"] for row in found}["51999000003"] == {"frames": [1]}
    assert [row["id"] for row in await store.live(ids[0], 1)] == ids[1:2]


async def test_handoffs(store: Store) -> None:
    """Conversations that people have come in the order in which their time is over."""
    for number, due_at in enumerate((NOW + 60, NOW + 30)):
        row = await take(store, f"in-{number}", f"5199900000{number}")
        await store.commit(leg(row, timers=[SetTimer("handoff", "handoff", due_at, {})]))
    other = await take(store, "in-9", "51999000009")
    await store.commit(leg(other, timers=[SetTimer("silence", "silence", NOW, {})]))
    assert [row["contact"] for row in await store.handoffs()] == ["51999000001", "51999000000"]


async def test_exchanged(store: Store) -> None:
    """What was heard and said from a row on comes newest first, so many of each at most; a broadcast was not said."""
    rows = []
    for number in range(3):
        event = arrival(f"in-{number}")._replace(kind="message")
        [receipt] = await store.accept([event], NOW + number)
        assert receipt.row is not None
        rows.append(receipt.row)
        bulk = text("bulk", rank="bulk", lane="bulk")
        await store.commit(leg(receipt.row, [text(f"said {number}"), bulk], version=number))
    heard, said = await store.exchanged(rows[0].conversation.id, rows[1].id, 9)
    assert [(row["inbox_id"], row["kind"], row["at"]) for row in heard] == [
        (rows[2].id, "message", NOW + 2),
        (rows[1].id, "message", NOW + 1),
    ]
    assert [row["message"]["text"] for row in said] == ["said 2", "said 1"]
    assert [(row["inbox_id"], row["flow"], row["status"]) for row in said[:1]] == [(rows[2].id, "booking", "pending")]
    heard, said = await store.exchanged(rows[0].conversation.id, rows[0].id, 1)
    assert ([row["inbox_id"] for row in heard], len(said)) == ([rows[2].id], 1)


async def test_examine(store: Store) -> None:
    """A store that is well says so, with its schema and the time of its newest event."""
    await take(store)
    told = await store.examine()
    assert (told["check"], told["schema"], told["newest"]) == ("ok", told["knows"], NOW)
