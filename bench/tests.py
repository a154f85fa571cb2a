"""How long 200 conversation tests take: `botkit test` on the example bot's tests and variations of them.

    python -m bench.tests [--tests 200] [--runs 5] [--turns 5000]

Whole processes, imports included. The example bot's tests are copied until there are enough; each copy has settings of
its own (`config`), so that its bot is loaded anew. Then how many turns a second `botkit explore` plays with the
example's flows, its own work in between included.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.start import example
from botkit.explore.hunt import Hunt
from botkit.explore.search import until
from botkit.flow.yaml_reader import read
from botkit.logs import show_warnings
from botkit.project import load_project
from botkit.testing.script import read_scripts


def multiply(folder: Path, count: int) -> int:
    """Make the tests of a bot so many, by copies; return how many settings they have."""
    files = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.test.yaml"))}
    left, copies = count - sum(len(lines_of(text)) for text in files.values()), 0
    while left > 0:
        copies += 1
        for path, text in files.items():
            part = first(text, left)
            left -= len(lines_of(part))
            copy = path.with_name(f"{copies}.{path.name}")
            copy.write_text(
                f"config: {{bot: {{copia: {copies}}}}}\n{part}" if part else "tests: []\n", encoding="utf-8"
            )
    return copies + 1


def lines_of(text: str) -> list[int]:
    """Return the lines of a file where its tests begin, one for each that is played."""
    scripts, problems = read_scripts(read(text, "x.test.yaml")) if text else ([], [])
    assert problems == []
    return [script.place.line for script in scripts]


def first(text: str, count: int) -> str:
    """Return the head of a file with at most so many tests; a table of which not all rows fit is left out."""
    lines = lines_of(text)
    if len(lines) <= count:
        return text
    cut = lines[count] if count > 0 else 0
    return "\n".join(text.split("\n")[: cut - 1]) + "\n" if cut > lines[0] else ""


def test_s(folder: Path, *options: str) -> tuple[float, str]:
    """Return the seconds of one `botkit test`, and its last line."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "botkit", "test", "--lang", "en", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - begun, done.stdout.strip().rpartition("\n")[2]


def report(name: str, folder: Path, runs: int, *options: str) -> None:
    """Print how long it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = [test_s(folder, *options) for _ in range(runs)]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = [each for each, _ in found]
    cpu_s = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / runs
    times = f"median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s, of it {cpu_s:.2f} s CPU"
    print(f"{name:30} {times}  {found[0][1]}")


def measure_tests(count: int, runs: int) -> None:
    """Print what playing so many tests takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = example(Path(name))
        settings = multiply(folder, count)
        print(f"{count} tests, {settings} bots of different settings")
        report("botkit test", folder, runs)
        report("… --restart-everywhere", folder, runs, "--restart-everywhere")


def measure_explore(turns: int) -> None:
    """Print how many turns a second a search plays."""
    with tempfile.TemporaryDirectory() as name:
        project = load_project(example(Path(name)) / "config.yaml", {})
        hunt = Hunt(project, seed=1)
        begun_s = time.process_time()
        asyncio.run(hunt.run(until(turns)))
        cpu_s = time.process_time() - begun_s
        rate, found = hunt.search.turns / hunt.search.lasted, len(hunt.proved)
        per_cpu = hunt.search.turns / cpu_s
        print(f"{'botkit explore':30} {rate:.0f} turns a second, {per_cpu:.0f} a second of CPU  {found} findings")


def main() -> None:
    """Print the machine, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--turns", type=int, default=5000)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    measure_tests(options.tests, options.runs)
    show_warnings(io.BytesIO())
    measure_explore(options.turns)


if __name__ == "__main__":
    main()
