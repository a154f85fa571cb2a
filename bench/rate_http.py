"""The rate gate over real HTTP: `python -m bench.rate_http [--servers fixed leaky] [--seconds 60]`.

What bench.rate plays over virtual time, with everything real and the period a tenth (30 requests in 6 s): the sandbox
in a process of its own for each algorithm, the outbox worker with a SQLite file and the gateway's client; an endless
broadcast, and two messages a period that a person waits for. The servers run side by side, their workers in one loop,
for each is idle most of the time; first with a slot in reserve, then without. What they cost each other, and what else
runs on the machine, is in the figures: its load is printed with them.

Targets are bench.rate's: of shares the lesser of figure and bound less 1 %, of waits a tenth, as of the period. What
the gate counts in seconds is not scaled (50 ms of margin, a second more where a full log was refused), so here a lesson
costs ten times as much. `one-second-grain` cannot be scaled and is left out. The gate cannot tell servers apart that
refuse nothing, so their people's waits, twenty a minute, are one sample. The status is 1 if a cell missed a figure.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import orjson
import structlog

from bench.outbox_rows import fill, queue_turn
from bench.process import sandbox
from bench.rate import LESSONS, SERIAL_SHARE, SERIAL_WAIT_S, SHARES, WAITS_S
from bench.rate import PERIOD_S as MINUTE_S
from botkit.clock import SystemClock
from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.profile import Profile
from botkit.outbox.rate import MARGIN_S
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Answer, WireRequest
from botkit.store.sqlite import SqliteStore

#: Algorithms of the sandbox; the last takes one request at a time.
SERVERS = ("fixed", "first-hit", "sliding-log", "sliding-log-strict", "token-bucket", "leaky")
SERIAL = "leaky"
KEY = "whatsapp"
TALK_PER_PERIOD = 2
#: Bulk messages that still wait at the end, and the number of the first contact who is not among theirs.
LEFT, FIRST_TALKER = 1_000, 5_000_000
#: How often is looked whether timers are late, in seconds.
TICK_S = 0.02
#: How long the gate is left to learn, and then looked at, in seconds.
LEARNING_S, STEADY_S = 24.0, 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How the key is limited, and how long is looked: `steady_s` after `learning_s`."""

    limit: int = 30
    period_s: float = 6.0
    learning_s: float = LEARNING_S
    steady_s: float = STEADY_S

    @property
    def length_s(self) -> float:
        """Return how long a server is sent to."""
        return self.learning_s + self.steady_s


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a server: `lessons` are 429s before the steady state, `refused` those in it, `waits_s` talk's."""

    server: str
    reserve: int
    plan: Plan
    taken: int
    refused: int
    lessons: int
    hold_s: float
    waits_s: Sequence[float]

    @property
    def share(self) -> float:
        """Return which part of the limit was taken."""
        return self.taken / (self.plan.limit * self.plan.steady_s / self.plan.period_s)

    @property
    def target(self) -> float:
        """Return the lesser of the figure and its bound less 1 %."""
        return min(SERIAL_SHARE if self.server == SERIAL else SHARES[self.reserve], self.bound - 0.01)

    @property
    def bound(self) -> float:
        """Return the most that a sender can get which waits a period from the answer on, knowing the server."""
        plan = self.plan
        if self.server == SERIAL:
            beat_s = plan.period_s / plan.limit
            return beat_s / (beat_s + self.hold_s)
        spared = (plan.limit - self.reserve) / plan.limit
        return plan.period_s / (plan.period_s + MARGIN_S + self.hold_s) * spared

    @property
    def longest_s(self) -> float:
        """Return how long 95 of 100 people may wait for the first byte."""
        return (SERIAL_WAIT_S if self.server == SERIAL else WAITS_S[self.reserve]) * self.plan.period_s / MINUTE_S

    @property
    def waited_s(self) -> tuple[float, float, float]:
        """Return median, 95th percentile and maximum of the waits."""
        waits_s = sorted(self.waits_s)
        return statistics.median(waits_s), waits_s[int(len(waits_s) * 0.95)], waits_s[-1]

    @property
    def missed(self) -> list[str]:
        """Return which figures it misses."""
        judged = {
            "share": self.share < self.target,
            "429": self.refused > 0,
            "lessons": self.lessons > LESSONS,
            "wait": self.waited_s[1] > self.longest_s,
        }
        return [name for name, is_missed in judged.items() if is_missed]


@dataclass(slots=True)
class Trips:
    """When each text left, and how long each request was out, in seconds."""

    left_at: dict[str, float] = field(default_factory=dict)
    out_s: list[float] = field(default_factory=list)


class Watched(HttpGateway):
    """Notes the trips of what it sends."""

    def watch(self, trips: Trips) -> None:
        """Begin to note."""
        self._trips = trips

    async def send(self, wire: WireRequest) -> Answer:
        """Send, and note."""
        left_at = time.time()
        self._trips.left_at.setdefault(orjson.loads(wire.body)["to"], left_at)
        try:
            return await super().send(wire)
        finally:
            self._trips.out_s.append(time.time() - left_at)


