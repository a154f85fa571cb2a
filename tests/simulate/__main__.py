"""`python -m tests.simulate --seeds N [--from S] [-j P] [--faults A-B]`, `--seed K [--trace]` for one of them again.

A seed that fails is run again, cut down to the fewest items that still fail, and shown with the command that repeats
it. The exit status is 1 if any failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.simulate.controls import CONTROLS, build
from tests.simulate.plan import FAULTS, Item, Plan, draw
from tests.simulate.run import run
from tests.simulate.shrink import shrink

#: Failing seeds that are cut down and shown; the others are only counted.
SHOWN = 5
CHUNK = 20
#: Lines of a trace that are shown with a failing seed.
TAIL = 40


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, metavar="N", help="how many seeds")
    parser.add_argument("--from", type=int, default=0, metavar="S", dest="first", help="the first seed")
    parser.add_argument("-j", type=int, default=1, metavar="P", dest="processes", help="processes side by side")
    parser.add_argument("--faults", type=_range, default=FAULTS, metavar="A-B", help="so many faults in each run")
    parser.add_argument("--seed", type=int, metavar="K", help="only this seed")
    parser.add_argument("--items", metavar="LIST", help="with --seed: only these items of its plan, as 0,3,4")
    parser.add_argument("--trace", action="store_true", help="with --seed: every line of what happens")
    parser.add_argument(
        "--broken", choices=sorted(CONTROLS), help="with a part that is broken: how many seeds catch it"
    )
    given = parser.parse_args(arguments)
    if given.broken is not None:
        return _catch(given.broken, range(given.first, given.first + given.seeds))
    if given.seed is not None:
        return _one(_chosen(draw(given.seed, given.faults), given.items), show_trace=given.trace)
    return _many(range(given.first, given.first + given.seeds), given.processes, given.faults)


def _range(text: str) -> Sequence[int]:
    least, most = map(int, text.split("-"))
    return range(least, most + 1)


def _chosen(plan: Plan, items: str | None) -> Plan:
    return (
        plan
        if items is None
        else plan._replace(items=tuple(plan.items[int(each)] for each in items.split(",") if each))
    )


def _one(plan: Plan, *, show_trace: bool) -> int:
    result = run(plan)
    _show_plan(plan)
    if show_trace:
        print(*result.trace, sep="\n")
    print(f"trace {result.digest}: {result.lasted_s:.0f} virtual seconds, {len(result.trace)} lines")
    print(*(f"WRONG  {each}" for each in result.wrong), sep="\n")
    return 1 if result.wrong else 0


def failed(seed: int, faults: Sequence[int] = FAULTS) -> tuple[int, list[str], float]:
    """Return a seed, what went wrong with it, and its virtual seconds."""
    result = run(draw(seed, faults))
    return seed, result.wrong, result.lasted_s


def _many(seeds: range, processes: int, faults: Sequence[int]) -> int:
    began, wrong, lasted_s = time.perf_counter(), dict[int, list[str]](), 0.0
    for seed, found, seconds in _runs(seeds, processes, faults):
        lasted_s += seconds
        if found:
            wrong[seed] = found
            print(f"seed {seed}: {found[0][:200]}", flush=True)
    for seed in list(wrong)[:SHOWN]:
        _show(draw(seed, faults), wrong[seed], faults)
    took_s = time.perf_counter() - began
    print(
        f"{len(seeds)} seeds from {seeds.start}: {len(wrong)} failed; "
        f"{lasted_s / 3600:.1f} virtual hours in {took_s:.0f} s ({took_s / len(seeds) * 1000:.0f} ms a seed)"
    )
    counted = Counter(each.split(":")[0] for found in wrong.values() for each in found[:1])
    print(*(f"  {count:6} {name}" for name, count in counted.most_common()), sep="\n")
    return 1 if wrong else 0


def _catch(name: str, seeds: range) -> int:
    """Tell which seed is the first to catch a broken part, and how many do; the status is 1 if none does."""
    with build(name):
        caught = {seed: found for seed, found, _ in map(failed, seeds) if found}
    first = next(iter(caught), None)
    told = "not caught" if first is None else f"caught first by seed {first} ({caught[first][0][:120]})"
    print(f"{name}: {told}; by {len(caught)} of {len(seeds)} seeds", flush=True)
    return 1 if first is None else 0


def _runs(seeds: range, processes: int, faults: Sequence[int]) -> Iterator[tuple[int, list[str], float]]:
    if processes == 1:
        yield from (failed(seed, faults) for seed in seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(partial(failed, faults=faults), seeds, chunksize=CHUNK)


def _show(plan: Plan, wrong: list[str], faults: Sequence[int]) -> None:
    """Cut a failing plan down, and show it."""
    name = wrong[0].split(":")[0]

    def fails(candidate: Plan) -> bool:
        return any(each.startswith(name + ":") for each in run(candidate).wrong)

    small = shrink(plan, fails)
    result = run(small)
    print(f"\n── seed {plan.seed}: {len(plan.items)} items, {len(small.items)} of them are enough ──")
    _show_plan(small)
    print(*result.trace[-TAIL:], sep="\n")
    print(*(f"WRONG  {each}" for each in result.wrong), sep="\n")
    print(f"again: {_command(plan, small, faults)}\n", flush=True)


def _show_plan(plan: Plan) -> None:
    print(plan.setting, *plan.items, sep="\n")


def _command(plan: Plan, small: Plan, faults: Sequence[int]) -> str:
    """Return the command that repeats a run: simpler items stand for those they came from."""
    at = [plan.items.index(_origin(plan, item)) for item in small.items]
    drawn = "" if faults == FAULTS else f" --faults {faults[0]}-{faults[-1]}"
    return f"python -m tests.simulate --seed {plan.seed}{drawn} --items {','.join(map(str, at))} --trace"


def _origin(plan: Plan, item: Item) -> Item:
    return next(each for each in plan.items if (each.at, each.kind) == (item.at, item.kind))


if __name__ == "__main__":
    sys.exit(main())
