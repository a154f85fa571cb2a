"""Give a real bot each event 1 to 5 times, shuffled, some with another body: `python -m tests.inbound --events 100000`.

The bot records the text of every message. At the end each event must have been recorded exactly once, with the body
that the store kept, which is the one that came first; and nothing may have been answered but 200.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from botkit.gateway.compose import compose
from botkit.gateway.signature import sign
from tests.recovery.process import Child, free_port

FLOW = """
flow: oye
start: {any: true}
steps:
  - record: {texto: "{{ message.text }}"}
"""
#: Copies of an event at most, one event in so many that comes with another body, too, and people who write.
COPIES, CHANGED, PEOPLE = 5, 20, 500
#: Events that are shuffled together: how far a copy may stray from the first. Bodies hold up to so many events each.
SPREAD, BATCH = 5_000, 8
#: Requests at a time, and how long the bot may take to end its work, in seconds.
AT_ONCE, DRAIN_S = 16, 120.0
SECRET, NOW = "sandbox-secret", 1_790_000_000


@dataclass(slots=True)
class Report:
    """What was sent, and what was found wrong."""

    events: int
    copies: int = 0
    changed: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        sent = f"{self.events} events, {self.copies} copies, {self.changed} of them with another body"
        return "\n".join([f"{sent}, in {self.seconds:.0f} s", *self.wrong[:20], f"{len(self.wrong)} wrong"])


def bodies(events: int, seed: int, report: Report) -> Iterator[bytes]:
    """Yield what is posted, in order; counts copies."""
    chance = random.Random(seed)
    for first in range(0, events, SPREAD):
        items = []
        for number in range(first, min(events, first + SPREAD)):
            item = {
                "id": f"e{number}",
                "type": "text",
                "from": f"59170{number % PEOPLE:06}",
                "timestamp": 1_790_000_000,
            }
            copies = chance.randint(1, COPIES)
            items += [item | {"text": f"texto {number}"}] * copies
            report.copies += copies - 1
            if chance.randrange(CHANGED) == 0:
                items.append(item | {"text": f"otro {number}"})
                report.copies += 1
                report.changed += 1
        chance.shuffle(items)
        while items:
            size = chance.randint(1, BATCH)
            yield json.dumps(items[:size] if size > 1 else items[0]).encode()
            del items[:size]


async def post(port: int, posts: Iterator[bytes], report: Report) -> None:
    """Post every body, some at a time."""
    webhook = compose({"base_url": "sandbox"}).webhook
    assert webhook is not None
    assert webhook.auth is not None
    url, auth = f"http://127.0.0.1:{port}/webhooks/whatsapp", webhook.auth

    async def work(session: aiohttp.ClientSession) -> None:
        for body in posts:
            headers = {"Content-Type": "application/json", "X-Signature": sign(auth, SECRET, body)}
            async with session.post(url, data=body, headers=headers) as answer:
                if answer.status != 200:
                    report.wrong.append(f"HTTP {answer.status}")

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(work(session) for _ in range(AT_ONCE)))


def check(store: Path, report: Report) -> None:
    """Compare what was recorded with what was stored, once nothing is left to do."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        end = time.monotonic() + DRAIN_S
        while db.execute("SELECT count(*) FROM inbox WHERE status IN ('pending', 'open')").fetchone()[0]:
            if time.monotonic() > end:
                report.wrong.append("work was left")
                return
            time.sleep(0.05)
        recorded = db.execute("SELECT inbox_id, row FROM result").fetchall()
        stored = dict(db.execute("SELECT id, event FROM inbox WHERE kind = 'message'"))
    times = Counter(json.loads(row)["texto"].split()[1] for _, row in recorded)
    numbers = [str(number) for number in range(report.events)]
    report.wrong += [f"event {number} counted {times[number]} times" for number in numbers if times[number] != 1]
    report.wrong += [f"{number} is no event" for number in times.keys() - set(numbers)]
    for inbox_id, row in recorded:
        if json.loads(row)["texto"] != json.loads(stored[inbox_id])["text"]:
            report.wrong.append(f"row {inbox_id} was played with another body")


def prove(events: int, seed: int) -> Report:
    """Send so many events, each up to five times, and check what the bot made of them."""
    report, began = Report(events), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="botkit-inbound-") as name:
        folder, port = Path(name), free_port()
        (folder / "flows").mkdir()
        (folder / "flows" / "flow.yaml").write_text(FLOW, encoding="utf-8")
        (folder / "config.yaml").write_text(
            f"server: {{port: {port}}}\nlog: {{level: error}}\nsandbox: {{port: {free_port()}, embedded: false}}\n"
            "channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n",
            encoding="utf-8",
        )
        bot = Child("botkit", "run", folder=folder)
        try:
            asyncio.run(post(port, bodies(events, seed, report), report))
            check(folder / "botkit.db", report)
        finally:
            bot.end(signal.SIGTERM)
    report.seconds = time.monotonic() - began
    return report


def main(arguments: list[str]) -> int:
    """Run what is asked for; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.inbound", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--events", type=int, default=100_000, metavar="N", help="events (default 100,000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args(arguments)
    report = prove(options.events, options.seed)
    print(report, flush=True)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
