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
from botkit.errors import ProblemsFound, TryLater, UsageError

if TYPE_CHECKING:
    from botkit.flow.problem import Problem


#: Where the sandbox listens, and where the bot does, if there is no config.yaml.
_PORT, _WEBHOOK = 8090, "http://127.0.0.1:8080/webhooks/whatsapp"


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
@click.option("--port", type=click.IntRange(0, 65535), help=say("option port"))
@click.option("--webhook", metavar="URL", help=say("option webhook"))
@click.option("--no-push", is_flag=True, help=say("option no-push"))
@config_option()
@lang_option()
@click.pass_context
def sandbox(ctx: click.Context, port: int | None, webhook: str | None, no_push: bool, config: Path) -> None:
    """Run the sandbox as a process of its own, as config.yaml has it where there is one; options win."""
    import asyncio

    from botkit.gateway.sandbox import PortTakenError, Sandbox
    from botkit.gateway.sandbox.__main__ import run as serve

    is_given = ctx.get_parameter_source("config") is click.core.ParameterSource.COMMANDLINE
    written_port, written_webhook = _written(existing(config)) if is_given or config.is_file() else (_PORT, _WEBHOOK)
    port = written_port if port is None else port
    webhook = webhook or written_webhook
    try:
        asyncio.run(serve(Sandbox(None if no_push else webhook, port=port)))
    except PortTakenError as error:
        raise TryLater(str(error), f"otro programa usa el puerto {port} en 127.0.0.1; elige otro con --port") from None
    except ValueError as error:
        spanish = f"nada sale de esta máquina: --webhook debe ser una dirección http(s) de aquí, no {webhook!r}"
        raise UsageError(str(error), spanish) from None


def _written(config: Path) -> tuple[int, str]:
    """Return the sandbox's port and the bot's webhook, as config.yaml has them; raises ProblemsFound.

    What is wrong with channels, such as a secret that is not set, is no matter here.
    """
    from botkit.flow.yaml_reader import read  # heavy
    from botkit.server.channels import compose_channels
    from botkit.settings import load_settings

    source, parts = read(config.read_bytes(), str(config)), frozenset({"sandbox", "server"})
    settings, _ = load_settings(source, os.environ, only=parts | {"channels"})
    profiles = compose_channels(settings.channels)[0].values() if settings else ()
    paths = [profile.webhook.path for profile in profiles if profile.sandbox and profile.webhook]
    settings, problems = load_settings(source, os.environ, only=parts) if settings is None else (settings, [])
    if settings is None:
        raise ProblemsFound(problems)
    path = paths[0] if paths else "/webhooks/whatsapp"
    return settings.sandbox.port, f"http://127.0.0.1:{settings.server.port}{path}"
