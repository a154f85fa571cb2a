"""What every DefinitionStore does: definitions by digest, which of them are in use, and those that are dropped."""

from __future__ import annotations

import orjson

from botkit.ports import Leg
from tests.contract.samples import NOW, Store, arrival


async def test_definitions(store: Store) -> None:
    """A definition is kept under its digest; the first text stands."""
    await store.save_definitions({"d1": ("booking", b"one"), "d2": ("survey", b"two")}, NOW)
    await store.save_definitions({"d1": ("booking", b"other")}, NOW + 1)
    assert [await store.definition(digest) for digest in ("d1", "d2", "d3")] == [b"one", b"two", None]


async def test_pinned(store: Store) -> None:
    """Each names those that it is pinned to; those of an older version of botkit name none."""
    pinned = orjson.dumps({"text": "", "calls": {"b": "d2", "c": "d3"}})
    await store.save_definitions({"d1": ("a", pinned), "d2": ("b", b'{"text": ""}')}, NOW)
    assert await store.definitions() == {"d1": ("d2", "d3"), "d2": ()}


async def test_dropped(store: Store) -> None:
    """Dropped ones are gone, others stay."""
    await store.save_definitions({"d1": ("a", b"{}"), "d2": ("b", b"{}")}, NOW)
    await store.drop_definitions(["d1", "d3"])
    assert await store.definitions() == {"d2": ()}


async def test_in_use(store: Store) -> None:
    """In use is what a state names, however deep; a person who writes like a state names nothing."""
    (receipt,) = await store.accept([arrival()], NOW)
    assert receipt.row is not None
    given = receipt.row.conversation
    frames = [{"digest": "d1", "above": [{"digest": "d2"}], "slots": {"said": '"digest":"d3"'}}]
    state = orjson.dumps({"frames": frames, "reminders": {"cita": {"digest": "d4"}}})
    await store.commit(
        Leg(receipt.row.id, 1, True, given.id, given.channel, given.version, given.epoch, state, b"{}", NOW)
    )
    assert await store.definitions_in_use() == {"d1", "d2", "d4"}
