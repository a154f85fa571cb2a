"""`gateway try`: what the rules of a channel make of a captured body."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import click

from botkit.cli.messages import count, say
from botkit.cli.options import channel_option, config_option, existing, lang_option, spoken
from botkit.cli.shown import date, json_of, one_line
from botkit.errors import IntakeError, ProblemsFound, UsageError

if TYPE_CHECKING:
    from botkit.gateway.trial import Gap, Passed, Trial
    from botkit.gateway.ways_in import Poll, Webhook
    from botkit.server.drafts import Draft

WRONG = 1
_FORM = re.compile(rb"\s*[\w.%+-]+=[^&{}\s]*(&[\w.%+-]+=[^&{}\s]*)*\s*")


@click.command("try", help=say("gateway try"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help=say("option header"))
@click.option("--poll", "polled", is_flag=True, help=say("option poll"))
@channel_option()
@config_option()
@lang_option()
@click.pass_context
def try_(
    ctx: click.Context, file: Path, headers: tuple[str, ...], polled: bool, channel: str | None, config: Path
) -> None:
    """Print the events that a captured body becomes, and which rule took each; exit 1 for an idle one."""
    from botkit.gateway.trial import finds_items, try_body
    from botkit.gateway.ways_in import Webhook
    from botkit.server.drafts import open_draft

    given = _read_headers(headers)
    draft = open_draft(existing(config), os.environ, channel)
    if given and (wrong := draft.wrong("webhook.auth")):
        raise ProblemsFound(wrong)
    way = draft.way_in(polled=polled, with_auth=bool(given))
    body = _read(ctx, file, way)
    name = draft.data.get("profile", "waconecta")
    click.echo(say("try channel", spoken(), channel=draft.channel.name, profile=name))
    is_trusted = not isinstance(way, Webhook) or _vouched(draft, way, given, body)
    try:
        trials, is_found = try_body(draft.channel.name, way, body), finds_items(way, body)
    except IntakeError as error:
        _refuse(ctx, file, body, error)
    if not is_found and not isinstance(way, Webhook):
        _end(ctx, say("try no list", spoken(), path=way.items))
    if not is_found:
        click.echo(say("try no items", spoken(), path=way.items))
    zone = ZoneInfo(draft.settings.bot.timezone)
    for trial in trials:
        click.echo("\n" + "\n".join(_told(trial, way, zone)))
    unmapped = sum(trial.rule is None for trial in trials)
    click.echo("\n" + count("try sum", len(trials), spoken(), unmapped=unmapped))
    if unmapped or not is_trusted or any(trial.says_nothing or _is_stateless(trial) for trial in trials):
        ctx.exit(WRONG)


# ── what is given ──


def _read_headers(written: tuple[str, ...]) -> dict[str, str]:
    headers = {}
    for each in written:
        name, colon, value = each.partition(":")
        if not colon or not name.strip():
            raise UsageError(say("no header", "en", given=each), say("no header", "es", given=each))
        headers[name.strip()] = value.strip()
    return headers


def _read(ctx: click.Context, file: Path, way: Webhook | Poll) -> bytes:
    """Return the body in a file, as much of it as is taken this way."""
    from botkit.gateway.client import LISTING_LIMIT
    from botkit.gateway.ways_in import Webhook
    from botkit.server.webhook import BODY_MAX

    most = BODY_MAX if isinstance(way, Webhook) else LISTING_LIMIT
    if str(file) == "-":
        body = sys.stdin.buffer.read(most + 1)
    else:
        if not file.is_file():
            raise UsageError(say("no such file", "en", path=file), say("no such file", "es", path=file))
        with file.open("rb") as opened:
            body = opened.read(most + 1)
    if len(body) > most:
        _end(ctx, say("no json large", spoken(), file=file, most=most))
    return body


def _refuse(ctx: click.Context, file: Path, body: bytes, error: IntakeError) -> NoReturn:
    """Say why a body is not taken, and end."""
    from botkit.gateway.inbound import ITEMS_LIMIT
    from botkit.gateway.syntax import DEPTH_LIMIT

    if error.status == 413:
        _end(ctx, say("no json many", spoken(), file=file, most=ITEMS_LIMIT))
    if not body.strip():
        _end(ctx, say("no json empty", spoken(), file=file))
    if _FORM.fullmatch(body):
        _end(ctx, say("no json form", spoken(), file=file))
    with suppress(RecursionError):
        try:
            json.loads(body.decode("utf-8", "replace").removeprefix("\ufeff"))
        except json.JSONDecodeError as where:
            _end(ctx, say("no json at", spoken(), file=file, line=where.lineno, column=where.colno))
        except ValueError:  # numbers that no program could hold
            _end(ctx, say("no json at", spoken(), file=file, line=1, column=1))
    _end(ctx, say("no json deep", spoken(), file=file, most=DEPTH_LIMIT))


def _end(ctx: click.Context, why: str) -> NoReturn:
    click.echo(say("error", spoken(), why=why), err=True)
    ctx.exit(WRONG)


def _vouched(draft: Draft, webhook: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether the gateway vouches for a body; False if it is refused for that."""
    from multidict import CIMultiDict

    from botkit.gateway.signature import Verifier

    auth, written = webhook.auth, draft.data.get("webhook")
    if not headers:
        is_open = isinstance(written, Mapping) and (written.get("auth") or {}) == {"kind": "none"}
        click.echo(say("try open" if is_open else "try unsigned", spoken()))
        return True
    if auth is None or auth.kind == "none":
        click.echo(say("try open", spoken()))
        return True
    known = CIMultiDict(headers)
    try:
        Verifier(auth).verify(known, body, None)  # an example may be old
    except IntakeError:
        why = "try wrong signature" if auth.carried_in in known else "try no header"
        click.echo(say(why, spoken(), header=auth.carried_in), err=True)
        return False
    click.echo(say("try signed", spoken()))
    return True


