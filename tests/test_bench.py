"""The benchmarks that nothing else runs still run; what they print is no matter here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.merging import turns_a_minute
from bench.outbox import MORE_TURNS, SHAPES
from bench.outbox import measure as measure_choices
from bench.overload import measure as measure_overload
from bench.rate_http import Plan, Result, measure_all, told
from bench.start import example
from bench.tests import multiply
from bench.turn import measure_load, measure_turns
from botkit.project import load_project
from botkit.testing.play import run_tests


def test_turn() -> None:
    """A turn and a load are measured as often as asked."""
    assert len(measure_turns(3)) == 3
    assert len(measure_load(2, flows=2, steps=10)) == 2


def test_tests(tmp_path: Path) -> None:
    """As many conversation tests are made as asked, however many the example bot has, and all of them pass."""
    folder = example(tmp_path)
    count = len(run_tests(load_project(folder / "config.yaml", {}), ())[0]) + 10
    assert multiply(folder, count) == 2
    results, problems = run_tests(load_project(folder / "config.yaml", {}), ())
    assert (len(results), problems) == (count, [])
    assert all(result.passed for result in results)


@pytest.mark.parametrize("shape", SHAPES)
async def test_outbox(shape: str) -> None:
    """Choosing is measured on every shape of an outbox, as often as asked."""
    assert len(await measure_choices(60, 10, 5, shape)) == 5


async def test_merging() -> None:
    """Merging gives more turns a minute than its figure, in a minute already."""
    apart, merged = await turns_a_minute(1, merges=False), await turns_a_minute(1, merges=True)
    assert merged >= MORE_TURNS * apart > 0


async def test_rate_http() -> None:
    """A server in a process of its own is sent to, and what came of it told on a line."""
    [result], late_s = await measure_all(["fixed"], 0, Plan(limit=100, period_s=1, learning_s=0, steady_s=0.6))
    assert 0 < result.taken <= 100
    assert len(result.waits_s) == 1
    assert f"{result.share:.2%}" in told(result)
    assert late_s > 0


@pytest.mark.parametrize(
    ("fields", "missed"),
    [
        ({}, []),
        ({"taken": 293}, ["share"]),
        ({"refused": 1}, ["429"]),
        ({"lessons": 6}, ["lessons"]),
        ({"waits_s": [0.36] * 20}, ["wait"]),
        ({"server": "leaky", "taken": 256, "waits_s": [0.21] * 20}, []),
    ],
)
def test_rate_http_figures(fields: dict[str, Any], missed: list[str]) -> None:
    """Each figure that a server misses is told, and no other."""
    good = {"taken": 296, "refused": 0, "lessons": 5, "hold_s": 0.005, "waits_s": [0.1] * 20}
    result = Result(**{"server": "fixed", "reserve": 0, "plan": Plan(), **good, **fields})
    assert result.missed == missed
    assert (", ".join(missed) or "met") in told(result)


def test_overload(tmp_path: Path) -> None:
    """A bot on a full outbox is written to, and what came of it is told, its claims at the end."""
    *lines, (claims, _) = measure_overload(tmp_path, 200, 20, 50, 0.4)
    assert [line for line, is_met in lines if not is_met] == []
    assert "answered 200: 100, stored: 100" in lines[-1][0]
    assert " claims " in claims
