"""The control API and the desk: one table of operations, whoever owns the store."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botkit.control import open_desk
from botkit.errors import StoreOwned, StoreUnavailable, UsageError
from botkit.ports import Arrival, Leg
from botkit.server.contacts import spellings
from botkit.server.control import ControlServer
from botkit.server.socket import PATH_MAX, bind_control, control_path
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import Record
from tests.server.ingress import serving

ARRIVAL = Arrival("whatsapp", "webhook", "message", "59170000001", "m1", "", b"d", b"{}")


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A store with one conversation."""
    file = tmp_path / "bot.db"
    store = await SqliteStore.open(file)
    await store.accept([ARRIVAL], 1_790_000_000.0)
    await store.close()
    return file


@pytest.fixture
async def owner(path: Path) -> AsyncIterator[ControlServer]:
    """A process that owns the store."""
    async with serving(await SqliteStore.open(path), path) as server:
        yield server


CALLS: list[tuple[str, dict[str, str | None]]] = [
    ("health", {}),
    ("conversations", {"contact": "59170000001"}),
    ("conversations", {"contact": "+591 7000 0001", "channel": "whatsapp"}),
    ("conversations", {"contact": "7000-0001", "country": "BO"}),
    ("outbox", {}),
    ("outbox", {"contact": "59170000001", "status": "pending", "limit": "5"}),
    ("results", {"flow": "cita/ñ %2F"}),
    ("talkers", {}),
    ("talkers", {"limit": "1"}),
    ("turns", {"conversation": "nobody", "since": "0.5"}),
    ("pragma", {"name": "synchronous"}),
]
REFUSALS: list[tuple[str, dict[str, str | None]]] = [
    ("conversations", {}),
    ("conversations", {"contact": "1"}),
    ("conversations", {"contact": "1", "lang": "es"}),
    ("conversations", {"contact": "59170000001", "channel": "other"}),
    ("outbox", {"status": "nowhere"}),
    ("outbox", {"limit": "0"}),
    ("outbox", {"limit": "1001"}),
    ("outbox", {"limit": "x"}),
    ("pragma", {"name": "journal_mode=off"}),
    ("turns", {"conversation": "nobody", "since": "yesterday"}),
    ("turns", {"conversation": "nobody", "after": "-1"}),
    ("conversations", {"contact": ""}),
    ("outbox", {"contact": ""}),
    ("outbox", {"contact": " ", "lang": "es"}),
    ("outbox", {"contact": "591\n"}),
    ("results", {"flow": ""}),
    ("results", {"flow": "", "lang": "es"}),
]


async def answers(path: Path) -> list[Any]:
    """Return what the desk says to every call, and how it refuses."""
    told = []
    async with open_desk(path) as desk:
        for name, arguments in CALLS:
            told.append(await desk.call(name, **arguments))
        for name, arguments in REFUSALS:
            with pytest.raises(UsageError) as caught:
                await desk.call(name, **arguments)
            told.append(caught.value.told(arguments.get("lang") or "en"))
    return told


async def test_both_alike(path: Path) -> None:
    """The owner and the opened store give the same answers and the same refusals."""
    alone = await answers(path)
    async with serving(await SqliteStore.open(path), path):
        assert await answers(path) == alone
    assert alone[0]["counts"]["conversations"] == 1
    assert alone[1][0]["contact"] == "59170000001"
    refusals = alone[len(CALLS) :]
    assert "check the number" in refusals[1]
    assert "revisa el número" in refusals[2]
    assert refusals[-6:] == [
        "the contact is empty; give a number with its country: 59171234567",
        "the contact is empty; give a number with its country: 59171234567",
        "el contacto está vacío; da un número con su país: 59171234567",
        "the contact cannot be read; give a number with its country: 59171234567",
        "the flow is empty; give the name of a flow",
        "el flujo está vacío; da el nombre de un flujo",
    ]
    assert alone[3] == alone[1]
    assert alone[len(CALLS) - 1] == {"name": "synchronous", "value": "2"}


@pytest.mark.parametrize("running", [True, False])
@pytest.mark.parametrize("contact", [".", "..", "a\nb", "../../etc", "%2e%2E", "a/b?c#d"])
async def test_strange_contacts(path: Path, contact: str, running: bool) -> None:
    """Whatever a gateway calls a contact, it is found by that, whoever owns the store."""
    store = await SqliteStore.open(path)
    await store.accept([ARRIVAL._replace(contact=contact, gateway_id="m2")], 1_790_000_000.0)
    async with serving(store, path, running=running), open_desk(path) as desk:
        [found] = await desk.call("conversations", contact=contact)
        [held] = await desk.call("holdings", contact=contact)
        told = await desk.call("why", contact=contact)
    assert (found["contact"], held["events"]) == (contact, 1)
    assert told


