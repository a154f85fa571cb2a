"""Connections that say nothing, or half of what they want, and too many of them; over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
import structlog
from aiohttp import web

from botkit.server import door
from botkit.server.app import Listener

ASKED = b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n"
#: Nothing that a test waits for may take longer, in seconds.
PATIENCE_S = 10.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[..., Awaitable[Streams]]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A listener whose one route answers at once."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="here")

    app = web.Application()
    app.router.add_get("/", answer)
    listener = Listener(app, "127.0.0.1", 0)
    await listener.start()
    yield listener
    await listener.stop()


@pytest.fixture
async def connect(listener: Listener) -> AsyncIterator[Connect]:
    """What connects, and says something."""
    writers: list[asyncio.StreamWriter] = []

    async def connect(said: bytes = b"") -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writers.append(writer)
        writer.write(said)
        await writer.drain()
        return reader, writer

    yield connect
    for each in writers:
        each.close()
        with suppress(ConnectionError):
            await each.wait_closed()


async def answered(streams: Streams) -> bool:
    """Tell whether a connection is answered; it may be ended instead."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return (await streams[0].readuntil(b"here")).startswith(b"HTTP/1.1 200")
    except (asyncio.IncompleteReadError, ConnectionError):
        return False


async def ask(streams: Streams) -> bool:
    """Send one request and tell whether it is answered."""
    streams[1].write(ASKED)
    return await answered(streams)


@pytest.mark.parametrize("said", [b"", b"G", ASKED[:-2], ASKED.replace(b"\r\n\r\n", b"\r\nX-A: " + b"a" * 5000)])
async def test_no_head(connect: Connect, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    """A connection whose first head does not come is ended without a word."""
    monkeypatch.setattr(door, "HEAD_S", 0.05)
    reader, _ = await connect(said)
    async with asyncio.timeout(PATIENCE_S):
        assert await reader.read() == b""


async def test_drop_by_drop(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that comes byte by byte gets no more time by it."""
    monkeypatch.setattr(door, "HEAD_S", 0.05)
    reader, writer = await connect(ASKED[:-2] + b"X-A: ")
    ended = asyncio.ensure_future(reader.read())
    async with asyncio.timeout(PATIENCE_S):
        while not ended.done():
            writer.write(b"a")
            await asyncio.wait([ended], timeout=0.01)
    assert ended.exception() or ended.result() == b""


async def test_idle_is_kept(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that was answered is used again later than its first head might have come."""
    monkeypatch.setattr(door, "HEAD_S", 0.4)
    streams, silent = await connect(), await connect()
    assert await ask(streams)
    async with asyncio.timeout(PATIENCE_S):
        assert await silent[0].read() == b""  # it came later, and its time is over
    assert await ask(streams)


async def test_too_many(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many are connected the oldest is ended, the newest is answered, and the log tells it once."""
    monkeypatch.setattr(door, "MOST", 3)
    streams = [await connect() for _ in range(3)]
    assert [await ask(each) for each in streams] == [True] * 3
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            streams.append(await connect())
            assert await ask(streams[-1])
    assert [await ask(each) for each in streams] == [False, False, True, True, True]
    assert [line["event"] for line in logs] == ["connections_full"]
