"""More than a bot can answer: `python -m bench.overload [--rate 1000] [--seconds 60] [--rows 100000]`.

A real `botkit run` whose outbox holds that many messages behind a limit of 20 requests a second, which it uses up all
the while. People write at the rate given, whatever the answers do: 200, or 503 where the store takes no more. Then
at 200 a second. Aims: a claim (the next row chosen, its request entered) takes ≤ 5 ms of the loop, median and 99 of
100; nothing is answered 5xx at 200 a second; and what was answered 200 is there. The status is 1 on a miss.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.load import SCRIPT, Tally, open_loop, percentile, request
from bench.outbox_rows import fill
from bench.process import Server, free_port, serving
from bench.same_loop import CONFIG, environment
from botkit.store.sqlite import SqliteStore

KEY = "whatsapp"
AIM_MS = 5.0
#: What a bot must take without a 5xx, in webhooks a second, and for how long that is asked of it, in seconds.
CALM, CALM_S = 200.0, 20.0
#: What the gateway allows: so many requests in so many seconds.
LIMIT, PERIOD_S = 1_200, 60
#: Contacts that the waiting messages are for, and people who write, each to the end of a conversation of four.
CONTACTS, PEOPLE = 10_000, 10_000
#: How long the bot may take to do what is left, in seconds.
DRAIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Place:
    """A bot on a full outbox."""

    folder: Path
    port: int
    sink: int

    @property
    def config(self) -> Path:
        """Its config.yaml, with the limit."""
        return self.folder / "bot" / "config.yaml"

    @property
    def claims(self) -> Path:
        """Where it writes down how long its claims took."""
        return self.folder / "claims.json"

    def count(self, sql: str) -> int:
        """Return a number of its store."""
        with closing(sqlite3.connect(f"file:{self.folder / 'bench.db'}?mode=ro", uri=True)) as db:
            return int(db.execute(sql).fetchone()[0])


def make(folder: Path, rows: int, contacts: int) -> Place:
    """Write a bot into a folder, and fill its outbox."""
    place = Place(folder, free_port(), free_port())
    shutil.copytree(CONFIG.parent, place.config.parent)
    limited = place.config.read_text().replace("limit: 1000000, per: 60s", f"limit: {LIMIT}, per: {PERIOD_S}s")
    assert str(LIMIT) in limited
    place.config.write_text(limited)
    asyncio.run(_fill(folder / "bench.db", rows, contacts))
    return place


async def _fill(path: Path, rows: int, contacts: int) -> None:
    store = await SqliteStore.open(path)
    shapes = (("bulk", "bulk"), ("timers", "talk"), ("interactive", "talk"), ("bulk", "bulk"))
    await fill(store, KEY, rows, contacts, lambda number: shapes[number % 4], time.time())
    await store.close()


def written(count: int, run: int) -> Iterator[bytes]:
    """Yield what people write: each in turn the next message of a conversation, and then another conversation."""
    for number in range(count):
        contact, step = number % PEOPLE, number // PEOPLE
        yield request(1_000_000 + contact, step % len(SCRIPT), run * 1_000 + step // len(SCRIPT))


def drive(place: Place, rate: float, seconds: float, run: int) -> tuple[Tally, str]:
    """Write at a rate for some seconds; return what came of it, and a line about it."""
    tally = asyncio.run(open_loop(place.port, written(int(rate * seconds), run), rate))
    took_s = time.perf_counter() - tally.begun
    made = len(tally.latencies) / took_s
    return tally, (
        f"{rate:5.0f} webhooks/s for {seconds:g} s  made {made:5.0f}/s, refused {tally.refused},"
        f" p50 {percentile(tally.latencies, 0.5):.1f} ms, p99 {percentile(tally.latencies, 0.99):.1f} ms,"
        f" worst {max(tally.latencies) * 1e3:.0f} ms"
    )


def drain(place: Place) -> float:
    """Wait until every event that was taken has had its turn; return for how long."""
    begun = time.perf_counter()
    while place.count("SELECT count(*) FROM inbox WHERE status IN ('pending', 'open')"):
        assert time.perf_counter() - begun < DRAIN_S, "turns are left after two minutes"
        time.sleep(0.05)
    return time.perf_counter() - begun


def told(place: Place, server: Server, rate: float, seconds: float) -> Iterator[tuple[str, bool]]:
    """Yield what each part came to on a line, and whether it is well."""
    before = place.count("SELECT count(*) FROM inbox")
    over, line = drive(place, rate, seconds, 1)
    yield line, True
    yield f"turns done {drain(place):.1f} s after the last; {server.rss_mb():.0f} MB", True
    calm, line = drive(place, CALM, min(CALM_S, seconds), 2)
    yield f"{line} (none refused)", not calm.refused
    drain(place)
    taken = len(over.latencies) - over.refused + len(calm.latencies) - calm.refused
    stored = place.count("SELECT count(*) FROM inbox") - before
    yield f"answered 200: {taken:,}, stored: {stored:,}, waiting in the outbox: {_waiting(place):,}", stored >= taken


def _waiting(place: Place) -> int:
    return place.count("SELECT count(*) FROM outbox WHERE status = 'pending'")


def claims(place: Place) -> tuple[str, bool]:
    """Return what claims took, and whether that is well."""
    took_ms = sorted(seconds * 1e3 for seconds in json.loads(place.claims.read_text()))
    middle, most = statistics.median(took_ms), took_ms[int(len(took_ms) * 0.99)]
    figures = f"median {middle:.2f} ms, 99 of 100 {most:.2f} ms (≤ {AIM_MS:g}), worst {took_ms[-1]:.1f} ms"
    return f"{len(took_ms):,} claims           {figures}", most <= AIM_MS


def measure(folder: Path, rows: int, contacts: int, rate: float, seconds: float) -> Iterator[tuple[str, bool]]:
    """Yield each figure on a line, and whether it is well."""
    place = make(folder, rows, contacts)
    yield f"waiting in the outbox: {_waiting(place):,}", True
    env = environment(folder, place.port, place.sink)
    with (
        serving("bench.sink", str(place.sink)),
        serving("bench.serve", str(place.config), "--timed", str(place.claims), env=env) as server,
    ):
        yield from told(place, server, rate, seconds)
    yield claims(place)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=1_000.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rows", type=int, default=100_000)
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}", flush=True)
    is_well = True
    with tempfile.TemporaryDirectory() as folder:
        for line, is_met in measure(Path(folder), asked.rows, CONTACTS, asked.rate, asked.seconds):
            is_well = is_well and is_met
            print(line if is_met else f"{line}  MISSED", flush=True)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
