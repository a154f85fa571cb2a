"""The command `test`: conversation tests are played."""

from __future__ import annotations

import io
from pathlib import Path

import click

from botkit.cli.coverage import show_coverage
from botkit.cli.messages import count, say
from botkit.cli.options import config_option, lang_option, sound, spoken
from botkit.errors import ProblemsFound, UsageError

WRONG = 1


@click.command("test", help=say("test"))
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-k", "pattern", metavar="NAME", help=say("option -k"))
@click.option("--coverage", is_flag=True, help=say("option coverage"))
@click.option("--fail-under", metavar="PERCENT", type=click.FloatRange(0, 100), help=say("option fail-under"))
@config_option()
@lang_option()
@click.pass_context
def test(
    ctx: click.Context,
    paths: tuple[Path, ...],
    pattern: str | None,
    coverage: bool,
    fail_under: float | None,
    config: Path,
) -> None:
    """Run conversation tests and print what failed; exit 1 for a failure, 2 for what cannot be run."""
    from botkit.logs import show_warnings
    from botkit.testing.play import run_tests
    from botkit.testing.trail import Listener

    logged = io.BytesIO()  # what a test makes fail on purpose is no news; what fails a test may be in it
    show_warnings(logged)
    project, _, _ = sound(config)
    covers = coverage or fail_under is not None
    outcomes, problems = run_tests(project, paths, pattern, Listener() if covers else None)
    if problems:
        raise ProblemsFound(problems)
    if pattern and not outcomes:
        raise UsageError(*(say("no such test", language, pattern=pattern) for language in ("en", "es")))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        click.echo(outcome.report(spoken()))
    if failed:
        click.echo(logged.getvalue(), err=True, nl=False)
        click.echo(count("failed", len(outcomes), spoken(), failed=len(failed)))
        ctx.exit(WRONG)
    click.echo(count("passed", len(outcomes), spoken()) if outcomes else say("no tests", spoken()))
    if covers and not show_coverage(project, outcomes, fail_under, spoken()):
        ctx.exit(WRONG)
