"""How much of a key's limit the rate gate uses, and how often it is refused: `python -m bench.rate [--seeds 5]`.

Eight servers (rate_servers.py) x round trips with jitter x {0, 1, 3} x restarts {none, every 120 s} x workers {1, 3},
with a reserve of no slot and of one: an endless broadcast and two messages a minute that a person waits for, two hours
of virtual time, the first quarter of an hour left out. A run's share has to reach the lesser of its figure and its
bound less 1 %: no sender that gives a slot back a period after the answer gets more than N / (W + hold) through, with
`hold` from first byte to answer, or to when a lost one counts as answered. Beside it what others get: a bucket of N, a
counter for each minute, one request every W / N.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench.rate_senders import Botkit, Bucket, Even, Minutes
from bench.rate_servers import SERVERS
from bench.rate_world import AWAY_S, Run, Seen, Sender, World

LIMIT, PERIOD_S = 30, 60.0
#: Longest waits of talk, from queued to first byte, in seconds: by slots in reserve, and with one request at a time.
WAITS_S, SERIAL_WAIT_S = {0: 3.5, 1: 0.5}, 2.2
#: Least shares of the limit: by slots in reserve, of a server that counts whole seconds at both ends, of a bucket of 1.
SHARES, GRAIN_SHARE, SERIAL_SHARE = {0: 0.99, 1: 0.955}, 0.97, 0.85
GRAIN, SERIAL = "one-second grain", "strict leaky"
#: Most 429s that a server may take to teach its window.
LESSONS = 5
OTHERS: dict[str, Callable[[int, float], Sender]] = {
    "a bucket of N (as aiolimiter)": Bucket,
    "a counter a minute": Minutes,
    "one every W/N": Even,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of what is varied."""

    server: str
    jitter: float
    restart_s: float
    workers: int
    reserve: int

    @property
    def world(self) -> World:
        """Return the world that it is played in."""
        return World(jitter=self.jitter, restart_s=self.restart_s, workers=self.workers)


@dataclass(frozen=True, slots=True)
class Result:
    """A cell over all its seeds: the share nearest to its target, the most 429s (an hour, before that), waits."""

    cell: Cell
    share: float
    target: float
    refused_per_hour: float
    lessons: int
    waits_s: tuple[float, float, float]

    @property
    def missed(self) -> list[str]:
        """Return which figures it misses."""
        slow = SERIAL_WAIT_S if self.cell.server == SERIAL else WAITS_S[self.cell.reserve]
        judged = {
            "share": self.share < self.target,
            "429": self.refused_per_hour > 0,
            "lessons": self.lessons > LESSONS,
            # Beyond a jitter of 1 an answer alone may take longer than that, and one request at a time waits for it.
            "wait": self.waits_s[1] > slow and (self.cell.server != SERIAL or self.cell.jitter <= 1),
        }
        return [name for name, is_missed in judged.items() if is_missed]


def play(cell: Cell, seeds: int) -> Result:
    """Play a cell with each seed."""
    runs: list[tuple[Seen, Botkit]] = []
    for seed in range(seeds):
        sender = Botkit(LIMIT, PERIOD_S, cell.reserve, cell.workers)
        runs.append((Run(cell.world, sender, SERVERS[cell.server](LIMIT, PERIOD_S), seed).play(), sender))
    world = cell.world
    steady_s = world.length_s - world.steady_s
    waits_s = sorted(wait for seen, _ in runs for wait in seen.waits_s)
    reached = [
        (share_of(seen, world), min(figure(cell), bound(cell, statistics.mean(sender.holds_s)) - 0.01))
        for seen, sender in runs
    ]
    share, target = min(reached, key=lambda pair: pair[0] - pair[1])
    return Result(
        cell,
        share,
        target,
        max(seen.refused for seen, _ in runs) / (steady_s / 3600),
        max(seen.refused_before for seen, _ in runs),
        (statistics.median(waits_s), waits_s[int(len(waits_s) * 0.95)], waits_s[-1]),
    )


