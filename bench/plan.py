"""How long `botkit plan` takes with 1,000 live conversations of the example bot, and what it says.

    python -m bench.plan [--people 1000] [--runs 3]

People stand in several questions of three flows; then the files are edited: one flow keeps its people, one takes them
along but forgets a `was`, one begins anew. Whole processes, imports included: with the store to itself, and beside the
bot that runs.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import structlog

from bench.process import serving
from bench.start import example
from botkit.calls import Calls
from botkit.clock import SystemClock
from botkit.legs import Player
from botkit.ports import Arrival
from botkit.project import load_project
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound

#: What each in turn writes, until a question of its flow waits.
TALKS = (("encuesta",), ("pedido",), ("pedido", "1"), ("cita", "Ana"), ("cita",))
#: file -> what is edited in it
EDITS = {
    "citas.yaml": [("¿Cómo te llamas?", "¿Con quién hablo?")],
    "pedido.yaml": [
        ("flow: pedido\n", "flow: pedido\non_change: move\n"),
        ("    id: cuantos\n", "    id: porciones\n    was: cuantos\n"),
        ("    id: plato\n", "    id: elegir_plato\n"),
        ("then: plato\n", "then: elegir_plato\n"),
    ],
    "encuesta.yaml": [("flow: encuesta\n", "flow: encuesta\non_change: restart\n")],
}
LIMIT_S = 2.0


async def park(folder: Path, people: int) -> None:
    """Bring people to where their flows wait."""
    project = load_project(folder / "config.yaml", os.environ)
    assert project.flows is not None, project.problems
    store = await SqliteStore.open(folder / "botkit.db")
    clock, calls = SystemClock(), Calls(project.handlers)
    runtime = Runtime(store, Player(store, project.flows, calls, clock), clock)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    await runtime.start()
    for turn in range(max(map(len, TALKS))):
        talks = {f"5917{number:07}": TALKS[number % len(TALKS)] for number in range(people)}
        arrivals = [said(contact, talk[turn], turn) for contact, talk in talks.items() if turn < len(talk)]
        receipts = await store.accept(arrivals, time.time())
        runtime.notify([receipt.row for receipt in receipts if receipt.row is not None])
        await runtime.idle()
    await runtime.stop(1.0)
    await calls.close()
    await store.close()


def said(contact: str, text: str, turn: int) -> Arrival:
    """Return what somebody writes, as a webhook stores it."""
    id = f"{contact}-{turn}"
    event = Inbound("whatsapp", "message", contact, id=id, at=time.time(), text=text)
    return Arrival("whatsapp", "webhook", "message", contact, id, "", b"", dump_event(event), parsed=event)


def edit(folder: Path) -> None:
    """Edit the flows as their author might."""
    for name, changes in EDITS.items():
        path = folder / "flows" / name
        text = path.read_text(encoding="utf-8")
        for before, after in changes:
            assert before in text, before
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")


def plan(folder: Path, *options: str) -> tuple[float, str]:
    """Return the seconds of one `botkit plan`, and what it says."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "botkit", "plan", "--lang", "en", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return time.perf_counter() - begun, done.stdout


def report(name: str, folder: Path, runs: int) -> None:
    """Print how long it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = [plan(folder)[0] for _ in range(runs)]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / runs
    times = f"median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s (< {LIMIT_S:g})"
    print(f"{name:30} {times}, of it {cpu_s:.2f} s CPU")


def main() -> None:
    """Print the times, a few lines and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = example(Path(name))
        asyncio.run(park(folder, options.people))
        edit(folder)
        report("the store to itself", folder, options.runs)
        with serving("botkit", "run", "--config", str(folder / "config.yaml")):
            report("beside the bot that runs", folder, options.runs)
        lines = plan(folder)[1].splitlines()
        alike = {line.partition("  ")[2]: line for line in lines if line[0] != " "}
        print("\n".join([*alike.values(), *(line for line in lines if line[0] == " ")]))


if __name__ == "__main__":
    main()
