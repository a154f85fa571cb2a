"""Handlers that no step calls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from botkit.project import load_project

MODULE = """\
from botkit import handler


@handler("a.used")
def used() -> int:
    return 1


@handler("a.left")
def left() -> int:
    return 2
"""
FLOW = "flow: f\nstart: {words: [f]}\nsteps:\n  - run: a.used\n"


@pytest.mark.parametrize(
    ("module", "flow", "found"),
    [
        ("bot/h.py", FLOW, [("bot/h.py:9:11", "handler-unused")]),
        ("bot/h.py", FLOW + "  - run: a.left\n", []),
        ("bot/h.py", FLOW + "  - goto: nada\n", [("bot/flows/f.yaml:5:11", "unknown-target")]),
        ("h.py", FLOW, []),
    ],
)
def test_unused(
    module: str, flow: str, found: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler of the bot's folder is told at its name, once all flows could be read; what lies outside is not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot" / "flows").mkdir(parents=True)
    (tmp_path / module).write_text(MODULE)
    (tmp_path / "bot" / "flows" / "f.yaml").write_text(flow)
    config = tmp_path / "bot" / "config.yaml"
    config.write_text(f"handlers: [{tmp_path / module}]\nchannels: {{whatsapp: {{base_url: sandbox}}}}\n")
    problems = load_project(config, os.environ).problems
    assert [(str(problem.place), problem.code) for problem in problems] == found
