"""Commands for who writes flows: `check` and `test`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, existing, lang_option, spoken
from botkit.cli.trouble import told

WRONG = 1


@click.command("check", help=say("check"))
@config_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=say("option format"),
)
@lang_option()
@click.pass_context
def check(ctx: click.Context, config: Path, form: str) -> None:
    """Print every problem of a bot."""
    import json

    from botkit.flow.problem import as_json, by_place
    from botkit.server.channels import load_bot

    project, problems = load_bot(existing(config), os.environ)
    if form == "json":
        listed = [as_json(problem, spoken()) for problem in by_place(problems)]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    elif problems:
        click.echo(told(problems, dict(project.lines)))
    else:
        own = [flow for flow in project.flows.flows.values() if not flow.builtin] if project.flows else []
        click.echo(say("all well", spoken(), flows=len(own)))
    if any(problem.severity == "error" for problem in problems):
        ctx.exit(WRONG)


@click.command("test", help=say("test"))
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-k", "pattern", metavar="NAME", help=say("option -k"))
@config_option()
@lang_option()
@click.pass_context
def test(ctx: click.Context, paths: tuple[Path, ...], pattern: str | None, config: Path) -> None:
    """Run conversation tests and print what failed."""
