"""A person who is forgotten is nowhere in the store's files, and comes back only by writing again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from botkit.ports import Arrival, Settlement
from botkit.store.sqlite import SqliteStore
from tests.contract.people import ANA, LUZ, NAME, WORDS, forget, message, of, talk, told_again
from tests.contract.samples import CHANNEL, NOW, WIRE, leg, text

#: What must not be found: also a gateway's id that holds the number.
PLANTED = (ANA, "Anastasia", "xilofono", "wamid-70000001")

Find = Callable[[], list[str]]


@pytest.fixture
async def store(tmp_path: Path) -> SqliteStore:
    """A store in which Ana and Luz had the same talk."""
    store = await SqliteStore.open(tmp_path / "bot.db")
    for number in range(3):
        await talk(store, ANA, NAME, WORDS, number)
        await talk(store, LUZ, "Luz", "hola", number)
    return store


@pytest.fixture
def found(tmp_path: Path) -> Find:
    """Return which of Ana's words stand in the store's files."""

    def look() -> list[str]:
        files = [tmp_path / f"bot.db{end}" for end in ("", "-wal", "-shm")]
        bytes_ = b"".join(file.read_bytes() for file in files if file.exists())
        return [word for word in PLANTED if word.encode() in bytes_]

    return look


async def test_nothing_is_left(store: SqliteStore, found: Find) -> None:
    """Number, name and words are in no file of the store any more; others keep what is theirs."""
    assert found() == list(PLANTED)
    held = await store.holdings(await of(store, LUZ))
    await forget(store)
    assert found() == []
    assert await store.holdings(await of(store, LUZ)) == held
    assert held == {"events": 3, "turns": 3, "messages": 6, "results": 3, "timers": 1}
    await store.close()
    assert found() == []


async def test_nothing_is_left_of_much(tmp_path: Path, found: Find) -> None:
    """Nor after pages were split, joined and moved by long and short texts of many people in disorder."""
    store = await SqliteStore.open(tmp_path / "bot.db")
    chance = random.Random(7)
    people = [ANA, *(f"5916{number:07}" for number in range(20))]
    for number in range(250):
        contact = chance.choice(people)
        name, words = (NAME, WORDS) if contact == ANA else ("Luz", "hola que tal")
        arrived = message(contact, name, words * chance.choice((1, 9, 90, 400)), number)
        [receipt] = await store.accept([arrived], NOW)
        assert receipt.row is not None
        said = [text(words * chance.choice((1, 30, 200)))]
        state = orjson.dumps({"name": name, "said": words * chance.choice((1, 50, 300))})
        await store.commit(leg(receipt.row, said, state=state)._replace(journal=state))
    assert found() != []
    await forget(store)
    assert found() == []
    await store.close()


async def test_nobodys(store: SqliteStore, found: Find) -> None:
    """What she wrote in a group, and what no rule knew, goes as well."""
    group = message(ANA, NAME, WORDS, 70)._replace(contact=None, turn=False, journal=b'{"sender":"59170000001"}')
    unknown = Arrival(
        CHANNEL, "webhook", "unknown", None, "u-1", "", b"d", b"{}", b'{"from":"59170000001"}', turn=False
    )
    other = Arrival(CHANNEL, "webhook", "unknown", None, "u-2", "", b"d", b"{}", b'{"from":"59170000002"}', turn=False)
    await store.accept([group, unknown, other], NOW)
    await forget(store)
    assert found() == []
    [copy] = await store.accept([other], NOW + 10)
    assert copy.copy
    await store.close()


@pytest.mark.parametrize(
    ("written", "is_hers"),
    [
        ("+591 7000 0001", True),
        ("591-7000-0001", True),
        ("(591) 7000.0001@c.us", True),
        ("591\u00a070000001", True),
        ("591\\u00A070000001", True),
        ("591 7000 0002", False),
        ("591 7000,0001", False),
        ("591    70000001", True),
        ("70000001", True),
        ("7000-0001", True),
        ("tel 070000001", True),
        ("tel\\u00a070000001", True),
        ("170000001", False),
        ("700000012", False),
        ("7000    0001", False),
    ],
)
async def test_nobodys_spelled(store: SqliteStore, found: Find, written: str, is_hers: bool) -> None:
    """A number that no rule read goes in whatever way it is written, at home too; digits far apart are none."""
    raw = b'{"voter":"%s","words":"xilofono"}' % written.encode()
    await store.accept([Arrival(CHANNEL, "webhook", "unknown", None, "u", "", b"d", b"{}", raw, turn=False)], NOW)
    await forget(store)
    assert ("xilofono" not in found()) is is_hers
    await store.close()


async def test_told_again(store: SqliteStore, found: Find) -> None:
    """An old event that a gateway tells again, and news of what was sent, leave nothing either."""
    await forget(store)
    assert [receipt.copy for receipt in await store.accept(told_again(), NOW + 10)] == [True] * 4
    assert found() == []
    await store.close()


async def test_in_the_air(store: SqliteStore, found: Find) -> None:
    """What was out when she was forgotten leaves nothing once it was answered."""
    ana = await of(store, ANA)
    [*_, waiting] = await store.outbox_rows(conversation_id=ana, status="pending", limit=9)
    flight = await store.begin(CHANNEL, "main", [waiting["id"]], replace(WIRE, body=ANA.encode()), NOW + 9)
    assert flight is not None
    assert not await store.forget(ana, None, NOW + 9)
    assert await store.is_kept(ana)
    await store.settle(flight, Settlement("returned", NOW + 9, 503))
    await forget(store)
    assert not await store.is_kept(ana)
    assert found() == []
    await store.close()
