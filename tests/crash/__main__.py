"""Kill a real bot and look at what is left: `python -m tests.crash --kills 1000 --tally FILE`.

    python -m tests.crash [--kills N] [--points all|NAME,… --times 20] [--tally FILE] [--seed S] [--keep FOLDER]
    python -m tests.crash --control NAME

Each process is a real `botkit run`, driven over HTTP; the sandbox is a process of its own. After some kills the bot may
end its work, and the checker (`tests/invariants`) looks at the store and at what the gateway saw. `--tally` adds slices
up: a later run goes on where the former ended. Status 1: something was found; its folder is kept.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from botkit.crash import POINTS
from tests.crash.broken import BROKEN
from tests.crash.processes import Process, nursery
from tests.crash.slices import POLLED, Slice
from tests.crash.tally import RANDOM, Tally, load, save

#: Kills of one place before it is drained and looked at.
SLICE = 40
#: One slice of kills at random in so many is of a bot that asks its gateway.
POLLS = 3
#: Kills after which a broken build counts as not caught, those of one place, and how long it may take to end its work.
MOST, EACH, DRAIN_S = 12, 3, 15.0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--kills", type=int, default=0, metavar="N", help="kills at random, those of the tally included"
    )
    parser.add_argument("--points", default="", metavar="NAMES", help="`all`, or names of points with commas between")
    parser.add_argument("--times", type=int, default=20, metavar="N", help="kills at each point (default 20)")
    parser.add_argument("--tally", type=Path, metavar="FILE", help="add up in this file")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--slice", type=int, default=SLICE, metavar="N", help=f"kills of one bot (default {SLICE})")
    parser.add_argument("--keep", type=Path, default=Path("/tmp"), metavar="FOLDER", help="where failures stay")
    parser.add_argument("--control", choices=[*BROKEN, "all"], help="a build that must be caught")
    options = parser.parse_args(arguments)
    options.names = list(POINTS) if options.points == "all" else [each for each in options.points.split(",") if each]
    if wrong := [name for name in options.names if name not in POINTS]:
        parser.error(f"no such point: {', '.join(wrong)}; they are {', '.join(POINTS)}")
    return options


def slices(options: argparse.Namespace, done: Tally) -> Iterator[Slice]:
    """Yield the slices that are left to do."""
    left = [name for name in options.names for _ in range(options.times - done.kills[name])]
    chance = random.Random(options.seed + done.slices)
    chance.shuffle(left)
    seed = options.seed * 100_000 + done.slices
    count = max(0, options.kills - done.kills[RANDOM])
    # Some points lie behind a wait for news, which is shortened for them; some only a bot that asks comes to.
    kinds = [[name for name in left if (name in POLLED) == polls] for polls in (False, True)]
    rounds = [(True, polls, some) for polls, kind in enumerate(kinds) for some in _parts(kind, options.slice)]
    rounds += [
        (False, number % POLLS == POLLS - 1, some)
        for number, some in enumerate(_parts([RANDOM] * count, options.slice), done.slices)
    ]
    for number, (quick, polls, kills) in enumerate(rounds):
        news = not quick and number % 2 == 1
        yield Slice(kills, seed + number, quick, news=news, polls=bool(polls), keep=options.keep)


def _parts(kills: list[str], most: int) -> Iterator[list[str]]:
    """Yield kills in slices."""
    yield from (kills[first : first + most] for first in range(0, len(kills), most))


def caught(name: str, seed: int, bots: Process, keep: Path) -> bool:
    """Say whether a build is caught, or, if nothing is wrong with it, passes; return whether that is so."""
    build = BROKEN[name]
    kills, found = 0, Tally()
    while kills < MOST and not found.failed:
        found = Slice(
            *((build.points or (RANDOM,)) * EACH, seed + kills, True, name, build.events, DRAIN_S),
            polls=build.polls,
            keep=keep,
        ).run(bots)
        kills += EACH
    word = f"caught within {kills} kills" if found.failed else f"nothing found in {kills} kills"
    print(f"{name} ({build.wrong}): {word}", flush=True)
    for line in found.lines[:3]:
        print(f"  {line}", flush=True)
    return bool(found.failures[build.breaks]) if build.breaks else not found.failed


def prove(options: argparse.Namespace, bots: Process) -> int:
    """Kill as often as asked for, add up and show what came of it."""
    tally = load(options.tally)
    for each in slices(options, tally):
        came = each.run(bots)
        tally.add(came)
        save(tally, options.tally)
        told = ", ".join(f"{name} {count}" for name, count in came.failures.items() if count) or "nothing found"
        print(f"{came.kills.total()} kills in {came.seconds:.0f} s, seed {each.seed}: {told}", flush=True)
        for line in came.lines:
            print(f"  {line}", flush=True)
    print(tally.table(), flush=True)
    return 1 if tally.failed else 0


def main(arguments: list[str]) -> int:
    """Run what is asked for; return 1 if anything was found, or a broken build was not."""
    options = parse(arguments)
    options.keep.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended, too
    bots = nursery(options.keep)
    try:
        if not options.control:
            return prove(options, bots)
        names = list(BROKEN) if options.control == "all" else [options.control]
        results = [caught(name, options.seed, bots, options.keep) for name in names]
        return 0 if all(results) else 1
    finally:
        bots.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
