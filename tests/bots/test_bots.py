"""Each bot of this folder is without an error, and its conversation tests pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import load_project
from botkit.testing.play import run_tests
from tests.docs.pages import ROOT

BOTS = sorted(path.parent for path in Path(__file__).parent.glob("*/config.yaml"))


@pytest.mark.parametrize("folder", BOTS, ids=lambda folder: folder.name)
def test_bot(folder: Path) -> None:
    """`check` finds nothing, and at least five conversations go as written."""
    project = load_project(folder / "config.yaml", {})
    results, problems = run_tests(project, (), None)
    assert [f"{each.place}: {each.message('en')}" for each in (*project.problems, *problems)] == []
    assert [result.report("en") for result in results if not result.passed] == []
    assert len(results) >= 5


@pytest.mark.parametrize("folder", [ROOT, *BOTS], ids=["example", *(folder.name for folder in BOTS)])
def test_restarts(folder: Path) -> None:
    """They go the same when the process ends and starts again wherever a conversation waits; the example bot's, too."""
    results, _ = run_tests(load_project(folder / "config.yaml", {}), (), restarts=True)
    assert [result.report("en") for result in results if not result.passed] == []
    assert len(results) >= 5
