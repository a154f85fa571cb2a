"""The checker finds nothing in a sound store, and in one that was broken by hand exactly what was broken."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from botkit.ports import Arrival, Leg, Settlement, WireRequest
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import CLASSES, Record, Send, SetTimer
from tests.invariants import INVARIANTS, Heard, Seen, Violation, Window, violations

NOW = 1_700_000_000.0
#: Texts that people wrote; each is a turn of one leg that answers with one message, and two talk to the bot.
TEXTS = ("a1", "a2", "b1", "a3")
STATE = orjson.dumps({"frames": [{"flow": "f", "digest": "d", "step": "s"}]})
HEARD = [Heard("wa", "message", f"in-{text}") for text in TEXTS]


def body_of(text: str) -> bytes:
    """Return the bytes that go out as the answer to a text."""
    return orjson.dumps({"to": text[0], "type": "text", "text": f"re {text}"})


def seen_of(text: str, at: float, gateway_id: str | None) -> Seen:
    """Return how the gateway saw that answer."""
    return Seen(sha256(body_of(text)).hexdigest(), at, gateway_id)


SEEN = [seen_of(text, NOW + number + 0.1, f"out-{text}") for number, text in enumerate(TEXTS)]


async def talk(store: SqliteStore, text: str, version: int, at: float) -> None:
    """Bring a text in, apply it and send the answer."""
    event = orjson.dumps({"channel": "wa", "kind": "message", "id": f"in-{text}", "text": text})
    arrival = Arrival("wa", "webhook", "message", text[0], f"in-{text}", "", b"digest", event)
    [receipt] = await store.accept([arrival], at)
    row = receipt.row
    assert row is not None
    send = Send(
        {"type": "text", "text": f"re {text}"}, "f", "s", "f.yaml:1", CLASSES["interactive"], "talk", None, None
    )
    timer = SetTimer("silence", "silence", at + 3600.0, {})
    record = Record("f", {"text": text})
    await store.commit(
        Leg(*(row.id, 1, True, row.conversation.id, "wa", version, 0, STATE, b"{}", at), [send], [timer], [], [record])
    )
    head = await store.head("wa", at)
    assert head is not None
    flight = await store.begin("wa", "main", [head.id], WireRequest("POST", "/m", "json", body_of(text)), at)
    assert flight is not None
    await store.settle(flight, Settlement("sent", at + 0.2, 200, f"out-{text}"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a store in which four texts of two people were answered."""
    import asyncio

    path = tmp_path_factory.mktemp("sound") / "botkit.db"

    async def fill() -> None:
        store = await SqliteStore.open(path)
        await store.save_definitions({"d": ("f", b"{}")}, NOW)
        versions = {"a": 0, "b": 0}
        for number, text in enumerate(TEXTS):
            await talk(store, text, versions[text[0]], NOW + number)
            versions[text[0]] += 1
        await store.close()

    asyncio.run(fill())
    return path.read_bytes()


