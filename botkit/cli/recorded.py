"""`botkit results`: what a flow recorded, page by page, however much it is."""

from __future__ import annotations

import asyncio
import csv
import io
import math
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.asking import Asking, asking
from botkit.cli.messages import say
from botkit.cli.options import config_option, lang_option, places, spoken
from botkit.cli.shown import cell, date, dated, json_of
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.settings import Settings

#: Rows that are asked for at once.
PAGE = 1000
#: Flows with results that an error names at most.
NAMED = 20

Row = dict[str, Any]


@click.command("results", help=say("results"))
@click.argument("flow")
@click.option("--csv", "form", flag_value="csv", help=say("option csv"))
@click.option("--excel", "form", flag_value="excel", help=say("option excel"))
@click.option("--json", "form", flag_value="json", help=say("option json lines"))
@click.option("--since", metavar="WHEN", help=say("option since"))
@config_option()
@lang_option()
def results(flow: str, form: str | None, since: str | None, config: Path) -> None:
    """Print what a flow recorded: a line of JSON each, or CSV."""
    settings = places(config)
    begin = begin_of(since, settings)
    found = asyncio.run(_print(settings, config, Results(flow, begin), form or "json"))
    if not found:
        key = "no results" if since is None else "no results since"
        click.echo(say(key, spoken(), flow=flow, since=since), err=True)


def begin_of(since: str | None, settings: Settings) -> float | None:
    """Return what `--since` means now, in UTC seconds; None if it was not given. Raises UsageError."""
    return None if since is None else read_since(since, ZoneInfo(settings.bot.timezone), time.time())


def read_since(text: str, zone: ZoneInfo, now: float) -> float:
    """Return UTC seconds of a date, a time (of `zone` unless it names its own), or so long before `now`: `7d`."""
    from botkit.flow.duration import parse_duration

    seconds = parse_duration(text, most_days=math.inf)
    if seconds is not None:
        return now - seconds
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()
    raise UsageError(say("no since", "en", since=text), say("no since", "es", since=text))


class Results:
    """The rows of one flow, from a time on."""

    def __init__(self, flow: str, since: float | None) -> None:
        self.flow = flow
        self._since = None if since is None else repr(since)

    async def pages(self, desk: Asking, last: int | None = None) -> AsyncIterator[list[Row]]:
        """Yield the rows, oldest first, some at once; up to the one whose id is `last`."""
        after = 0
        while True:
            page = await desk.call("results", flow=self.flow, since=self._since, after=str(after), limit=str(PAGE))
            rows = [row for row in page if row["id"] > after and (last is None or row["id"] <= last)]
            if rows:
                yield rows
            if len(rows) < PAGE:
                return
            after = rows[-1]["id"]


async def _print(settings: Settings, config: Path, wanted: Results, form: str) -> bool:
    """Print the rows in a form; return whether there are any. Raises UsageError for a flow that nobody knows."""
    zone = ZoneInfo(settings.bot.timezone)
    async with asking(settings, config, flow=wanted.flow) as desk:
        if form == "json":
            found = await _print_json(desk, wanted, zone)
        else:
            found = await _print_csv(desk, wanted, zone, excel=form == "excel")
        if not found:
            _check_flow(wanted.flow, await desk.call("recorded"), config.parent / settings.flows)
    return found


async def _print_json(desk: Asking, wanted: Results, zone: ZoneInfo) -> bool:
    found = False
    async for rows in wanted.pages(desk):
        found = True
        for row in rows:
            click.echo(json_of(dated(row, zone)))
    return found


async def _print_csv(desk: Asking, wanted: Results, zone: ZoneInfo, *, excel: bool) -> bool:
    """Print the rows as a table: gone through twice, since the last row may have a column of its own."""
    names: dict[str, None] = {}
    last = None
    async for rows in wanted.pages(desk):
        names |= dict.fromkeys(name for row in rows for name in row["row"])
        last = rows[-1]["id"]
    if last is None:
        return False
    _write([["at", "conversation_id", *map(cell, names)]], excel=excel, begin=True)
    async for rows in wanted.pages(desk, last):
        _write([_cells(row, names, zone, excel=excel) for row in rows], excel=excel)
    return True


def _cells(row: Row, names: Iterable[str], zone: ZoneInfo, *, excel: bool) -> list[Any]:
    cells = (cell(row["row"].get(name), comma=excel) for name in names)
    return [date(row["at"], zone), row["conversation_id"], *cells]


def _write(table: Iterable[list[Any]], *, excel: bool, begin: bool = False) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if excel else ",", lineterminator="\r\n" if excel else "\n")
    writer.writerows(table)
    # Bytes, since a spreadsheet reads UTF-8 whatever the terminal's encoding is.
    click.echo(text.getvalue().encode("utf-8-sig" if excel and begin else "utf-8"), nl=False)


def _check_flow(flow: str, recorded: list[Row], folder: Path) -> None:
    """Raise UsageError for a flow that neither the bot nor the store has: the nearest name, and what recorded."""
    from botkit.flow.problem import nearest  # heavy

    counts = {row["flow"]: row["rows"] for row in recorded}
    names = [*_flow_names(folder), *counts]
    if flow in names:
        return
    near = nearest(flow, names)
    some = ", ".join(f"{name} ({counts[name]})" for name in list(counts)[:NAMED])
    en, es = (
        say("no flow", language, flow=flow)
        + (say("near flow", language, near=near) if near else "")
        + (say("flows with results", language, some=some) if some else "")
        for language in ("en", "es")
    )
    raise UsageError(en, es)


def _flow_names(folder: Path) -> list[str]:
    """Return the names of the flows that stand in `folder`, right or wrong, and of those that come with botkit."""
    from botkit.flow.source import Map, Text
    from botkit.flow.yaml_reader import read
    from botkit.folder import FolderError, flow_files
    from botkit.project import read_regular, shipped_flows

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
