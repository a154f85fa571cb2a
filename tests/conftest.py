"""What holds for every test: how random cases are drawn, how many run at once, and that nothing stays."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

#: Random cases that are the same in each run: what fails here fails everywhere, and no clock decides.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
#: Other cases each time, by `--hypothesis-profile=random`; a failure tells how to see it again.
settings.register_profile("random", derandomize=False, deadline=None, print_blob=True, database=None)
settings.load_profile("fixed")
#: Each worker collects all tests first: ten seconds.
MOST_WORKERS = 8


@pytest.fixture(autouse=True)
def _no_modules_of_bots() -> Iterator[None]:
    """Forget handler modules that a test's bot loaded: Hypothesis draws from the constants of what is imported."""
    before = len(sys.modules)
    yield
    if len(sys.modules) == before:
        return
    for name in [name for name in sys.modules if name.startswith("botkit_handlers_")]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Undo what a command set up for its log: the next test may be any."""
    yield
    structlog.reset_defaults()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests `-n auto` runs at once: one more than there are processors, for many await a process."""
    return min(MOST_WORKERS, (os.cpu_count() or 1) + 1)
