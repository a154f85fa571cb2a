"""Server-sent events: one stream for all contacts, resumable, and no reader can fill the memory.

Every event goes into one ring. A reader is only a position in it, so a slow one costs nothing; when the
ring has moved past it, or the id it resumes from is not of this run, it gets `reset` and reads the
history again.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

import orjson
from aiohttp import web

from botkit.gateway.sandbox.clock import Clock

RING = 2_000
HEARTBEAT_S = 15.0
CHUNK = 100


class Hub:
    """The ring of events, and the bell that wakes its readers."""

    def __init__(self, run: str, ring: int = RING) -> None:
        self._run = run
        self._ring: deque[bytes] = deque(maxlen=ring)
        self._last = 0
        self._bell = asyncio.Event()
        self.closed = False

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self._last

    def publish(self, name: str, data: dict[str, Any]) -> None:
        """Add an event and wake the readers."""
        self._last += 1
        event_id = f"{self._run}-{self._last}".encode()
        self._ring.append(b"id: %b\nevent: %b\ndata: %b\n\n" % (event_id, name.encode(), orjson.dumps(data)))
        self._ring_bell()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self._ring_bell()

    def position(self, last_event_id: str | None) -> int | None:
        """Return where a reader goes on; None if what it missed is no longer known."""
        if not last_event_id:
            return self._last
        run, _, number = last_event_id.rpartition("-")
        if run != self._run or not (number.isascii() and number.isdigit()):
            return None
        position = int(number)
        return position if self._last - len(self._ring) <= position <= self._last else None

    def read(self, position: int) -> tuple[bytes, int] | None:
        """Return some events after `position` and the new position; None if they are gone."""
        first = self._last - len(self._ring) + 1
        if position + 1 < first:
            return None
        upto = min(self._last, position + CHUNK)
        events = (self._ring[number - first] for number in range(position + 1, upto + 1))
        return b"".join(events), upto

    def reset_event(self) -> bytes:
        """Return the event that tells a reader to read the history again."""
        return f"id: {self._run}-{self._last}\nevent: reset\ndata: {{}}\n\n".encode()

    def next_event(self) -> Coroutine[Any, Any, Literal[True]]:
        """Return what ends at the next event, counted from this call and not from its first await."""
        return self._bell.wait()

    def _ring_bell(self) -> None:
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()


async def heartbeat_or_event(hub: Hub, clock: Clock) -> bool:
    """Wait for news; return False if none came for a heartbeat's time."""
    news = asyncio.ensure_future(hub.next_event())
    rest = asyncio.ensure_future(clock.sleep(HEARTBEAT_S))
    try:
        await asyncio.wait({news, rest}, return_when=asyncio.FIRST_COMPLETED)
        return news.done()
    finally:
        news.cancel()
        rest.cancel()


async def stream(request: web.Request, hub: Hub, clock: Clock) -> web.StreamResponse:
    """Write events until the reader leaves or the sandbox stops."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    with suppress(ConnectionError):  # a page closed or loaded anew is not an error
        await response.prepare(request)
        await write_events(response, hub, clock, request.headers.get("Last-Event-ID"))
    return response


async def write_events(response: web.StreamResponse, hub: Hub, clock: Clock, last_event_id: str | None) -> None:
    """Write what comes after `last_event_id`; raise ConnectionError when the reader has left."""
    await response.write(b"retry: 1000\n\n")
    position = hub.position(last_event_id)
    while not hub.closed:
        batch = None if position is None else hub.read(position)
        if batch is None:
            position = hub.last
            await response.write(hub.reset_event())
        elif batch[0]:
            position = batch[1]
            await response.write(batch[0])
        elif not await heartbeat_or_event(hub, clock):
            await response.write(b": still here\n\n")
