"""Commands that keep a store: a copy of it, and the way back from one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli import questions
from botkit.cli.messages import Language, count, say
from botkit.cli.options import config_option, lang_option, places, spoken
from botkit.cli.shown import bytes_of, date
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.store.restore import Backup

FILE = click.Path(path_type=Path)
#: What people answer, in either language -> whether messages that waited are sent; None: nothing is restored.
_ANSWERS: dict[str, bool | None] = {
    **dict.fromkeys(("s", "send", "e", "enviar"), True),
    **dict.fromkeys(("d", "drop", "descartar"), False),
    "": None,
}


@click.command("backup", help=say("backup"))
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help=say("option force"))
@config_option()
@lang_option()
def backup(file: Path, force: bool, config: Path) -> None:
    """Copy the store through the process that owns it, or by this one when none runs."""
    # The owner has another current directory: the path is given whole.
    told = asyncio.run(_backed_up(places(config).store_path(config.parent), file.absolute(), force=force))
    figures = {name: told[name] for name in ("conversations", "rows")}
    line = say(
        "backed up", spoken(), file=file, size=bytes_of(told["size"]), seconds=f"{told['seconds']:.1f}", **figures
    )
    click.echo(line)


async def _backed_up(store: Path, file: Path, *, force: bool) -> dict[str, Any]:
    from botkit.control import open_desk  # heavy
    from botkit.logs import show_warnings

    show_warnings()
    # As it is: what saves an old store from a new botkit must not bring it up to date first.
    async with open_desk(store, is_upgraded=False) as desk:
        told: dict[str, Any] = await desk.act("backup", {"file": str(file), "force": force}, lang=spoken())
        return told


@click.command("restore", help=say("restore"))
@click.argument("file", type=FILE)
@click.option("--waiting", type=click.Choice(["send", "drop"]), help=say("option waiting"))
@config_option()
@lang_option()
def restore(file: Path, waiting: str | None, config: Path) -> None:
    """Put a backup in the store's place; what was under way in it is told, and asked about."""
    from botkit.store.restore import opened_backup

    settings, now = places(config), time.time()
    zone = ZoneInfo(settings.bot.timezone)
    stamp = datetime.fromtimestamp(now, zone).strftime("%Y-%m-%dT%H-%M-%S")
    with opened_backup(file, settings.store_path(config.parent)) as found:
        sends = _sends(found.messages, waiting)
        if sends is None:
            click.echo(say("did nothing", spoken()), err=True)
            return
        aside = found.restore(stamp, now, sends=sends)
    for line in _restored(file, found, aside, zone, sends=sends):
        click.echo(line)


def _sends(messages: int, waiting: str | None) -> bool | None:
    """Return whether messages that waited are sent: as the option says, or as a person answers; None: no restore."""
    if waiting is not None or not messages:
        return waiting == "send"
    if not questions.is_asked():
        raise UsageError(_waited("restore unasked", messages, "en"), _waited("restore unasked", messages, "es"))
    return questions.chosen(_waited("restore ask", messages, spoken()), _ANSWERS, say("restore which", spoken()))


def _waited(key: str, messages: int, language: Language) -> str:
    return say(key, language, waited=count("restore waited", messages, language))


def _restored(file: Path, found: Backup, aside: Path | None, zone: ZoneInfo, *, sends: bool) -> Iterator[str]:
    language = spoken()
    at = date(found.made_at, zone) or say("restored unknown", language)
    yield say("restored", language, file=file, at=at, conversations=found.conversations)
    if aside:
        yield say("restored aside log" if aside.name.endswith("-wal") else "restored aside", language, path=aside)
    if found.messages:
        yield count("restored sent" if sends else "restored dropped", found.messages, language)
    if found.events:
        yield count("restored events", found.events, language)
