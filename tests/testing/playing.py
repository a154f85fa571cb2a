"""A bot in a folder, and one conversation test that is played with it."""

from __future__ import annotations

from pathlib import Path

from botkit.project import Project, load_project
from botkit.testing.play import run_tests
from botkit.testing.result import Result


def loaded(folder: Path, flow: str, handlers: str, config: str) -> Project:
    """Return the bot of these files, with what is wrong with it."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "flows" / "f.yaml").write_text(flow)
    (folder / "handlers.py").write_text(handlers)
    (folder / "config.yaml").write_text(config)
    return load_project(folder / "config.yaml", {})


def bot(folder: Path, flow: str, handlers: str, config: str) -> Project:
    """Return the bot of these files, which must load."""
    found = loaded(folder, flow, handlers, config)
    assert found.flows is not None, found.problems
    return found


def played(project: Project, script: str, head: str = "") -> Result:
    """Play one test."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(f"{head}tests:\n  - name: a\n    script:\n{script}")
    results, problems = run_tests(project, [path])
    assert problems == []
    return results[0]
