"""The benchmarks that nothing else runs still run; what they print is no matter here."""

from __future__ import annotations

from bench.turn import measure_load, measure_turns


def test_turn() -> None:
    """A turn and a load are measured as often as asked."""
    assert len(measure_turns(3)) == 3
    assert len(measure_load(2, flows=2, steps=10)) == 2
