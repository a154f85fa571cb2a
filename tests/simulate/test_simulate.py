"""The bot on a virtual clock, network, gateway and disk, with everything going wrong: what CI runs of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulate.controls import build
from tests.simulate.loop import VirtualLoop
from tests.simulate.plan import Item, Plan, draw
from tests.simulate.run import run
from tests.simulate.shrink import shrink
from tests.simulate.world import World

ROOT = Path(__file__).parents[2]
#: Seeds of each CI run, in so many tests, which run side by side.
SEEDS, TESTS = 100, 10
#: broken part -> what a seed finds of it; and within how many seeds. No seed finds a missing margin of the gate:
#: answers take as long as the virtual network says, and its own tests look at every moment.
CAUGHT = {
    "200-before-commit": "stored:",
    "no-intent": "copies:",
    "slot-from-sending": "limit:",
    "no-dedupe": "stored once:",
    "no-version": "version:",
    "mark-before-answer": "order:",
    "slots-forgotten": "limit:",
    "sent-twice": "copies:",
    "not-silent": "silent:",
}
MOST = 10


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS // TESTS))
def test_seeds(first: int) -> None:
    """Whatever goes wrong, every invariant holds."""
    wrong = {seed: found for seed in range(first, first + SEEDS // TESTS) if (found := run(draw(seed)).wrong)}
    assert not wrong, "python -m tests.simulate --seed " + ", ".join(map(str, wrong))


@pytest.mark.parametrize("name", CAUGHT)
def test_a_broken_part_is_caught(name: str) -> None:
    """A build without one of the safeguards fails within a few seeds, by what it breaks."""
    with build(name):
        found = (each for seed in range(MOST) for each in run(draw(seed)).wrong)
        assert any(each.startswith(CAUGHT[name]) for each in found)
    assert not run(draw(0)).wrong


def test_one_seed_is_one_run() -> None:
    """The same plan gives the same trace, line by line, in whatever order sets and names are walked."""
    found = run(draw(4))
    assert found.trace == run(draw(4)).trace
    command = "from tests.simulate.run import run; from tests.simulate.plan import draw; print(run(draw(4)).digest)"
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True, env=env, cwd=ROOT)
    assert told.stdout.decode().strip() == found.digest


def test_no_two_moments_show_one_time(tmp_path: Path) -> None:
    """A clock that is set back and waits for what it has shown shows something else, and each tells its moment."""
    loop = VirtualLoop()
    world = World(draw(4), loop, tmp_path / "bot.db")
    shown = world.wall_now()
    assert world.wall_now() == shown
    loop.pass_time(60.0)
    world._do_jump(Item(60.0, "jump", {"by_s": -60.0}))
    again = world.wall_now()
    loop.close()
    assert shown < again < shown + 1e-6
    assert world.told[again] - world.told[shown] == 60.0


def test_shrinking() -> None:
    """Of a plan those items are left that it takes to fail, in their simplest form, whatever stands between them."""
    plan = draw(4)
    first, last = plan.items[1], plan.items[-1]

    def fails(candidate: Plan) -> bool:
        times = [item.at for item in candidate.items]
        return first.at in times and last.at in times

    small = shrink(plan, fails)
    assert [item.at for item in small.items] == [first.at, last.at]
    assert all(len(item.values.get("copies", ())) <= 1 for item in small.items)


def test_shrinking_has_a_budget() -> None:
    """A plan that cannot be cut down further in so many runs is returned as small as it became."""
    plan = draw(4)
    assert fails_at_all(shrink(plan, lambda candidate: True, budget=1))


def fails_at_all(plan: Plan) -> bool:
    """Return whether something was left out."""
    return len(plan.items) < len(draw(4).items)
