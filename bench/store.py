"""Measure the SQLite store on this machine: `python bench/store.py [DIRECTORY]`.

Figures are for one loop and one file with `synchronous=FULL`; DIRECTORY must be on the disk to measure.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

from botkit.ports import Arrival, InboxRow, Leg, Settlement, WireRequest
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import CLASSES, Send

T = TypeVar("T")

#: seconds since 1970 at which every run begins
START = 1_700_000_000.0
EVENT = b'{"type":"text","text":"' + b"x" * 200 + b'"}'
STATE = (
    b'{"frames":[{"flow":"booking","digest":"' + b"a" * 64 + b'","step":"day","slots":{"name":"' + b"y" * 200 + b'"}}]}'
)
WIRE = WireRequest("POST", "/messages", "application/json", EVENT)


def arrival(number: int, contacts: int) -> Arrival:
    """Return the arrival of a text, from one of `contacts` people in turn."""
    contact = f"5199{number % contacts:07d}"
    return Arrival("wa", "webhook", "text", contact, f"wamid.{number}", "", b"d" * 32, EVENT)


def answer(row: InboxRow, version: int) -> Leg:
    """Return the leg that answers a row with one text."""
    conversation = row.conversation
    send = Send({"type": "text", "text": "z" * 120}, "booking", "day", "booking.yaml:12")
    return Leg(row.id, 1, True, conversation.id, "wa", version, 0, STATE, EVENT, START + 1, (send,))


async def spread(job: Callable[[T], Awaitable[object]], values: Iterable[T], at_once: int) -> float:
    """Return the seconds that a job took for all values, `at_once` of them at a time."""
    queue = iter(values)

    async def work() -> None:
        for value in queue:
            await job(value)

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return time.perf_counter() - begun


async def measure_alone(store: SqliteStore, count: int) -> None:
    """Print how long one accept and one commit take with nothing else going on."""
    accepts, commits = [], []
    for number in range(count):
        begun = time.perf_counter()
        [receipt] = await store.accept([arrival(number, count)], START)
        accepted = time.perf_counter()
        assert receipt.row is not None
        await store.commit(answer(receipt.row, 0))
        accepts.append(accepted - begun)
        commits.append(time.perf_counter() - accepted)
    for name, times in (("accept", accepts), ("commit", commits)):
        times.sort()
        p50, p99 = times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3
        print(f"{name} alone                    p50 {p50:.2f} ms, p99 {p99:.2f} ms")


async def measure_together(store: SqliteStore, count: int, at_once: int, first: int) -> None:
    """Print how many accepts and then commits a second go through with many in flight."""
    rows: list[InboxRow] = []

    async def take(number: int) -> None:
        [receipt] = await store.accept([arrival(number, 10**7)], START)
        assert receipt.row is not None
        rows.append(receipt.row)

    seconds = await spread(take, range(first, first + count), at_once)
    print(f"accept, {at_once:3} in flight, new contacts {count / seconds:9,.0f} /s")
    seconds = await spread(lambda row: store.commit(answer(row, 0)), rows, at_once)
    print(f"commit, {at_once:3} in flight, one send     {count / seconds:9,.0f} /s")
    seconds = await spread(lambda n: store.set_meta("bench", str(n)), range(count), at_once)
    print(f"small op, {at_once:3} in flight             {count / seconds:9,.0f} /s")


async def fill(store: SqliteStore, contacts: int, each: int) -> None:
    """Queue `each` broadcast rows for each of `contacts` people, and one reply for every hundredth."""
    for number in range(contacts):
        [receipt] = await store.accept([arrival(9 * 10**6 + number, 10**7)], START)
        row = receipt.row
        assert row is not None
        bulk = Send(
            {"type": "text", "text": "hola"}, "news", "one", rank=CLASSES["bulk"], lane="bulk", expires_s=86400.0
        )
        sends = [bulk] * each
        if number % 100 == 0:
            sends.append(Send({"type": "text", "text": "hola"}, "booking", "day"))
        await store.commit(Leg(row.id, 1, True, row.conversation.id, "wa", 0, 0, STATE, EVENT, START, sends))


async def measure_backlog(store: SqliteStore, rounds: int) -> None:
    """Print how long picking, beginning and settling take beside a long queue."""
    heads, sends = [], []
    for number in range(rounds):
        now = START + 10 + number
        begun = time.perf_counter()
        row = await store.head("wa", now)
        picked = time.perf_counter()
        assert row is not None
        flight = await store.begin("wa", "bench", [row.id], WIRE, now)
        assert flight is not None
        # Thirty stay in flight, as with a slow gateway.
        if number >= 30:
            await store.settle(flight, Settlement("sent", now, 200, f"out.{number}"))
        heads.append(picked - begun)
        sends.append(time.perf_counter() - picked)
    counts = await store.counts()
    print(f"head, {counts['outbox_pending']:,} rows pending       p50 {statistics.median(heads) * 1e3:.2f} ms")
    print(f"begin and settle                p50 {statistics.median(sends) * 1e3:.2f} ms")


async def measure_claims(store: SqliteStore, rows: int, contacts: int) -> None:
    """Print how long claiming takes while many rows are live."""
    batch = [arrival(10**9 + number, contacts) for number in range(rows)]
    for start in range(0, rows, 500):
        await store.accept(batch[start : start + 500], START)
    times, hand = [], frozenset[str]()
    for _ in range(50):
        begun = time.perf_counter()
        claimed = await store.claim(START + 1, 20, hand)
        times.append(time.perf_counter() - begun)
        hand |= {row.conversation.id for row in claimed}
    begun = time.perf_counter()
    await store.next_due(hand)
    print(f"claim 20 of {rows:,} live rows    p50 {statistics.median(times) * 1e3:.2f} ms")
    print(f"next due of {rows:,} live rows    {(time.perf_counter() - begun) * 1e3:.2f} ms")


async def main(directory: str | None) -> None:
    """Run every measurement on a new file in `directory`."""
    with tempfile.TemporaryDirectory(dir=directory) as folder:
        store = await SqliteStore.open(Path(folder) / "bench.db")
        await measure_alone(store, 2_000)
        for at_once in (16, 128):
            await measure_together(store, 20_000, at_once, at_once * 100_000)
        await fill(store, 10_000, 10)
        await measure_backlog(store, 1_000)
        await measure_claims(store, 100_000, 10_000)
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else None))
