"""Connections that say nothing, or half of what they want, or read nothing, and too many; over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
import structlog
from aiohttp import web

from botkit.server import app as served
from botkit.server import door
from botkit.server.app import Listener
from tests.waiting import eventually

ASKED = b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n"
#: Nothing that a test waits for may take longer, in seconds.
PATIENCE_S = 10.0
#: An answer that is far more than the system takes for somebody who does not read, in bytes.
LARGE = b"x" * 16_000_000
#: Routes whose answer is LARGE: one is still at it, the other has closed behind it.
UNREAD = ["/large", "/closed"]

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[..., Awaitable[Streams]]


class Answers:
    """The routes of a listener, and how often those with a large answer came how far."""

    def __init__(self) -> None:
        self.begun = self.cut = 0
        self.app = web.Application()
        routes = {"/": self.here, "/large": self.large, "/closed": self.closed}
        self.app.add_routes([web.get(path, answer) for path, answer in routes.items()])

    async def here(self, request: web.Request) -> web.Response:
        """Answer at once."""
        return web.Response(text="here")

    async def large(self, request: web.Request) -> web.StreamResponse:
        """Answer as much as nobody's buffers hold."""
        response = web.StreamResponse()
        await response.prepare(request)
        self.begun += 1
        try:
            await response.write(LARGE)
        except ConnectionError:
            self.cut += 1
            raise
        return response

    async def closed(self, request: web.Request) -> web.Response:
        """Send as much, and close the connection, which the transport does once all of it is taken."""
        assert request.transport is not None
        request.transport.write(LARGE)
        request.protocol.force_close()
        self.begun += 1
        return web.Response()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def listener(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listener]:
    """A listener that waits for nobody when it stops."""
    monkeypatch.setattr(served, "SHUTDOWN_S", 0.05)
    monkeypatch.setattr(door, "LEAVE_S", 0.05)
    listener = Listener(answers.app, "127.0.0.1", 0)
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


async def unread(connect: Connect, answers: Answers, path: str) -> Streams:
    """Ask for a large answer, of which nothing but the beginning is read; return once the bot is at it."""
    before = answers.begun
    streams = await connect(ASKED.replace(b"/", path.encode(), 1))
    await eventually(lambda: answers.begun > before)
    return streams


async def taken(streams: Streams) -> int:
    """Read to the end, and return how many bytes came."""
    size = 0
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE_S):
            while size < len(LARGE) and (data := await streams[0].read(1_000_000)):
                size += len(data)
    return size


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


@pytest.mark.parametrize("path", UNREAD)
async def test_too_many_unread(connect: Connect, answers: Answers, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Where too many are connected the oldest ends though it does not read, and though it was to be closed already."""
    monkeypatch.setattr(door, "MOST", 2)
    streams = [await unread(connect, answers, path) for _ in range(2)]
    assert await ask(await connect())
    assert [await taken(each) < len(LARGE) for each in streams] == [True, False]


@pytest.mark.parametrize("path", UNREAD)
async def test_stop_unread(connect: Connect, answers: Answers, listener: Listener, path: str) -> None:
    """A connection whose answer is not read ends when the listener does."""
    streams = await unread(connect, answers, path)
    await listener.stop()
    assert await taken(streams) < len(LARGE)


async def test_stop_read(
    connect: Connect, answers: Answers, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered before the listener ends is delivered to those who read it."""
    monkeypatch.setattr(door, "LEAVE_S", PATIENCE_S)
    streams = await unread(connect, answers, "/closed")
    size, _ = await asyncio.gather(taken(streams), listener.stop())
    assert size >= len(LARGE)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the system has no bound for it")
async def test_stalled(connect: Connect, answers: Answers, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose answer is not read for long is ended."""
    monkeypatch.setattr(door, "STALLED_S", 0.05)
    await listener.stop()
    await listener.start()
    await unread(connect, answers, "/large")
    await eventually(lambda: answers.cut)
