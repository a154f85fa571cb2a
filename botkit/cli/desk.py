"""Commands that read live data, from the running process or from the store itself."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, lang_option, places, spoken

if TYPE_CHECKING:
    from botkit.settings import Settings

#: A cell that a spreadsheet would take for a formula; numbers and phone numbers are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9][0-9 ().-]*$)")

Command = Callable[..., Any]


@click.command("conversation", help=say("conversation"))
@click.argument("contact")
@config_option()
@lang_option()
def conversation(contact: str, config: Path) -> None:
    """Print a contact's conversations as JSON."""
    for row in _ask(places(config), config, "conversations", contact=contact):
        click.echo(json.dumps(_dated(row), ensure_ascii=False, indent=2))


@click.command("results", help=say("results"))
@click.argument("flow")
@click.option("--csv", "as_csv", is_flag=True, help=say("option csv"))
@config_option()
@lang_option()
def results(flow: str, as_csv: bool, config: Path) -> None:
    """Print what a flow recorded: a line of JSON each, or CSV."""
    rows = _ask(places(config), config, "results", flow=flow)
    if not rows:
        click.echo(say("no results", spoken(), flow=flow), err=True)
    elif as_csv:
        _print_csv(rows)
    else:
        for row in rows:
            click.echo(json.dumps(_dated(row), ensure_ascii=False))


@click.group("outbox", help=say("outbox"))
def outbox() -> None:
    """Hold the commands about the outbox."""


@outbox.command("list", help=say("outbox list"))
@click.argument("contact", required=False)
@click.option("--status", help=say("option status"))
@click.option("--limit", type=int, default=50, show_default=True, help=say("option limit"))
@config_option()
@lang_option()
def outbox_list(contact: str | None, status: str | None, limit: int, config: Path) -> None:
    """Print outbox rows, a line each."""
    rows = _ask(places(config), config, "outbox", contact=contact, status=status, limit=str(limit))
    if not rows:
        click.echo(say("no messages", spoken()), err=True)
    for row in rows:
        message = row["message"]
        text = message.get("text") or message.get("type", "") if isinstance(message, dict) else message
        at = _date(row["created_at"])
        click.echo(f"{row['id']:>8}  {at}  {row['status']:<11}  {row['lane']:<4}  {_one_line(text)}")


@click.command("logs", help=say("logs"))
@click.argument("contact")
@config_option()
@lang_option()
def logs(contact: str, config: Path) -> None:
    """Print the log's lines about a contact, whose number they do not hold."""
    from botkit.logs.file import log_files, read_log

    settings, found = places(config), False
    files = log_files(settings.log_path(config.parent))
    for row in _ask(settings, config, "conversations", contact=contact):
        for line in read_log(files, row["id"]):
            click.echo(line)
            found = True
    if not found:
        click.echo(say("no lines", spoken()), err=True)


def _ask(settings: Settings, config: Path, operation: str, **arguments: str | None) -> Any:
    from botkit.control import open_desk  # heavy
    from botkit.logs import show_warnings

    show_warnings()

    async def ask() -> Any:
        async with open_desk(settings.store_path(config.parent)) as desk:
            return await desk.call(operation, **arguments)

    return asyncio.run(ask())


def _print_csv(rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row["row"]))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["at", "conversation_id", *names])
    for row in rows:
        writer.writerow([_date(row["at"]), row["conversation_id"], *(_cell(row["row"].get(name)) for name in names)])


def _cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _date(value) if name == "at" or name.endswith("_at") else value for name, value in row.items()}


def _date(value: float | None) -> str | None:
    return None if value is None else datetime.fromtimestamp(value).astimezone().isoformat(timespec="seconds")


def _one_line(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= 80 else line[:79] + "…"