# ── how it is told ──


def _told(trial: Trial, way: Webhook | Poll, zone: ZoneInfo) -> Iterator[str]:
    where = one_line(trial.where) if trial.where else say("try made", spoken())
    if trial.rule is None:
        yield say("try unmapped", spoken(), where=where)
        yield from (f"  {_told_passed(each)}" for each in trial.passed)
        if isinstance(trial.item, dict):
            yield "  " + say("try has", spoken(), keys=one_line(", ".join(trial.item)))
        return
    when = way.rules[trial.rule].when
    yield say("try mapped", spoken(), where=where, kind=trial.event.kind, rule=trial.rule + 1, when=when)
    lines = [*_fields(trial, zone), *((gap.field, _told_gap(gap)) for gap in trial.gaps)]
    width = max((len(name) for name, _ in lines), default=0) + 1
    yield from (f"  {name + ':':<{width}} {value}" for name, value in lines)
    if trial.unused:
        yield "  " + say("try unused", spoken(), keys=one_line(", ".join(trial.unused)))
    if trial.says_nothing:
        yield "  " + say("try nothing", spoken())
    if _is_stateless(trial) and not trial.event.state:
        yield "  " + say("try stateless", spoken(), known=", ".join(_states()))


def _fields(trial: Trial, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield what an event holds, in the order in which events have it."""
    for name, value in trial.event._asdict().items():
        if name in ("channel", "kind") or value is None or value is False or value == "":
            continue
        if name == "at":
            yield name, str(date(value, zone))
        elif name == "state" and _is_stateless(trial):
            yield name, f"{one_line(value)} {say('try no state', spoken(), known=', '.join(_states()))}"
        elif hasattr(value, "_asdict"):
            yield name, json_of(value._asdict())
        else:
            yield name, value if isinstance(value, str) and value.isprintable() else json_of(value)


def _is_stateless(trial: Trial) -> bool:
    """Tell whether it is a status that settles nothing."""
    return trial.event.kind == "status" and trial.event.state not in _states()


def _states() -> tuple[str, ...]:
    """Return the states that settle something."""
    from botkit.store.news import FAILED, STATES

    return (*STATES, FAILED)


def _told_gap(gap: Gap) -> str:
    if not gap.path:
        return f"{say('try empty', spoken())} {say('try no path', spoken())}"
    if gap.found == "":
        return say("try blank", spoken(), path=gap.path)
    near = say("try near", spoken(), near=one_line(gap.near)) if gap.near else ""
    key = "try finds nothing" if gap.found is None else "try unreadable"
    return f"{say('try empty', spoken())} {say(key, spoken(), path=gap.path, found=_brief(gap.found))}{near}"


def _told_passed(passed: Passed) -> str:
    if passed.gap is not None:
        return say("try no contact", spoken(), rule=passed.rule + 1, gap=_told_gap(passed.gap))
    told = say("try rule", spoken(), rule=passed.rule + 1, when=passed.when)
    compared = ", ".join(
        say("try compared", spoken(), name=name, found=_brief(found)) for name, found in passed.compared
    )
    return f"{told} ({compared})" if compared else told


def _brief(value: Any) -> str:
    return one_line(json_of(value))
