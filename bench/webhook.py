"""How much of a bare aiohttp server's rate is left when each event is stored, played and answered.

    python -m bench.webhook [--pairs 5] [--rounds 5] [--only-ratio]

The order conversation (4 in, 4 out), 500 conversations interleaved over 32 connections, SQLite with FULL sync, against
a bare server that parses the JSON and answers 200: the same client on the same loop (bench/same_loop.py), in
alternating pairs. An event counts when its turn is committed (state, outbox row, inbox mark); a run ends at the last.

(a) outbox paused: the ratio. Then once more with the client in a process of its own, aiohttp's and a lean one, where
the bare server gets a core to itself. (b) sending to a sink in its own process. (c) open loop at 300 events/s: p99 of
the 200 and of the outbox row. Then memory, over 20,000 live and over 20,000 finished conversations.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import Tally, closed_loop, interleaved, lean_loop, open_loop, percentile, request, signed
from bench.process import Server, free_port, serving
from bench.same_loop import CONFIG, CONNECTIONS, CONVERSATIONS, environment


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: events/s, CPU µs per event, latencies in ms."""

    rate: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    rss_mb: float


@dataclass(frozen=True, slots=True)
class Botkit:
    """A botkit under measurement: its process, its port, a reader of its store."""

    server: Server
    port: int
    db: sqlite3.Connection

    def done(self) -> int:
        """Return how many events' turns are committed."""
        return int(self.db.execute("SELECT COUNT(*) FROM inbox WHERE status = 'done'").fetchone()[0])

    def settled(self) -> int:
        """Return how many messages left the outbox."""
        return int(self.db.execute("SELECT COUNT(*) FROM outbox WHERE status = 'sent'").fetchone()[0])


@contextmanager
def botkit(*, paused: bool, sink: int = 9) -> Iterator[Botkit]:
    """Run botkit on a new store; `sink` is the port that it sends to."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "bench.db"
        env = environment(Path(folder), port, sink)
        with serving("bench.serve", str(CONFIG), *(["--paused"] if paused else []), env=env) as server:
            db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
            yield Botkit(server, port, db)
            db.close()


def drive(port: int, run: int, *, lean: bool = False) -> Tally:
    """Play 500 conversations, all under way at once."""
    if lean:
        return asyncio.run(lean_loop(port, interleaved(request, 0, CONVERSATIONS, CONNECTIONS, run)))
    return asyncio.run(closed_loop(port, interleaved(signed, 0, CONVERSATIONS, CONNECTIONS, run)))


def measure_bare(rounds: int, *, lean: bool = False) -> Run:
    """Run the load against the bare server."""
    port = free_port()
    with serving("bench.bare", str(port)) as server:
        drive(port, 0, lean=lean)
        cpu, tally, begun = server.cpu_s(), Tally(), time.perf_counter()
        for number in range(1, rounds + 1):
            part = drive(port, number, lean=lean)
            tally.latencies += part.latencies
        return summary(server, tally, time.perf_counter() - begun, cpu)


def measure_botkit(rounds: int, *, paused: bool, sink: int = 9, lean: bool = False) -> Run:
    """Run the load against botkit, up to the last committed turn; when sending, to the last message sent."""
    with botkit(paused=paused, sink=sink) as bot:
        count = bot.done if paused else bot.settled
        drive(bot.port, 0, lean=lean)
        reach(count, CONVERSATIONS * 4)
        cpu, tally, begun = bot.server.cpu_s(), Tally(), time.perf_counter()
        for number in range(1, rounds + 1):
            part = drive(bot.port, number, lean=lean)
            tally.latencies += part.latencies
            tally.refused += part.refused
            reach(count, CONVERSATIONS * 4 * (number + 1))
        assert tally.refused == 0, f"{tally.refused} events were refused"
        return summary(bot.server, tally, time.perf_counter() - begun, cpu)


def reach(count: Callable[[], int], wanted: int) -> None:
    """Wait until a count stands where it must."""
    begun = time.perf_counter()
    while count() < wanted:
        assert time.perf_counter() - begun < 60, f"only {count()} of {wanted} after a minute"
        time.sleep(0.002)


def same_loop(kind: str, rounds: int) -> Run:
    """Run the load with server and client on one loop, in a process of its own."""
    command = [sys.executable, "-m", "bench.same_loop", kind, str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Run(**json.loads(done.stdout))


def summary(server: Server, tally: Tally, seconds: float, cpu_before: float) -> Run:
    """Return a run's figures."""
    events = len(tally.latencies)
    cpu_us = (server.cpu_s() - cpu_before) / events * 1e6
    return Run(
        events / seconds,
        cpu_us,
        percentile(tally.latencies, 0.5),
        percentile(tally.latencies, 0.99),
        server.rss_mb(),
    )


