"""What `botkit check` and `botkit graph` cost on what authors, and nobody in their right mind, write.

    python -m bench.check [--runs 3]

Whole processes, imports included: the median seconds, those of its processor (what a machine with nothing else to do
takes), the most memory that one took (the kernel's count), and how the answer ends. Exits 1 where the processor or the
memory cross a limit.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bench.make_flows import CONFIG, make_flow, make_jumps

#: Most memory, in MB; most seconds on a sound flow, and on all else.
MEMORY_MB = 300
SOUND_S, UNSOUND_S = 1.5, 3.0
#: Most seconds for the budget of many flows, and for a picture of MENUS menus.
BUDGET_S, PICTURE_S = 3.0, 10.0
LINES = 2_000
PROBLEMS = 10_000
MENUS, FLOWS = 700, 300
FLOW = "flow: f\nstart: {words: [hola]}\nsteps:\n"


class Case(NamedTuple):
    """A file of flows, the seconds that a command may take with it, and that command."""

    flow: Callable[[], str]
    limit_s: float
    command: tuple[str, ...] = ("check",)


class Cost(NamedTuple):
    """What one process took, its processor's seconds among it, and the last line of its answer."""

    seconds: float
    busy_s: float
    memory_mb: float
    answer: str


def long_flow() -> str:
    """Return a flow of some LINES lines."""
    steps = next(steps for steps in range(LINES) if make_flow(0, steps).count("\n") >= LINES)
    return make_flow(0, steps)


def garbage() -> str:
    """Return a megabyte of signs that YAML and people use."""
    signs = random.Random(1).choices("abcñ {}[]:-#&*!|>'\"%@`,?\n\t", k=990_000)
    return "".join(signs).encode()[:999_000].decode(errors="ignore")


def bomb() -> str:
    """Return a flow whose aliases stand for ten to the ninth texts."""
    rows = [f"      {name}: &{name} [{', '.join([f'*{inner}'] * 10)}]\n" for inner, name in pairwise("abcdefghi")]
    return FLOW + f"  - set:\n      a: &a [{', '.join('1' * 10)}]\n" + "".join(rows)


def brackets() -> str:
    """Return 50,000 brackets inside each other."""
    return FLOW + f"  - set: {{x: {'[' * 50_000}{']' * 50_000}}}\n"


def mistakes() -> str:
    """Return a flow of PROBLEMS steps, each with a mistake."""
    return FLOW + "".join(f"  - sey: {number}\n" for number in range(PROBLEMS))


def templates() -> str:
    """Return a flow of PROBLEMS messages, each with a name that nobody gives a value."""
    return FLOW + "".join(f"  - say: Hola {{{{ nombre{number} }}}}\n" for number in range(PROBLEMS))


def targets() -> str:
    """Return a flow of PROBLEMS steps with a name, and as many ways to names that nothing has."""
    return FLOW + "".join(f"  - {{say: a, id: paso_{n}, on_failed: paso{n}}}\n" for n in range(PROBLEMS))


def menus() -> str:
    """Return a flow of MENUS menus whose ways lead on, and anywhere."""
    return make_jumps(MENUS)


def calls() -> str:
    """Return FLOWS flows, each of which calls the next one twice."""
    flows = [f"flow: f{n}\nstart: {{words: [palabra{n}]}}\nsteps:\n  - say: Hola\n" for n in range(FLOWS)]
    ends = [2 * f"  - call: f{n}\n" for n in range(1, FLOWS)]
    return "---\n".join(flow + end for flow, end in zip(flows, [*ends, ""], strict=True))


#: What is measured, by its name.
CASES: Mapping[str, Case] = {
    f"a flow of {LINES:,} lines": Case(long_flow, SOUND_S),
    "1 MB of garbage": Case(garbage, UNSOUND_S),
    "a YAML bomb": Case(bomb, UNSOUND_S),
    "50,000 nested brackets": Case(brackets, UNSOUND_S),
    f"{PROBLEMS:,} problems": Case(mistakes, UNSOUND_S),
    f"{PROBLEMS:,} unknown names": Case(templates, UNSOUND_S),
    f"{PROBLEMS:,} unknown targets": Case(targets, UNSOUND_S),
    f"budget of {FLOWS} flows": Case(calls, BUDGET_S, ("check", "--budget")),
    f"picture of {MENUS} menus": Case(menus, PICTURE_S, ("graph", "--svg", "--out", os.devnull)),
}


#: Starts a command, and prints behind its output the seconds and the KB that it took. The kernel counts as a process's
#: memory also that of the one that started it, which therefore is this small one: a test run is larger than the limit.
STARTER = """
import os, sys
_, _, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def write(folder: Path, flow: str) -> None:
    """Write a bot of one flow."""
    (folder / "flows").mkdir()
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "flows" / "f.yaml").write_text(flow, encoding="utf-8")


def cost(folder: Path, *command: str) -> Cost:
    """Return what a command of botkit takes on a bot, in English."""
    config = ("--config", str(folder / "config.yaml"))
    command = (sys.executable, "-m", "botkit", *command, *config, "--lang", "en")
    begun = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", STARTER, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    seconds = time.perf_counter() - begun
    *lines, took = ended.stdout.splitlines()
    busy_s, memory_kb = map(float, took.split())
    told = [line for line in lines if not line.startswith("to understand")]
    return Cost(seconds, busy_s, memory_kb / 1024, told[-1] if told else "")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = range(parser.parse_args().runs)
    crossed = False
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as path:
            write(Path(path), case.flow())
            costs = [cost(Path(path), *case.command) for _ in runs]
        seconds = statistics.median(each.seconds for each in costs)
        busy_s = statistics.median(each.busy_s for each in costs)
        memory = max(each.memory_mb for each in costs)
        crossed |= busy_s > case.limit_s or memory > MEMORY_MB
        limits = f"(< {case.limit_s:g} s, < {MEMORY_MB} MB)"
        print(f"{name:24} {seconds:5.2f} s, busy {busy_s:5.2f} s, {memory:4.0f} MB {limits}  {costs[0].answer:.50}")
    sys.exit(crossed)


if __name__ == "__main__":
    main()
