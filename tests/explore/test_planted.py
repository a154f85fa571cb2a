"""Ten bugs and more that authors plant: each is found, its test fails, and the mended flow has nothing wrong."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from botkit.explore.hunt import Hunt
from botkit.explore.proof import save
from botkit.explore.search import until
from botkit.project import Project, load_project
from botkit.testing.play import run_tests
from tests.explore.planted import CONFIG, PLANTED, Planted

#: Turns within which each bug is found, and which the mended flows get.
TURNS = 300
SEED = 7

each = pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: re.sub(r"\W+", "-", planted.name))


def project_of(folder: Path, flow: str, handlers: str) -> Project:
    """Return the bot of a flow."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "flows" / "flow.yaml").write_text(flow)
    (folder / "handlers.py").write_text(handlers)
    (folder / "config.yaml").write_text(CONFIG)
    project = load_project(folder / "config.yaml", {}, fresh=True)
    assert project.flows is not None, [(each.place, each.message("en")) for each in project.problems]
    return project


def explored(project: Project, seed: int = SEED) -> Hunt:
    """Return a finished run."""
    hunt = Hunt(project, seed, language="en")
    asyncio.run(hunt.run(until(TURNS)))
    return hunt


@each
def test_found(tmp_path: Path, planted: Planted) -> None:
    """The bug is found, and nothing else; the saved test fails, and passes on the mended flow, which is all well."""
    hunt = explored(project_of(tmp_path, planted.flow, planted.handlers))
    assert [proved.finding.kind for proved in hunt.proved] == [planted.kind]
    path = tmp_path / "flows" / "explore.test.yaml"
    assert save(path, hunt.proved, "") == 1
    broken, problems = run_tests(load_project(tmp_path / "config.yaml", {}), [path])
    assert (problems, [result.passed for result in broken]) == ([], [False])
    mended = project_of(tmp_path, planted.mended, planted.handlers)
    results, _ = run_tests(mended, [path])
    assert [result.report("en") for result in results if not result.passed] == []
    assert [proved.finding.message("en") for proved in explored(mended).proved] == []
