"""`botkit check` and `graph` end soon, in little memory and with a clear answer, whatever they get (`bench.check`)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.check import CASES, MEMORY_MB, cost, write

#: How much longer it may take here than alone on a machine: what is looked for grows with the square of what is given.
SLACK = 3

ANSWERS = {
    "2,000 lines": "all well: 1 flow",
    "1 MB": "errors: 2, warnings: 0",
    "bomb": "errors: 1, warnings: 0",
    "brackets": "errors: 1, warnings: 0",
    "problems": "errors: 10000, warnings: 0",
    "names": "errors: 10000, warnings: 0",
    "targets": "errors: 10000, warnings: 0",
    "budget": "merged: while a new reply would wait 2 s or more, neighbouring texts of a turn go as one request",
    "picture": os.devnull,
}


@pytest.mark.parametrize("name", CASES)
def test_limits(name: str, tmp_path: Path) -> None:
    """A process ends within its seconds and its memory, and counts what is wrong."""
    case = CASES[name]
    write(tmp_path, case.flow())
    found = cost(tmp_path, *case.command)
    assert found.answer == next(answer for part, answer in ANSWERS.items() if part in name)
    assert found.memory_mb < MEMORY_MB
    assert found.busy_s < case.limit_s * SLACK
