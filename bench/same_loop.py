"""One run of bench/webhook.py (a): server and client on one event loop, in a process that does nothing else.

    python -m bench.same_loop bare|botkit ROUNDS

Prints a JSON line: events/s, CPU µs per event (client included), p50 and p99 of the 200 in ms, memory in MB.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bench.bare import take
from bench.load import SECRET, Tally, closed_loop, interleaved, percentile, signed
from bench.process import free_port

CONVERSATIONS = 500
CONNECTIONS = 32
CONFIG = Path(__file__).parent / "bot" / "config.yaml"

Settled = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def bare() -> AsyncIterator[tuple[int, Settled]]:
    """Serve the bare server; what it answered is done."""
    app = web.Application()
    app.router.add_post("/webhooks/whatsapp", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()

    async def settled(count: int) -> None:
        """Return at once."""

    yield port, settled
    await runner.cleanup()


@asynccontextmanager
async def botkit() -> AsyncIterator[tuple[int, Settled]]:
    """Serve botkit, whole, on a new store, with the outbox paused."""
    from bench.serve import paused_bot
    from botkit import run

    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "bench.db"
        os.environ.update(environment(Path(folder), port, sink=9))
        bot = paused_bot(CONFIG)
        ready = io.StringIO()
        with contextlib.redirect_stdout(ready), (Path(folder) / "stderr").open("w") as errors:
            os.dup2(errors.fileno(), 2)
            serving = asyncio.create_task(bot.serve())
            while "ready" not in ready.getvalue():  # noqa: ASYNC110 - a line of text is all it says
                await asyncio.sleep(0.01)
        gc.collect()
        gc.freeze()
        gc.set_threshold(run.GC_THRESHOLD, 20, 50)
        db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)

        async def settled(count: int) -> None:
            """Return when the turns of `count` events, all answered, are committed.

            Asks only the index of live rows: to count reads a whole table, on the very loop that is measured.
            """
            live = "EXISTS (SELECT 1 FROM inbox WHERE status IN ('pending', 'open'))"
            while db.execute(f"SELECT {live}, (SELECT MAX(id) FROM inbox)").fetchone() != (0, count):  # noqa: ASYNC110 - the store of the other side
                await asyncio.sleep(0.002)

        yield port, settled
        assert not db.execute("SELECT COUNT(*) FROM inbox WHERE status <> 'done'").fetchone()[0]
        db.close()
        bot.stopping.set()
        await serving


def environment(folder: Path, port: int, sink: int) -> dict[str, str]:
    """Return what bench/bot/config.yaml is filled from."""
    return {
        "PORT": str(port),
        "STORE": str(folder / "bench.db"),
        "LOG": str(folder / "bench.log"),
        "SINK": f"http://127.0.0.1:{sink}",
        "BENCH_KEY": "bench-key",
        "BENCH_SECRET": SECRET.decode(),
    }


async def measure(kind: str, rounds: int) -> dict[str, float]:
    """Play a warming pass and then `rounds` of 500 conversations."""
    async with bare() if kind == "bare" else botkit() as (port, settled):
        await closed_loop(port, interleaved(signed, 0, CONVERSATIONS, CONNECTIONS, 0))
        await settled(CONVERSATIONS * 4)
        passes = [interleaved(signed, 0, CONVERSATIONS, CONNECTIONS, number) for number in range(1, rounds + 1)]
        tally, cpu, begun = Tally(), time.process_time(), time.perf_counter()
        for number, queues in enumerate(passes, 1):
            part = await closed_loop(port, queues)
            tally.latencies += part.latencies
            tally.refused += part.refused
            await settled(CONVERSATIONS * 4 * (number + 1))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    assert tally.refused == 0, f"{tally.refused} events were refused"
    events = len(tally.latencies)
    return {
        "rate": events / seconds,
        "cpu_us": cpu / events * 1e6,
        "p50_ms": percentile(tally.latencies, 0.5),
        "p99_ms": percentile(tally.latencies, 0.99),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))))
