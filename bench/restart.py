"""How soon a killed bot works again: `python -m bench.restart [--rows 100000] [--runs 3]`.

Its store holds so many conversations, each with a message that waits, and what a kill leaves: messages in the air and
events in hand. Whole processes, from their start until they are ready, and until the gateway has the first message;
beside it the same with an empty store. Aim: ready in less than 2 s. The status is 1 on a miss.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.outbox_rows import fill
from bench.process import free_port, sandbox
from botkit.ports import Arrival, WireRequest
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound

CHANNEL = "whatsapp"
#: What a kill leaves in the air, and in hand.
FLYING, IN_HAND = 64, 500
AIM_S = 2.0
#: How long the first message may take at most, in seconds.
PATIENCE_S = 60.0
FLOW = "flow: f\nstart: {words: [hola]}\nsteps:\n  - say: Hola.\n"


async def make_store(path: Path, rows: int) -> None:
    """Make a store as a kill leaves it."""
    now = time.time()
    store = await SqliteStore.open(path)
    await fill(store, CHANNEL, rows, rows, lambda number: ("interactive", "talk"), now)
    for _ in range(min(FLYING, rows)):
        row = await store.head(CHANNEL, now)
        assert row is not None
        wire = WireRequest("POST", "/messages", "application/json", row.message)
        assert await store.begin(CHANNEL, f"main/{CHANNEL}", [row.id], wire, now)
    await store.accept([_event(number) for number in range(IN_HAND)], now)
    await store.close()


def _event(number: int) -> Arrival:
    contact = f"5916{number:07}"
    event = dump_event(Inbound(CHANNEL, "message", contact, id=f"late-{number}", text="hola"))
    return Arrival(CHANNEL, "webhook", "message", contact, f"late-{number}", "", b"digest", event)


def write_bot(folder: Path, sandbox_url: str) -> None:
    """Write a bot that sends as fast as it may."""
    (folder / "flows").mkdir()
    (folder / "flows" / "f.yaml").write_text(FLOW, encoding="utf-8")
    channel = {"profile": "waconecta", "base_url": "sandbox", "rate": {"limit": 100_000, "per": "60s"}}
    config = {
        "server": {"port": free_port()},
        "sandbox": {"port": int(sandbox_url.rpartition(":")[2]), "embedded": False},
        "channels": {CHANNEL: channel},
    }
    (folder / "config.yaml").write_text(json.dumps(config), encoding="utf-8")


def restart(folder: Path, store: Path | None, sandbox_url: str) -> tuple[float, float]:
    """Return the seconds until the bot is ready, and until the gateway has a message (0 without a store)."""
    for old in folder.glob("botkit.db*"):
        old.unlink()
    if store is not None:
        shutil.copy(store, folder / "botkit.db")
    had = last_message(sandbox_url)
    begun = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "botkit", "run"], cwd=folder, stdout=subprocess.PIPE)
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        ready_s = time.perf_counter() - begun
        assert line.startswith(b"ready"), line
        while store is not None and last_message(sandbox_url) == had:
            assert time.perf_counter() - begun < PATIENCE_S
        return ready_s, time.perf_counter() - begun if store is not None else 0.0
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def last_message(sandbox_url: str) -> int:
    """Return how many messages the gateway has."""
    with urllib.request.urlopen(f"{sandbox_url}/_sandbox/messages") as answer:
        return len(json.load(answer)["messages"])


def told(name: str, seconds: list[float]) -> str:
    """Return a line of the output."""
    return f"{name:44} median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s"


def main() -> int:
    """Print the figures; return 1 if the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sandbox("--limit", "100000") as sandbox_url:
        folder = Path(name) / "bot"
        folder.mkdir()
        write_bot(folder, sandbox_url)
        store = Path(name) / "full.db"
        asyncio.run(make_store(store, options.rows))
        empty, full, sent = [], [], []
        for _ in range(options.runs):
            empty.append(restart(folder, None, sandbox_url)[0])
            ready_s, sent_s = restart(folder, store, sandbox_url)
            full.append(ready_s)
            sent.append(sent_s)
    print(told("empty store, until ready", empty))
    print(told(f"{options.rows} conversations and rows, until ready", full), f"(< {AIM_S:g})")
    print(told("the same, until the first message", sent))
    return 0 if statistics.median(full) < AIM_S else 1


if __name__ == "__main__":
    sys.exit(main())
