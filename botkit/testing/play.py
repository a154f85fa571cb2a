"""Playing conversation tests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from botkit.flow.problem import Problem
from botkit.logs.quiet import warnings_kept
from botkit.project import Project, read_file
from botkit.testing.chosen import chooser
from botkit.testing.enclosed import enclosed
from botkit.testing.files import test_files
from botkit.testing.result import Difference, Result
from botkit.testing.script import Script
from botkit.testing.stage import Stage
from botkit.testing.trail import Listener
from botkit.testing.variants import Variants
from botkit.testing.watchdog import HANG_S, watched


def run_tests(
    project: Project,
    paths: Sequence[Path],
    pattern: str | None = None,
    listener: Listener | None = None,
    *,
    restarts: bool = False,
) -> tuple[list[Result], list[Problem]]:
    """Play the tests of the given files and folders (none: the flows folder); return results, or errors of files.

    `pattern` chooses tests by their names (`chosen.py`). Where a file has errors nothing is played. With a `listener`
    results know where the flows went; with `restarts` the process ends and starts again after every input.
    """
    wanted, variants = chooser(pattern), Variants(project)
    read = [variants.read(read_file(path, project)) for path in test_files(project, paths)]
    problems = [problem for _, wrong in read for problem in wrong if problem.severity == "error"]
    chosen = [script for scripts, _ in read for script in scripts if wanted(script.name)]
    if problems:
        return [], problems
    return [play(variants.of(script), script, listener, restarts=restarts) for script in chosen], []


def play(project: Project, script: Script, listener: Listener | None = None, *, restarts: bool = False) -> Result:
    """Play one test; what is logged meanwhile is in its transcript, and nowhere else."""
    begun = perf_counter()
    folder = project.folder
    if listener is not None and project.flows is not None:
        project = replace(project, flows=listener.on(project.flows))
    with warnings_kept() as kept:
        stage = Stage(project, script, restarts=restarts, kept=kept)
        with enclosed(stage.printed), watched(script.name, str(script.row or script.place), folder, HANG_S):
            result = asyncio.run(_play(stage))
    trail = listener.finish(stage.rehearsal.seen) if listener is not None else result.trail
    return replace(result, trail=trail, seconds=perf_counter() - begun)


async def _play(stage: Stage) -> Result:
    script = stage.script
    try:
        async with asyncio.timeout(HANG_S):
            await stage.open()
            for line in script.lines:
                await stage.perform(line)
            stage.nothing_left()
            stage.stubs_called()
        return Result(script, stage.told(), None)
    except TimeoutError:
        return Result(script, stage.told(), Difference(None, "", "hang"))
    except Difference as difference:
        return Result(script, stage.told(), difference)
    finally:
        await stage.close()
