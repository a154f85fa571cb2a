"""What choosing the next row costs, and what merging gives: `python -m bench.outbox [--rows 100000]`.

A store in a real file with that many rows queued, in each of the shapes that a bad day has. A choice is the worker's
own call, through the writer; then the row flies and its answer is written down, so that no two choices find the same.
Aim: a median choice ≤ 5 ms. Then the turns a minute of a key under load (merging.py), merged and not. Aim: 2.5 times as
many. The status is 1 on a miss.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.merging import BUBBLES
from bench.merging import measure as measure_turns
from bench.outbox_rows import Shape, fill
from botkit.ports import Settlement, WireRequest
from botkit.store.sqlite import SqliteStore

KEY = "whatsapp"
NOW = 1_800_000_000.0
MORE_TURNS = 2.5
AIM_MS = 5.0
#: Requests in the air or uncertain while is chosen: the contacts to pass over.
IN_THE_AIR = 64
#: How much later than the rows were queued the next one is chosen, in seconds: within two minutes, and after them.
SOON_S, LATE_S = 10.0, 600.0
WIRE = WireRequest("POST", "/messages", "application/json", b"{}")


def _replies(number: int) -> tuple[str, str]:
    return "interactive", "talk"


def _broadcast(number: int) -> tuple[str, str]:
    return "bulk", "bulk"


def _mixed(number: int) -> tuple[str, str]:
    return (("bulk", "bulk"), ("timers", "talk"), ("interactive", "talk"), ("bulk", "bulk"))[number % 4]


#: shape -> the class and lane of the n-th row of a contact, and how old the rows are
SHAPES: dict[str, tuple[Shape, float]] = {
    "replies": (_replies, SOON_S),
    "replies that have aged": (_replies, LATE_S),
    "a broadcast": (_broadcast, SOON_S),
    "of everything": (_mixed, SOON_S),
}


async def measure(rows: int, contacts: int, choices: int, shape: str) -> list[float]:
    """Return how long each of some choices took, in seconds."""
    kind, age_s = SHAPES[shape]
    with tempfile.TemporaryDirectory() as folder:
        store = await SqliteStore.open(Path(folder) / "botkit.db")
        try:
            await fill(store, KEY, rows, contacts, kind, NOW)
            for _ in range(min(IN_THE_AIR, contacts - 1)):
                await _choose(store, NOW + age_s)
            return [await _timed(store, NOW + age_s) for _ in range(choices)]
        finally:
            await store.close()


async def _timed(store: SqliteStore, now: float) -> float:
    begun = time.perf_counter()
    row = await store.head(KEY, now)
    took_s = time.perf_counter() - begun
    assert row is not None
    flight = await store.begin(KEY, "one", [row.id], WIRE, now)
    assert flight is not None
    await store.settle(flight, Settlement("sent", now))
    return took_s


async def _choose(store: SqliteStore, now: float) -> None:
    """Leave one more request in the air."""
    row = await store.head(KEY, now)
    assert row is not None
    await store.begin(KEY, "one", [row.id], WIRE, now)


def told(rows: int, contacts: int, choices: int) -> Iterator[tuple[str, bool]]:
    """Yield what each shape came to on a line, and whether it is well."""
    for shape in SHAPES:
        times = [seconds * 1e3 for seconds in asyncio.run(measure(rows, contacts, choices, shape))]
        median = statistics.median(times)
        figures = f"median {median:6.3f} ms (≤ {AIM_MS:.0f}), worst {max(times):7.3f} ms"
        yield f"{shape:24} {figures}", median <= AIM_MS


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--choices", type=int, default=500)
    parser.add_argument("--minutes", type=int, default=10)
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, a file with synchronous=FULL")
    print(f"choosing the next of {asked.rows:,} rows of {asked.contacts:,} contacts, {IN_THE_AIR} requests in the air")
    is_well = True
    for line, is_met in told(asked.rows, asked.contacts, asked.choices):
        is_well = is_well and is_met
        print(line, flush=True)
    apart, merged = measure_turns(asked.minutes)
    print(f"turns of {BUBBLES} texts a minute under load: {apart:.1f} apart, {merged:.1f} merged", end="")
    print(f", {merged / apart:.2f} times as many (≥ {MORE_TURNS})")
    return 0 if is_well and merged >= MORE_TURNS * apart else 1


if __name__ == "__main__":
    sys.exit(main())
