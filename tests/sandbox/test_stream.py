"""The event stream: resumable, bounded, and over when the sandbox stops."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from botkit.gateway.sandbox import Sandbox
from botkit.gateway.sandbox.stream import HEARTBEAT_S, Hub, stream
from tests.sandbox.conftest import Client
from tests.sandbox.fakes import PATIENCE_S, FakeClock


async def events(response: ClientResponse) -> AsyncIterator[tuple[str, str, dict[str, object]]]:
    """Yield id, name and data of each event."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE_S):
        async for line in response.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
                continue
            if "event" in fields:
                yield fields["id"], fields["event"], orjson.loads(fields["data"])
            fields = {}


async def test_live(client: Client) -> None:
    """Messages of all contacts, both ways, and how far they have come, are streamed."""
    async with client.http.get("/_sandbox/events") as response:
        stream = events(response)
        await client.text("buenas", to="1")
        await client.post("inbound", {"from": "2", "text": "hola"})
        seen = [await anext(stream) for _ in range(6)]
    assert [(name, data.get("contact"), data.get("state")) for _, name, data in seen] == [
        ("contact", None, None),
        ("message", "1", "sent"),
        ("contact", None, None),
        ("message", "2", "queued"),
        ("state", "2", "delivered"),
        ("bot", None, None),
    ]


async def test_resumes(client: Client) -> None:
    """A reader that comes back with the last id misses nothing and sees nothing twice."""
    async with client.http.get("/_sandbox/events") as response:
        stream = events(response)
        await client.text("a", to="1")
        await anext(stream)
        last_id, _, _ = await anext(stream)
    await client.text("b", to="1")
    async with client.http.get("/_sandbox/events", headers={"Last-Event-ID": last_id}) as response:
        _, _, data = await anext(events(response))
    assert data["body"] == {"text": "b"}


@pytest.mark.parametrize("last_id", ["other-1", "x", "-", "other-²"])
async def test_unknown_id(client: Client, last_id: str) -> None:
    """A reader whose id is not of this run is told to read the history again."""
    async with client.http.get("/_sandbox/events", headers={"Last-Event-ID": last_id}) as response:
        _, name, _ = await anext(events(response))
    assert name == "reset"


async def test_heartbeat(client: Client, clock: FakeClock) -> None:
    """A quiet stream carries a comment now and then."""
    async with client.http.get("/_sandbox/events") as response:
        assert await clock.next_sleep() == HEARTBEAT_S
        clock.advance(HEARTBEAT_S)
        async for line in response.content:
            if line.startswith(b":"):
                break


async def test_ends_with_the_sandbox() -> None:
    """A stream ends when the sandbox stops."""
    sandbox = Sandbox("http://127.0.0.1:1/webhook", port=0)
    async with sandbox, ClientSession() as http, http.get(f"{sandbox.url}/_sandbox/events") as response:
        stopping = asyncio.create_task(sandbox.stop())
        async with asyncio.timeout(PATIENCE_S):
            assert b"event" not in await response.content.read()
        await stopping


async def test_reader_leaves(caplog: pytest.LogCaptureFixture) -> None:
    """A page that is closed or loaded anew leaves nothing in the log."""
    hub, ended = Hub("r"), asyncio.Event()

    async def page(request: web.Request) -> web.StreamResponse:
        try:
            return await stream(request, hub, FakeClock())
        finally:
            ended.set()

    app = web.Application()
    app.router.add_get("/", page)
    async with TestClient(TestServer(app)) as http, asyncio.timeout(PATIENCE_S):
        response = await http.get("/")
        await response.content.readline()
        response.close()
        while not ended.is_set():  # who writes to it learns that it left
            hub.publish("message", {})
            await asyncio.sleep(0)
    assert caplog.messages == []


def test_slow_reader() -> None:
    """A reader that falls behind the ring costs no memory: it is told to start anew."""
    hub = Hub("r", ring=10)
    position = hub.position(None)
    assert position == 0
    for n in range(10):
        hub.publish("message", {"n": n})
    assert hub.read(position) is not None
    hub.publish("message", {"n": 10})
    assert hub.read(position) is None
    assert hub.position("r-0") is None
    assert hub.position("r-1") == 1
    assert hub.position("r-12") is None
