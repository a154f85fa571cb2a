"""What every StoryStore tells of how a conversation came where it is."""

from __future__ import annotations

from botkit.ports import Failure
from tests.contract.samples import NOW, Store, leg, take, text

BOOM = Failure("boom", "booking.yaml:3:5", "booking/day")


async def test_last_legs(store: Store) -> None:
    """The newest legs come first, with what their events were; another's are no part of it."""
    first = await take(store, "in-1")
    await store.commit(leg(first, [text("1")], closes=False)._replace(journal=b'{"to":"a/b"}'))
    await store.commit(leg(first, number=2, version=1)._replace(journal=b"{}", at=NOW + 2))
    await store.commit(leg(await take(store, "in-2", "51999000002")))
    second = await take(store, "in-3")
    await store.commit(leg(second, version=2)._replace(at=NOW + 3))
    legs = await store.last_legs(first.conversation.id, 9)
    assert [(row["inbox_id"], row["leg"], row["version"], row["at"]) for row in legs] == [
        (second.id, 1, 3, NOW + 3),
        (first.id, 2, 2, NOW + 2),
        (first.id, 1, 1, NOW + 1),
    ]
    assert (legs[2]["entry"], legs[2]["kind"], legs[2]["received_at"]) == ({"to": "a/b"}, "text", NOW)
    assert legs[2]["event"] == {"id": "in-1"}
    assert await store.last_legs(first.conversation.id, 1) == legs[:1]


async def test_not_applied(store: Store) -> None:
    """What waits comes oldest first, behind it the dead letters that nobody dealt with, newest first."""
    rows = [await take(store, f"in-{number}") for number in range(6)]
    await store.commit(leg(rows[0]))
    for row in rows[1:4]:
        await store.bury(row.id, NOW + 5, 5, BOOM)
    assert await store.drop_letter(rows[1].id)
    told = await store.not_applied(rows[0].conversation.id, 9)
    assert [(row["id"], row["status"]) for row in told] == [
        *((rows[4].id, "pending"), (rows[5].id, "pending")),
        *((rows[3].id, "dead"), (rows[2].id, "dead")),
    ]
    assert (told[2]["attempts"], told[2]["error"], told[2]["place"]) == (5, "boom", "booking.yaml:3:5")
    assert [row["id"] for row in await store.not_applied(rows[0].conversation.id, 1)] == [rows[4].id, rows[3].id]
