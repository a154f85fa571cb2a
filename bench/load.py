"""The clients of bench/webhook.py: conversations over a few kept connections, in the bench's own process.

`closed_loop` is aiohttp's own client, whose cost is in both sides of the ratio and bounds the bare server. `lean_loop`
writes bytes to sockets, so that the bare server's own limit shows: against it every server looks smaller.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp
import orjson

SECRET = b"bench-secret-of-enough-length-0001"
SCRIPT = ("quiero hacer un pedido", "2", "quiero 3", "dale")


def signed(contact: int, step: int, run: int) -> tuple[bytes, str]:
    """Return the body of one inbound message and its signature."""
    body = orjson.dumps(
        {
            "id": f"r{run}-{contact}-{step}",
            "from": str(59170000000 + contact),
            "name": "Ana",
            "type": "text",
            "text": SCRIPT[step],
            "timestamp": int(time.time()),
        }
    )
    return body, hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def request(contact: int, step: int, run: int) -> bytes:
    """Return the whole HTTP request of one inbound message."""
    body, signature = signed(contact, step, run)
    head = (
        "POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Signature: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(slots=True)
class Tally:
    """What a load came to; latencies in seconds, `begun` by the performance counter."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    begun: float = 0.0


class Connection(asyncio.Protocol):
    """Sends one request after another and waits for each answer."""

    def __init__(self, queue: deque[bytes], tally: Tally) -> None:
        self.queue = queue
        self.tally = tally
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sent_at = 0.0
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._next()

    def _next(self) -> None:
        if not self.queue:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.sent_at = time.perf_counter()
        self.transport.write(self.queue.popleft())

    def data_received(self, data: bytes) -> None:
        """Count an answer when its head and body are whole."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self.buffer = b""
        self.tally.latencies.append(time.perf_counter() - self.sent_at)
        self.tally.refused += not head.startswith(b"HTTP/1.1 200")
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """Fail if the server closed before the queue was empty."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))


Signed = tuple[bytes, str]


async def closed_loop(port: int, queues: list[deque[Signed]]) -> Tally:
    """Send each queue over a connection of its own, one request at a time, by aiohttp's client."""
    tally = Tally()
    url = f"http://127.0.0.1:{port}/webhooks/whatsapp"
    connector = aiohttp.TCPConnector(limit=len(queues))
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(_drain(session, url, queue, tally) for queue in queues))
    return tally


async def _drain(session: aiohttp.ClientSession, url: str, queue: deque[Signed], tally: Tally) -> None:
    while queue:
        body, signature = queue.popleft()
        headers = {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"}
        begun = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()
        tally.latencies.append(time.perf_counter() - begun)
        tally.refused += answer.status != 200


async def lean_loop(port: int, queues: list[deque[bytes]]) -> Tally:
    """Send each queue over a connection of its own, one request at a time, with next to no client."""
    tally = Tally()
    loop = asyncio.get_running_loop()
    made = [
        (await loop.create_connection(lambda queue=queue: Connection(queue, tally), "127.0.0.1", port))[1]  # type: ignore[misc]
        for queue in queues
    ]
    await asyncio.gather(*(connection.done for connection in made))
    return tally


T = TypeVar("T")


def interleaved(
    make: Callable[[int, int, int], T], first: int, conversations: int, connections: int, run: int, steps: int = 4
) -> list[deque[T]]:
    """Return a queue per connection: its conversations move on in step, so that all are under way at once."""
    queues: list[deque[T]] = [deque() for _ in range(connections)]
    for step in range(steps):
        for contact in range(first, first + conversations):
            queues[contact % connections].append(make(contact, step, run))
    return queues


async def open_loop(port: int, requests: Iterator[bytes], rate: float, connections: int = 64) -> Tally:
    """Send at a fixed rate whatever the answers do; a latency counts from when the request was due."""
    tally = Tally()
    idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
    for _ in range(connections):
        idle.append(await asyncio.open_connection("127.0.0.1", port))
    begun = tally.begun = time.perf_counter()
    tasks: list[asyncio.Task[None]] = []
    for number, raw in enumerate(requests):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        while not idle:  # noqa: ASYNC110 - every connection is busy: the load is late, which its latency counts
            await asyncio.sleep(0.0005)
        tasks.append(asyncio.create_task(_once(idle, idle.popleft(), raw, due, tally)))
    await asyncio.gather(*tasks)
    for _, writer in idle:
        writer.close()
    return tally


async def _once(
    idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    pair: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    raw: bytes,
    due: float,
    tally: Tally,
) -> None:
    reader, writer = pair
    writer.write(raw)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    tally.latencies.append(time.perf_counter() - due)
    tally.refused += not head.startswith(b"HTTP/1.1 200")
    idle.append(pair)


def percentile(latencies: list[float], share: float) -> float:
    """Return a percentile in ms."""
    return sorted(latencies)[min(len(latencies) - 1, int(len(latencies) * share))] * 1000
