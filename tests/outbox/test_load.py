"""How long a new reply would wait, and what that makes of a key."""

from __future__ import annotations

import pytest

from botkit.outbox.load import Level, level_of, most_ahead, wait_s
from botkit.outbox.rate import KeyState, Limits, Usage

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


@pytest.mark.parametrize("limit", [1, 30, 1000])
def test_most_ahead(limit: int) -> None:
    """As many as are counted at most make the worst level whatever is free."""
    limits = Limits(limit, 60.0, 10.0, burst=limit)
    assert level_of(wait_s(limits, KeyState(), Usage(pace_at=NOW, back_at=NOW), most_ahead(limits), NOW)) == "black"
