"""`gateway probe`: how a live gateway counts a key's requests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from botkit.cli.gateway_show import address, told_request
from botkit.cli.messages import Language, say
from botkit.cli.options import channel_option, config_option, existing, lang_option, spoken
from botkit.cli.questions import agreed
from botkit.cli.shown import one_line
from botkit.errors import ProblemsFound, StoreOwned, UsageError
from botkit.probe.course import REQUESTS

if TYPE_CHECKING:
    from botkit.gateway.profile import Profile
    from botkit.probe.course import Seen
    from botkit.probe.infer import Guess
    from botkit.probe.send import Found
    from botkit.server.drafts import Draft

WRONG = 1
#: What of a channel a probe takes.
_PARTS = ("auth", "rate", "timeout", "capabilities", "send", "success", "id", "errors", "api_key")
#: Values of a header that are shown, of many.
_VALUES = 3


@click.command("probe", help=say("gateway probe", most=REQUESTS))
@click.option("--to", required=True, metavar="CONTACT", help=say("option probe to"))
@click.option("--dry-run", is_flag=True, help=say("option dry-run"))
@click.option("--yes", is_flag=True, help=say("option yes"))
@channel_option()
@config_option()
@lang_option()
@click.pass_context
def probe(ctx: click.Context, to: str, dry_run: bool, yes: bool, channel: str | None, config: Path) -> None:
    """Send, and print how the gateway counts; exit 1 if the answers do not tell."""
    from botkit.server.drafts import open_draft

    draft = open_draft(existing(config), os.environ, channel)
    profile, to = _profile(draft), _number(to, draft.settings.bot.country)
    click.echo(say("probe target", spoken(), target=_target(draft, profile), channel=draft.channel.name))
    click.echo(_plan(profile, to))
    if dry_run:
        click.echo(say("probe dry", spoken()) + "\n\n" + _first(profile, to))
        return
    if not (yes or agreed(say("ask probe", spoken()))):
        raise click.Abort
    found = asyncio.run(_probe(draft, profile, to, config))
    click.echo(err=True)
    click.echo("\n".join(told_of(found, profile, spoken())))
    if found.end is not None or not found.guesses:
        ctx.exit(WRONG)


def _profile(draft: Draft) -> Profile:
    """Return what of a profile a probe takes; raises ProblemsFound."""
    if wrong := draft.wrong("profile", "base_url", "send.text", *(each for each in _PARTS if each != "send")):
        raise ProblemsFound(wrong)
    profile = draft.part(*_PARTS)
    return profile.model_copy(update={"base_url": address(draft), "sandbox": draft.channel.sandbox})


def _number(to: str, country: str) -> str:
    """Return a number with its calling code: one that is valid only in the bot's country is taken for one of it."""
    import phonenumbers  # heavy

    from botkit.gateway.neutral import to_contact
    from botkit.server.contacts import spellings

    contact = to_contact(to) or to
    for written, region in ((f"+{contact}", None), (contact, country)):
        with suppress(phonenumbers.NumberParseException):
            if phonenumbers.is_valid_number(phonenumbers.parse(written, region)):
                return contact if region is None else spellings(contact, country)[:2][-1]
    return contact


async def _probe(draft: Draft, profile: Profile, to: str, config: Path) -> Found:
    from botkit.clock import SystemClock
    from botkit.gateway.client import HttpGateway
    from botkit.probe.send import Prober
    from botkit.server.target import claim_target
    from botkit.store.sqlite import SqliteStore

    name, language, clock = draft.channel.name, spoken(), SystemClock()
    try:
        store = await SqliteStore.open(draft.settings.store_path(config.parent))
    except StoreOwned:
        raise UsageError(say("probe owned", "en"), say("probe owned", "es")) from None
    try:
        await claim_target(store, {name: profile})
        gateway = HttpGateway(profile, clock, on_headers=lambda headers: prober.hear(headers))
        prober = Prober(store, gateway, clock, key=name, limits=profile.limits, most=REQUESTS)
        if (rest_s := await prober.rest_s()) > 0:
            click.echo(say("probe rests", language, seconds=round(rest_s)))
            await clock.sleep(rest_s)
        async with gateway:
            return await prober.probe(to, lambda n: say("probe text", language, n=n, most=REQUESTS), _mark)
    finally:
        await store.close()


def _mark(seen: Seen) -> None:
    """Show that a request was answered: a dot if it was taken, an x if not."""
    click.echo("." if seen.is_taken else "x", nl=False, err=True)


