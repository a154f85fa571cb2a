"""How long people wait: `botkit check` on 50 flows of 40 steps, and `botkit run` until its `ready` line.

    python -m bench.start [--runs 5]

Whole processes, imports included; the median of the runs and the slowest.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.make_flows import make
from bench.process import free_port

ROOT = Path(__file__).parents[1]


def check_s(folder: Path) -> float:
    """Return the seconds of one `botkit check`."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "botkit", "check"], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def ready_s(folder: Path) -> float:
    """Return the seconds until the example bot is ready."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "botkit", "run"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert child.stdout is not None
    line = child.stdout.readline()
    seconds = time.perf_counter() - begun
    child.terminate()
    child.wait(20)
    child.stdout.close()
    assert line.startswith(b"ready"), line
    return seconds


def example(folder: Path) -> Path:
    """Copy the example bot, on ports that are free."""
    shutil.copytree(ROOT / "flows", folder / "flows")
    config = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for port in ("port: 8080", "port: 8090"):
        config = config.replace(port, f"port: {free_port()}")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    return folder


def told(name: str, seconds: list[float], limit: float) -> str:
    """Return a figure as a line."""
    return f"{name:48} median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s (< {limit:g})"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = range(parser.parse_args().runs)
    with tempfile.TemporaryDirectory() as large, tempfile.TemporaryDirectory() as small:
        make(Path(large))
        print(told("botkit check, 50 flows of 40 steps", [check_s(Path(large)) for _ in runs], 1.5))
        folder = example(Path(small) / "bot")
        print(told("botkit run, until ready, on the examples", [ready_s(folder) for _ in runs], 2))


if __name__ == "__main__":
    main()