def row(name: str, run: Run) -> str:
    """Return a run as a line of the table."""
    return (
        f"{name:24} {run.rate:8.0f} events/s  {run.cpu_us:6.0f} µs CPU/event"
        f"  p50 {run.p50_ms:6.2f} ms  p99 {run.p99_ms:6.2f} ms  {run.rss_mb:5.0f} MB"
    )


def open_loop_figures(seconds: float, rate: float) -> tuple[float, float, float]:
    """Return p99 of the 200, p99 and worst of the outbox row, in ms, at a fixed rate of arrivals."""
    with botkit(paused=True) as bot:
        drive(bot.port, 0)
        reach(bot.done, CONVERSATIONS * 4)
        return asyncio.run(_open_loop(bot, seconds, rate))


async def _open_loop(bot: Botkit, seconds: float, rate: float) -> tuple[float, float, float]:
    count = int(seconds * rate)
    first = bot.db.execute("SELECT COALESCE(MAX(id), 0) FROM outbox").fetchone()[0]
    seen: list[float] = []

    async def watch() -> None:
        """Note when each outbox row can be read, to the millisecond."""
        while len(seen) < count:
            last = bot.db.execute("SELECT COALESCE(MAX(id), 0) FROM outbox").fetchone()[0]
            now = time.perf_counter()
            seen.extend([now] * (last - first - len(seen)))
            await asyncio.sleep(0.001)

    watcher = asyncio.create_task(watch())
    # Each contact writes once, so rows appear in order of arrival and the nth row answers the nth event.
    tally = await open_loop(bot.port, (request(10_000 + number, 0, 1) for number in range(count)), rate)
    await asyncio.wait_for(watcher, 30)
    rows = [at - (tally.begun + number / rate) for number, at in enumerate(sorted(seen))]
    return percentile(tally.latencies, 0.99), percentile(rows, 0.99), max(rows) * 1000


def memory_growth(conversations: int, steps: int) -> float:
    """Return how many MB the process grew by over conversations that went so many steps.

    Before, a tenth as many are played to their end, which fills what is bounded: the store's page cache, Python's own.
    """
    with botkit(paused=True) as bot:
        warm = conversations // 10
        play_all(bot, first=0, conversations=warm, run=0, steps=4)
        reach(bot.done, warm * 4)
        before = bot.server.rss_mb()
        play_all(bot, first=1_000_000, conversations=conversations, run=1, steps=steps)
        reach(bot.done, warm * 4 + conversations * steps)
        return bot.server.rss_mb() - before


def play_all(bot: Botkit, first: int, conversations: int, run: int, steps: int) -> None:
    """Play conversations of new contacts, 500 under way at a time."""
    for begin in range(first, first + conversations, CONVERSATIONS):
        count = min(CONVERSATIONS, first + conversations - begin)
        asyncio.run(closed_loop(bot.port, interleaved(signed, begin, count, CONNECTIONS, run, steps)))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5, help="passes of 500 conversations in a run")
    parser.add_argument("--only-ratio", action="store_true")
    asked = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    print(f"Python {platform.python_version()}, {machine}, SQLite {sqlite3.sqlite_version}")
    ratios = []
    for number in range(1, asked.pairs + 1):
        bare, ours = same_loop("bare", asked.rounds), same_loop("botkit", asked.rounds)
        ratios.append(ours.rate / bare.rate)
        print(row(f"{number} bare aiohttp", bare))
        print(row(f"{number} botkit (a)", ours) + f"  ratio {ratios[-1]:.3f}", flush=True)
    print(f"(a) ratio: median {statistics.median(ratios):.3f}, range {min(ratios):.3f}–{max(ratios):.3f} (floor 0.35)")
    if asked.only_ratio:
        return
    for name, lean in (("client apart", False), ("lean client apart", True)):
        apart = []
        for _ in range(asked.pairs):
            bare, ours = measure_bare(asked.rounds, lean=lean), measure_botkit(asked.rounds, paused=True, lean=lean)
            apart.append(ours.rate / bare.rate)
        print(row(f"{name}: bare", bare))
        print(row(f"{name}: botkit", ours))
        print(
            f"{name}: ratio: median {statistics.median(apart):.3f}, range {min(apart):.3f}–{max(apart):.3f}", flush=True
        )
    sink = free_port()
    with serving("bench.sink", str(sink)):
        print(
            row("(b) botkit, sending", measure_botkit(max(1, asked.rounds // 2), paused=False, sink=sink)), flush=True
        )
    answered, queued, worst = open_loop_figures(20, 300)
    print(f"(c) 300 events/s: p99 of the 200 {answered:.1f} ms, of the outbox row {queued:.1f} ms (≤ 25)", end="")
    print(f", worst {worst:.1f}")
    print(f"memory over 20,000 live conversations: {memory_growth(20_000, 1):+.1f} MB (< 40)")
    print(f"memory over 20,000 finished ones:      {memory_growth(20_000, 4):+.1f} MB (none)")


if __name__ == "__main__":
    main()
