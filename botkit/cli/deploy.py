"""`botkit plan`: what a deploy of the files as they are now would do to each live conversation."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.asking import Asking, asking
from botkit.cli.messages import count, say
from botkit.cli.options import config_option, lang_option, sound, spoken

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet
    from botkit.plan import Planned
    from botkit.settings import Settings

STRANDED = 1
#: Conversations that are asked for at once.
PAGE = 1000


@click.command("plan", help=say("plan"))
@click.option("--json", "as_json", is_flag=True, help=say("option json plan"))
@click.option("--sum", "only_sum", is_flag=True, help=say("option sum"))
@click.option("--contacts", is_flag=True, help=say("option contacts"))
@config_option()
@lang_option()
@click.pass_context
def plan(ctx: click.Context, as_json: bool, only_sum: bool, contacts: bool, config: Path) -> None:
    """Print what becomes of each live conversation, and the sum; exit 1 if somebody would be stranded."""
    project, settings, flows = sound(config)
    found = asyncio.run(_planned(project.handlers, settings, flows, config, contacts=contacts))
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        lines = [_line(each) for each in found if each.outcome != "stays" and not only_sum]
        click.echo("\n".join([*lines, *_sum(found)]))
    if any(each.outcome == "stranded" for each in found):
        ctx.exit(STRANDED)


async def _planned(
    handlers: Collection[str], settings: Settings, flows: FlowSet, config: Path, *, contacts: bool
) -> list[Planned]:
    from botkit.definitions import adopt
    from botkit.flow.model import Need
    from botkit.plan import Planner, digests_of

    async with asking(settings, config) as desk:
        rows = [row async for row in _live(desk, contacts=contacts)]
        await adopt(flows, digests_of(rows), lambda digest: desk.call("definition", digest=digest))
    offered: dict[str, Collection[str]] = {
        "handler": handlers,
        "service": settings.services,
        "host": settings.http.allow,
    }
    planner = Planner(flows, [Need(what, name) for what, names in offered.items() for name in names])
    return [planner.plan(row) for row in rows]


async def _live(desk: Asking, *, contacts: bool) -> AsyncIterator[dict[str, Any]]:
    """Yield the conversations in which a flow runs."""
    after = ""
    while True:
        page = await desk.call("live", after=after, limit=str(PAGE), contacts="yes" if contacts else None)
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after = page[-1]["id"]


# ── how it is told ──


def _as_json(found: Sequence[Planned]) -> dict[str, Any]:
    told = [
        {
            "id": each.id,
            **({"contact": each.contact} if each.contact is not None else {}),
            "outcome": each.outcome,
            "frames": [frame._asdict() for frame in each.frames],
            "reasons": [reason._asdict() for reason in each.reasons],
        }
        for each in found
    ]
    return {"conversations": told, "sum": Counter(each.outcome for each in found)}


def _line(each: Planned) -> str:
    """Return a conversation on a line: who, where, what becomes of it, and why."""
    language = spoken()
    where = " › ".join(f"{frame.flow}/{frame.step}" for frame in each.frames)
    goes = ", ".join(dict.fromkeys(frame.to for frame in each.frames if frame.to))
    what = say(f"plan {each.outcome}", language)
    why = "; ".join(say(f"plan why {reason.why}", language, name=reason.name) for reason in each.reasons)
    who = each.id if each.contact is None else f"{each.id}  {each.contact}"
    return f"{who}  {where or '–'}  {what}{f' → {goes}' if goes else ''}{f': {why}' if why else ''}"


def _sum(found: Sequence[Planned]) -> Iterator[str]:
    from botkit.plan import OUTCOMES

    language = spoken()
    yield count("plan sum", len(found), language)
    counts = Counter(each.outcome for each in found)
    for outcome in OUTCOMES:
        if counts[outcome]:
            which = outcome if counts[outcome] == 1 else f"many {outcome}"
            yield f"{counts[outcome]:>7}  {say(f'plan {which}', language)}"
    reasons = Counter(reason for each in found for reason in each.reasons)
    for reason, number in reasons.most_common():
        yield f"{number:>11}  {say(f'plan why {reason.why}', language, name=reason.name)}"
