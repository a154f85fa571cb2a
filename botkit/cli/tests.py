"""The command `test`: conversation tests are played."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from botkit.cli.checked import tested
from botkit.cli.coverage import show_coverage
from botkit.cli.junit_file import refuse_other, write_junit
from botkit.cli.messages import count, say
from botkit.cli.mutants import show_mutants
from botkit.cli.options import config_option, lang_option, sound, spoken
from botkit.errors import ProblemsFound, UsageError

WRONG = 1


def _percent(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    """Return a percentage; `nan` is within the bounds of click's range, as it is on neither side of them."""
    if value is not None and math.isnan(value):
        raise click.BadParameter(say("no percentage", spoken(), value=value), ctx, param)
    return value


@click.command("test", help=say("test"))
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-k", "pattern", metavar="NAME", help=say("option -k"))
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=say("option junit"))
@click.option("--restart-everywhere", is_flag=True, help=say("option restart-everywhere"))
@click.option("--coverage", is_flag=True, help=say("option coverage"))
@click.option("--mutate", is_flag=True, help=say("option mutate"))
@click.option(
    "--fail-under",
    metavar="PERCENT",
    type=click.FloatRange(0, 100),
    callback=_percent,
    help=say("option fail-under"),
)
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
    from botkit.testing.watchdog import watchdog

    if junit is not None:
        refuse_other(junit)
    show_warnings(io.BytesIO())  # what a test makes fail on purpose is no news; what fails it is in its transcript
    is_given = ctx.get_parameter_source("config") is not ParameterSource.DEFAULT
    whole = tested(paths, config if is_given else None)
    project, _, _ = sound(whole.config)
    covers = coverage or (fail_under is not None and not mutate)
    listener = Listener() if covers or mutate else None
    with watchdog(spoken()):
        outcomes, problems = run_tests(project, whole.paths, pattern, listener, restarts=restart_everywhere)
    if junit is not None and (outcomes or problems):
        write_junit(junit, outcomes, problems)
    if problems:
        raise ProblemsFound(problems)
    if not outcomes:
        raise _nothing_played(pattern, paths)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        click.echo(outcome.report(spoken()))
    if failed:
        click.echo(count("failed", len(outcomes), spoken(), failed=len(failed)))
        ctx.exit(WRONG)
    click.echo(count("passed", len(outcomes), spoken()))
    every = not paths and pattern is None
    status = 0
    if covers and not show_coverage(project, outcomes, fail_under, spoken(), whole=every):
        status = WRONG
    if mutate:
        status = show_mutants(project, outcomes, fail_under, spoken(), whole=every) or status
    ctx.exit(status)


def _nothing_played(pattern: str | None, paths: Sequence[Path]) -> UsageError:
    from botkit.testing.chosen import is_expression

    if pattern is not None:
        told = "no such test" if is_expression(pattern) else "broken pattern"
        return UsageError(*(say(told, language, pattern=pattern) for language in ("en", "es")))
    if not paths:
        return UsageError(*(say("no tests", language) for language in ("en", "es")))
    where = ", ".join(map(str, paths))
    return UsageError(*(say("no tests there", language, path=where) for language in ("en", "es")))
