"""Services that listen on loopback, and calls of them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from botkit.turn.conversation import PendingCall

#: Seconds: long enough for loopback, short enough to wait for.
TIMEOUT_S = 0.3
#: The key of every call here.
KEY = "k-1"


class FixedResolver(AbstractResolver):
    """A resolver that gives one answer after the other, and the last one for ever; `asked` are the hosts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the next answer."""
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise OSError("no such name")
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]

    async def close(self) -> None:
        """Let go of nothing."""


@asynccontextmanager
async def serve(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[int]:
    """Listen on loopback and give the port."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serve_bytes(*answers: bytes, lingers: bool = False) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Listen on loopback below HTTP: write an answer to each connection, and end it; give port and what came.

    One that `lingers` leaves the end to the caller, after whose leave another `b""` has come.
    """
    came: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(65536))
        writer.write(answers[min(len(came), len(answers)) - 1])
        try:
            await writer.drain()
            if lingers:
                came.append(await reader.read())
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], came
    finally:
        server.close()
        await server.wait_closed()


def call(target: str = "agenda", path: str = "/x", timeout_s: float = TIMEOUT_S, **request: Any) -> PendingCall:
    """Return a pending call of a service, by GET unless it says otherwise."""
    arguments = {"method": "GET", "target": target, "path": path, **request}
    return PendingCall(KEY, "GET agenda/x", "s", 1, arguments, timeout_s, kind="http")
