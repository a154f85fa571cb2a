"""`botkit dead`: what failed for good, and what to do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli import questions
from botkit.cli.asking import asked, asking
from botkit.cli.messages import count, say
from botkit.cli.options import config_option, lang_option, places, spoken
from botkit.cli.shown import date, dated, json_of, one_line, visible
from botkit.errors import UsageError
from botkit.flow.failures import failure_in

if TYPE_CHECKING:
    from botkit.cli.asking import Asking
    from botkit.settings import Settings
    from botkit.talks.mask import Masks

Row = dict[str, Any]
#: Letters that `--all` means at most at once.
ALL = "1000"


@click.group("dead", help=say("dead"))
def dead() -> None:
    """Hold the commands about dead letters."""


@dead.command("list", help=say("dead list"))
@click.option("--limit", type=int, default=50, show_default=True, help=say("option limit letters"))
@click.option("--personal", is_flag=True, help=say("option personal"))
@config_option()
@lang_option()
def dead_list(limit: int, personal: bool, config: Path) -> None:
    """Print the dead letters, a line each."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    rows = asked(settings, config, "dead", limit=str(limit))
    if not rows:
        click.echo(say("no letters", spoken()), err=True)
    for row in rows:
        who = f"{row['contact']} ({row['channel']})" if personal else row["conversation_id"]
        parts = (date(row["closed_at"], zone), one_line(who), _kind(row), *_where(row), _type(row))
        click.echo(f"{row['id']:>8}  " + "  ".join(str(part) for part in parts if part))


@dead.command("show", help=say("dead show"))
@click.argument("letter")
@click.option("--personal", is_flag=True, help=say("option personal"))
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def dead_show(letter: str, personal: bool, as_json: bool, config: Path) -> None:
    """Print one dead letter, masked as a transcript is."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    row, masks = asyncio.run(_read(settings, config, letter, personal=personal))
    if not personal:
        click.echo(say("masked", spoken()), err=True)
    if as_json:
        click.echo(json_of(dated(row if personal else _masked(row, masks), zone), indent=2))
        return
    lines = list(_lines(row, masks, zone))
    width = max(len(label) for label, _ in lines) + 1
    for label, text in lines:
        click.echo(f"{label + ':':<{width}} {text}")
    click.echo(say("letter trace", spoken(), conversation=row["conversation_id"]), err=True)


@dead.command("retry", help=say("dead retry"))
@click.argument("letters", nargs=-1)
@click.option("--all", "every", is_flag=True, help=say("option all letters"))
@click.option("--yes", is_flag=True, help=say("option yes"))
@config_option()
@lang_option()
def dead_retry(letters: tuple[str, ...], every: bool, yes: bool, config: Path) -> None:
    """Try dead letters again; asks where one did a part already."""
    asyncio.run(_do("dead retry", letters, config, every=every, yes=yes))


@dead.command("drop", help=say("dead drop"))
@click.argument("letters", nargs=-1)
@click.option("--all", "every", is_flag=True, help=say("option all letters"))
@click.option("--yes", is_flag=True, help=say("option yes"))
@config_option()
@lang_option()
def dead_drop(letters: tuple[str, ...], every: bool, yes: bool, config: Path) -> None:
    """Give dead letters up; asks first."""
    asyncio.run(_do("dead drop", letters, config, every=every, yes=yes))


# ── doing ──


async def _do(action: str, letters: tuple[str, ...], config: Path, *, every: bool, yes: bool) -> None:
    if bool(letters) == every:
        raise _both("letters or all")
    async with asking(places(config), config) as desk:
        rows = [await desk.call("dead letter", letter=letter) for letter in dict.fromkeys(letters)]
        rows = await desk.call("dead", limit=ALL) if every else rows
    if not rows:
        click.echo(say("no letters", spoken()), err=True)
    at_stake = rows if action == "dead drop" else [row for row in rows if row["legs"]]
    if at_stake and not yes:  # with the store given back: who answers may take their time
        _confirm(action, len(at_stake))
    async with asking(places(config), config) as desk:
        for row in rows:
            done = await desk.act(action, {"letter": str(row["id"])})
            waits = action == "dead retry" and done == "at next start"
            click.echo(say(f"{'waits' if waits else 'did'} {action}", spoken(), letter=row["id"]))


def _confirm(action: str, number: int) -> None:
    """Ask; raises UsageError for anything but a yes."""
    if not questions.is_asked():
        raise _both("needs yes")
    if not questions.agreed(count(f"ask {action.split()[1]}", number, spoken()), err=True):
        raise _both("not confirmed")


def _both(key: str) -> UsageError:
    return UsageError(say(key, "en"), say(key, "es"))


# ── showing ──


async def _read(settings: Settings, config: Path, letter: str, *, personal: bool) -> tuple[Row, Masks]:
    """Return a letter, and stand-ins for all whom its conversation tells of."""
    from botkit.talks.mask import Masks

    masks = Masks(settings.bot.language, personal=personal)
    async with asking(settings, config) as desk:
        row = await desk.call("dead letter", letter=letter)
        masks.meet(row["contact"], row["name"])
        if not personal:
            await _meet(desk, row, masks, config)
    return row, masks


async def _meet(desk: Asking, row: Row, masks: Masks, config: Path) -> None:
    """Take up who the conversation tells of, and the answer that the letter may be."""
    import os

    from botkit.project import load_project
    from botkit.talks.recorded import Turn
    from botkit.talks.source import meet

    flows = load_project(config, os.environ).flows
    await meet(desk, {"id": row["conversation_id"]}, masks, flows)
    at = (row["received_at"], row["closed_at"])
    masks.hear(Turn(row["id"], row["kind"], "dead", row["event"], *at, came_from=row["step"]), flows)


def _lines(row: Row, masks: Masks, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield what an operator wants to know of a letter: labels and texts."""
    from botkit.cli.talk_lines import heard
    from botkit.talks.recorded import turn_of

    language = spoken()
    turn = turn_of({**row, "status": "dead", "at": row["received_at"], "legs": [], "said": []})
    yield say("letter what", language), f"{_kind(row)}: {heard(turn, masks)}"
    yield say("letter who", language), f"{visible(masks.text(row['contact']))} ({row['channel']})"
    yield say("letter when", language), str(date(row["received_at"], zone))
    yield say("letter gave up", language), str(date(row["closed_at"], zone))
    yield say("letter attempts", language), str(row["attempts"])
    yield say("letter error", language), visible(masks.text(failure_in(language, _error(row))))
    if where := "  ".join(_where(row)):
        yield say("letter where", language), where
    if row["legs"]:
        yield say("letter did", language), say("letter part", language)


def _masked(row: Row, masks: Masks) -> Row:
    """Return a letter with stand-ins for people, as JSON types."""
    told = {name: masks.text(row[name] or "") for name in ("contact", "error")}
    name = masks.text(row["name"]) if row["name"] else None
    return {**row, **told, "name": name, "event": masks.value(row["event"])}


def _kind(row: Row) -> str:
    return say(f"kind of {row['kind']}", spoken())


def _where(row: Row) -> Iterator[str]:
    """Yield the step and where it is written, as far as they are known."""
    yield from (row[name] for name in ("step", "place") if row[name])


def _type(row: Row) -> str:
    """Return the type of an error: what it says may tell of people."""
    head, _, _ = _error(row).partition(":")
    return one_line(head)


def _error(row: Row) -> str:
    return row["error"] or say("letter ended", spoken())
