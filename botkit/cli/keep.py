"""Commands that keep a store: a copy of it, and the way back from one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, lang_option, places, spoken
from botkit.cli.shown import bytes_of

FILE = click.Path(path_type=Path)


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
