"""Every talk of the tests of whole bots: held, exported as a test that passes, and replayed without a difference."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from botkit.flow.yaml_reader import read
from botkit.project import Project, load_project, read_file
from botkit.talks.replay import Played
from botkit.talks.script import Written
from botkit.testing.files import test_files as files_of
from botkit.testing.play import play
from botkit.testing.script import Script, read_scripts
from botkit.testing.stage import Stage
from botkit.testing.written import write_tests
from tests.talks.held import exported, replayed

ROOT = Path(__file__).parents[2]
BOTS = [ROOT, *sorted(path.parent for path in (ROOT / "tests" / "bots").glob("*/config.yaml"))]
PROJECTS = {bot.name: load_project(bot / "config.yaml", {}) for bot in BOTS}
SCRIPTS = [
    pytest.param(PROJECTS[bot.name], script, id=f"{bot.name} {script.name}")
    for bot in BOTS
    for path in files_of(PROJECTS[bot.name], ())
    for script in read_scripts(read_file(path, PROJECTS[bot.name]))[0]
]


async def hold(project: Project, script: Script, *, personal: bool) -> tuple[list[Played], list[Written]]:
    """Hold the talk of a test; return how it goes a second time, and the tests that are written of it."""
    stage = Stage(project, script)
    try:
        await stage.open()
        for line in script.lines:
            await stage.perform(line)
        store = stage.rehearsal.store
        return await replayed(store, stage.flows), await exported(store, stage.flows, personal=personal)
    finally:
        await stage.close()


@pytest.mark.parametrize("personal", [True, False], ids=["personal", "masked"])
@pytest.mark.parametrize(("project", "script"), SCRIPTS)
def test_again(project: Project, script: Script, personal: bool) -> None:
    """What was held is answered as it was, and what is written of it passes and goes as far as it went."""
    again, tests = asyncio.run(hold(project, script, personal=personal))
    assert [change for played in again for change in played.changes] == []
    assert {played.stop for played in again} <= {None, "blank"}
    assert {test.end for test in tests} <= {None, "blank"}
    said = [line for test in tests for line in test.talk.lines if {"user", "tap"} & line.keys()]
    assert len(said) == sum(line.kind in ("user", "tap") for line in script.lines)
    text = write_tests([test.talk for test in tests])
    for again_written in read_scripts(read(text, "t.test.yaml"))[0]:
        result = play(project, again_written)
        assert result.passed, text + result.report("en")
