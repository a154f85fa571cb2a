"""`botkit forget`: a person erased from the store, after a question."""

from __future__ import annotations

import asyncio
from glob import escape
from pathlib import Path
from typing import Any

import click

from botkit.cli import questions
from botkit.cli.asking import asking
from botkit.cli.messages import say
from botkit.cli.options import channel_option, config_option, lang_option, places, spoken
from botkit.errors import UsageError


@click.command("forget", help=say("forget"))
@click.argument("contact")
@click.option("--yes", is_flag=True, help=say("option yes"))
@channel_option()
@config_option()
@lang_option()
def forget(contact: str, yes: bool, channel: str | None, config: Path) -> None:
    """Tell what there is of a contact, ask, erase it, and tell what stays elsewhere."""
    answer = asyncio.run(_forget(config, contact, channel, is_sure=yes))
    language = spoken()
    if answer is None:
        click.echo(say("did nothing", language), err=True)
        return
    click.echo(say("forgotten" if answer["done"] else "forgotten later", language))
    if aside := put_aside(places(config).store_path(config.parent)):
        click.echo(say("forget aside", language, files=", ".join(map(str, aside))))
    click.echo(say("forget not reached", language))


def put_aside(store: Path) -> list[Path]:
    """Return the stores that `restore` left beside this one, whose names end with the time."""
    return sorted(store.parent.glob(f"{escape(store.name)}.[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*"))


async def _forget(config: Path, contact: str, channel: str | None, *, is_sure: bool) -> dict[str, Any] | None:
    """Return what was answered, None when a person changed their mind; raises UsageError."""
    async with asking(places(config), config, contact=contact) as desk:
        for each in await desk.call("holdings", contact=contact, channel=channel):
            click.echo(say("forget counts", spoken(), **each))
    if not is_sure and not _asked():  # with the store given back: who answers may take their time
        return None
    async with asking(places(config), config, contact=contact) as desk:
        return await desk.answer("forget", {"contact": contact, **({"channel": channel} if channel else {})})


def _asked() -> bool:
    if not questions.is_asked():
        raise UsageError(*(say("needs yes", language) for language in ("en", "es")))
    return questions.agreed(say("forget ask", spoken()))
