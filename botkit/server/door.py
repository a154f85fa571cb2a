"""Who may be connected: so many at once, each of whom has to say soon what they want.

A connection costs a descriptor, of which a process has 1024 on many machines, and without which neither the store nor a
gateway can be reached. aiohttp bounds none of it: one that sends nothing, or half a head, or has been answered, it
keeps as long as an idle one. Proxies use those again, so they are kept long; here the others are told apart from them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from aiohttp import web

#: Seconds in which the head of the first request has to come; it is one packet.
HEAD_S = 15.0
#: Connections at once, give or take a burst of BACKLOG: half of what a process may have open on many machines.
MOST, BACKLOG = 512, 128
#: Seconds between two lines of the log which tell that there are too many.
TOLD_S = 60.0

log = structlog.get_logger()


class Door:
    """Makes the protocols of a server's connections.

    Where there are too many the oldest one ends: who floods does not keep others out. A request that comes over it is
    worked on all the same, and who sent it sends it again.
    """

    def __init__(self, server: web.Server) -> None:
        """Hear of the requests of a server to which nobody is connected yet."""
        self._server, self._make, self._loop = server, server.request_factory, asyncio.get_running_loop()
        self._silent: dict[web.RequestHandler, asyncio.TimerHandle] = {}
        self._told_at = float("-inf")
        server.request_factory = self._hear

    def __call__(self) -> web.RequestHandler:
        """Return the protocol of a new connection."""
        there = self._server.connections
        if len(there) >= MOST:
            self._make_room(there)
        guest = self._server()
        self._silent[guest] = self._loop.call_later(HEAD_S, self._end, guest)
        return guest

    def _make_room(self, there: list[web.RequestHandler]) -> None:
        if (oldest := next((each for each in there if each.connected), None)) is not None:
            oldest.force_close()
        if self._loop.time() - self._told_at >= TOLD_S:
            self._told_at = self._loop.time()
            log.warning("connections_full", most=MOST)

    def _hear(self, message: Any, payload: Any, guest: web.RequestHandler, writer: Any, task: Any) -> web.BaseRequest:
        """Return a request whose head has come."""
        if (timer := self._silent.pop(guest, None)) is not None:
            timer.cancel()
        return self._make(message, payload, guest, writer, task)

    def _end(self, guest: web.RequestHandler) -> None:
        """End a connection whose first head has not come."""
        self._silent.pop(guest, None)
        guest.force_close()
