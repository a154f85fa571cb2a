"""A slice of `python -m tests.stop`."""

from __future__ import annotations

from pathlib import Path

from tests.crash.processes import nursery
from tests.stop.__main__ import prove


def test_stop_under_load(tmp_path: Path) -> None:
    """A bot that is stopped while people write ends in time, with nothing in doubt; cut off, it loses nothing."""
    bots = nursery(tmp_path)
    try:
        report = prove(2, 1, 1, bots)
    finally:
        bots.end()
    assert report.wrong == []
    assert len(report.took_s) == 2