@pytest.mark.parametrize("running", [True, False])
async def test_pages_of_results(path: Path, running: bool) -> None:
    """Results come in pages, with their flows counted, whoever owns the store."""
    store = await SqliteStore.open(path)
    [row] = await store.claim(1_790_000_000.0, 1, frozenset())
    records = [Record("cita", {"n": number}) for number in range(3)]
    await store.commit(Leg(row.id, 1, True, row.conversation.id, "whatsapp", 0, 0, b"{}", b"{}", 5.0, records=records))
    async with serving(store, path, running=running), open_desk(path) as desk:
        page = await desk.call("results", flow="cita", limit="2", since="5.0")
        rest = await desk.call("results", flow="cita", after=str(page[-1]["id"]))
        late = await desk.call("results", flow="cita", since="5.5")
        counted = await desk.call("recorded")
    assert [[each["row"]["n"] for each in rows] for rows in (page, rest, late)] == [[0, 1], [2], []]
    assert counted == [{"flow": "cita", "rows": 3}]


@pytest.mark.parametrize(
    "wrong", [{"since": "ayer"}, {"since": "nan"}, {"after": "-1"}, {"after": "9" * 40}, {"limit": "1001"}]
)
async def test_no_page(path: Path, wrong: dict[str, str]) -> None:
    """A page that cannot be is refused in both languages."""
    async with open_desk(path) as desk:
        with pytest.raises(UsageError, match="is no ") as caught:
            await desk.call("results", flow="cita", **wrong)
    assert "no es un" in caught.value.told("es")


async def test_mode(owner: ControlServer) -> None:
    """The socket is for its owner alone, and goes when the server stops."""
    mode = owner.path.lstat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    await owner.stop()
    assert not owner.path.exists()


async def test_stale(path: Path) -> None:
    """A socket that a dead process left stands in nobody's way: neither to the desk nor to the next owner."""
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(control_path(path)))
    dead.close()
    async with open_desk(path) as desk:
        assert (await desk.call("health"))["ok"]
    bind_control(control_path(path)).close()


async def test_errors(owner: ControlServer) -> None:
    """Errors are JSON with a hint, unknown paths too."""
    connector = aiohttp.UnixConnector(str(owner.path))
    async with aiohttp.ClientSession("http://botkit", connector=connector) as session:
        for route, status in [("/api/none", 404), ("/api/conversations", 400), ("/api/conversations?contact=1", 404)]:
            async with session.get(route) as response:
                assert response.status == status
                assert set(await response.json()) == {"error", "hint"}


def test_long_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store too deep for a socket has it in a folder of the user's own under the temp directory."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep = tmp_path / ("d" * 100) / "bot.db"
    place = control_path(deep)
    assert len(os.fsencode(place)) <= PATH_MAX
    assert place != control_path(deep.with_name("other.db"))
    bind_control(place).close()
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    place.parent.chmod(0o755)
    with pytest.raises(UsageError, match="open to others"):
        bind_control(place)


def test_foreign_file(tmp_path: Path) -> None:
    """A file that is no socket is never removed."""
    path = tmp_path / "bot.db.sock"
    path.write_text("mine")
    with pytest.raises(UsageError, match="move it away"):
        bind_control(path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("contact", "country", "expected"),
    [
        ("71234567", "BO", ["71234567", "59171234567"]),
        ("712\u00a034567", "BO", ["712\u00a034567", "59171234567"]),
        ("712-34 567", "BO", ["712-34 567", "59171234567"]),
        ("011 2345", "AR", ["011 2345", "549112345", "54112345"]),
        ("+71234567", "BO", ["+71234567"]),
        ("abc@lid", "BO", ["abc@lid"]),
        ("71234567", "XX", ["71234567"]),
    ],
)
def test_spellings(contact: str, country: str, expected: list[str]) -> None:
    """A number without its country is looked for as it is given, then as one of the bot's country."""
    assert spellings(contact, country) == expected


async def test_refusing_store(path: Path) -> None:
    """Why the owner's store takes nothing reaches whoever asks as a reason, not in words."""
    store = await SqliteStore.open(path)
    async with serving(store, path), open_desk(path) as desk:
        await store.close()
        with pytest.raises(StoreUnavailable) as refused:
            await desk.call("health")
    assert refused.value.reason == "closed"


async def test_no_store(tmp_path: Path) -> None:
    """A desk makes no store: asked again, there still is none."""
    for _ in range(2):
        with pytest.raises(UsageError, match="there is no store"):
            async with open_desk(tmp_path / "bot.db"):
                pass


async def test_mute_owner(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An owner without a socket is told apart from no owner."""
    monkeypatch.setattr("botkit.control.TRIES", 1)
    store = await SqliteStore.open(path)
    with pytest.raises(StoreOwned) as caught:
        async with open_desk(path):
            pass
    assert f"está en uso por el proceso {os.getpid()}" in caught.value.told("es")
    await store.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nothing\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<a>",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
        b"HTTP/1.1 500 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
    ],
)
async def test_broken_off(path: Path, answer: bytes) -> None:
    """An owner that ends while it answers, or that is none, is told in a sentence."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1):
            writer.write(answer)
        writer.close()

    async with await asyncio.start_unix_server(serve, control_path(path)), open_desk(path) as desk:
        with pytest.raises(UsageError, match="broke off"):
            await desk.call("health")
