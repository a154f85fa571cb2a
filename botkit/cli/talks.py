"""Commands about talks that were held: `transcript` and `replay`."""

from __future__ import annotations

import asyncio
import io
import os
import shlex
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.asking import Asking, asking
from botkit.cli.messages import count, say
from botkit.cli.options import channel_option, config_option, lang_option, places, sound, spoken
from botkit.cli.recorded import begin_of
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet
    from botkit.settings import Settings
    from botkit.talks.compare import Fit
    from botkit.talks.recorded import Talk
    from botkit.talks.script import Written

Row = Mapping[str, Any]
DIFFERENT = 1


@click.command("transcript", help=say("transcript"))
@click.argument("contact")
@click.option("--as-test", is_flag=True, help=say("option as-test"))
@click.option("--since", metavar="WHEN", help=say("option since"))
@click.option("--personal", is_flag=True, help=say("option personal"))
@channel_option()
@config_option()
@lang_option()
def transcript(
    contact: str, as_test: bool, since: str | None, personal: bool, channel: str | None, config: Path
) -> None:
    """Print what was said with a contact, or write it as a conversation test."""
    if as_test:
        _write_tests(contact, channel, since, config, personal=personal)
        return
    settings = places(config)
    if not asyncio.run(_tell(settings, config, contact, channel, since, personal=personal)):
        click.echo(_nothing(since), err=True)


@click.command("replay", help=say("replay"))
@click.option("--since", metavar="WHEN", help=say("option since"))
@click.option("--flow", metavar="NAME", help=say("option flow"))
@click.option("--personal", is_flag=True, help=say("option personal"))
@config_option()
@lang_option()
@click.pass_context
def replay(ctx: click.Context, since: str | None, flow: str | None, personal: bool, config: Path) -> None:
    """Print what the files as they are would answer otherwise; exit 1 if anything, 2 if no talk was chosen."""
    _, settings, flows = sound(config)
    if flow is not None and flows.present(flow) is None:
        raise UsageError(*(_no_flow(flow, flows, language) for language in ("en", "es")))
    if asyncio.run(_replay(settings, flows, config, since, flow, personal=personal)):
        ctx.exit(DIFFERENT)


def _no_flow(flow: str, flows: FlowSet, language: Any) -> str:
    from botkit.flow.problem import nearest

    near = nearest(flow, [name for name, each in flows.flows.items() if not each.builtin])
    return say("replay no flow", language, flow=flow) + (say("near flow", language, near=near) if near else "")


# ── transcript ──


async def _tell(
    settings: Settings, config: Path, contact: str, channel: str | None, since: str | None, *, personal: bool
) -> bool:
    """Print a conversation; return whether there was anything to print."""
    from botkit.cli.talk_lines import Telling
    from botkit.talks.mask import Masks
    from botkit.talks.source import meet, turns

    begin, told = begin_of(since, settings), False
    flows = _flows_if_sound(config)
    async with asking(settings, config, contact=contact) as desk:
        row = await _the_conversation(desk, contact, channel)
        masks = Masks(settings.bot.language, personal=personal)
        masks.meet(row["contact"], _name_of(row))
        await meet(desk, row, masks, flows, begin)
        telling = Telling(row, _name_of(row), masks, ZoneInfo(settings.bot.timezone))
        async for turn in turns(desk, row["id"], begin, whole=False):
            if not told and not personal:
                click.echo(say("masked", spoken()), err=True)
            for line in (*(() if told else telling.head()), *telling.lines(turn)):
                click.echo(line)
            told = True
    return told


def _flows_if_sound(config: Path) -> FlowSet | None:
    """Return the flows by which names are known among answers; a transcript is shown without them, too."""
    from botkit.project import load_project

    return load_project(config, os.environ).flows


def _write_tests(contact: str, channel: str | None, since: str | None, config: Path, *, personal: bool) -> None:
    from botkit.testing.written import numbered, write_tests

    project, settings, flows = sound(config)
    tests: list[Written] = asyncio.run(_tests(settings, flows, config, contact, channel, since, personal=personal))
    written = [test for test in tests if test.talk.lines]
    if not written:
        why = next((say(f"end {test.end}", spoken()) for test in tests if test.end), _nothing(since))
        click.echo(say("test none", spoken(), why=why), err=True)
        return
    for test, talk in zip(written, numbered([test.talk for test in written]), strict=True):
        test.talk = talk
    comment = say("test comment personal" if personal else "test comment", spoken())
    text = write_tests([test.talk for test in written], comment)
    click.echo(text.encode(), nl=False)
    for line in [line for test in written for line in _remarks(test)]:
        click.echo(line, err=True)
    for name in _failing(project, text):
        click.echo(say("test differs", spoken(), name=name), err=True)


def _remarks(test: Written) -> list[str]:
    name, language = test.talk.name, spoken()
    told = [say("test ends", language, name=name, why=say(f"end {test.end}", language))] if test.end else []
    return told + ([count("test untold", test.untold, language, name=name)] if test.untold else [])


