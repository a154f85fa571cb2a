"""`gateway show`: the request that a message would become."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.messages import say
from botkit.cli.options import channel_option, config_option, existing, lang_option, spoken
from botkit.cli.shown import json_of, visible
from botkit.cli.trouble import told
from botkit.clock import SystemClock
from botkit.errors import EvaluationError, UsageError, message_of
from botkit.flow.failures import failure_in

if TYPE_CHECKING:
    from botkit.gateway.client import HttpGateway
    from botkit.gateway.media import Files
    from botkit.gateway.preview import Shown
    from botkit.gateway.profile import Profile
    from botkit.ports import WireRequest
    from botkit.server.drafts import Draft

WRONG = 1
#: What is shown besides messages: the request that asks what is new.
POLL = "poll"
#: Types of messages, in the order in which they are told.
TYPES = ("text", "image", "document", "audio", "video", "location", "contact", "choices", "typing")
#: A text in a body is shown up to so many characters: media can be in there.
LONG = 400
_NUMBERS = ("latitude", "longitude")
_WHY = {"typing": "why typing", "choices": "why choices"}


@click.command("show", help=say("gateway show", types=", ".join(TYPES)))
@click.argument("kind", metavar="TYPE")
@click.option("--to", default="59170000001", show_default=True, metavar="CONTACT", help=say("option to"))
@click.option("--with", "written", multiple=True, metavar="NAME=VALUE", help=say("option content"))
@click.option("--option", "options", multiple=True, metavar="TITLE", help=say("option option"))
@channel_option()
@config_option()
@lang_option()
@click.pass_context
def show(
    ctx: click.Context,
    kind: str,
    to: str,
    written: tuple[str, ...],
    options: tuple[str, ...],
    channel: str | None,
    config: Path,
) -> None:
    """Print the request that a message becomes, and what its profile lacks for it; exit 1 if it lacks something."""
    from botkit.gateway.media import locate
    from botkit.gateway.preview import preview
    from botkit.server.drafts import open_draft

    message = {} if kind == POLL else _message(kind, written, options)
    draft = open_draft(existing(config), os.environ, channel)
    if "file" in message and locate(config.parent / draft.settings.flows, message["file"]) is None:
        raise _refused("no medium", file=message["file"], folder=draft.settings.flows)
    profile = draft.part("auth", "capabilities", "send", "timeout")
    url = address(draft)
    target = say("sandbox notice", spoken()) if draft.channel.sandbox else url
    click.echo(say("show target", spoken(), channel=draft.channel.name, target=target))
    if kind == POLL:
        _show_poll(ctx, draft, url)
        return
    wrong = draft.wrong("profile", "base_url", "api_key", "auth", "capabilities", "send.text", f"send.{kind}")
    gateway = _gateway(profile, draft, config)
    try:
        shown = preview(gateway, to, message)
    except EvaluationError as error:
        if wrong:
            click.echo(told(wrong, {}), err=True)
        if kind in profile.send or not wrong:
            raise _refused("show unwritable", why=failure_in(spoken(), message_of(error))) from None
        ctx.exit(WRONG)
    click.echo("\n".join(_rung(shown, message, profile)))
    if kind not in profile.send and kind != "text":
        why = say(_WHY.get(kind, "why medium"), spoken())
        click.echo(say("show unmapped", spoken(), place=_place(draft), type=kind, why=why))
    for wire, headers in shown.requests:
        click.echo("\n" + told_request(url, wire, headers))
    if wrong:
        click.echo("\n" + told(wrong, {}), err=True)
        ctx.exit(WRONG)


def _show_poll(ctx: click.Context, draft: Draft, url: str) -> None:
    """Print the requests that ask the gateway what is new; exit 1 if something is lacking for them."""
    from botkit.gateway.client import HttpGateway
    from botkit.gateway.listing import Listing
    from botkit.gateway.poll import Asker

    clock, profile = SystemClock(), draft.part("auth", "inbound", "rate")
    if profile.poll is None:
        click.echo(say("show no poll", spoken()))
        return
    gateway = HttpGateway(profile, clock)
    asker, now = Asker(profile.poll.request, gateway), clock.now()
    first = Listing(draft.channel.name, profile.poll).mark(None, now)
    for key, mark in (("show first", first), ("show later", replace(first, id="ID", cursor="CURSOR"))):
        wire = asker.render(mark, now)
        click.echo(f"\n{say(key, spoken())}\n{told_request(url, wire, gateway.masked_headers(wire))}")
    if wrong := draft.wrong("profile", "base_url", "api_key", "auth", "inbound"):
        click.echo("\n" + told(wrong, {}), err=True)
        ctx.exit(WRONG)


# ── what is shown ──


def _message(kind: str, written: tuple[str, ...], options: tuple[str, ...]) -> dict[str, Any]:
    """Return a message of a type, with what is given in place of the sample's; raises UsageError."""
    from botkit.turn.effect import MESSAGE_TYPES, SOURCES

    if kind not in MESSAGE_TYPES:
        raise _refused("no type", type=kind, known=", ".join((*TYPES, POLL)))
    if options and kind != "choices":
        raise _refused("no options")
    known = [name for name in MESSAGE_TYPES[kind] if name != "options"]
    given = dict(_given(kind, each, known) for each in written)
    message = {"type": kind} | _SAMPLES[kind]()
    if SOURCES.keys() & given.keys():
        message = {name: value for name, value in message.items() if name not in SOURCES}
    if kind == "choices" and options:
        message["options"] = [{"id": str(number), "title": title} for number, title in enumerate(options, 1)]
    return message | given


