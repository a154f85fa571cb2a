"""Playing conversation tests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from botkit.flow.problem import Problem
from botkit.project import Project, read_file
from botkit.testing.files import test_files
from botkit.testing.result import Difference, Result
from botkit.testing.script import Script, read_scripts
from botkit.testing.stage import Stage
from botkit.testing.trail import Listener

#: Longest a test may take in real time, in seconds: only to end a hang.
HANG_S = 30.0


def run_tests(
    project: Project, paths: Sequence[Path], pattern: str | None = None, listener: Listener | None = None
) -> tuple[list[Result], list[Problem]]:
    """Play the tests of the given files and folders (none: the flows folder); return results and problems of files.

    With a `listener` results know where the flows went.
    """
    results: list[Result] = []
    problems: list[Problem] = []
    for path in test_files(project, paths):
        scripts, wrong = read_scripts(read_file(path, project))
        problems += wrong
        for script in scripts if not wrong else []:
            if pattern is None or pattern.casefold() in script.name.casefold():
                results.append(play(project, script, listener))
    return results, problems


def play(project: Project, script: Script, listener: Listener | None = None) -> Result:
    """Play one test."""
    if listener is None or project.flows is None:
        return asyncio.run(_play(Stage(project, script)))
    stage = Stage(replace(project, flows=listener.on(project.flows)), script)
    result = asyncio.run(_play(stage))
    return replace(result, trail=listener.finish(stage.rehearsal.seen))


async def _play(stage: Stage) -> Result:
    script = stage.script
    try:
        async with asyncio.timeout(HANG_S):
            await stage.open()
            for line in script.lines:
                await stage.perform(line)
            stage.nothing_left()
            stage.stubs_called()
        return Result(script, tuple(stage.transcript), None)
    except TimeoutError:
        return Result(script, tuple(stage.transcript), Difference(None, "", "hang"))
    except Difference as difference:
        return Result(script, tuple(stage.transcript), difference)
    finally:
        await stage.close()