async def measure(server: str, url: str, reserve: int, plan: Plan, folder: Path) -> Result:
    """Send to the server at `url` for the whole length and return what came of it."""
    begun = time.time()
    store = await SqliteStore.open(folder / f"{server}-{reserve}.db")
    rows = int(plan.limit * plan.length_s / plan.period_s) + LEFT
    await fill(store, KEY, rows, rows, lambda number: ("bulk", "bulk"), begun)
    trips, clock = Trips(), SystemClock()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        profile = _profile(url, reserve, plan)
        gateway = await stack.enter_async_context(Watched(profile, clock))
        gateway.watch(trips)
        worker = OutboxWorker(store, gateway, clock, key=KEY, owner="bench", limits=profile.limits)
        await worker.start()
        stack.push_async_callback(worker.stop)
        begun = time.time()
        queued_at = await _talk(store, worker, plan, begun, Random(f"{server}/{reserve}"))
        seen = await _requests(url)
    steady_at = begun + plan.learning_s
    steady = [each["status"] for each in seen if steady_at <= each["in_at"] < steady_at + plan.steady_s]
    lessons = sum(each["status"] == 429 for each in seen if each["in_at"] < steady_at)
    waits_s = [trips.left_at[to] - at for to, at in queued_at.items() if at >= steady_at and to in trips.left_at]
    hold_s = statistics.mean(trips.out_s)
    return Result(server, reserve, plan, steady.count(200), steady.count(429), lessons, hold_s, waits_s)


def _profile(url: str, reserve: int, plan: Plan) -> Profile:
    rate = {"limit": plan.limit, "per": plan.period_s, "reserve": reserve}
    return compose({"base_url": "sandbox", "rate": rate}, sandbox_url=url)


async def _talk(store: SqliteStore, worker: OutboxWorker, plan: Plan, begun: float, random: Random) -> dict[str, float]:
    """Let people write by chance until the end; return contact -> when the reply was queued."""
    queued_at = {}
    apart_s = plan.period_s / TALK_PER_PERIOD
    for number in range(int(plan.length_s / apart_s)):
        await asyncio.sleep(begun + (number + random.random()) * apart_s - time.time())
        contact = FIRST_TALKER + number
        await queue_turn(store, KEY, contact, 1, time.time())
        queued_at[f"5917{contact:07}"] = time.time()
        worker.wake()
    await asyncio.sleep(begun + plan.length_s - time.time())
    return queued_at


async def _requests(url: str) -> list[dict[str, Any]]:
    """Return what the sandbox saw."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/_sandbox/requests") as response:
        found: Mapping[str, list[dict[str, Any]]] = await response.json()
        return found["requests"]


async def measure_all(servers: Sequence[str], reserve: int, plan: Plan) -> tuple[list[Result], float]:
    """Measure servers side by side; return also by how much one timer in a hundred was late, in seconds."""
    limits = ("--limit", str(plan.limit), "--period", str(plan.period_s))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [stack.enter_context(sandbox(*limits, "--algorithm", server)) for server in servers]
        late = asyncio.create_task(_lateness_s(plan.length_s))
        results = await asyncio.gather(
            *[measure(server, url, reserve, plan, folder) for server, url in zip(servers, urls, strict=True)]
        )
    return _pooled(results), await late


async def _lateness_s(length_s: float) -> float:
    """Return by how much one timer in a hundred is late in the loop that all share."""
    late, until = list[float](), time.monotonic() + length_s
    while (due := time.monotonic() + TICK_S) < until:
        await asyncio.sleep(TICK_S)
        late.append(time.monotonic() - due)
    return sorted(late)[int(len(late) * 0.99)]


def _pooled(results: Sequence[Result]) -> list[Result]:
    """Return results in which the servers that refused nothing have the waits of all of them."""
    alike = [each for each in results if each.refused == each.lessons == 0]
    waits_s = [wait for each in alike for wait in each.waits_s]
    return [replace(each, waits_s=waits_s) if each in alike else each for each in results]


HEAD = f"{'server':19} reserve    share  target   bound  429 lessons  {'p50':>5} {'p95':>5} {'≤':>5} {'max':>6}"


def told(result: Result) -> str:
    """Return a result on one line, under HEAD."""
    p50, p95, most = result.waited_s
    verdict = f"MISSED: {', '.join(result.missed)}" if result.missed else "met"
    return (
        f"{result.server:19} {result.reserve:7}  {result.share:7.2%} {result.target:7.2%} {result.bound:7.2%}"
        f"  {result.refused:3} {result.lessons:7}  {p50:5.3f} {p95:5.3f} {result.longest_s:5.3f} {most:6.3f}  {verdict}"
    )


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"


def play(servers: Sequence[str], reserves: Sequence[int], plan: Plan) -> Iterator[tuple[list[Result], float]]:
    """Yield the results of one reserve after the other, and how late timers were."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        for reserve in reserves:
            yield asyncio.run(measure_all(servers, reserve, plan))
    finally:
        structlog.reset_defaults()


def main() -> int:
    """Play and print; the status is 1 if a cell missed a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=SERVERS)
    parser.add_argument("--reserves", nargs="+", type=int, choices=(0, 1), default=(1, 0))
    parser.add_argument(
        "--seconds", type=float, default=STEADY_S, help=f"of the steady state, after {LEARNING_S:.0f} to learn"
    )
    asked = parser.parse_args()
    plan = Plan(steady_s=asked.seconds)
    print(f"{plan.limit} requests in {plan.period_s:.0f} s over HTTP on loopback, {len(asked.servers)} servers at once")
    print(f"for {plan.length_s:.0f} s each, the first {plan.learning_s:.0f} s to learn; {_load()}")
    print(f"{HEAD}\n{'':59}(times in seconds)", flush=True)
    missed = 0
    for results, late_s in play(asked.servers, asked.reserves, plan):
        missed += sum(bool(result.missed) for result in results)
        print(
            *map(told, results),
            f"{'':19} (one timer in a hundred was {late_s * 1e3:.0f} ms late)",
            sep="\n",
            flush=True,
        )
    print(f"\n{missed} of {len(asked.servers) * len(asked.reserves)} missed; {_load()}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
