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
from botkit.turn.codec import dump_event, load_event
from botkit.turn.effect import Record, SetTimer
from botkit.turn.event import Inbound
from tests.store.samples import CHANNEL, NOW, WIRE, leg, text

#: Planted in everything that is Ana's, and in nothing of Luz's.
ANA, NAME, WORDS = "59170000001", "Anastasia Quispe", "mi clave es xilofono"
LUZ = "59170000002"
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


def message(contact: str, name: str, words: str, number: int, kind: str = "message", **values: str) -> Arrival:
    """Return what a gateway tells, under an id that holds the contact's number as some do."""
    key = f"wamid-{contact[3:]}-{number}"
    event = Inbound(CHANNEL, kind, contact, id=key, name=name, text=words, **values)  # type: ignore[arg-type]
    data = dump_event(event)
    state = values.get("state", "")
    return Arrival(CHANNEL, "webhook", kind, contact, key, state, b"d", data, data, kind == "message")


async def talk(store: SqliteStore, contact: str, name: str, words: str, number: int) -> None:
    """Have a contact write once, and everything come of it that can: sent, waiting, recorded, due, journaled."""
    [receipt] = await store.accept([message(contact, name, words, number)], NOW)
    row = receipt.row
    assert row is not None
    state = orjson.dumps({"frames": [{"slots": {"name": name, "said": words * 400}}]})
    told = leg(
        row,
        [text(f"{name}: {words}"), text(words * 300)],
        state=state,
        timers=[SetTimer("silence", "silence", NOW + 1e6, {"of": name})],
        records=[Record("cita", {"name": name, "phone": contact})],
    )
    await store.commit(told._replace(journal=orjson.dumps({"text": words})))
    wire = replace(WIRE, body=f"{contact} {words}".encode())
    waiting = await store.outbox_rows(conversation_id=row.conversation.id, status="pending", limit=9)
    flight = await store.begin(CHANNEL, "main", [waiting[-1]["id"]], wire, NOW + 2)
    assert flight is not None
    sent = f"sent-wamid-{contact[3:]}-{number}"
    end = ("returned", None) if number == 1 else ("sent", sent)
    await store.settle(flight, Settlement(end[0], NOW + 3, 200, end[1]))  # type: ignore[arg-type]


async def of(store: SqliteStore, contact: str) -> str:
    """Return the id of a contact's conversation."""
    [row] = await store.conversation(CHANNEL, contact)
    return str(row["id"])


async def forget(store: SqliteStore, contact: str = ANA, upto: int | None = None) -> None:
    """Forget a contact and empty the log."""
    assert await store.forget(await of(store, contact), upto, NOW + 9)
    assert await store.empty_log()


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


async def test_told_again(store: SqliteStore, found: Find) -> None:
    """An old event that a gateway tells again is refused, as is news of what was sent; for Luz nothing changes."""
    await forget(store)
    again = [
        message(ANA, NAME, WORDS, 0),
        message(f"{ANA}", NAME, "", 0, "status", state="read")._replace(gateway_id="sent-wamid-70000001-0"),
        message(ANA, NAME, WORDS, 0, "echo")._replace(gateway_id="sent-wamid-70000001-2"),
        message(LUZ, "Luz", "hola", 0),
    ]
    assert [receipt.copy for receipt in await store.accept(again, NOW + 10)] == [True] * 4
    assert found() == []
    await store.close()


async def test_writes_again(store: SqliteStore) -> None:
    """Who writes again is somebody new: nothing is known, under an id that no line of a log has."""
    before = await of(store, ANA)
    await forget(store)
    [receipt] = await store.accept([message(ANA, NAME, "hola", 99)], NOW + 10)
    assert receipt.row is not None
    conversation = receipt.row.conversation
    assert (conversation.version, conversation.state) == (0, b"{}")
    assert conversation.id != before
    await store.close()


async def test_what_came_after(store: SqliteStore) -> None:
    """What was stored behind the word to forget is the first of the new conversation; what was due of old is not."""
    [word] = await store.accept([Arrival(CHANNEL, "operator", "forget", ANA, "w", "", b"", b"{}")], NOW + 4)
    [late] = await store.accept([message(ANA, NAME, "hola de nuevo", 50)], NOW + 5)
    await store.accept([message(ANA, NAME, "", 51, "status", state="read")], NOW + 5)
    before = await of(store, ANA)
    await forget(store, ANA, word.inbox_id)
    anew = await of(store, ANA)
    assert anew != before
    assert await store.holdings(anew) == {"events": 1, "turns": 0, "messages": 0, "results": 0, "timers": 0}
    [row] = [row for row in await store.claim(NOW + 10, 9, frozenset()) if row.conversation.contact == ANA]
    assert (row.id, row.conversation.id, load_event(row.event).text) == (late.inbox_id, anew, "hola de nuevo")
    await store.close()


async def test_in_the_air(store: SqliteStore, found: Find) -> None:
    """While a request is out nothing is erased but what waits; its answer ends it, whatever that is."""
    ana = await of(store, ANA)
    [*_, waiting] = await store.outbox_rows(conversation_id=ana, status="pending", limit=9)
    flight = await store.begin(CHANNEL, "main", [waiting["id"]], WIRE, NOW + 9)
    assert flight is not None
    assert not await store.forget(ana, None, NOW + 9)
    assert await store.is_kept(ana)
    assert (await store.holdings(ana))["messages"] < 6
    await store.settle(flight, Settlement("returned", NOW + 9, 503))
    await forget(store)
    assert not await store.is_kept(ana)
    assert found() == []
    await store.close()


async def test_once_more(store: SqliteStore) -> None:
    """To forget who is forgotten is done."""
    ana = await of(store, ANA)
    await forget(store)
    assert await store.forget(ana, None, NOW + 9)
    await store.close()
