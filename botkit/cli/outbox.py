"""`outbox`: what waits to be sent, when it leaves and why not yet, and how people step in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from botkit.cli import questions
from botkit.cli.asking import Asking, asking
from botkit.cli.messages import Language, count, say
from botkit.cli.options import channel_option, config_option, lang_option, places, spoken
from botkit.cli.outbox_lines import channel_lines, ended_line, reason, story, waiting_line
from botkit.cli.shown import date, dated, json_of
from botkit.cli.trouble import store_refuses
from botkit.errors import UsageError

Row = dict[str, Any]
T = TypeVar("T")
#: States of rows that wait, which are listed in the order in which they leave.
_WAITING = (None, "pending", "flying", "uncertain")
_EVERY = "all"
_BOTH: tuple[Language, Language] = ("en", "es")


@click.group("outbox", help=say("outbox"))
def outbox() -> None:
    """Hold the commands about the outbox."""


def _contact_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--contact", "of_contact", metavar="CONTACT", help=say("option of contact"))


def _yes_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--yes", "-y", is_flag=True, help=say("option yes"))


@outbox.command("list", help=say("outbox list"))
@click.argument("contact", required=False)
@_contact_option()
@click.option("--state", "--status", "state", metavar="STATE", help=say("option state"))
@channel_option()
@click.option("--limit", type=int, default=50, show_default=True, help=say("option limit"))
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def outbox_list(
    contact: str | None,
    of_contact: str | None,
    state: str | None,
    channel: str | None,
    limit: int,
    as_json: bool,
    config: Path,
) -> None:
    """Print what waits and when it leaves, or the messages in another state, a line each."""
    asked = {"contact": contact if contact is not None else of_contact, "channel": channel, "limit": str(limit)}
    zone = ZoneInfo(places(config).bot.timezone)
    if state in _WAITING:
        found: Row = _with_desk(config, lambda desk: desk.call("queue", **asked, state=state), contact=asked["contact"])
        _tell_queue(found, zone, as_json=as_json)
        return
    status = None if state == _EVERY else state
    rows: list[Row] = _with_desk(
        config, lambda desk: desk.call("outbox", **asked, status=status), contact=asked["contact"]
    )
    if as_json:
        click.echo(json_of([dated(row, zone) for row in rows], indent=2))
    elif not rows:
        click.echo(say("no messages", spoken()), err=True)
    else:
        click.echo("\n".join(ended_line(row, zone) for row in rows))


def _tell_queue(found: Row, zone: ZoneInfo, *, as_json: bool) -> None:
    if as_json:
        rows = [{**dated(row, zone), "at": dated({"at": row["at"]}, zone)["at"]} for row in found["rows"]]
        click.echo(
            json_of({**found, "channels": [dated(row, zone) for row in found["channels"]], "rows": rows}, indent=2)
        )
        return
    now, language = time.time(), spoken()
    for channel in found["channels"]:
        click.echo("\n".join(channel_lines(channel, zone, now)))
    if found["channels"] and not any(channel["running"] for channel in found["channels"]):
        click.echo(say("queue asleep", language))
    if "store" in found:
        click.echo(store_refuses(found["store"]))
    for row in found["rows"]:
        click.echo(waiting_line(row, zone, now))
    if not found["rows"]:
        click.echo(say("nothing waits", language), err=True)
    elif found["total"] > len(found["rows"]):
        click.echo(say("queue more", language, n=found["total"] - len(found["rows"])))


@outbox.command("show", help=say("outbox show"))
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@click.option("--request", "is_request", is_flag=True, help=say("option request"))
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def outbox_show(number: int, is_request: bool, as_json: bool, config: Path) -> None:
    """Print the story of a message; of a request, that of the first message that it carries."""
    zone = ZoneInfo(places(config).bot.timezone)
    if is_request:
        number = _with_desk(config, lambda desk: desk.call("carried", request=str(number)))[0]
    row: Row = _with_desk(config, lambda desk: desk.call("message", row=str(number)))
    if as_json:
        click.echo(json_of({**dated(row, zone), "requests": [dated(each, zone) for each in row["requests"]]}, indent=2))
        return
    lines = list(story(row, zone, time.time()))
    width = max(len(label) for label, _ in lines) + 1
    click.echo("\n".join(f"{label + ':':<{width}} {text}" for label, text in lines))


@outbox.command("retry", help=say("outbox retry"))
@click.argument("numbers", metavar="ID...", nargs=-1, required=True, type=click.IntRange(min=1))
@_yes_option()
@config_option()
@lang_option()
def outbox_retry(numbers: tuple[int, ...], yes: bool, config: Path) -> None:
    """Have messages wait again; asks first if one may have arrived."""

    async def change(desk: Asking) -> Row | None:
        doubtful = [] if yes else [n for n in numbers if (await desk.call("message", row=str(n)))["may_have_come"]]
        if doubtful and not _agrees(say("retry asks", spoken(), ids=", ".join(map(str, doubtful)))):
            return None
        return await desk.change("outbox retry", {"ids": list(numbers), "twice": yes or bool(doubtful)})

    done = _with_desk(config, change)
    if done is None or not done["rows"]:  # none: they were sent meanwhile
        click.echo(say("did nothing", spoken()), err=True)
        return
    click.echo(say("did retry", spoken(), rows=", ".join(map(str, done["rows"]))))
    for old, new in done["moved"].items():
        click.echo(say("did move", spoken(), old=old, new=new))


@outbox.command("drop", help=say("outbox drop"))
@click.argument("numbers", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@_contact_option()
@click.option("--all", "every", is_flag=True, help=say("option all"))
@channel_option()
@_yes_option()
@config_option()
@lang_option()
def outbox_drop(
    numbers: tuple[int, ...], of_contact: str | None, every: bool, channel: str | None, yes: bool, config: Path
) -> None:
    """Drop what waits; asks first, with the count."""
    if [bool(numbers), of_contact is not None, every].count(True) != 1:
        raise UsageError(*(say("drop what", language) for language in _BOTH))

    values: Row = {"ids": list(numbers), **({} if channel is None else {"channel": channel})}
    found: Row = {"count": len(numbers), "uncertain": 0}
    if not numbers:
        chosen = {"contact": of_contact, "channel": channel}
        found = _with_desk(config, lambda desk: desk.call("droppable", **chosen), contact=of_contact)
        values = {name: value for name, value in chosen.items() if value is not None}
        values |= {"up_to": found["up_to"], **({"all": True} if every else {})}
    # The store is given back meanwhile: who answers may take their time.
    if not found["count"] or not (yes or _agrees(_dropping(found))):
        click.echo(say("did nothing", spoken()), err=True)
        return
    done: Row = _with_desk(config, lambda desk: desk.change("outbox drop", values), contact=of_contact)
    key = "did drop told" if done["told"] else "did drop"
    click.echo(say(key, spoken(), n=done["dropped"], told=done["told"]))


def _dropping(found: Row) -> str:
    language = spoken()
    doubt = say("drop doubt", language, n=found["uncertain"]) if found["uncertain"] else ""
    return count("drop asks", found["count"], language, doubt=doubt)


@outbox.command("pause", help=say("outbox pause"))
@click.argument("channel", required=False)
@config_option()
@lang_option()
def outbox_pause(channel: str | None, config: Path) -> None:
    """Have nothing more leave by a channel, or by any."""
    _switch(config, "pause", channel)


@outbox.command("resume", help=say("outbox resume"))
@click.argument("channel", required=False)
@config_option()
@lang_option()
def outbox_resume(channel: str | None, config: Path) -> None:
    """Have messages leave again."""
    _switch(config, "resume", channel)


def _switch(config: Path, what: str, channel: str | None) -> None:
    values = {} if channel is None else {"channel": channel}
    done: Row = _with_desk(config, lambda desk: desk.change(f"outbox {what}", values))
    click.echo(say(f"did {what}", spoken(), channels=", ".join(done["channels"]) or "–"))
    zone = ZoneInfo(places(config).bot.timezone)
    for each in done.get("held", ()):  # a pause has none
        key = "still held" if each["until"] is None else "still held until"
        told = {"channel": each["channel"], "why": reason(each["why"]), "at": date(each["until"], zone)}
        click.echo(say(key, spoken(), **told))


def _with_desk(config: Path, do: Callable[[Asking], Awaitable[T]], **subject: str | None) -> T:
    """Return what `do` returns with the bot's desk; raises UsageError."""

    async def ask() -> T:
        async with asking(places(config), config, **subject) as desk:
            return await do(desk)

    return asyncio.run(ask())


def _agrees(question: str) -> bool:
    """Ask a person; raises UsageError where nobody can be asked."""
    if not questions.is_asked():
        raise UsageError(*(say("needs yes", language) for language in _BOTH))
    return questions.agreed(question)
