"""What every DeskStore reads: conversations, outbox rows, counts, facts."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.errors import UsageError
from botkit.ports import Failure, Settlement
from botkit.turn.effect import Record
from tests.store.conftest import Reopen
from tests.store.samples import CHANNEL, NOW, Store, doubt, fly, leg, queue, take, text


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


async def test_pragma_unknown(store: Store) -> None:
    """Only settings on the list can be read."""
    with pytest.raises(UsageError, match="choose from"):
        await store.pragma("synchronous = OFF; --")


async def test_meta(reopen: Reopen) -> None:
    """Facts about the store outlive a restart; the last word stands."""
    store = await reopen()
    assert await store.get_meta("target") is None
    await store.set_meta("target", "one")
    await store.set_meta("target", "two")
    store = await reopen()
    assert await store.get_meta("target") == "two"
