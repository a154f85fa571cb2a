"""`botkit why CONTACT`: the statements of the desk as sentences."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.asking import asked
from botkit.cli.messages import MESSAGES, say
from botkit.cli.options import channel_option, config_option, lang_option, places, spoken
from botkit.cli.outbox_lines import ended_because, leaves, reason, state, tries
from botkit.cli.shown import json_of, one_line, text, visible
from botkit.flow.failures import failure_in

Row = dict[str, Any]
#: A time nearer than so many seconds is now.
NOW_S = 1.0
#: How a conversation is called that somebody answers on the phone.
_PHONE = "phone"


@click.command("why", help=say("why"))
@click.argument("contact")
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@channel_option()
@config_option()
@lang_option()
def why(contact: str, as_json: bool, channel: str | None, config: Path) -> None:
    """Print where a contact's conversations stand and why, a sentence a line."""
    settings = places(config)
    found: list[Row] = asked(settings, config, "why", contact=contact, channel=channel)
    if as_json:
        click.echo(json_of(found, indent=2))
        return
    told = Sentences(ZoneInfo(settings.bot.timezone), time.time())
    for row in found:
        name = f" {visible(row['name'])}" if row["name"] else ""
        click.echo(f"{visible(row['contact'])} ({row['channel']}){name}")
        click.echo("\n".join(f"  {told.sentence(each)}" for each in row["statements"]))


class Sentences:
    """Puts statements into words; times are shown in `zone`, and how far they are from `now`."""

    def __init__(self, zone: ZoneInfo, now: float) -> None:
        self._zone, self._now = zone, now

    def sentence(self, statement: Row) -> str:
        """Return a statement of `server/why.py` as a sentence."""
        return say(f"why {statement['say']}", spoken(), **dict(self._values(statement)))

    def _values(self, row: Row) -> Iterator[tuple[str, Any]]:
        """Yield the values of a statement as words."""
        for name, value in row.items():
            if name in ("at", "since", "until") and value is not None:
                yield name, self._moment(value)
            elif name == "due_at":
                yield "due", self._moment(value)
            elif name in ("from", "to"):
                yield ("from_" if name == "from" else "to"), visible(value or say("why nowhere", spoken()))
            elif isinstance(value, str):
                yield name, one_line(value)
            else:
                yield name, value
        yield from self._special(row)

    def _special(self, row: Row) -> Iterator[tuple[str, Any]]:
        """Yield what more than one value makes, or what is written otherwise."""
        if "place" in row:
            yield "place", f" ({row['place']})" if row["place"] else ""
        if row["say"] in ("at", "at some time", "below"):
            yield "kind", f" [{row['kind']}]" if row["kind"] else ""
        elif "kind" in row:
            yield "what", self._what(row)
        if row["say"] in ("handed", "looped"):
            to = row["to"].lstrip("@")
            yield "to", say("why by phone", spoken()) if to == _PHONE else say("why queue", spoken(), to=one_line(to))
        if "options" in row:
            yield "options", ", ".join(one_line(option) for option in row["options"])
        if "message" in row:
            yield "text", f"«{text(row['message'])}»"
        if row["say"] in ("queued", "stuck", "doubt", "stopped", "stopped until"):
            yield "why", reason(row["why"])
        if row["say"] == "refused":
            yield "why", say(f"store why {row['store']}", spoken())
        if row["say"] == "queued":
            yield "leaves", leaves(row["at"], self._zone, self._now)
        if row["say"] == "doubt":
            yield "when", f" ({leaves(row['at'], self._zone, self._now)})" if row["at"] is not None else ""
        if row["say"] in ("doubt", "unknown"):
            yield "tries", tries(row["attempts"])
        if row["say"] in ("ended", "unknown"):
            yield "status", state(row["status"])
            yield "reason", ended_because(row)
        if "error" in row:
            yield "error", one_line(failure_in(spoken(), row["error"] or say("letter ended", spoken())))

    def _what(self, row: Row) -> str:
        """Return what an event was, with its words."""
        key = f"why kind {row['kind']}"
        kind = say(key, spoken()) if key in MESSAGES else one_line(row["kind"])
        if row.get("blank"):
            return f"{kind} {say('why blank', spoken())}"
        return f"{kind} «{one_line(row['text'])}»" if row.get("text") else kind

    def _moment(self, at: float) -> str:
        """Return a time as a clock shows it, and how far away it is."""
        from botkit.cli.talk_lines import rough  # heavy

        local, now = (datetime.fromtimestamp(each, self._zone) for each in (at, self._now))
        clock = f"{local:%H:%M:%S}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M}"
        away_s = at - self._now
        if abs(away_s) < NOW_S:
            return say("just now", spoken(), at=clock)
        return say("ago" if away_s < 0 else "ahead", spoken(), at=clock, time=rough(abs(away_s)))