def share_of(seen: Seen, world: World) -> float:
    """Return which part of the limit was taken in the steady state."""
    return seen.taken / ((world.length_s - world.steady_s) / PERIOD_S * LIMIT)


def figure(cell: Cell) -> float:
    """Return the share that a cell is to reach, where its bound lets it."""
    special = {GRAIN: GRAIN_SHARE, SERIAL: SERIAL_SHARE}.get(cell.server, 1.0)
    return min(special, SHARES[cell.reserve]) if cell.server != SERIAL else special


def bound(cell: Cell, hold_s: float) -> float:
    """Return the most that a sender can get which waits a period from the answer on, knowing the server.

    While its only worker is away nobody sends.
    """
    is_alone = cell.restart_s > 0 and cell.workers == 1
    there = 1 - AWAY_S / cell.restart_s if is_alone else 1.0
    if cell.server == SERIAL:
        beat_s = PERIOD_S / LIMIT
        return there * beat_s / (beat_s + hold_s)
    window_s = PERIOD_S + (1 if cell.server == GRAIN else 0)
    return there * PERIOD_S / (window_s + 0.05 + hold_s) * (LIMIT - cell.reserve) / LIMIT


def cells(reserves: tuple[int, ...] = (0, 1)) -> Iterator[Cell]:
    """Yield every combination."""
    yield from itertools.starmap(Cell, itertools.product(SERVERS, (0.0, 1.0, 3.0), (0.0, 120.0), (1, 3), reserves))


def told(result: Result) -> str:
    """Return a result on one line."""
    cell = result.cell
    p50, p95, most = result.waits_s
    restarts = f"{cell.restart_s:.0f} s" if cell.restart_s else "none"
    return (
        f"{cell.server:19} {cell.jitter:6.0f} {restarts:>8} {cell.workers:7} {cell.reserve:7}"
        f"  {result.share:7.2%} {result.target:7.2%}  {result.refused_per_hour:5.1f} {result.lessons:7}"
        f"  {p50:5.2f} {p95:5.2f} {most:6.2f}  {'MISSED: ' + ', '.join(result.missed) if result.missed else ''}"
    ).rstrip()


def others() -> Iterator[str]:
    """Yield what other senders get of each server, without restarts, with jitter 1."""
    world = World()
    yield f"\n{'':19} " + "  ".join(f"{name:>30}" for name in ["botkit", *OTHERS])
    for name, make in SERVERS.items():
        told_of = []
        senders: list[Sender] = [Botkit(LIMIT, PERIOD_S, 0), *[kind(LIMIT, PERIOD_S) for kind in OTHERS.values()]]
        for sender in senders:
            seen = Run(world, sender, make(LIMIT, PERIOD_S), 0).play()
            hours = (world.length_s - world.steady_s) / 3600
            told_of.append(f"{share_of(seen, world):7.1%} {seen.refused / hours:7.0f} × 429/h")
        yield f"{name:19} " + "  ".join(f"{each:>30}" for each in told_of)


def main() -> int:
    """Play and print; the status is 1 if a cell missed a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--server", choices=list(SERVERS), help="only this one")
    asked = parser.parse_args()
    wanted = [cell for cell in cells() if asked.server in (None, cell.server)]
    print(f"{LIMIT} requests in {PERIOD_S:.0f} s, {asked.seeds} seeds, two hours each")
    print(f"{'server':19} {'jitter':>6} restarts workers reserve    share  target  429/h lessons    p50   p95    max")
    missed = 0
    with ProcessPoolExecutor() as pool:
        for result in pool.map(play, wanted, itertools.repeat(asked.seeds)):
            missed += bool(result.missed)
            print(told(result), flush=True)
    for line in others():
        print(line, flush=True)
    print(f"\n{len(wanted)} cells, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
