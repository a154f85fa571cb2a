"""The command `chat`: the flows in a terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.messages import Language, say
from botkit.cli.options import config_option, existing, lang_option, spoken
from botkit.cli.people import read_inputs
from botkit.cli.trouble import told
from botkit.errors import ProblemsFound, UsageError

if TYPE_CHECKING:
    from botkit.chat.loading import Bot, Loader
    from botkit.flow.flowset import FlowSet


@click.command("chat", help=say("chat"))
@click.argument("flow", metavar="[FLOW]", required=False)
@click.option("--with", "given", metavar="NAME=VALUE", multiple=True, help=say("option with"))
@click.option("--contact", "fields", metavar="NAME=VALUE", multiple=True, help=say("option contact"))
@click.option("--offline", is_flag=True, help=say("option offline"))
@config_option()
@lang_option()
def chat(flow: str | None, given: tuple[str, ...], fields: tuple[str, ...], offline: bool, config: Path) -> None:
    """Talk with the flows of a bot; without a terminal each line of standard input is one that is typed."""
    import io

    from botkit.chat.loading import Bot, Loader
    from botkit.logs import show_warnings

    show_warnings(io.BytesIO())  # what an author need know is said in the chat
    loader = Loader(existing(config), os.environ)
    bot = loader.load()
    if not isinstance(bot, Bot):
        raise ProblemsFound(bot.problems)
    if flow is not None and bot.flows.present(flow) is None:
        raise _no_flow(flow, bot.flows)
    begun = {"flow": flow, "inputs": read_inputs(given), "contact": read_inputs(fields)}
    asyncio.run(_chat(loader, bot, begun, offline=offline))


async def _chat(loader: Loader, bot: Bot, begun: dict[str, Any], *, offline: bool) -> None:
    from botkit.chat.console import Console
    from botkit.chat.paint import Painter
    from botkit.chat.plain import nobody, read_input
    from botkit.chat.teller import Teller

    teller = Teller(Painter(None, os.environ), spoken(), told)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        console = Console(loader, bot, teller, **begun, ask=nobody if offline else None)
        await read_input(console, sys.stdin)
        return
    from botkit.chat.terminal import ask, history_of, talk  # heavy

    console = Console(loader, bot, teller, **begun, ask=ask if offline else None)
    await talk(console, history_of(os.environ))


def _no_flow(name: str, flows: FlowSet) -> UsageError:
    """Return what says that the bot has no such flow, with the nearest, or those that there are."""
    from botkit.flow.problem import nearest

    own = [flow.name for flow in flows.flows.values() if not flow.builtin]
    near = nearest(name, flows.flows)

    def told(language: Language) -> str:
        more = say("near flow", language, near=near) if near else say("known flows", language, known=", ".join(own))
        return say("no flow to draw", language, flow=name) + more

    return UsageError(told("en"), told("es"))
