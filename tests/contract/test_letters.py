"""What every LetterStore does: dead letters are listed, tried again behind everything else, or dropped, once."""

from __future__ import annotations

import orjson

from botkit.errors import StaleLeg
from botkit.ports import Failure
from tests.contract.samples import NOW, Store, leg, take, text

NOBODY: frozenset[str] = frozenset()
BOOM = Failure("ValueError: boom", "booking.yaml:3:5", "booking/day")


async def bury(store: Store, gateway_id: str = "in-1", contact: str = "51999000001") -> int:
    """Give an event up after five attempts; return its id."""
    row = await take(store, gateway_id, contact)
    await store.bury(row.id, NOW + 9, 5, BOOM)
    return row.id


async def test_listed(store: Store) -> None:
    """A letter tells whose event it was, what was wrong and where, the newest first."""
    first, second = await bury(store), await bury(store, "in-2", "51999000002")
    letters = await store.letters(9)
    assert [each["id"] for each in letters] == [second, first]
    assert await store.letters(1) == letters[:1]
    assert await store.letter(first) == letters[1]
    told = ("contact", "event", "attempts", "legs", "error", "place", "step", "received_at", "closed_at")
    assert [letters[1][name] for name in told] == [
        *("51999000001", {"id": "in-1"}, 5, 0, "ValueError: boom", "booking.yaml:3:5", "booking/day", NOW, NOW + 9)
    ]


async def test_last_failure_stays(store: Store) -> None:
    """What an attempt ended with is known when the next ones end the process."""
    row = await take(store)
    await store.put_off(row.id, NOW, BOOM)
    await store.bury(row.id, NOW, 5, Failure("the process ended", "other.yaml:1:1", "other/one"))
    [letter] = await store.letters(9)
    assert Failure(letter["error"], letter["place"], letter["step"]) == BOOM


async def test_emptied(store: Store) -> None:
    """A letter may be buried without what it said."""
    row = await take(store)
    await store.bury(row.id, NOW, 5, BOOM, orjson.dumps({"id": "x"}))
    [letter] = await store.letters(9)
    assert letter["event"] == {"id": "x"}


async def test_retried_behind_everything(store: Store) -> None:
    """A letter that is tried again comes behind what waits by now, with all of its event, and is a letter no more."""
    letter = await bury(store)
    waiting = await take(store, "in-2")
    row = await store.retry_letter(letter, NOW + 60)
    assert row is not None
    assert (row.id > waiting.id, row.kind, row.event, row.received_at) == (True, "text", b'{"id":"in-1"}', NOW + 60)
    assert (row.attempts, row.legs, row.conversation.id) == (1, 0, waiting.conversation.id)
    try:
        await store.commit(leg(row))
    except StaleLeg:
        await store.commit(leg(waiting, [text("first")]))
    await store.commit(leg(row, [text("second")], version=1))
    assert await store.letters(9) == []
    assert (await store.counts())["inbox_dead"] == 0


async def test_left_to_a_process(store: Store) -> None:
    """A letter that is tried again with no process running is played by the next one."""
    row = await store.retry_letter(await bury(store), NOW + 60)
    assert row is not None
    assert [each.id for each in await store.claim(NOW + 60, 9, NOBODY)] == [row.id]


async def test_dropped(store: Store) -> None:
    """A letter that is dropped is never played, and stays among what happened."""
    letter = await bury(store)
    assert await store.drop_letter(letter)
    assert await store.letters(9) == []
    assert await store.letter(letter) is None
    assert (await store.counts())["inbox_dead"] == 0
    assert await store.claim(NOW + 9e6, 9, NOBODY) == []


async def test_dealt_with_once(store: Store) -> None:
    """A letter is tried again or dropped once; what is no letter never is."""
    letter, live = await bury(store), await take(store, "in-2")
    assert await store.retry_letter(letter, NOW) is not None
    assert await store.retry_letter(letter, NOW) is None
    assert not await store.drop_letter(letter)
    assert await store.retry_letter(live.id, NOW) is None
    assert not await store.drop_letter(live.id + 99)


async def test_buried_at_once(store: Store) -> None:
    """A suspect waits for its next attempt as long as told, and behind the last one not at all."""
    row = await take(store)
    await store.claim(NOW, 9, NOBODY)
    waits_s = (0.0, 1.0, 5.0, 30.0)
    for attempts, due_at in ((3, NOW + 30), (4, NOW + 60)):
        [row] = await store.claim(NOW + 60, 9, NOBODY, suspects=True, waits_s=waits_s)
        assert row.attempts == attempts
        assert await store.next_due() == (NOW + 90 if attempts == 3 else NOW + 60)
        await store.put_off(row.id, due_at, Failure())
