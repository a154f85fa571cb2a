"""What every DeskStore reads of talks: with whom there are any, and what happened in one."""

from __future__ import annotations

import orjson

from tests.contract.samples import NOW, Store, leg, take, text


async def test_talkers(store: Store) -> None:
    """All conversations come in the order of their ids, page by page, with the name that the gateway gave."""
    first = await take(store, "in-1", "51999000001")
    second = await take(store, "in-2", "51999000002")
    await store.commit(leg(first, state=orjson.dumps({"last": {"name": "Ana"}})))
    ids = sorted([first.conversation.id, second.conversation.id])
    found = await store.talkers()
    assert [row["id"] for row in found] == ids
    assert {row["contact"]: row["name"] for row in found} == {"51999000001": "Ana", "51999000002": None}
    assert [row["id"] for row in await store.talkers(ids[0], 5)] == ids[1:]
    assert len(await store.talkers(limit=1)) == 1


async def test_turns(store: Store) -> None:
    """What happened comes oldest first with its legs and what was said, page by page, and of one contact alone."""
    first = await take(store, "in-1")
    await store.commit(leg(first, [text("1")], closes=False)._replace(journal=b'{"to":"a/b"}'))
    await store.commit(leg(first, [text("2")], number=2, version=1)._replace(journal=b"{}", at=NOW + 1))
    await store.commit(leg(await take(store, "in-2", "51999000002"), [text("other")]))
    third = await take(store, "in-3")
    await store.commit(leg(third, [text("3")], version=2))
    events, legs, said = await store.turns(first.conversation.id, 0, 10)
    assert [(row["id"], row["status"]) for row in events] == [(first.id, "done"), (third.id, "done")]
    assert [(row["inbox_id"], row["leg"], row["version"]) for row in legs] == [
        *((first.id, 1, 1), (first.id, 2, 2)),
        (third.id, 1, 3),
    ]
    assert legs[0]["entry"] == {"to": "a/b"}
    assert [row["message"]["text"] for row in said] == ["1", "2", "3"]
    events, legs, said = await store.turns(first.conversation.id, first.id, 1)
    assert ([row["id"] for row in events], len(legs), len(said)) == ([third.id], 1, 1)
    assert await store.turns(first.conversation.id, third.id, 1) == ([], [], [])


async def test_begun_before(store: Store) -> None:
    """The last event by then at which nothing ran is found by its journal, and none where that says nothing."""
    rows = []
    for number, entry in enumerate((b'{"begin":{}}', b'{"from":"a/b"}', b'{"begin":{}}')):
        row = await take(store, f"in-{number}")
        await store.commit(leg(row, version=number)._replace(journal=entry))
        rows.append(row)
    conversation = rows[0].conversation.id
    assert await store.begun_before(conversation, NOW + 1000) == rows[2].id
    assert await store.begun_before(conversation, NOW - 1000) is None
