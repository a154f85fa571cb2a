"""Commands of the people who run the bot: a text, a flow that begins, and the conversations that they have."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.asking import acted, asked
from botkit.cli.messages import count, say
from botkit.cli.options import channel_option, config_option, lang_option, places, spoken
from botkit.cli.outbox_lines import state
from botkit.cli.shown import date, dated, one_line
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet
    from botkit.settings import Settings

Row = dict[str, Any]
#: Actions after which the bot says something.
_SAYS = ("send", "start", "handoff reply")
#: Queue that no author named -> the words for it.
_TAKEN = {"phone": "by phone", "@loop": "by loop"}


@click.command("send", help=say("send"))
@click.argument("contact")
@click.argument("text")
@channel_option()
@config_option()
@lang_option()
def send(contact: str, text: str, channel: str | None, config: Path) -> None:
    """Have the bot send a text; the flow that runs waits on."""
    _act(config, "send", contact, channel, text=text)


@click.command("start", help=say("start"))
@click.argument("contact")
@click.argument("flow")
@click.option("--with", "inputs", multiple=True, metavar="NAME=VALUE", help=say("option with"))
@channel_option()
@config_option()
@lang_option()
def start(contact: str, flow: str, inputs: tuple[str, ...], channel: str | None, config: Path) -> None:
    """Have a flow begin, on top of the one that runs."""
    _act(config, "start", contact, channel, flow=flow, **({"with": read_inputs(inputs)} if inputs else {}))


def read_inputs(written: tuple[str, ...]) -> dict[str, Any]:
    """Return `name=value` texts as inputs, each value as a flow would read it; raises UsageError."""
    from botkit.flow.problem import Place
    from botkit.flow.scalar import core_value
    from botkit.flow.source import Text
    from botkit.gateway.neutral import to_text

    inputs = {}
    for each in written:
        name, sign, value = (to_text(each) or "").partition("=")
        if not sign or not name:
            raise UsageError(say("no input", "en", given=each), say("no input", "es", given=each))
        inputs[name] = core_value(Text(value, Place("--with", 1, 1, 1, 1), plain=True))
    return inputs


@click.group("handoff", help=say("handoff"))
def handoff() -> None:
    """Hold the commands about conversations that people have."""


@handoff.command("list", help=say("handoff list"))
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def handoff_list(as_json: bool, config: Path) -> None:
    """Print the conversations that people have, a line each."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    rows = asked(settings, config, "handoffs")
    if as_json:
        click.echo(json.dumps([_timed(row, zone) for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo(say("no handoffs", spoken()), err=True)
    for row in rows:
        click.echo("  ".join(_standing(row, zone)))


@handoff.command("show", help=say("handoff show"))
@click.argument("contact")
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def handoff_show(contact: str, as_json: bool, config: Path) -> None:
    """Print what was written in a conversation since people have it."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    row = asked(settings, config, "handoff", contact=contact)
    if as_json:
        messages = [dated(message, zone) for message in row["messages"]]
        click.echo(json.dumps({**_timed(row, zone), "messages": messages}, ensure_ascii=False, indent=2))
        return
    click.echo("  ".join(_standing(row, zone)))
    for message in row["messages"]:
        who = say(f"who {message['who']}", spoken())
        status = f"  [{state(message['status'])}]" if message.get("status", "sent") != "sent" else ""
        click.echo(f"{date(message['at'], zone)}  {who:<8}  {_said(message)}{status}")


@handoff.command("reply", help=say("handoff reply"))
@click.argument("contact")
@click.argument("text")
@channel_option()
@config_option()
@lang_option()
def handoff_reply(contact: str, text: str, channel: str | None, config: Path) -> None:
    """Have the bot send what a person answers."""
    _act(config, "handoff reply", contact, channel, text=text)


@handoff.command("release", help=say("handoff release"))
@click.argument("contact")
@channel_option()
@config_option()
@lang_option()
def handoff_release(contact: str, channel: str | None, config: Path) -> None:
    """Give a conversation back to the bot."""
    _act(config, "handoff release", contact, channel)


def _act(config: Path, action: str, contact: str, channel: str | None, **values: Any) -> None:
    """Do an action, and say that it is done, or when it will be."""
    settings = places(config)
    given = {"contact": contact, **({"channel": channel} if channel else {}), **values}
    done = acted(settings, config, action, given, flows=lambda: _flows(config))
    if done == "now" and action in _SAYS and _is_paused(settings, config, contact, channel):
        done = "paused"
    click.echo(say(f"did {action}" if done == "now" else f"done {done}", spoken()))


def _is_paused(settings: Settings, config: Path, contact: str, channel: str | None) -> bool:
    """Return whether nothing leaves by the channel of a contact, by an operator's word."""
    waits = asked(settings, config, "queue", limit="1")["channels"]
    paused = {row["channel"] for row in waits if row["paused_at"] is not None}
    if not paused:
        return False
    rows = asked(settings, config, "conversations", contact=contact, channel=channel)
    return all(row["channel"] in paused for row in rows)


def _flows(config: Path) -> FlowSet:
    """Return the flows of the bot as it stands on disk; raises UsageError."""
    from botkit.project import load_project  # heavy

    flows = load_project(config, os.environ).flows
    if flows is None:
        raise UsageError(say("no flows", "en"), say("no flows", "es"))
    return flows


def _timed(row: Row, zone: ZoneInfo) -> Row:
    return {name: date(value, zone) if name in ("since", "until") else value for name, value in row.items()}


def _standing(row: Row, zone: ZoneInfo) -> Iterator[str]:
    """Yield what an operator wants to know of a conversation that people have."""
    yield f"{row['contact']} ({row['channel']})" + (f" {one_line(row['name'])}" if row["name"] else "")
    yield from handed(row, zone)
    yield row["place"] or say("shown idle", spoken())


def handed(handoff: Row, zone: ZoneInfo) -> Iterator[str]:
    """Yield who has a conversation, since when, and how much they have not answered."""
    language, queue = spoken(), handoff["to"]
    yield say(_TAKEN[queue], language) if queue in _TAKEN else say("in queue", language, queue=queue)
    yield say("handed since", language, since=date(handoff["since"], zone))
    yield count("unread", handoff["unread"], language)


def _said(message: Row) -> str:
    """Return what a message says, and what it brings, on one line."""
    brought = message.get("media") or message.get("location")
    kind = brought.get("type", "location") if brought else message.get("type", "text")
    parts = [f"[{kind}]" if kind not in ("text", "choices") else "", message["text"] or ""]
    return one_line(" ".join(part for part in parts if part))
