"""Kills in CI: some of what `python -m tests.crash` does, and that its tally can be gone on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.broken import BROKEN
from tests.crash.processes import Process, nursery
from tests.crash.slices import Slice
from tests.crash.tally import FAILURES, RANDOM, Tally, load, save

#: Where the kills are, one after the other; each leaves something for the next start.
KILLS = (
    *("send-written", "ground-after", "leg-before", "claim-before", "inbox-after", "settle-before", "call-inside"),
    *("send-answered", "intent-after", "leg-after", "inbox-before", RANDOM, RANDOM, RANDOM, RANDOM),
)
#: How long a build that is broken may take to end what it cannot end, in seconds.
DRAIN_S = 8.0


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """What forks bots."""
    made = nursery(tmp_path_factory.mktemp("bots"))
    yield made
    made.end()


@pytest.mark.xdist_group("crash")
def test_kills(bots: Process, tmp_path: Path) -> None:
    """After fifteen kills nothing is lost, torn or out of order, and copies come only of uncertain sends."""
    tally = Slice(KILLS, seed=1, quick=True, events=30, keep=tmp_path).run(bots)
    assert tally.lines == []
    assert not tally.failed
    assert tally.kills.total() >= 13
    assert tally.answered == tally.sent >= 30


@pytest.mark.xdist_group("crash")
def test_kills_of_a_bot_that_asks(bots: Process, tmp_path: Path) -> None:
    """Nor is what a gateway listed, whether the mark behind it was kept or not."""
    tally = Slice(("poll-taken", "poll-marked", RANDOM), 2, quick=True, events=15, polls=True, keep=tmp_path).run(bots)
    assert tally.lines == []
    assert tally.kills == Counter(["poll-taken", "poll-marked", RANDOM])
    assert tally.answered == tally.sent >= 15


@pytest.mark.xdist_group("crash")
@pytest.mark.parametrize("name", [name for name, build in BROKEN.items() if build.breaks])
def test_broken(bots: Process, tmp_path: Path, name: str) -> None:
    """A build that breaks a promise is caught."""
    build = BROKEN[name]
    points = build.points * 2
    tally = Slice(points, 1, True, name, build.events, DRAIN_S, polls=build.polls, keep=tmp_path).run(bots)
    assert build.breaks is not None
    assert tally.failures[build.breaks], tally.lines


def test_tally(tmp_path: Path) -> None:
    """A later run goes on where the former ended, and the table says what came of both."""
    path = tmp_path / "new" / "tally.json"
    for number in (1, 2):
        tally = load(path)
        tally.add(Tally(Counter(random=number), failures=Counter(lost=number - 1), sent=10, lines=[f"line {number}"]))
        save(tally, path)
    whole = load(path)
    assert (whole.kills[RANDOM], whole.sent, whole.lines) == (3, 20, ["line 1", "line 2"])
    assert whole.failed
    assert "3  (3 at random, 0 at points)" in whole.table()
    assert all(f"\n{name} " in whole.table() for name in FAILURES)
