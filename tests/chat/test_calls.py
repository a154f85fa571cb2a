"""Calls of a chat: really made, told to the author, kept as stubs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from botkit.chat import calls
from botkit.chat.calls import Kept, LiveCalls
from botkit.chat.saving import rehearse, talk_of
from botkit.chat.session import Session
from botkit.http_steps import HttpSteps
from botkit.retries import Attempt
from botkit.turn.event import CallResult, Inbound
from tests.chat.talking import Chat, answers, write
from tests.http.services import serve

FLOW = """flow: queja
start: {words: [queja]}
steps:
  - ask: ¿Una foto?
    save: foto
    type: image
  - run: x.mide
    with: [foto]
    save: bytes
    on_error: mal
  - http: POST crm/quejas
    json: {bytes: "{{ bytes }}"}
    save: {ref: response.json.ref, sello: response.headers.etag}
    retries: 1
    on_error: mal
  - say: "{{ bytes }} bytes, queja {{ ref }} {{ sello }}"
asides:
  mal: [say: "mal: {{ error }}"]
"""
HANDLERS = """from botkit import Context, handler

@handler("x.mide")
async def size(foto: dict, ctx: Context) -> int:
    return len((await ctx.media.fetch(foto)).bytes)
"""
CONFIG = """channels: {{whatsapp: {{base_url: sandbox}}}}
handlers: [handlers.py]
services: {{crm: {{url: "http://127.0.0.1:{port}"}}}}
"""


@asynccontextmanager
async def chatting(folder: Path, port: int = 1, **options: object) -> AsyncIterator[Chat]:
    """Give a chat with the bot of these files."""
    chat = Chat(write(folder, FLOW, HANDLERS, CONFIG.format(port=port)), **options)  # type: ignore[arg-type]
    await chat.console.open()
    try:
        yield chat
    finally:
        await chat.console.close()


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file to send, beside the bot."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mi foto.png").write_bytes(b"12345")
    return tmp_path / "mi foto.png"


async def test_really(photo: Path) -> None:
    """A handler with `ctx` gets the bytes of a file of the author's, a service is asked, which is told."""
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"ref": 7}, status=201, headers={"ETag": "e1", "X-Other": "o"})

    async with serve(answer) as port, chatting(photo.parent, port) as chat:
        shown = await chat.typed("queja", ":media mi foto.png")
        assert shown == [
            "· POST crm/quejas was really called: 201",
            "─ 5 bytes, queja 7 e1",
            "· queja ended: done",
        ]
        assert asked == [{"bytes": 5}]
        await chat.typed(":back")
        assert await chat.typed(":save una queja") == ["· saved in flows/mesa.test.yaml: botkit test -k 'una queja'"]
    saved = (photo.parent / "flows" / "mesa.test.yaml").read_text()
    assert "stubs" not in saved


async def test_saved_with_stubs(photo: Path) -> None:
    """What calls gave is saved; of an answer's headers those that a flow reads."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ref": 7}, status=201, headers={"ETag": "e1", "X-Other": "o"})

    async with serve(answer) as port, chatting(photo.parent, port) as chat:
        await chat.typed("queja", ":media mi foto.png al pie", ":save a")
    saved = (photo.parent / "flows" / "mesa.test.yaml").read_text()
    assert "      x.mide: {return: 5}\n" in saved
    assert "      POST crm/quejas: {status: 201, json: {ref: 7}, headers: {etag: e1}}\n" in saved
    assert "      - user: {image: mi foto.png, caption: al pie}\n" in saved


async def test_no_answer(photo: Path) -> None:
    """A service that does not answer is told for each attempt; the flow takes its way."""
    async with chatting(photo.parent) as chat:
        shown = await chat.typed("queja", f":media {photo}")
    assert [line.partition(":")[0] for line in shown] == [
        "✗ POST crm/quejas",
        "✗ POST crm/quejas",
        "─ mal",
        "· queja ended",
    ]


async def test_no_bytes(photo: Path) -> None:
    """A file that is not there is sent by its name; who asks for its bytes gets an error."""
    async with chatting(photo.parent) as chat:
        shown = await chat.typed("queja", ":media otra.png")
    assert shown[0] == "· there is no otra.png: its name is sent, without content"
    assert "x.mide failed at handlers.py:5: MediaError" in shown[1]


async def test_told_before(photo: Path) -> None:
    """As the chat begins it is said which services it will really call, if it will."""
    async with chatting(photo.parent) as chat:
        assert chat.shown() == ["· services are really called: crm; --offline asks you instead"]
    async with chatting(photo.parent, ask=answers()) as chat:
        assert chat.shown() == []


async def test_saved_failure(photo: Path) -> None:
    """The failure of a service is told as its stub is saved; one that the author answered is meant."""
    async with chatting(photo.parent) as chat:
        *_, told = await chat.typed("queja", f":media {photo}", ":save a")
    assert told.startswith("· the stub of POST crm/quejas is a failure")
    assert "{json: {…}}" in told
    async with chatting(photo.parent, ask=answers("7", "error no")) as chat:
        assert len(await chat.typed("queja", f":media {photo}", ":save b")) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("201 {ref: 9}", "7 bytes, queja 9"),
        ('{"ref": 9}', "7 bytes, queja 9"),
        ("404", "mal: HTTP 404"),
        ("error caído", "mal: caído"),
        ("", "mal: no answer"),
    ],
)
async def test_by_hand(photo: Path, answer: str, said: str) -> None:
    """With `--offline` nothing is called: the author says what handlers with `ctx` and services give."""
    ask = answers("7", answer)
    async with chatting(photo.parent, ask=ask) as chat:
        shown = await chat.typed("queja", f":media {photo}")
    assert shown[0].startswith("· what does x.mide with:")
    assert shown[1].startswith("· what does POST crm/quejas json: {'bytes': 7} answer?")
    assert shown[-2].strip("─ ") == said
    assert not any("really called" in line for line in shown)


async def test_not_twice(chat: Chat) -> None:
    """What is taken back and played again calls nothing again."""
    made: list[dict[str, object]] = []

    def count(**given: object) -> str:
        made.append(given)
        return "R"

    handler = replace(chat.console.bot.project.handlers["x.reserva"], function=count)
    chat.console._calls.handlers = {"x.reserva": handler}
    await chat.typed("mesa", "3", "1", "mesa", ":back")
    assert made == [{"personas": 3, "hora": "19:00"}]
    assert [kept.stub for kept in chat.console._calls.kept] == [{"return": "R"}]


async def test_own_keys(photo: Path) -> None:
    """Two chats give calls keys of their own, though their talks are alike: a key means one thing to who is called."""
    keys = []
    for _ in range(2):
        chat = Chat(write(photo.parent, FLOW, HANDLERS, CONFIG.format(port=1)))
        project = chat.console.bot.project
        known = project.handlers["x.mide"]

        async def keep(foto: dict[str, str], ctx: object) -> int:
            keys.append(ctx.idempotency_key)  # type: ignore[attr-defined]
            return 1

        chat.console._calls.handlers = {"x.mide": replace(known, function=keep)}
        await chat.console.open()
        await chat.typed("queja", f":media {photo}")
        await chat.console.close()
    assert len(set(keys)) == 2


MEANWHILE = """flow: f
start: {words: [f]}
steps:
  - run: x.lenta
    save: n
    meanwhile: Un momento
  - say: "{{ n }}"
