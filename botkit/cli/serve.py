"""Commands that stay: `run` and `sandbox`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, existing, lang_option
from botkit.cli.trouble import told
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.flow.problem import Problem


@click.command("run", help=say("run"))
@click.option("--reload", "watch", is_flag=True, help=say("option reload"))
@config_option()
@lang_option()
def run(watch: bool, config: Path) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP, or with `--reload` a file that is saved, loads the bot anew."""
    from botkit.crash import makers
    from botkit.run import run as serve

    serve(existing(config), os.environ, watch=watch, tell=_tell, makers=makers(os.environ))


def _tell(problems: Sequence[Problem]) -> None:
    """Show problems on standard error; a bot goes on whose terminal is gone."""
    with suppress(OSError):
        click.echo(told(problems, {}), err=True)


@click.command("sandbox", help=say("sandbox"))
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help=say("option port"))
@click.option(
    "--webhook",
    default="http://127.0.0.1:8080/webhooks/whatsapp",
    show_default=True,
    metavar="URL",
    help=say("option webhook"),
)
@click.option("--no-push", is_flag=True, help=say("option no-push"))
@lang_option()
def sandbox(port: int, webhook: str, no_push: bool) -> None:
    """Run the sandbox as a process of its own."""
    import asyncio

    from botkit.gateway.sandbox import PortTakenError, Sandbox
    from botkit.gateway.sandbox.__main__ import run as serve

    try:
        asyncio.run(serve(Sandbox(None if no_push else webhook, port=port)))
    except PortTakenError as error:
        raise UsageError(
            str(error), f"otro programa usa el puerto {port} en 127.0.0.1; elige otro con --port"
        ) from None
    except ValueError as error:
        spanish = f"nada sale de esta máquina: --webhook debe ser una dirección http(s) de aquí, no {webhook!r}"
        raise UsageError(str(error), spanish) from None
