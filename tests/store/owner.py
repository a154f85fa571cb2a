"""A process that owns a store: `python owner.py FILE` accepts arrivals without end and prints each id once stored.

It prints `ready` first. With `idle` after FILE it only holds the file until its standard input closes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count

from botkit.ports import Arrival
from botkit.store.sqlite import SqliteStore


async def accept(store: SqliteStore, numbers: count[int]) -> None:
    """Accept arrivals, and acknowledge each on the pipe at once, unbuffered."""
    for number in numbers:
        gateway_id = f"in-{number}"
        await store.accept([Arrival("wa", "webhook", "text", f"519{number % 50}", gateway_id, "", b"d", b"{}")], 1.0)
        os.write(1, f"{gateway_id}\n".encode())


async def main(path: str, *, idle: bool) -> None:
    """Own the file, then idle or accept, 32 at a time."""
    store = await SqliteStore.open(path)
    os.write(1, b"ready\n")
    if idle:
        await asyncio.to_thread(sys.stdin.read)
    else:
        numbers = count()
        await asyncio.gather(*(accept(store, numbers) for _ in range(32)))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], idle="idle" in sys.argv))