def _given(kind: str, written: str, known: list[str]) -> tuple[str, Any]:
    name, sign, value = written.partition("=")
    if not sign or name not in known:
        raise _refused("no content", given=written, type=kind, known=", ".join(known) or "–")
    if name == "media":
        return name, {"id": value, "type": kind}
    if name not in _NUMBERS:
        return name, value
    try:
        return name, float(value)
    except ValueError:
        raise _refused("no number", name=name, value=value) from None


def _refused(key: str, **values: object) -> UsageError:
    return UsageError(say(key, "en", **values), say(key, "es", **values))


def _medium(name: str) -> dict[str, Any]:
    return {"url": f"https://example.com/{name}", "caption": say("sample caption", spoken())}


def _choices() -> dict[str, Any]:
    titles = ("09:00", "10:00", "11:30")
    options = [{"id": str(number), "title": title} for number, title in enumerate(titles, 1)]
    return {"text": say("sample question", spoken()), "options": options}


#: type -> makes the content of a message that nobody gave any
_SAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "text": lambda: {"text": say("sample text", spoken())},
    "choices": _choices,
    "image": lambda: _medium("mapa.png"),
    "document": lambda: {**_medium("mapa.pdf"), "name": "mapa.pdf"},
    "audio": lambda: {"url": "https://example.com/mapa.ogg"},
    "video": lambda: _medium("mapa.mp4"),
    "location": lambda: {"latitude": -16.5, "longitude": -68.15, "name": say("sample name", spoken())},
    "contact": lambda: {"name": say("sample name", spoken()), "phone": "+591 2 2440000"},
    "typing": dict,
}


def _gateway(profile: Profile, draft: Draft, config: Path) -> HttpGateway:
    from botkit.gateway.client import HttpGateway

    return HttpGateway(profile, SystemClock(), files=_files(draft, config))


def _files(draft: Draft, config: Path) -> Files:
    """Return the flows folder; links to it are of the form that they have, and open nothing."""
    from botkit.gateway.links import Links
    from botkit.gateway.media import Files

    public_url = draft.settings.server.public_url
    links = Links(b"", public_url, lambda: 0.0) if public_url else None
    return Files(config.parent / draft.settings.flows, links)


# ── how it is told ──


def address(draft: Draft) -> str:
    """Return where the channel sends to, as far as that is written."""
    if draft.channel.sandbox:
        return f"http://127.0.0.1:{draft.settings.sandbox.port}"
    return str(draft.data.get("base_url") or "…").rstrip("/")


def _place(draft: Draft) -> str:
    send = draft.channel.node.get("send")
    return (send or draft.channel.node).place.row


def _rung(shown: Shown, message: Mapping[str, Any], profile: Profile) -> Iterator[str]:
    from botkit.gateway.preview import rooms

    yield say(f"rung {shown.rung}", spoken(), type=message["type"], n=len(shown.requests))
    if message["type"] == "choices":
        options = message["options"]
        longest = max(len(option["title"]) for option in options)
        room = {name: _room(*sizes) for name, sizes in rooms(profile.shown).items()}
        yield "  " + say("rung rooms", spoken(), n=len(options), longest=longest, **room)


def _room(most: int, title: int) -> str:
    return say("rung room", spoken(), n=most, title=title) if most else say("rung no room", spoken())


def told_request(url: str, wire: WireRequest, headers: Mapping[str, str]) -> str:
    """Return a request as it goes out to a gateway at `url`."""
    head = [f"{wire.method} {url}{wire.path}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join([*head, "", _body(wire.content_type, wire.body)] if wire.body else head)


def _body(content_type: str, body: bytes) -> str:
    """Return a body as people read it, long texts cut."""
    if not content_type.endswith("json"):
        return visible(_cut(body.decode()))
    return json_of(_brief(json.loads(body)), indent=2)


def _brief(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _brief(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_brief(each) for each in value]
    return _cut(value) if isinstance(value, str) else value


def _cut(text: str) -> str:
    return text if len(text) <= LONG else text[:LONG] + say("show cut", spoken(), n=len(text))
