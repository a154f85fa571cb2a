"""The command `test`: conversation tests are played."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from botkit.cli.checked import tested
from botkit.cli.coverage import show_coverage
from botkit.cli.messages import count, say
from botkit.cli.mutants import show_mutants
from botkit.cli.options import config_option, lang_option, sound, spoken
from botkit.errors import ProblemsFound, UsageError

if TYPE_CHECKING:
    from botkit.flow.problem import Problem
    from botkit.testing.result import Result

WRONG = 1


@click.command("test", help=say("test"))
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-k", "pattern", metavar="NAME", help=say("option -k"))
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=say("option junit"))
@click.option("--restart-everywhere", is_flag=True, help=say("option restart-everywhere"))
@click.option("--coverage", is_flag=True, help=say("option coverage"))
@click.option("--mutate", is_flag=True, help=say("option mutate"))
@click.option("--fail-under", metavar="PERCENT", type=click.FloatRange(0, 100), help=say("option fail-under"))
@config_option()
@lang_option()
@click.pass_context
def test(
    ctx: click.Context,
    paths: tuple[Path, ...],
    pattern: str | None,
    junit: Path | None,
    restart_everywhere: bool,
    coverage: bool,
    mutate: bool,
    fail_under: float | None,
    config: Path,
) -> None:
    """Run conversation tests and print what failed; exit 1 for a failure, 2 for what cannot be run."""
    from botkit.logs import show_warnings
    from botkit.testing.play import run_tests
    from botkit.testing.trail import Listener

    logged = io.BytesIO()  # what a test makes fail on purpose is no news; what fails a test may be in it
    show_warnings(logged)
    is_given = ctx.get_parameter_source("config") is not ParameterSource.DEFAULT
    whole = tested(paths, config if is_given else None)
    project, _, _ = sound(whole.config)
    covers = coverage or (fail_under is not None and not mutate)
    listener = Listener() if covers or mutate else None
    outcomes, problems = run_tests(project, whole.paths, pattern, listener, restarts=restart_everywhere)
    if junit is not None:
        _write_junit(junit, outcomes, problems)
    if problems:
        raise ProblemsFound(problems)
    if not outcomes and (pattern is not None or paths):
        raise _nothing_played(pattern, paths)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        click.echo(outcome.report(spoken()))
    if failed:
        click.echo(logged.getvalue(), err=True, nl=False)
        click.echo(count("failed", len(outcomes), spoken(), failed=len(failed)))
        ctx.exit(WRONG)
    click.echo(count("passed", len(outcomes), spoken()) if outcomes else say("no tests", spoken()))
    every = not paths and pattern is None
    status = 0
    if covers and not show_coverage(project, outcomes, fail_under, spoken(), whole=every):
        status = WRONG
    if mutate:
        status = show_mutants(project, outcomes, fail_under, spoken(), whole=every) or status
    ctx.exit(status)


def _nothing_played(pattern: str | None, paths: Sequence[Path]) -> UsageError:
    if pattern is not None:
        return UsageError(*(say("no such test", language, pattern=pattern) for language in ("en", "es")))
    where = ", ".join(map(str, paths))
    return UsageError(*(say("no tests there", language, path=where) for language in ("en", "es")))


def _write_junit(path: Path, outcomes: Sequence[Result], problems: Sequence[Problem]) -> None:
    """Write the results as JUnit XML, in a folder that is made if need be; raises UsageError."""
    from botkit.testing.junit import junit

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(junit(outcomes, problems, spoken()))
    except OSError as error:
        why = error.strerror
        raise UsageError(*(say("cannot write", language, path=path, why=why) for language in ("en", "es"))) from None