@pytest.fixture
def store(sound: bytes, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    path = tmp_path / "botkit.db"
    path.write_bytes(sound)
    return path


def found(store: Path, seen: list[Seen] | None = None, heard: list[Heard] | None = None) -> list[Violation]:
    return violations(
        store, SEEN if seen is None else seen, HEARD if heard is None else heard, now=NOW + 60, window=Window(2, 1.5)
    )


def broken(store: Path, sql: str) -> list[Violation]:
    """Break a store and return what is found."""
    db = sqlite3.connect(store)
    db.executescript(sql)
    db.close()
    return found(store)


def test_sound(store: Path) -> None:
    """In a sound store nothing is found."""
    assert found(store) == []


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("stored", "UPDATE seen SET kind = 'x' WHERE gateway_id = 'in-b1'"),
        ("sent", "UPDATE request SET body = CAST('other' AS BLOB) WHERE id = 2"),
        (
            "stored once",
            "INSERT INTO inbox (conversation_id, channel, source, kind, event, status, due_at, received_at)"
            " SELECT conversation_id, channel, source, kind, event, 'filed', 1, 1 FROM inbox WHERE id = 1",
        ),
        ("copies", "DELETE FROM ledger WHERE request_id = 3"),
        ("copies", "UPDATE ledger SET http_status = 503 WHERE request_id = 3"),
        ("copies", "UPDATE ledger SET sent_at = sent_at + 1 WHERE request_id = 3"),
        ("copies", "UPDATE request SET status = 'returned' WHERE id = 3"),
        (
            "again",
            "UPDATE request SET attempts = 2 WHERE id = 1;"
            "INSERT INTO ledger (key, request_id, owner, rank, sent_at, answered_at)"
            " VALUES ('wa', 1, 'm', 1, 9e9, 9e9)",
        ),
        ("again", "UPDATE request SET attempts = 2 WHERE id = 1"),
        (
            "sound",
            "PRAGMA foreign_keys = OFF; UPDATE timer SET conversation_id = 'nobody' WHERE id = 1",
        ),
        ("journal", "DELETE FROM journal WHERE inbox_id = 2"),
        ("journal", "UPDATE inbox SET legs = 2 WHERE id = 2"),
        ("journal", "UPDATE outbox SET leg = 7 WHERE id = 1"),
        ("journal", "UPDATE result SET inbox_id = 99 WHERE id = 1"),
        ("version", "UPDATE conversation SET version = version + 1 WHERE contact = 'a'"),
        ("version", "UPDATE journal SET version = 1 WHERE inbox_id = 2"),
        ("frames", "UPDATE conversation SET state = CAST('{\"frames\":[' AS BLOB) WHERE contact = 'a'"),
        ("frames", "UPDATE conversation SET state = CAST('{\"frames\":[{}]}' AS BLOB) WHERE contact = 'a'"),
        ("frames", "DELETE FROM definition"),
        (
            "frames",
            'UPDATE conversation SET state = CAST(\'{"frames":[{"flow":"f","digest":"d","step":"s",'
            '"pending_call":{"key":"k"}}]}\' AS BLOB) WHERE contact = \'b\'',
        ),
        ("frames", "UPDATE journal SET entry = CAST('{' AS BLOB) WHERE inbox_id = 1"),
        ("silent", 'UPDATE journal SET entry = CAST(\'{"handed": "caja"}\' AS BLOB) WHERE inbox_id = 1'),
        (
            "arrival",
            "UPDATE journal SET version = 4 WHERE inbox_id = 1; UPDATE journal SET version = 1 WHERE inbox_id = 2;"
            "UPDATE journal SET version = 2 WHERE inbox_id = 1",
        ),
        ("numbers", "UPDATE outbox SET seq = 7 WHERE id = 4"),
        ("numbers", "UPDATE conversation SET bulk_seq = 1 WHERE contact = 'b'"),
        (
            "order",
            "UPDATE outbox SET seq = 9 WHERE id = 1; UPDATE outbox SET seq = 1 WHERE id = 2;"
            "UPDATE outbox SET seq = 2 WHERE id = 1",
        ),
        ("ended", "UPDATE inbox SET status = 'open' WHERE id = 4"),
        ("ended", "UPDATE outbox SET status = 'pending' WHERE id = 4"),
        (
            "ended",
            "UPDATE request SET status = 'unconfirmed' WHERE id = 4; UPDATE outbox SET status = 'flying' WHERE id = 4",
        ),
        ("ended", "UPDATE timer SET due_at = 1 WHERE id = (SELECT max(id) FROM timer)"),
        ("ended", "UPDATE ledger SET answered_at = NULL WHERE id = 1"),
    ],
)
def test_broken(store: Path, name: str, sql: str) -> None:
    """Each way to break a store is found, under the name of what it breaks."""
    names = {each.name for each in broken(store, sql)}
    assert name in names
    assert len(names) <= 2


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("copies", [*SEEN, seen_of("a3", NOW + 9, "out-more")]),
        ("copies", [*SEEN, Seen("f" * 64, NOW + 9, "out-more")]),
        ("sent", SEEN[1:]),
        ("sent", [SEEN[0]._replace(id=None), *SEEN[1:]]),
        ("order", [*SEEN[:3], seen_of("a1", NOW + 2.9, "out-a1"), SEEN[3]]),
        ("limit", [*SEEN, *(seen_of("a1", NOW + 9 + part, None) for part in (0.0, 0.7, 1.4))]),
    ],
)
def test_at_the_gateway(store: Path, name: str, seen: list[Seen]) -> None:
    """What the gateway saw and the store does not account for is found."""
    assert name in {each.name for each in found(store, seen)}


def test_lost(store: Path) -> None:
    """An event that was answered 200 and never stored is named."""
    [lost] = found(store, heard=[*HEARD, Heard("wa", "message", "in-c1")])
    assert str(lost) == "lost: stored: message 'in-c1' was answered 200 and is not in the inbox"


def test_an_uncertain_copy(store: Path) -> None:
    """A second copy is right when the first attempt was uncertain."""
    db = sqlite3.connect(store)
    db.executescript(
        "UPDATE request SET attempts = 2 WHERE id = 4; UPDATE ledger SET http_status = NULL WHERE request_id = 4;"
        "INSERT INTO ledger (key, request_id, owner, rank, sent_at, answered_at, http_status)"
        " SELECT key, request_id, owner, rank, sent_at + 20, answered_at + 20, 200 FROM ledger WHERE request_id = 4"
    )
    db.close()
    assert found(store, [*SEEN, seen_of("a3", NOW + 23.1, "out-more")]) == []


def test_faults_go_on(store: Path) -> None:
    """While faults go on, work may be left."""
    db = sqlite3.connect(store)
    db.executescript("UPDATE inbox SET status = 'open' WHERE id = 4")
    db.close()
    assert violations(store, SEEN, HEARD, now=NOW + 60, ended=False) == []


def test_every_invariant_is_broken_once() -> None:
    """No invariant is without a store that breaks it."""
    marks = [*test_broken.pytestmark, *test_at_the_gateway.pytestmark]  # type: ignore[attr-defined]
    assert {case[0] for mark in marks for case in mark.args[1]} == set(INVARIANTS)
