"""What changes a conversation from outside: it goes through the inbox, once, or is refused where it is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import structlog

from botkit.control import open_desk
from botkit.errors import UsageError
from botkit.flow.values import MAX_TEXT
from botkit.ports import Arrival, InboxRow
from botkit.server.webhook import BODY_MAX
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import load_filed
from botkit.turn.event import Named, Told
from botkit.turn.people import MAX_HELD, MAX_HELD_BYTES
from tests.server.ingress import NOW, ingress_of, serving

ANA, BEA = "59170000001", "59170000002"


@dataclass
class Api:
    """A control API over a socket, and the rows that it handed on."""

    session: aiohttp.ClientSession
    store: SqliteStore
    rows: list[InboxRow] = field(default_factory=list)

    async def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Post JSON, or bytes as they are; return status and answer."""
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        async with self.session.post(path, data=data, headers={"Content-Type": "application/json"}) as response:
            return response.status, await response.json()


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """An API over a store in which Ana writes on one channel, Bea on two."""
    path = tmp_path / "bot.db"
    store = await SqliteStore.open(path)
    for channel, contact in [("whatsapp", ANA), ("whatsapp", BEA), ("other", BEA)]:
        await store.accept([Arrival(channel, "webhook", "message", contact, "m" + contact, "", b"d", b"{}")], NOW)
    rows: list[InboxRow] = []
    async with serving(store, path, ingress_of(store, rows=rows)) as server:
        connector = aiohttp.UnixConnector(str(server.path))
        async with aiohttp.ClientSession("http://botkit", connector=connector) as session:
            yield Api(session, store, rows)


async def test_event(api: Api) -> None:
    """A named event is a row of the contact's inbox; the answer says which, and of what conversation."""
    status, answer = await api.post("/api/events", {"contact": ANA, "name": "pago", "data": {"monto": 50}})
    [row] = api.rows
    assert (status, answer) == (
        200,
        {"conversation": row.conversation.id, "event_id": row.id, "copy": False, "held": False},
    )
    assert (row.source, load_filed(row.kind, row.event)) == ("event", Named("pago", {"monto": 50}))
    assert row.conversation.contact == ANA


async def test_event_once(api: Api) -> None:
    """An event with an id counts once, however often it comes; without one each counts."""
    event = {"contact": ANA, "name": "pago", "id": "e-1"}
    answers = [(await api.post("/api/events", event))[1] for _ in range(2)]
    assert [answer["copy"] for answer in answers] == [False, True]
    assert answers[0]["event_id"] == answers[1]["event_id"]
    for _ in range(2):
        await api.post("/api/events", {"contact": ANA, "name": "pago"})
    assert len(api.rows) == 3


@pytest.mark.parametrize(
    ("waiting", "status"),
    [
        ([{}] * (MAX_HELD - 1), 200),
        ([{}] * MAX_HELD, 409),
        (["x" * (MAX_HELD_BYTES - 100)], 200),
        (["x" * (MAX_HELD_BYTES - 10)], 409),
    ],
)
async def test_no_room_to_wait(api: Api, tmp_path: Path, waiting: list[Any], status: int) -> None:
    """While people have a conversation events wait, so many and so large at most: one that finds no room is refused."""
    state: dict[str, Any] = {"handoff": {"to": "caja"}, "held": waiting}
    change(tmp_path, ANA, state)
    answered, answer = await api.post("/api/events", {"contact": ANA, "name": "pago"})
    assert (answered, answer.get("held"), len(api.rows)) == ((200, True, 1) if status == 200 else (409, None, 0))
    assert (await api.post("/api/send", {"contact": ANA, "text": "hola"}))[0] == 200


async def test_no_room_the_second_time(api: Api, tmp_path: Path) -> None:
    """What comes again under its id gets the answer of the first, though nothing more would find room."""
    change(tmp_path, ANA, {"handoff": {"to": "caja"}, "held": []})
    event = {"contact": ANA, "name": "pago", "id": "e-1"}
    _, first = await api.post("/api/events", event)
    change(tmp_path, ANA, {"handoff": {"to": "caja"}, "held": [{}] * MAX_HELD})
    assert await api.post("/api/events", event) == (200, {**first, "copy": True})
    assert (await api.post("/api/events", {**event, "data": 1}))[1]["path"] == "$.id"
    assert len(api.rows) == 1


