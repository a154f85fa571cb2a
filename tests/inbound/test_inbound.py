"""A slice of `python -m tests.inbound`."""

from __future__ import annotations

from tests.inbound.__main__ import prove


def test_each_event_once() -> None:
    """Copies, shuffled and with other bodies among them, count once, and the first body stands."""
    report = prove(400, 1)
    assert report.wrong == []
    assert report.changed > 0
