"""The command `check`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from botkit.cli.checked import asked
from botkit.cli.messages import count, say
from botkit.cli.options import config_option, lang_option, spoken
from botkit.cli.schema import SCHEMAS, stale_schemas
from botkit.cli.trouble import told

if TYPE_CHECKING:
    from botkit.flow.problem import Problem
    from botkit.project import Project

WRONG = 1


@click.command("check", help=say("check"))
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path, exists=True))
@config_option()
@click.option("--strict", is_flag=True, help=say("option strict"))
@click.option("--budget", is_flag=True, help=say("option budget"))
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
def check(ctx: click.Context, path: Path | None, config: Path, form: str, strict: bool, budget: bool) -> None:
    """Print every problem of a bot, or of one of its files or folders."""
    import json

    from botkit.cli.budget import budget_json, budget_text
    from botkit.flow.problem import as_json, by_place

    is_given = ctx.get_parameter_source("config") is not ParameterSource.DEFAULT
    whole = asked(path, config if is_given else None)
    project, found = problems_of(whole.config, os.environ)
    whole.refuse_foreign(project)
    problems = whole.ours(found)
    elsewhere = sum(problem.severity == "error" for problem in found) - _errors(problems)
    if form == "json":
        listed = [as_json(problem, spoken()) for problem in by_place(problems)]
        shown = {"problems": listed, "budget": budget_json(project, whole.has)} if budget else listed
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    elif problems:
        click.echo(told(problems, dict(project.lines)))
    else:
        own = [flow for flow in project.flows.flows.values() if not flow.builtin] if project.flows else []
        click.echo(count("all well", sum(whole.has(flow.place.file) for flow in own), spoken()))
    if budget and form == "text" and project.flows:
        click.echo("\n" + budget_text(project, whole.has, spoken()))
    if elsewhere and form == "text":
        click.echo(count("errors elsewhere", elsewhere, spoken()))
    schemas = whole.config.parent / SCHEMAS
    if form == "text" and stale_schemas(schemas):
        click.echo(say("stale schemas", spoken(), path=shlex.quote(os.path.relpath(schemas))))
    if _errors(problems) or (strict and problems):
        ctx.exit(WRONG)


def _errors(problems: Sequence[Problem]) -> int:
    return sum(problem.severity == "error" for problem in problems)


def problems_of(config: Path, env: Mapping[str, str]) -> tuple[Project, list[Problem]]:
    """Return a bot, and all that is wrong with it and its tests."""
    from botkit.project import read_file
    from botkit.server.budget import over_budget
    from botkit.server.channels import load_bot
    from botkit.testing.files import test_files
    from botkit.testing.named import check_named
    from botkit.testing.variants import Variants

    project, problems = load_bot(config, env)
    problems += over_budget(project)
    variants = Variants(project)
    for path in test_files(project, ()):
        source = read_file(path, project)
        problems += variants.read(source)[1]
        problems += check_named(source, project.flows) if project.flows is not None else ()
    return project, problems
