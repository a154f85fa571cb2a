"""Who may be connected: so many at once, each of whom has to say soon what they want, and to take what they are told.

A connection costs a descriptor, of which a process has 1024 on many machines, and without which neither the store nor a
gateway can be reached. aiohttp bounds none of it: one that sends nothing, or half a head, or has been answered, it
keeps as long as an idle one. Proxies use those again, so they are kept long; here the others are told apart from them.
One whose answers are not read it keeps for ever: closing waits until they are. So here connections are aborted.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import web

#: Seconds in which the head of the first request has to come; it is one packet.
HEAD_S = 15.0
#: Connections at once, give or take a burst of BACKLOG: half of what a process may have open on many machines.
MOST, BACKLOG = 512, 128
#: Seconds in which something of an answer has to be taken, and that the rest of it has when the listener ends.
STALLED_S, LEAVE_S = 30.0, 1.0
#: Seconds between two lines of the log which tell that there are too many.
TOLD_S = 60.0

log = structlog.get_logger()


class Door:
    """Makes the protocols of a server's connections.

    Where there are too many the oldest one ends: who floods does not keep others out. A request that comes over it is
    worked on all the same, and who sent it sends it again.
    """

    def __init__(self, server: web.Server) -> None:
        """Hear of the connections of a server to which nobody is connected yet, and of their requests."""
        self._server, self._make, self._loop = server, server.request_factory, asyncio.get_running_loop()
        self._came, self._went = server.connection_made, server.connection_lost
        #: Whoever holds a descriptor, the oldest first: those that are closing, too.
        self._there: dict[web.RequestHandler, asyncio.Transport] = {}
        self._silent: dict[web.RequestHandler, asyncio.TimerHandle] = {}
        self._told_at = float("-inf")
        self._empty = asyncio.Event()
        server.request_factory = self._hear
        server.connection_made, server.connection_lost = self._come, self._go  # type: ignore[method-assign]

    def __call__(self) -> web.RequestHandler:
        """Return the protocol of a new connection."""
        if len(self._there) >= MOST:
            self._make_room()
        guest = self._server()
        self._silent[guest] = self._loop.call_later(HEAD_S, self._end, guest)
        return guest

    async def close(self) -> None:
        """End what is left once nobody is let in and all were told to go."""
        if self._there:
            self._empty.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_S):
                    await self._empty.wait()
        for transport in self._there.values():
            transport.abort()
        await asyncio.sleep(0)  # in which their descriptors are given back

    def _make_room(self) -> None:
        self._end(next(iter(self._there)))
        if self._loop.time() - self._told_at >= TOLD_S:
            self._told_at = self._loop.time()
            log.warning("connections_full", most=MOST)

    def _come(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        self._there[handler] = transport
        self._came(handler, transport)

    def _go(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        self._there.pop(handler, None)
        self._heard(handler)
        if not self._there:
            self._empty.set()
        self._went(handler, exc)

    def _hear(self, message: Any, payload: Any, guest: web.RequestHandler, writer: Any, task: Any) -> web.BaseRequest:
        """Return a request whose head has come."""
        self._heard(guest)
        return self._make(message, payload, guest, writer, task)

    def _heard(self, guest: web.RequestHandler) -> None:
        if (timer := self._silent.pop(guest, None)) is not None:
            timer.cancel()

    def _end(self, guest: web.RequestHandler) -> None:
        """End a connection at once, whatever is on its way; what the system has it still delivers."""
        if (transport := self._there.pop(guest, None)) is not None:
            transport.abort()


def bound_stalls(sockets: tuple[socket.socket, ...]) -> None:
    """Have the system end what comes in by these, when nothing of what is sent is taken for STALLED_S."""
    for each in sockets:
        with suppress(AttributeError, OSError):  # Linux has it, and hands it on to what is accepted
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(STALLED_S * 1000))
