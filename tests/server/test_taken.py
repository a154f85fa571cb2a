"""The 200 of the webhook, as it stands on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from botkit.server import taken

KEPT = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
CLOSED = KEPT.replace(b"Host", b"Connection: close\r\nHost")
OLD = KEPT.replace(b"1.1", b"1.0")


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server that takes everything."""

    async def take(request: web.Request) -> web.StreamResponse:
        return taken.taken(request)

    app = web.Application()
    app.router.add_post("/", take)
    async with TestServer(app, host="127.0.0.1") as server:
        assert server.port is not None
        yield server.port


async def answer(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    """Return status line, headers by their small names, and body of the next response."""
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    return status, headers, await reader.readexactly(int(headers["content-length"]))


async def test_kept(port: int) -> None:
    """A connection that stays open gets it again and again, as aiohttp itself would say it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(KEPT + KEPT)
    for _ in range(2):
        status, headers, body = await answer(reader)
        assert (status, body) == ("HTTP/1.1 200 OK", b'{"ok":true}')
        assert headers.keys() == {"content-type", "content-length", "date", "server"}
        assert headers["content-type"] == "application/json"
    writer.close()


@pytest.mark.parametrize("request_bytes", [CLOSED, OLD])
async def test_closed(port: int, request_bytes: bytes) -> None:
    """A connection that is to be closed is told so, and closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_bytes)
    status, headers, body = await answer(reader)
    assert (status.partition(" ")[2], body) == ("200 OK", b'{"ok":true}')
    assert headers.get("connection") == ("close" if request_bytes is CLOSED else None)
    assert await reader.read() == b""
    writer.close()


async def test_date(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The date is that of its second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for second in (1_790_000_000, 1_790_000_000.9, 1_790_000_001):
        monkeypatch.setattr("botkit.server.taken.time.time", lambda second=second: second)
        writer.write(KEPT)
        _, headers, _ = await answer(reader)
        assert parsedate_to_datetime(headers["date"]).timestamp() == int(second)
    writer.close()
