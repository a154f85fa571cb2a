"""`botkit doctor`: what was found, a line each with what to do about it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.asking import ways_on_disk
from botkit.cli.messages import say
from botkit.cli.options import config_option, existing, lang_option, places, spoken
from botkit.cli.outbox_lines import leaves, reason, unheard
from botkit.cli.reasons import in_language
from botkit.cli.shown import bytes_of, date, one_line, visible
from botkit.cli.trouble import store_refuses, told

if TYPE_CHECKING:
    from botkit.doctor import Finding
    from botkit.gateway.profile import Profile
    from botkit.settings import Settings

_SIGNS = {"well": "✓", "odd": "!", "bad": "✗"}


@click.command("doctor", help=say("doctor"))
@click.option("--json", "as_json", is_flag=True, help=say("option json doctor"))
@click.option("--spend", is_flag=True, help=say("option spend"))
@click.option("--accept-target", "accepts", is_flag=True, help=say("option accept-target"))
@config_option()
@lang_option()
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, spend: bool, accepts: bool, config: Path) -> None:
    """Look at everything that a bot stands on; exit 1 where something is bad."""
    from botkit.doctor import examine_bot, examine_machine
    from botkit.server.channels import compose_channels, load_bot

    project, problems = load_bot(existing(config), os.environ)
    settings = project.settings or places(config)
    profiles = compose_channels(project.settings.channels)[0] if project.settings else {}
    found = [
        *examine_bot(project, problems, profiles),
        *(asyncio.run(_accept(settings, config, profiles)) if accepts else ()),
        *asyncio.run(_live(settings, config, profiles, spends=spend)),
        *examine_machine(settings.store_path(config.parent), settings.log_path(config.parent)),
    ]
    if as_json:
        rows = [{"level": each.level, "code": each.code, "says": _says(each), **_values(each)} for each in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for line in (line for each in found for line in lines_of(each)):
            click.echo(line)
        if any(each.code == "config-wrong" for each in found):
            click.echo(told(problems, {}), err=True)
    ctx.exit(1 if any(each.level == "bad" for each in found) else 0)


async def _accept(settings: Settings, config: Path, profiles: Mapping[str, Profile]) -> list[Finding]:
    """Have a store go on with the gateways that config.yaml names now; raises UsageError, also while the bot runs."""
    from botkit.doctor import Finding
    from botkit.logs import note
    from botkit.server.target import accept_target
    from botkit.store.sqlite import SqliteStore

    if not settings.store_path(config.parent).exists():
        return []
    store = await SqliteStore.open(settings.store_path(config.parent))
    try:
        changed = await accept_target(store, profiles)
    finally:
        await store.close()
    for channel, (old, new) in changed.items():
        note(settings.log, config.parent, "target_accepted", channel=channel, before=old, target=new)
    return [
        Finding("well", "target-accepted", {"channel": channel, "before": old, "target": new})
        for channel, (old, new) in changed.items()
    ]


async def _live(settings: Settings, config: Path, profiles: Mapping[str, Profile], *, spends: bool) -> list[Finding]:
    """Return how the store, the running bot and the gateways are."""
    from botkit.control import open_desk  # heavy
    from botkit.doctor import (
        Finding,
        examine_gateways,
        examine_process,
        examine_queue,
        examine_store,
        misses_store,
    )
    from botkit.errors import StoreDamaged, StoreUnavailable, UsageError
    from botkit.server.socket import control_path, is_lost
    from botkit.server.target import refusal
    from botkit.store.owner import why_not_begun

    store, runs, told_of_store = settings.store_path(config.parent), False, None
    host = "127.0.0.1" if settings.server.host in ("0.0.0.0", "::") else settings.server.host
    url = f"http://{host}:{settings.server.port}"
    lost = not store.exists() and (is_lost(store) or await misses_store(url))
    gone = None if lost or store.exists() else why_not_begun(store)
    found: list[Finding] = []
    queue: list[dict[str, Any]] = []
    target: str | None = None
    try:
        if store.exists():
            async with open_desk(store, ways=partial(ways_on_disk, config), is_upgraded=False) as desk:
                runs, told_of_store = not desk.waits, await desk.call("store", lang=spoken())
                if told_of_store["schema"] == told_of_store["knows"]:
                    target = (await desk.call("health", lang=spoken()))["target"]
                    queue = (await desk.call("queue", limit="1", lang=spoken()))["channels"]
        elif gone is not None:
            found.append(Finding("bad", "store-gone", {"why": gone.told(spoken())}))
        if (refused := refusal(json.loads(target or "{}"), profiles)) is not None:
            found.append(Finding("bad", "store-of-another", {"why": refused.told(spoken())}))
        if gone is None:
            found += examine_store(store, control_path(store), told_of_store, time.time(), is_lost=lost)
    except StoreDamaged as error:
        found.append(Finding("bad", "store-damaged", {"path": store, "why": error.why}))
    except UsageError as error:
        found.append(Finding("bad", "store-refused", {"why": error.told(spoken())}))
    except StoreUnavailable as error:
        found.append(Finding("bad", "store-refused", {"why": say(f"store why {error.reason}", spoken())}))
    # A request that is spent tells the running bot the gateway's time, too.
    zone = ZoneInfo(settings.bot.timezone)
    spent = [await _spent(store, channel, zone) for channel in profiles] if spends else []
    found += [] if lost or gone else await examine_process(url, runs=runs)
    found += examine_queue([{**row, "paused_at": date(row["paused_at"], zone)} for row in queue])
    return [*found, *await examine_gateways(profiles), *spent]


async def _spent(store: Path, channel: str, zone: ZoneInfo) -> Finding:
    """Return what one real request to a gateway came to."""
    from botkit.control import open_desk
    from botkit.doctor import Finding, knocked
    from botkit.errors import StoreUnavailable, UsageError

    try:
        async with open_desk(store, is_upgraded=False) as desk:
            told = await desk.act("knock", {"channel": channel}, lang=spoken())
        until = told.get("until")
        return knocked(**{**told, "until": leaves(until, zone, time.time()) if until else None})
    except UsageError as error:
        return Finding("odd", "spend-none", {"channel": channel, "why": error.told(spoken())})
    except StoreUnavailable as error:
        return Finding("odd", "spend-none", {"channel": channel, "why": store_refuses(error.reason)})


def lines_of(finding: Finding) -> Iterator[str]:
    """Yield a finding as a sentence, and what to do about it."""
    yield f"{_SIGNS[finding.level]} {_says(finding)}"
    if finding.level != "well":
        values = _values(finding)
        if finding.code == "store-takes-nothing":
            values["mend"] = say(f"store mend {values['reason']}", spoken())
        yield "  → " + say(f"doctor {finding.code} hint", spoken(), **values)


def _says(finding: Finding) -> str:
    from botkit.server.health import SANDBOX_NOTICE

    values = _values(finding)
    if finding.code == "key-held":
        values["why"] = reason(values["why"])
    if finding.code == "spend-held":
        values["why"] = reason(values["why"])
        if (until := finding.values["until"]) is not None:
            values["why"] = say("doctor spend-held until", spoken(), why=values["why"], at=until)
    if finding.code == "store-takes-nothing":
        values["why"] = say(f"store why {values['reason']}", spoken())
    if finding.code == "deaf":
        values["why"] = unheard(finding.values)
    if finding.code == "process":
        values["target"] = str(values["target"]).replace(SANDBOX_NOTICE, say("sandbox notice", spoken()))
    return say(f"doctor {finding.code}", spoken(), **values)


def _values(finding: Finding) -> dict[str, Any]:
    """Return the values of a finding as people read them."""
    return {name: _shown(name, value) for name, value in finding.values.items()}


def _shown(name: str, value: Any) -> Any:
    if name in ("bytes", "size", "log") and isinstance(value, int):
        return bytes_of(value)
    if name == "why" and isinstance(value, str):
        return in_language(visible(value), spoken())  # a sentence of its own, which is not cut
    return value if isinstance(value, int | float) or value is None else one_line(value)
