"""What every InboxStore does with messages that are never sent."""

from __future__ import annotations

from botkit.turn.effect import Mute
from tests.contract.samples import CHANNEL, NOW, Store, fly, leg, take, text


async def test_muted(store: Store) -> None:
    """A muted message takes a number, keeps its reason, and is never sent; who comes behind it goes on."""
    first = await take(store)
    muted = [Mute(text("once more"), "said three times")]
    await store.commit(leg(first, [text("1"), text("2")])._replace(muted=muted))
    await store.commit(leg(await take(store, "in-2"), [text("3")]))
    rows = await store.outbox_rows(conversation_id=first.conversation.id, status=None, limit=9)
    told = [(row["seq"], row["message"]["text"], row["status"], row["reason"]) for row in reversed(rows)]
    assert sorted(told) == [
        *((1, "1", "pending", None), (2, "2", "pending", None)),
        *((3, "once more", "muted", "said three times"), (4, "3", "pending", None)),
    ]
    assert [row["settled_at"] for row in rows if row["status"] == "muted"] == [NOW + 1]
    assert (await fly(store)).rank == 1
    assert (await store.counts())["outbox_pending"] == 2


async def test_nothing_but_muted(store: Store) -> None:
    """A leg may say nothing else, and then nothing waits."""
    row = await take(store)
    await store.commit(leg(row)._replace(muted=[Mute(text("a"), "why"), Mute(text("b"), "why")]))
    rows = await store.outbox_rows(conversation_id=row.conversation.id, status="muted", limit=9)
    assert [each["seq"] for each in rows] == [2, 1]
    assert await store.head(CHANNEL, NOW + 2) is None
