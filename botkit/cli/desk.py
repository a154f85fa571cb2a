"""Commands that read live data, from the running process or from the store itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from botkit.cli.asking import asked
from botkit.cli.messages import say
from botkit.cli.options import CONVERSATION_ID, config_option, lang_option, places, spoken
from botkit.cli.outbox_lines import state as state_of
from botkit.cli.people import handed
from botkit.cli.shown import cell, date, dated, json_of, one_line, text


@click.command("conversation", help=say("conversation"))
@click.argument("contact")
@click.option("--json", "as_json", is_flag=True, help=say("option json"))
@config_option()
@lang_option()
def conversation(contact: str, as_json: bool, config: Path) -> None:
    """Print where a contact's conversations stand, or all of them as JSON."""
    settings = places(config)
    zone = ZoneInfo(settings.bot.timezone)
    rows = asked(settings, config, "conversations", contact=contact)
    if as_json:
        for row in rows:
            click.echo(json_of(dated(row, zone), indent=2))
        return
    said = asked(settings, config, "outbox", contact=contact)
    for row in rows:
        last = next((each for each in said if each["conversation_id"] == row["id"] and each["lane"] == "talk"), None)
        lines = list(_shown(row, last, zone))
        width = max(len(label) for label, _ in lines) + 1
        click.echo("\n".join(f"{label + ':' if label else '':<{width}} {text}" for label, text in lines))


def _shown(row: dict[str, Any], last: dict[str, Any] | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield what an operator wants to know of a conversation: labels and texts."""
    language, state = spoken(), row["state"]
    frames = state.get("frames", [])
    yield say("shown contact", language), f"{one_line(row['contact'])} ({row['channel']})"
    where = " › ".join(say("shown frame", language, flow=frame["flow"], step=frame["step"]) for frame in frames)
    yield say("shown where", language), where or say("shown idle", language)
    if handoff := state.get("handoff"):
        yield say("shown handed", language), " ".join(handed(handoff, zone))
    if frames and (call := frames[-1].get("pending_call")):
        yield say("shown waits", language), call["handler"]
    if last is not None:
        yield (
            say("shown said", language),
            f"{text(last['message'])} ({state_of(last['status'])}, {date(last['created_at'], zone)})",
        )
    slots = [f"{name}: {one_line(cell(value))}" for frame in frames for name, value in frame.get("slots", {}).items()]
    for number, slot in enumerate(slots):
        yield "" if number else say("shown slots", language), slot
    if outcome := state.get("last", {}).get("outcome"):
        yield say("shown outcome", language), outcome
    yield say("shown updated", language), str(date(row["updated_at"], zone))


@click.command("logs", help=say("logs"))
@click.argument("contact")
@config_option()
@lang_option()
def logs(contact: str, config: Path) -> None:
    """Print the log's lines about a contact, whose number they do not hold."""
    from botkit.logs.file import log_files, read_log

    settings, found = places(config), False
    files = log_files(settings.log_path(config.parent))
    is_id = CONVERSATION_ID.fullmatch(contact)
    ids = [contact] if is_id else [row["id"] for row in asked(settings, config, "conversations", contact=contact)]
    for conversation_id in ids:
        for line in read_log(files, conversation_id):
            click.echo(line)
            found = True
    if not found:
        click.echo(say("no lines", spoken()), err=True)