"""
SLOW = """import threading
from botkit import handler
GATE = threading.Event()

@handler("x.lenta")
def slow() -> int:
    GATE.wait(10)
    return 7
"""


async def test_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a call takes long its `meanwhile` is said, when it is played again, too: the stub says how long."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(calls, "TICK_S", 0.01)
    chat = Chat(write(tmp_path, MEANWHILE, SLOW))
    bot = chat.console.bot
    live = LiveCalls(bot.project.handlers, HttpSteps({}), tmp_path, lambda told: None, pace=100.0)
    session = Session(bot.flows, live, 0.0, {})
    await session.open()
    gate = bot.project.handlers["x.lenta"].function.__globals__["GATE"]
    kept = session.rehearsal._observe

    def observe(*seen: object) -> None:
        kept(*seen)  # type: ignore[arg-type]
        if any(getattr(effect, "message", {}).get("text") == "Un momento" for effect in seen[1]):  # type: ignore[attr-defined]
            gate.set()

    session.rehearsal.runtime._player._observe = observe
    message = Inbound("", "message", "", text="f")
    heard = await session.put(message, {"user": "f"})
    assert [row["message"]["text"] for row in heard.rows] == ["Un momento", "7"]
    assert float(live.kept[0].stub["delay"].removesuffix("s")) >= 2.0

    await session.play_again()
    assert [row["message"]["text"] for row in session.entries[0].rows] == ["Un momento", "7"]
    result = await asyncio.to_thread(rehearse, talk_of(session, "a"), bot.project)
    assert result.passed, result.report("en")
    await session.close()
    await live.close()


@pytest.mark.parametrize(
    ("name", "attempt", "stub"),
    [
        ("x.y", CallResult("k", value=None), {"return": None}),
        ("x.y", CallResult("k", error="no"), {"error": "no"}),
        ("GET a/b", CallResult("k", value={"status": 200, "headers": {}, "text": ""}), {"status": 200}),
        ("GET a/b", CallResult("k", value={"status": 404, "headers": {}, "text": "no"}), {"status": 404, "text": "no"}),
        ("GET a/b", CallResult("k", value={"status": 200, "headers": {}, "text": "[1]"}), {"json": [1]}),
        ("GET a/b", CallResult("k", value={"status": 200, "headers": {}, "text": "1.0"}), {"text": "1.0"}),
    ],
)
def test_stub(name: str, attempt: CallResult, stub: dict[str, object]) -> None:
    """What an attempt gave is what a test's stub would give."""
    assert Kept(name, Attempt(attempt)).stub == stub


async def test_secret_missing(photo: Path) -> None:
    """Where a service's secret is not set that is said at once; its calls fail and say why."""
    config = CONFIG.format(port=1).replace('"}', '", headers: {X-Key: "${CRM_KEY}"}}', 1)
    chat = Chat(write(photo.parent, FLOW, HANDLERS, config))
    await chat.console.open()
    (told,) = chat.shown()
    shown = await chat.typed("queja", f":media {photo}")
    await chat.console.close()
    assert told.startswith("✗ the environment variable CRM_KEY is not set: no service can be called; with --offline")
    assert shown[-2] == "─ mal: the environment variable CRM_KEY is not set"
