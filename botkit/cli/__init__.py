"""The commands: they parse arguments, call, print and exit; no logic lives here.

Exit statuses: 0 done, 1 what was checked or tested is wrong, 2 it cannot be done as asked, 70 a defect of botkit, 75 it
cannot be done now, and may be done later.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from botkit.cli.author import check
from botkit.cli.catalog import catalog
from botkit.cli.chat import chat
from botkit.cli.click_words import translate_click
from botkit.cli.dead import dead
from botkit.cli.deploy import plan
from botkit.cli.desk import conversation, logs
from botkit.cli.doctor import doctor
from botkit.cli.explain import explain
from botkit.cli.explore import explore
from botkit.cli.forget import forget
from botkit.cli.gateway import gateway
from botkit.cli.keep import backup, restore
from botkit.cli.messages import say
from botkit.cli.new import new
from botkit.cli.options import lang_option
from botkit.cli.outbox import outbox
from botkit.cli.people import handoff, send, start
from botkit.cli.picture import graph
from botkit.cli.recorded import results
from botkit.cli.schema import schema
from botkit.cli.serve import run, sandbox
from botkit.cli.streams import prepare_streams
from botkit.cli.talks import replay, transcript
from botkit.cli.tests import test
from botkit.cli.trouble import guarded, no_room
from botkit.cli.why import why

__all__ = ["botkit", "main"]


class _Guarded(click.Group):
    """A group whose commands never end in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        with guarded(ctx):
            return super().invoke(ctx)


@click.group("botkit", cls=_Guarded, help=say("botkit"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="botkit", message="%(prog)s %(version)s", help=say("option version"))
@lang_option()
def botkit() -> None:
    """Hold the commands."""


for _command in (
    new,
    run,
    check,
    explain,
    test,
    chat,
    explore,
    graph,
    plan,
    catalog,
    schema,
    logs,
    results,
    conversation,
    why,
    transcript,
    replay,
    outbox,
    dead,
    send,
    start,
    handoff,
    doctor,
    backup,
    gateway,
    restore,
    forget,
    sandbox,
):
    botkit.add_command(_command)


def main() -> None:
    """Run the command line."""
    prepare_streams()
    translate_click()
    try:
        botkit()
    except OSError as error:  # click writes help before any command is invoked
        sys.exit(no_room(error))
