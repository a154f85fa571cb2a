"""`botkit new`: a bot that works, and one more flow with its test."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, existing, lang_option, spoken
from botkit.cli.questions import answer, read_country, read_language, read_name, refused
from botkit.cli.schema import SCHEMAS, keep_schemas, schema_files
from botkit.cli.shown import one_line
from botkit.errors import ProblemsFound

if TYPE_CHECKING:
    from botkit.flow.source import Source
    from botkit.scaffold import NewBot, NewFlow
    from botkit.settings import Settings


class _New(click.Command):
    """A command that makes a folder, but where its first word is that of another command: `botkit new flow NAME`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.commands: dict[str, click.Command] = {"flow": new_flow}

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return what is to be invoked: this command, or the one that the first word names."""
        other = self.commands.get(args[0]) if args else None
        if other is None:
            return super().make_context(info_name, args, parent, **extra)
        return other.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)


@click.command("flow", help=say("new flow"))
@click.argument("name", metavar="NAME")
@config_option()
@lang_option()
def new_flow(name: str, config: Path) -> None:
    """Write a flow and its test into the bot of the present folder."""
    from botkit.folder import FolderError, flow_files, shown
    from botkit.project import Project, read_file, shipped_flows
    from botkit.scaffold import plan_flow

    project = Project(config.parent)
    settings = _bot_settings(read_file(existing(config), project))
    folder = project.folder / settings.flows
    try:
        paths = flow_files(folder) if folder.is_dir() else []
    except FolderError as error:
        raise refused("not written", path=shown(folder), why=error.values.get("why", error.code)) from None
    sources = [read_file(path, project) for path in paths]
    schemas = project.folder / SCHEMAS
    seen = Path(os.path.relpath(schemas, folder)).as_posix()
    flow = plan_flow(name, sources, shipped_flows().values(), settings.bot.language, seen)
    if flow.refused:
        raise refused(f"flow refused {flow.refused}", name=one_line(name), place=str(flow.place) if flow.place else "")
    _write(folder, flow.files, "file there")
    _tell_flow(name, flow, [shown(folder / file) for file in flow.files])
    keep_schemas(schemas)


def _bot_settings(source: Source) -> Settings:
    """Return settings of which only `bot` and `flows` were read; raises ProblemsFound."""
    from botkit.settings import load_settings

    settings, problems = load_settings(source, os.environ, only=frozenset({"bot", "flows"}))
    if settings is None:
        raise ProblemsFound(problems)
    return settings


def _tell_flow(name: str, flow: NewFlow, paths: list[str]) -> None:
    click.echo(say("flow made", spoken(), path=paths[0], name=name, word=flow.word))
    click.echo(say("test made", spoken(), path=paths[1]))
    if flow.taken:
        click.echo(say("word taken", spoken(), taken=flow.taken, word=flow.word))


@click.command("new", cls=_New, help=say("new"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help=say("option name"))
@click.option("--language", help=say("option language"), metavar="LANG")
@click.option("--country", help=say("option country"))
@click.option("--handlers", is_flag=True, help=say("option handlers"))
@click.option("-y", "--yes", is_flag=True, help=say("option yes"))
@lang_option()
def new(folder: Path, name: str | None, language: str | None, country: str | None, handlers: bool, yes: bool) -> None:
    """Write a bot into a new or empty folder; what no option says is asked on a terminal, else taken as usual."""
    from botkit.scaffold import NewBot, bot_files, check_free, default_country, default_name

    with _told(folder, "occupied"):
        check_free(folder)
    for given, read in ((name, read_name), (language, read_language), (country, read_country)):
        if given is not None:
            read(given)  # a wrong option is told before anything is asked
    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    bot = NewBot(
        answer("name", name, default_name(folder, spoken()), read_name, asks=asks),
        answer("language", language, spoken(), read_language, asks=asks),
        answer("country", country, default_country(os.environ).name(spoken()), read_country, asks=asks),
        handlers,
    )
    files = {**bot_files(bot, SCHEMAS), **schema_files()}
    _write(folder, files, "occupied")
    _tell_bot(folder, bot, list(files))


def _tell_bot(folder: Path, bot: NewBot, files: list[str]) -> None:
    country = bot.country
    values = {"timezone": country.timezone, "currency": country.currency, "country": country.name(spoken())}
    click.echo(say("new made", spoken(), name=bot.name, path=folder, language=bot.language, **values))
    for name in files:
        click.echo(f"  {name}")
    click.echo("\n" + say("new next", spoken()))
    steps = [] if folder.resolve() == Path.cwd() else [f"cd {shlex.quote(str(folder))}"]
    for step in (*steps, "botkit check", "botkit test", "botkit run"):
        click.echo(f"  {step}")
    click.echo(say("new page", spoken(), word=bot.word))


def _write(folder: Path, files: Mapping[str, str], occupied: str) -> None:
    from botkit.scaffold import write_files

    with _told(folder, occupied):
        write_files(folder, files)


@contextmanager
def _told(folder: Path, occupied: str) -> Iterator[None]:
    """Turn what keeps files from being written into a UsageError; `occupied` says that something is there already."""
    from botkit.scaffold import Occupied

    try:
        yield
    except Occupied as error:
        raise refused(occupied, path=error.path) from None
    except OSError as error:
        raise refused("not written", path=error.filename or folder, why=error.strerror) from None
