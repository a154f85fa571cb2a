"""What `expect` looks at: how things stand after what a test has seen so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botkit.flow.model import BotInfo
from botkit.flow.values import plain
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Ended
from botkit.turn.event import Delivery


@dataclass(slots=True)
class Seen:
    """What the runtime's observer noted: the conversation, the last end of a flow, recorded rows, a failed turn.

    `losable` is what would become of the last message whose step is told (`on_failed`) if it were refused for good,
    `stood` are the steps where people waited, as flow and step; an empty step stands for a flow that ended.
    """

    conversation: Conversation | None = None
    ended: Ended | None = None
    records: list[dict[str, Any]] = field(default_factory=list)
    failed: bool = False
    losable: Delivery | None = None
    stood: set[tuple[str, str]] = field(default_factory=set)


def facts_of(seen: Seen, bot: BotInfo) -> dict[str, Any]:
    """Return what there is to expect, by the keys of `expect`."""
    conversation, ended = seen.conversation, seen.ended
    top = conversation.top if conversation else None
    slots = top.slots if top else ended.slots if ended else {}
    return {
        "step": top.step if top else None,
        "flow": top.flow if top else None,
        "running": top is not None,
        "outcome": conversation.last.get("outcome") if conversation else None,
        "slots": plain(dict(slots)),
        "contact": {**(conversation.last if conversation else {}), **(conversation.fields if conversation else {})},
        "records": seen.records,
        "reminders": _reminders(conversation, ZoneInfo(bot.timezone)) if conversation else {},
        "handed_to": conversation.handoff.to if conversation and conversation.handoff else None,
        "failed": seen.failed,
    }


def _reminders(conversation: Conversation, zone: ZoneInfo) -> dict[str, str]:
    """Return when each reminder is due, by name, in the bot's time zone: `2026-11-24 09:00`."""
    due = conversation.reminders.items()
    return {name: f"{datetime.fromtimestamp(each['at'], zone):%Y-%m-%d %H:%M}" for name, each in due}


def part_of(found: Any, wanted: Any) -> Any:
    """Return of a mapping what a test names (its names alone for a list), and everything else as it is."""
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return {name: part_of(found.get(name), value) for name, value in wanted.items()}
    return list(found) if isinstance(found, Mapping) and isinstance(wanted, list) else found
