"""`botkit forget`: a person erased from the store, after a question."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from botkit.cli.asking import asking
from botkit.cli.messages import say
from botkit.cli.options import channel_option, config_option, lang_option, places, spoken
from botkit.cli.questions import agreed
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
    if answer is not None:
        click.echo(say("forgotten" if answer["done"] else "forgotten later", language))
        click.echo(say("forget not reached", language))


async def _forget(config: Path, contact: str, channel: str | None, *, is_sure: bool) -> dict[str, Any] | None:
    """Return what was answered, None when a person changed their mind; raises UsageError."""
    async with asking(places(config), config, contact=contact) as desk:
        for each in await desk.call("holdings", contact=contact, channel=channel):
            click.echo(say("forget counts", spoken(), **each))
        if not is_sure and not _asked():
            return None
        return await desk.answer("forget", {"contact": contact, **({"channel": channel} if channel else {})})


def _asked() -> bool:
    if not sys.stdin.isatty():
        raise UsageError(*(say("forget unasked", language) for language in ("en", "es")))
    return agreed(say("forget ask", spoken()))