@pytest.mark.parametrize("verb", [("reply", {"text": "Ya está"}), ("release", {})], ids=["reply", "release"])
@pytest.mark.parametrize("contact", [ANA, BEA])
async def test_handoff_once(api: Api, tmp_path: Path, verb: tuple[str, dict[str, str]], contact: str) -> None:
    """What was asked while people had a conversation is answered the same when it comes again after they gave it back.

    So it is though the contact writes on two channels, of which the one that people had was meant.
    """
    name, body = verb
    path, body = f"/api/handoffs/{contact}/{name}", {**body, "id": "h-1"}
    change(tmp_path, contact, {"handoff": {"to": "caja"}})
    _, first = await api.post(path, body)
    change(tmp_path, contact, {})
    assert await api.post(path, body) == (200, {**first, "copy": True})
    assert (await api.post(path, {**body, "id": "h-2"}))[0] in (400, 409)
    assert len(api.rows) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/events", {"name": "pago"}),
        ("/api/send", {"text": "hola"}),
        (f"/api/handoffs/{BEA}/reply", {"text": "hola"}),
        (f"/api/handoffs/{BEA}/release", {}),
    ],
    ids=["event", "send", "reply", "release"],
)
async def test_id_of_somebody_forgotten(api: Api, tmp_path: Path, path: str, body: dict[str, str]) -> None:
    """An id that was used for somebody who was forgotten since is refused for anybody else, and not lost in silence."""
    change(tmp_path, BEA, {"handoff": {"to": "caja"}})
    change(tmp_path, ANA, {"handoff": {"to": "caja"}})
    asked = {**body, "channel": "whatsapp", "id": "x-1"}
    named = () if BEA in path else ("contact",)
    assert (await api.post(path.replace(BEA, ANA), {**asked, **dict.fromkeys(named, ANA)}))[0] == 200
    assert await api.store.forget(api.rows[0].conversation.id, None, NOW)
    status, answer = await api.post(path, {**asked, **dict.fromkeys(named, BEA)})
    assert (status, answer["path"], len(api.rows)) == (409, "$.id", 1)
    assert "forgotten" in answer["error"]


def change(folder: Path, contact: str, state: dict[str, Any]) -> None:
    """Put a state in the place of a contact's, on the channel `whatsapp`."""
    with closing(sqlite3.connect(folder / "bot.db")) as db, db:
        values = (orjson.dumps(state), contact)
        db.execute("UPDATE conversation SET state = ? WHERE contact = ? AND channel = 'whatsapp'", values)


@pytest.mark.parametrize("other", [{"data": 1}, {"name": "otro"}, {"contact": BEA, "channel": "whatsapp"}])
async def test_id_of_another(api: Api, other: dict[str, Any]) -> None:
    """An id that named another event is refused, and what it named stands."""
    await api.post("/api/events", {"contact": ANA, "name": "pago", "id": "e-1"})
    status, answer = await api.post("/api/events", {"contact": ANA, "name": "pago", "id": "e-1", **other})
    assert (status, answer["path"]) == (409, "$.id")
    assert len(api.rows) == 1


@pytest.mark.parametrize(
    ("event", "status", "path"),
    [
        ([], 400, "$"),
        ("hola", 400, "$"),
        ({}, 400, "$.name"),
        ({"name": "pago"}, 400, "$.contact"),
        ({"contact": ANA}, 400, "$.name"),
        ({"contact": 59170000001, "name": "pago"}, 400, "$.contact"),
        ({"contact": ANA, "name": " "}, 400, "$.name"),
        ({"contact": ANA, "name": "x" * 201}, 400, "$.name"),
        ({"contact": ANA, "name": "a\0b"}, 400, "$.name"),
        ({"contact": ANA, "name": "pago", "dato": 1}, 400, "$.dato"),
        ({"contact": ANA, "name": "pago", "channel": 1}, 400, "$.channel"),
        ({"contact": ANA, "name": "pago", "channel": "fax"}, 404, "$.contact"),
        ({"contact": "59179999999", "name": "pago"}, 404, "$.contact"),
        ({"contact": BEA, "name": "pago"}, 400, "$.channel"),
        ({"contact": ANA, "name": "pago", "data": "x" * (MAX_TEXT + 1)}, 400, "$.data"),
        ({"contact": ANA, "name": "pago", "data": {"a": [1, "x" * 90_000]}}, 400, "$.data.a[1]"),
    ],
)
async def test_wrong_event(api: Api, event: Any, status: int, path: str) -> None:
    """What is wrong is a 4xx with its JSON path, and nothing is stored."""
    found, answer = await api.post("/api/events", event)
    assert (found, answer.get("path")) == (status, path)
    assert set(answer) == {"error", "hint", "path"}
    assert api.rows == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 40 + b"]" * 40, 400),
        (b'{"a":"' + b"x" * BODY_MAX + b'"}', 413),
        (b'{"name":"\\ud800"}', 400),
    ],
)
async def test_no_json(api: Api, body: bytes, status: int) -> None:
    """A body that is no JSON, too deep or too large is refused with a sentence."""
    found, answer = await api.post("/api/events", body)
    assert (found, bool(answer["error"])) == (status, True)