def _failing(project: Any, text: str) -> list[str]:
    """Return the names of tests that do not pass as they are written."""
    from botkit.flow.yaml_reader import read
    from botkit.logs import show_warnings
    from botkit.testing.play import play
    from botkit.testing.script import read_scripts

    show_warnings(io.BytesIO())
    scripts, _ = read_scripts(read(text, "transcript"))
    return [script.name for script in scripts if not play(project, script).passed]


async def _tests(
    settings: Settings,
    flows: FlowSet,
    config: Path,
    contact: str,
    channel: str | None,
    since: str | None,
    *,
    personal: bool,
) -> list[Written]:
    from botkit.logs import show_warnings
    from botkit.talks.mask import Masks
    from botkit.talks.recorded import talks_of
    from botkit.talks.script import Scripts
    from botkit.talks.source import meet, turns

    begin = begin_of(since, settings)
    async with asking(settings, config, contact=contact) as desk:
        show_warnings(io.BytesIO())  # what a flow warns of was told when it happened
        row = await _the_conversation(desk, contact, channel)
        masks = Masks(settings.bot.language, personal=personal)
        masks.meet(row["contact"], _name_of(row))
        await meet(desk, row, masks, flows, begin)
        scripts = Scripts(flows, fit_of(config), masks, say("test name", spoken(), at="{at}"))
        talks = _since(talks_of(row, turns(desk, row["id"], begin)), begin)
        return [test async for test in scripts.tests(talks)]


async def _since(talks: AsyncIterator[Talk], begin: float | None) -> AsyncIterator[Talk]:
    """Yield the talks that had not ended by then."""
    async for talk in talks:
        if begin is None or talk.turns[-1].at >= begin:
            yield talk


# ── replay ──


async def _replay(
    settings: Settings, flows: FlowSet, config: Path, since: str | None, flow: str | None, *, personal: bool
) -> int:
    """Print the differences, as they are found, and the sum; return how many there are."""
    from botkit.cli.talk_lines import change_lines
    from botkit.logs import show_warnings
    from botkit.talks.mask import Masks
    from botkit.talks.recorded import talks_of
    from botkit.talks.replay import replay as play
    from botkit.talks.source import meet, talkers, turns

    begin, fit, zone = begin_of(since, settings), fit_of(config), ZoneInfo(settings.bot.timezone)
    stops, found, held, played_turns = Counter[str](), 0, 0, 0
    async with asking(settings, config) as desk:
        show_warnings(io.BytesIO())
        async for row in talkers(desk, begin):
            masks = Masks(settings.bot.language, personal=personal)
            masks.meet(row["contact"], row["name"])
            await meet(desk, row, masks, flows, begin)
            async for talk in _since(talks_of(row, turns(desk, row["id"], begin)), begin):
                if flow is not None and flow not in talk.flows():
                    continue
                played = await play(talk, flows, fit)
                held, played_turns = held + 1, played_turns + played.exchanges
                stops.update([played.stop] if played.stop in ("blank", "start", "open") else [])
                for change in played.changes:
                    if begin is None or change.at >= begin:
                        found += 1
                        click.echo("\n".join(change_lines(talk, change, masks, zone)))
    if not held and (asked := " ".join(_asked(since, flow))):
        raise UsageError(*(say("replay no match", language, asked=asked) for language in ("en", "es")))
    _sum(found, held, played_turns, stops)
    return found


def _asked(since: str | None, flow: str | None) -> list[str]:
    """Return the options that choose talks, as they were given."""
    given = {"--since": since, "--flow": flow}
    return [f"{name} {shlex.quote(value)}" for name, value in given.items() if value is not None]


def _sum(found: int, talks: int, turns: int, stops: Counter[str]) -> None:
    language = spoken()
    if not talks:
        click.echo(say("replay none", language), err=True)
        return
    click.echo(say("replay sum", language, n=found, talks=talks, turns=turns))
    for stop, number in stops.items():
        click.echo(count("replay stops", number, language, why=say(f"end {stop}", language)))


# ── what both need ──


def _nothing(since: str | None) -> str:
    return say("talk empty", spoken()) if since is None else say("talk empty since", spoken(), since=since)


def _name_of(row: Row) -> str | None:
    name: str | None = row["name"] if "name" in row else row["state"].get("last", {}).get("name")
    return name


async def _the_conversation(desk: Asking, contact: str, channel: str | None) -> Row:
    """Return the one conversation that is meant; raises UsageError."""
    found: Sequence[Row] = await desk.call("conversations", contact=contact, channel=channel)
    if len(found) > 1:
        names = ", ".join(row["channel"] for row in found)
        raise UsageError(*(say("talk several", language, names=names) for language in ("en", "es")))
    return found[0]


def fit_of(config: Path) -> Fit:
    """Return what cuts messages as the bot's channels do; one whose secrets are not at hand is taken as usual."""
    from botkit.flow.yaml_reader import read
    from botkit.gateway.compose import compose
    from botkit.gateway.ladder import fit
    from botkit.server.channels import compose_channels
    from botkit.settings import load_settings

    settings, _ = load_settings(read(config.read_bytes(), str(config)), os.environ, only=frozenset({"channels"}))
    profiles = compose_channels(settings.channels)[0] if settings is not None else {}
    usual = compose({"base_url": "sandbox"})
    return lambda channel, message: fit(message, profiles.get(channel, usual).shown)