# ── what is told before ──


def _target(draft: Draft, profile: Profile) -> str:
    if profile.sandbox:
        return f"{profile.base_url} · {say('sandbox notice', spoken())}"
    return say("probe real", spoken(), url=profile.base_url, profile=profile.name)


def _plan(profile: Profile, to: str) -> str:
    rate = profile.rate
    least, longest = round(rate.period_s / 2), round(rate.period_s * 2.5)
    spent = {"limit": rate.limit, "period": _seconds(rate.period_s), "least": least, "longest": longest}
    return say("probe plan", spoken(), most=REQUESTS, to=one_line(to), **spent)


def _first(profile: Profile, to: str) -> str:
    from botkit.clock import SystemClock
    from botkit.gateway.client import HttpGateway

    gateway = HttpGateway(profile, SystemClock())
    wire = gateway.render(to, {"type": "text", "text": say("probe text", spoken(), n=1, most=REQUESTS)})
    return told_request(profile.base_url, wire, gateway.masked_headers(wire))


# ── what is told after ──


def told_of(found: Found, profile: Profile, language: Language) -> Iterator[str]:
    """Yield what was found, line by line."""
    seen = found.seen
    lasted_s = _seconds(round(seen[-1].answered_at, 1)) if seen else "0"
    taken = len(seen) - found.refused
    yield say("probe sum", language, n=len(seen), seconds=lasted_s, taken=taken, refused=found.refused)
    if found.end is not None:
        yield _ended(found, profile, language)
    elif seen and not seen[0].is_taken:
        yield say("probe at once", language)
    elif not found.refused:
        yield say("probe no refusal", language, n=len(seen), seconds=lasted_s)
    elif not found.guesses:
        yield say("probe no guess", language)
    for number, guess in enumerate(found.guesses if found.end is None else ()):
        yield say("probe also" if number else "probe counts", language, kind=_kind(guess, language))
        if not number:
            if guess.is_expected:
                yield "  " + say("probe as expected", language)
            yield "  " + say("probe write", language, rate=_rate(guess, profile))
    yield from _headers(found, language)


def _ended(found: Found, profile: Profile, language: Language) -> str:
    end = found.end
    assert end is not None
    if end.verdict == "unreachable":
        told = say("probe unreachable", language, url=profile.base_url, why=end.detail)
        return told + (say("probe sandbox", language) if profile.sandbox else "")
    answer = " ".join(str(each) for each in (end.http_status or end.verdict, one_line(end.detail)) if each)
    return say("probe ended", language, answer=answer)


def _kind(guess: Guess, language: Language) -> str:
    least, most = guess.period_s
    return say(
        f"kind {guess.kind}",
        language,
        limit=_range(str(guess.limit[0]), str(guess.limit[1]), language),
        period=_range(_seconds(float(f"{least:.3g}")), _seconds(float(f"{most:.3g}")), language),
    )


def _range(least: str, most: str, language: Language) -> str:
    return least if least == most else say("probe range", language, least=least, most=most)


def _seconds(value: float) -> str:
    return f"{value:g}"


def _rate(guess: Guess, profile: Profile) -> str:
    """Return what `rate` should say: what is written if that explains the answers, else the most careful guess."""
    rate, (least, most) = profile.rate, guess.period_s
    if guess.is_bucket:
        limit = rate.limit if guess.is_expected else max(1, int(rate.period_s / most))
        return f"rate: {{limit: {limit}, per: {_seconds(rate.period_s)}s, burst: {min(guess.limit[0], limit)}}}"
    if guess.is_expected:
        return f"rate: {{limit: {rate.limit}, per: {_seconds(rate.period_s)}s}}"
    per_s = rate.period_s if least <= rate.period_s <= most else float(f"{most:.3g}")
    return f"rate: {{limit: {guess.limit[0]}, per: {_seconds(per_s)}s}}"


def _headers(found: Found, language: Language) -> Iterator[str]:
    if not found.seen:
        return
    for name, values in found.headers.items():
        shown = [*values[:_VALUES], "…", values[-1]] if len(values) > _VALUES + 1 else values
        told = one_line(", ".join(shown))
        with_it = found.refused_with[name]
        yield say("probe header", language, name=name, values=told, n=with_it, refused=found.refused)
    if not found.headers:
        yield say("probe no headers", language)
    if found.refused and not any(name.lower() == "retry-after" for name in found.headers):
        yield say("probe no retry-after", language)
