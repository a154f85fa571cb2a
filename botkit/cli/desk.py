"""Commands that read live data, from the running process or from the store itself."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, lang_option, places, spoken
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.settings import Settings

#: A cell that a spreadsheet would take for a formula; numbers and phone numbers are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9][0-9 ().-]*$)")

#: Floats below this are exact where they are whole, and are written so.
_EXACT = 2.0**53

Command = Callable[..., Any]


@click.command("conversation", help=say("conversation"))
@click.argument("contact")
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def conversation(contact: str, as_json: bool, config: Path) -> None:
    """Print where a contact's conversations stand, or all of them as JSON."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    rows = _ask(settings, config, "conversations", contact=contact)
    if as_json:
        for row in rows:
            click.echo(json.dumps(_dated(row, zone), ensure_ascii=False, indent=2))
        return
    said = _ask(settings, config, "outbox", contact=contact)
    for row in rows:
        last = next((each for each in said if each["conversation_id"] == row["id"] and each["lane"] == "talk"), None)
        lines = list(_shown(row, last, zone))
        width = max(len(label) for label, _ in lines) + 1
        click.echo("\n".join(f"{label + ':' if label else '':<{width}} {text}" for label, text in lines))


def _shown(row: dict[str, Any], last: dict[str, Any] | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield what an operator wants to know of a conversation: labels and texts."""
    language, state = spoken(), row["state"]
    frames = state.get("frames", [])
    yield say("shown contact", language), f"{row['contact']} ({row['channel']})"
    where = " › ".join(say("shown frame", language, flow=frame["flow"], step=frame["step"]) for frame in frames)
    yield say("shown where", language), where or say("shown idle", language)
    if frames and (call := frames[-1].get("pending_call")):
        yield say("shown waits", language), call["handler"]
    if last is not None:
        yield (
            say("shown said", language),
            f"{_text(last['message'])} ({last['status']}, {_date(last['created_at'], zone)})",
        )
    slots = [f"{name}: {_one_line(_cell(value))}" for frame in frames for name, value in frame.get("slots", {}).items()]
    for number, slot in enumerate(slots):
        yield "" if number else say("shown slots", language), slot
    if outcome := state.get("last", {}).get("outcome"):
        yield say("shown outcome", language), outcome
    yield say("shown updated", language), str(_date(row["updated_at"], zone))


@click.command("results", help=say("results"))
@click.argument("flow")
@click.option("--csv", "as_csv", is_flag=True, help=say("option csv"))
@click.option("--excel", is_flag=True, help=say("option excel"))
@config_option()
@lang_option()
def results(flow: str, as_csv: bool, excel: bool, config: Path) -> None:
    """Print what a flow recorded: a line of JSON each, or CSV."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    rows = _ask(settings, config, "results", flow=flow)
    if not rows:
        _check_flow(flow, config.parent / settings.flows)
        click.echo(say("no results", spoken(), flow=flow), err=True)
    elif as_csv or excel:
        # Bytes, since a spreadsheet reads UTF-8 whatever the terminal's encoding is.
        click.echo(_csv(rows, zone, excel=excel).encode("utf-8-sig" if excel else "utf-8"), nl=False)
    else:
        for row in rows:
            click.echo(json.dumps(_dated(row, zone), ensure_ascii=False))


def _check_flow(flow: str, folder: Path) -> None:
    """Raise UsageError for a flow that the bot does not have, with the nearest that it has."""
    from botkit.flow.problem import nearest  # heavy

    names = _flow_names(folder)
    if flow in names:
        return
    near = nearest(flow, names)
    en, es = (
        say("no flow", language, flow=flow) + (say("near flow", language, near=near) if near else "")
        for language in ("en", "es")
    )
    raise UsageError(en, es)


def _flow_names(folder: Path) -> list[str]:
    """Return the names of the flows that stand in `folder`, right or wrong, and of those that come with botkit."""
    from botkit.flow.source import Map, Text
    from botkit.flow.yaml_reader import read
    from botkit.project import FolderError, flow_files, read_regular, shipped_flows

    names = list(shipped_flows())
    paths: list[Path] = []
    with suppress(FolderError):
        paths = flow_files(folder)
    for path in paths:
        with suppress(OSError):
            for document in read(read_regular(path), str(path)).documents:
                name = document.root.get("flow") if isinstance(document.root, Map) else None
                names += [name.value] if isinstance(name, Text) else []
    return names


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
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    rows = _ask(settings, config, "outbox", contact=contact, status=status, limit=str(limit))
    if not rows:
        click.echo(say("no messages", spoken()), err=True)
    for row in rows:
        at, reason = _date(row["created_at"], zone), row["reason"]
        why = f"  [{_one_line(reason)}]" if reason and reason != row["status"] else ""
        click.echo(f"{row['id']:>8}  {at}  {row['status']:<11}  {row['lane']:<4}  {_text(row['message'])}{why}")


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
    from botkit.server.operations import named

    show_warnings()
    wanted = {"lang": spoken(), "country": settings.bot.country}
    for name in ("contact", "flow"):
        if (value := arguments.get(name)) is not None:
            named({name: value, **wanted}, name)  # before a URL drops what is no text

    async def ask() -> Any:
        async with open_desk(settings.store_path(config.parent)) as desk:
            return await desk.call(operation, **arguments, **wanted)

    return asyncio.run(ask())


def _csv(rows: list[dict[str, Any]], zone: ZoneInfo, *, excel: bool) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row["row"]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n")
    writer.writerow(["at", "conversation_id", *names])
    for row in rows:
        cells = (_cell(row["row"].get(name), comma=excel) for name in names)
        writer.writerow([_date(row["at"], zone), row["conversation_id"], *cells])
    return text.getvalue()


def _cell(value: Any, *, comma: bool = False) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula; `comma` is that of decimals."""
    if value is None:
        return ""
    if isinstance(value, float):
        number = str(int(value)) if value.is_integer() and abs(value) < _EXACT else str(value)
        return number.replace(".", ",") if comma else number
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _dated(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {name: _date(value, zone) if name == "at" or name.endswith("_at") else value for name, value in row.items()}


def _date(value: float | None, zone: ZoneInfo) -> str | None:
    return None if value is None else datetime.fromtimestamp(value, zone).isoformat(timespec="seconds")


def _text(message: object) -> str:
    return _one_line(message.get("text") or message.get("type", "") if isinstance(message, dict) else message)


def _one_line(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= 80 else line[:79] + "…"
