"""How long a new reply would wait, and what that makes of a key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from botkit.flow.level import Level
from botkit.outbox.gate import Gate
from botkit.outbox.load import level_of, most_ahead, wait_s
from botkit.outbox.loaded import CALM_S, FRESH_S, Ahead, Load
from botkit.outbox.rate import KeyState, Limits, Usage
from botkit.store.sqlite import SqliteStore

LIMITS = Limits(30, 60.0, 10.0)
NOW = 1000.0
_PACE = LIMITS.spacing_s

#: what is taken of the key and how many are ahead -> how long a reply would wait, about
WAITS: dict[str, tuple[KeyState, Usage, int, float]] = {
    "nobody": (KeyState(), Usage(pace_at=NOW), 0, 0),
    "a burst": (KeyState(), Usage(pace_at=NOW), 4, 0),
    "beyond a burst": (KeyState(), Usage(pace_at=NOW), 5, _PACE),
    "ahead of the pace": (KeyState(), Usage(10, 0, NOW + 30, NOW + 10), 0, 10 - 4 * _PACE),
    "no slot": (KeyState(), Usage(30, 0, NOW + 7, NOW), 0, 7),
    "no slot, and others first": (KeyState(), Usage(30, 0, NOW + 7, NOW), 3, 7 + 3 * _PACE),
    "held": (KeyState(held_until=NOW + 45), Usage(pace_at=NOW), 0, 45),
    "stopped": (KeyState(stopped=True), Usage(pace_at=NOW), 0, float("inf")),
    "unlinked": (KeyState(is_linked=False), Usage(pace_at=NOW), 0, float("inf")),
}


@pytest.mark.parametrize("case", WAITS)
def test_wait(case: str) -> None:
    """The longest of what holds a request up is what a reply waits for."""
    key, usage, ahead, expected = WAITS[case]
    assert wait_s(LIMITS, key, usage, ahead, NOW) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, "green"), (1.9, "green"), (2, "yellow"), (59.9, "yellow"), (60, "black")]
)
def test_level(seconds: float, level: Level) -> None:
    """Green to two seconds, yellow to a minute, black from there."""
    assert level_of(seconds) == level


@pytest.mark.parametrize(
    ("seconds", "before", "level"),
    [
        (1.9, "yellow", "yellow"),
        (1, "yellow", "yellow"),
        (0.9, "yellow", "green"),
        (59, "yellow", "yellow"),
        (60, "yellow", "black"),
        (30, "black", "black"),
        (29, "black", "yellow"),
        (1.9, "black", "yellow"),
        (0.9, "black", "green"),
    ],
)
def test_level_is_left_well_below(seconds: float, before: Level, level: Level) -> None:
    """A level is left at half of the wait from which it holds."""
    assert level_of(seconds, before) == level


def test_a_wait_that_goes_up_and_down() -> None:
    """Around two seconds a key is yellow, and the log says so once."""
    load = Load("wa")
    with capture_logs() as lines:
        for number, seconds in enumerate((1.9, 2.1, 1.8, 2.2, 1.5, 2.0, 0.5)):
            load.see(seconds, NOW + number)
    assert [(line["before"], line["load"]) for line in lines] == [("green", "yellow"), ("yellow", "green")]


@pytest.mark.parametrize("limit", [1, 30, 1000])
def test_most_ahead(limit: int) -> None:
    """As many as are counted at most make the worst level whatever is free."""
    limits = Limits(limit, 60.0, 10.0, burst=limit)
    assert level_of(wait_s(limits, KeyState(), Usage(pace_at=NOW, back_at=NOW), most_ahead(limits), NOW)) == "black"


#: (seconds that pass, wait of a reply, whether the key is held) of each look -> how many alerts
SPELLS: dict[str, tuple[list[tuple[float, float, bool]], int]] = {
    "a spell": ([(0, 61, False), (10, 70, False), (600, 65, False)], 1),
    "it flutters": ([(0, 61, False), (10, 59, False), (10, 61, False), (CALM_S - 1, 0, False), (1, 60, False)], 1),
    "another spell": ([(0, 61, False), (10, 0, False), (CALM_S, 61, False)], 2),
    "short of a minute": ([(0, 59.9, False)], 0),
    "a held key": ([(0, 300, True)], 0),
    "many wait after a hold": ([(0, 300, True), (300, 61, False)], 1),
}


@pytest.mark.parametrize("case", SPELLS)
def test_overload_is_told_once_a_spell(case: str) -> None:
    """From a minute's wait on, once until it has been less for five minutes; a held key has alerts of its own."""
    looks, alerts = SPELLS[case]
    told: list[float] = []
    now = NOW
    load = Load("wa", lambda: told.append(now))
    with capture_logs():
        for passed_s, seconds, is_held in looks:
            now += passed_s
            load.see(seconds, now, is_held=is_held)
    assert len(told) == alerts


class StandingClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> float:
        """Return the wall clock's time."""
        return self.time

    monotonic = now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds


async def test_level_counts_for_a_moment() -> None:
    """Legs ask by the thousand: the gate is asked again after a moment, and at once when the store was."""
    clock = StandingClock()
    gate = Gate(LIMITS, clock)
    store = await SqliteStore.open(":memory:")
    ahead = Ahead(store, "wa", gate, Load("wa", lambda: None))
    levels = [ahead.level]
    gate.key = replace(gate.key, held_until=gate.now() + 61)
    levels.append(ahead.level)
    await clock.sleep(FRESH_S)
    levels.append(ahead.level)
    gate.key = KeyState()
    await ahead.look()
    levels.append(ahead.level)
    await store.close()
    assert levels == ["green", "green", "black", "green"]
