"""How long people wait: `botkit check` on 50 flows of 40 steps, and `botkit run` until its `ready` line.

    python -m bench.start [--runs 5] [--rows 100000]

Whole processes, imports included; the median of the runs and the slowest. The last figure is a restart: the process
before was killed with so many conversations in the middle of a flow, and as many messages that wait; it is behind a
limit of 30 a minute, so all of them still wait when it is ready.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.make_flows import make
from bench.process import Server, free_port
from botkit.store.connection import connect
from botkit.store.queries import SQL

ROOT = Path(__file__).parents[1]


def check_s(folder: Path) -> float:
    """Return the seconds of one `botkit check`."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "botkit", "check"], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def ready_s(folder: Path, cpu_s: list[float]) -> float:
    """Return the seconds until a bot is ready; its own work until then is added to `cpu_s`."""
    begun = time.perf_counter()
    child = started(folder)
    seconds = time.perf_counter() - begun
    cpu_s.append(Server(child).cpu_s())
    child.terminate()
    child.wait(20)
    assert child.stdout is not None
    child.stdout.close()
    return seconds


def started(folder: Path) -> subprocess.Popen[str]:
    """Return a process of the bot in `folder`, which is ready."""
    child = subprocess.Popen(
        [sys.executable, "-m", "botkit", "run"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    line = child.stdout.readline()
    assert line.startswith("ready"), line
    return child


def example(folder: Path) -> Path:
    """Copy the example bot, on ports that are free."""
    shutil.copytree(ROOT / "flows", folder / "flows")
    config = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for port in ("port: 8080", "port: 8090"):
        config = config.replace(port, f"port: {free_port()}")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    return folder


def crowd(folder: Path, rows: int) -> None:
    """Fill the store of a bot that ran: conversations in the middle of a flow, a clock and a message of each."""
    db = connect(folder / "botkit.db", create=False)
    digest = db.execute("SELECT digest FROM definition WHERE flow = 'pedido'").fetchone()[0]
    frame = {"flow": "pedido", "digest": digest, "step": "producto", "slots": {"nombre": "Ana", "cantidad": 2}}
    state = json.dumps({"frames": [frame], "last": {"name": "Ana", "message": {"text": "hola", "at": 1.0}}}).encode()
    message = json.dumps({"type": "text", "text": "Tu pedido está en camino, Ana."}).encode()
    names = [(f"{number:020x}", f"5917{number:07}") for number in range(rows)]
    now = time.time()
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO conversation (id, channel, contact, version, state, talk_seq, created_at, updated_at)"
        " VALUES (?, 'whatsapp', ?, 1, ?, 1, ?, ?)",
        ((name, contact, state, now, now) for name, contact in names),
    )
    db.executemany(SQL["set_timer"], ((name, "silence", "silence", now + 9e5, b"{}") for name, _ in names))
    db.executemany(
        SQL["add_outbox"],
        ((name, "whatsapp", "talk", 0, 1, 1, 1, message, "pedido", "fin", "", None, now, None) for name, _ in names),
    )
    db.execute("COMMIT")
    db.close()


def restart_s(folder: Path, cpu_s: list[float]) -> float:
    """Return the seconds until a bot is ready whose process was killed."""
    child = started(folder)
    child.kill()
    child.wait(20)
    assert child.stdout is not None
    child.stdout.close()
    return ready_s(folder, cpu_s)


def told(name: str, seconds: list[float], limit: float, cpu_s: Sequence[float] = ()) -> str:
    """Return a figure as a line; `cpu_s` is what of it was work, which others on the machine change little."""
    work = f", of it work {statistics.median(cpu_s):.2f} s" if cpu_s else ""
    return f"{name:48} median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s (< {limit:g}){work}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    runs = range(given.runs)
    with tempfile.TemporaryDirectory() as large, tempfile.TemporaryDirectory() as small:
        make(Path(large))
        print(told("botkit check, 50 flows of 40 steps", [check_s(Path(large)) for _ in runs], 1.5))
        folder = example(Path(small) / "bot")
        cpu_s: list[float] = []
        print(told("botkit run, until ready, on the examples", [ready_s(folder, cpu_s) for _ in runs], 2, cpu_s))
        cpu_s.clear()
        crowd(folder, given.rows)
        name = f"restart after a kill, {given.rows:,} messages waiting"
        print(told(name, [restart_s(folder, cpu_s) for _ in runs], 2, cpu_s))


if __name__ == "__main__":
    main()
