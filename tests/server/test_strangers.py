"""Requests that are no HTTP are a quiet line of the log, a handler's defect is a loud one; over real sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from botkit.server.app import Listener

#: Nothing that a test waits for may take longer, in seconds.
PATIENCE_S = 10.0
HEAD = b"POST / HTTP/1.1\r\nHost: bot\r\n"


async def _read(request: web.Request) -> web.Response:
    return web.Response(text=await request.text())


async def _fail(request: web.Request) -> web.Response:
    raise LookupError("no row")


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A listener with a route that reads a body, and one that is defective."""
    app = web.Application()
    app.add_routes([web.post("/", _read), web.get("/defect", _fail)])
    listener = Listener(app, "127.0.0.1", 0)
    await listener.start()
    yield listener
    await listener.stop()


async def answer(listener: Listener, said: bytes) -> bytes:
    """Send something, and return all that comes back until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(said)
    async with asyncio.timeout(PATIENCE_S):
        told = await reader.read()
    writer.close()
    return told


@pytest.mark.parametrize(
    "said",
    [
        b"POST / HTTP/1.1\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / garbage\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nlong\r\n\r\n",
    ],
    ids=["no-host", "length-and-chunked", "long-header", "garbage", "chunk"],
)
async def test_malformed(listener: Listener, caplog: pytest.LogCaptureFixture, said: bytes) -> None:
    """A request that is no HTTP is refused, and told in one line without a traceback or what was sent."""
    caplog.set_level(logging.INFO)
    assert b" 400 " in await answer(listener, said)
    (record,) = caplog.records
    assert (record.name, record.levelname, record.exc_info) == ("aiohttp.server", "INFO", None)
    assert record.getMessage().startswith("malformed request: ")


async def test_defect(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong in a handler is an error with its traceback."""
    assert b" 500 " in await answer(listener, b"GET /defect HTTP/1.1\r\nHost: bot\r\n\r\n")
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("aiohttp.server", "ERROR")
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError
