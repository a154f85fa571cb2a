"""`gateway`: commands for whoever describes a gateway in config.yaml."""

from __future__ import annotations

import click

from botkit.cli.gateway_probe import probe
from botkit.cli.gateway_show import show
from botkit.cli.gateway_try import try_
from botkit.cli.messages import say


@click.group("gateway", help=say("gateway"))
def gateway() -> None:
    """Hold the commands about gateways."""


gateway.add_command(try_)
gateway.add_command(show)
gateway.add_command(probe)