async def test_other_type(api: Api) -> None:
    """A form is no JSON, whatever a browser may post."""
    async with api.session.post("/api/events", data={"contact": ANA}) as response:
        assert response.status == 415


async def test_spelling_and_channel(api: Api) -> None:
    """A number is known without its country, and a channel chosen among several."""
    status, _ = await api.post("/api/events", {"contact": "7000-0002", "name": "pago", "channel": "other"})
    assert status == 200
    assert (api.rows[0].conversation.channel, api.rows[0].conversation.contact) == ("other", BEA)


async def test_in_spanish(api: Api) -> None:
    """A refusal is in Spanish for who asks so."""
    _, answer = await api.post("/api/events?lang=es", {"contact": ANA})
    assert answer["error"] == "$.name: falta"


async def test_audited(api: Api) -> None:
    """Every change is a line of the log, without number or text."""
    with structlog.testing.capture_logs() as lines:
        await api.post("/api/send", {"contact": ANA, "text": "secreto"})
    [line] = lines
    assert (line["event"], line["action"], line["via"]) == ("control_change", "send", "socket")
    assert line["conversation"] == api.rows[0].conversation.id
    assert ANA not in str(line)
    assert "secreto" not in str(line)


@pytest.mark.parametrize(
    ("path", "body", "status", "wrong"),
    [
        ("/api/start", {"contact": ANA, "flow": "nada"}, 404, "$.flow"),
        ("/api/start", {"contact": ANA, "flow": "nada", "with": []}, 400, "$.with"),
        ("/api/send", {"contact": ANA, "text": "x", "flow": "y"}, 400, "$.flow"),
        (f"/api/handoffs/{ANA}/reply", {"text": "x"}, 409, "$.contact"),
        (f"/api/handoffs/{ANA}/reply", {}, 400, "$.text"),
        (f"/api/handoffs/{ANA}/release", {}, 409, "$.contact"),
        ("/api/handoffs/1/release", {}, 404, "$.contact"),
    ],
)
async def test_wrong_action(api: Api, path: str, body: Any, status: int, wrong: str) -> None:
    """So it is with every other action."""
    found, answer = await api.post(path, body)
    assert (found, answer["path"]) == (status, wrong)
    assert api.rows == []


@pytest.mark.parametrize("running", [True, False])
async def test_send(tmp_path: Path, running: bool) -> None:
    """A text is stored for its contact whoever owns the store; without a process it waits for the next start."""
    path = tmp_path / "bot.db"
    store = await SqliteStore.open(path)
    await store.accept([Arrival("whatsapp", "webhook", "message", ANA, "m", "", b"d", b"{}", turn=False)], NOW)
    async with serving(store, path, running=running), open_desk(path) as desk:
        assert desk.waits is not running
        await desk.act("send", {"contact": "7000 0001", "text": "Tu pedido llegó"}, country="BO")
        with pytest.raises(UsageError, match=r"\$\.text: it is missing"):
            await desk.act("send", {"contact": ANA})
        with pytest.raises(UsageError, match="conversa") as caught:
            await desk.act("send", {"contact": "1", "text": "x"}, lang="es")
        assert "no hay ninguna conversación" in caught.value.told("es")
    store = await SqliteStore.open(path)
    [row] = await store.claim(NOW + 9e9, 9, frozenset())
    assert (row.source, load_filed(row.kind, row.event)) == ("api", Told("Tu pedido llegó"))
    await store.close()


async def test_too_large_to_keep(tmp_path: Path) -> None:
    """Data that no slot could keep are refused, whichever way they come."""
    path = tmp_path / "bot.db"
    await (await SqliteStore.open(path)).close()
    async with open_desk(path) as desk:
        with pytest.raises(UsageError, match=r"\$\.data: it is too large"):
            await desk.act("event", {"contact": ANA, "name": "pago", "data": "x" * 300_000})
