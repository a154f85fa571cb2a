"""The cost of a turn and of loading: `python -m bench.turn [--turns 20000]`.

A turn is what a typical `ask` does to one message, as the player does it without a store: the state read from JSON,
the answer read, the machine moved, the next question rendered, the state written to JSON. Loading is reading and
compiling the set of `make_flows.py` (50 flows of 40 steps), imports left out. Aims: a median turn ≤ 150 µs, loading
< 700 ms.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from pathlib import Path

import orjson

from bench.make_flows import make
from botkit.flow.flowset import FlowSet
from botkit.flow.load import load
from botkit.flow.model import BotInfo
from botkit.flow.yaml_reader import read
from botkit.turn.conversation import Conversation, dump_state, load_state
from botkit.turn.event import Inbound
from botkit.turn.kinds import KINDS
from botkit.turn.step import turn

#: Flow of a typical question: a default hint, a check, a template in the question that follows.
FLOW = """
flow: pedido
start: {words: [pedido]}
steps:
  - ask: ¿A nombre de quién?
    save: nombre
    check:
      - {if: answer | length < 2, say: Muy corto.}
  - ask: "Gracias, {{ nombre | title }}. ¿Cuántas porciones quieres? Hoy es {{ today | date }}."
    save: porciones
    type: integer
    min: 1
  - say: Fin
"""
NOW = 1_795_000_000.0


def flows_of(*texts: str) -> FlowSet:
    """Return the flows of some files."""
    sources = [read(text, f"{number}.yaml") for number, text in enumerate(texts)]
    loaded = load(sources, [], BotInfo(), {}, KINDS)
    assert loaded.flows is not None, loaded.problems
    return loaded.flows


def measure_turns(count: int) -> list[float]:
    """Return how long each of some turns took, in seconds."""
    flows = flows_of(FLOW)
    empty = Conversation("c1", "wa", "59170000001")
    asked = turn(flows, empty, Inbound("wa", "message", "59170000001", text="pedido"), NOW, "1").conversation
    raw = orjson.dumps(dump_state(asked))
    answer = Inbound("wa", "message", "59170000001", id="m2", at=NOW, name="Ana", text="ana maría")
    times = []
    for number in range(count):
        begun = time.perf_counter()
        base = Conversation("c1", "wa", "59170000001", 1)
        outcome = turn(flows, load_state(base, orjson.loads(raw)), answer, NOW, str(number))
        orjson.dumps(dump_state(outcome.conversation))
        times.append(time.perf_counter() - begun)
    return times


def measure_load(rounds: int, flows: int = 50, steps: int = 40) -> list[float]:
    """Return how long loading a large bot took in each round, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), flows, steps)
        texts = [path.read_text(encoding="utf-8") for path in sorted((Path(folder) / "flows").glob("*.yaml"))]
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        flows_of(*texts)
        times.append(time.perf_counter() - begun)
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=20_000)
    parser.add_argument("--loads", type=int, default=7)
    asked = parser.parse_args()
    measure_turns(min(200, asked.turns))  # closures are made at first use
    turns = [seconds * 1e6 for seconds in measure_turns(asked.turns)]
    print(f"Python {platform.python_version()}, {platform.machine()}, single process")
    p99 = statistics.quantiles(turns, n=100)[98] if len(turns) > 1 else turns[0]
    print(f"an `ask` turn: median {statistics.median(turns):.0f} µs (≤ 150), p99 {p99:.0f} µs")
    loads = [seconds * 1e3 for seconds in measure_load(asked.loads)]
    print(f"load 50 flows × 40 steps: median {statistics.median(loads):.0f} ms (< 700), worst {max(loads):.0f} ms")


if __name__ == "__main__":
    main()
