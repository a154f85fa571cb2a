"""Events of a talk as lines of a test, and what a test sends for such a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.flow.message import MEDIA
from botkit.talks.mask import Masks
from botkit.talks.menus import Menus
from botkit.testing.rehearsal import CHANNEL, CONTACT
from botkit.testing.written import lines_of
from botkit.turn.event import Begin, Filed, Inbound, Named, OperatorSaid, Tap

Line = dict[str, Any]


def user_line(message: Inbound, masks: Masks, menus: Menus) -> Line | None:
    """Return the line that sends a message, with stand-ins; None for a tap on a menu that the test has not seen."""
    if message.choice is not None and message.choice.id not in ("", message.choice.title):
        return _tap_line(menus.tap(message.choice), menus)
    if message.choice is not None:
        return {"user": masks.text(message.choice.title or message.choice.id)}
    said = lines_of(message)["user"]
    if not isinstance(said, Mapping):
        return {"user": masks.text(said)}
    if "location" in said:
        return {"user": {"location": masks.spot(said["location"])}}
    return {"user": masks.value(said)}


def _tap_line(tap: Tap, menus: Menus) -> Line | None:
    number = menus.number_of(tap)
    if number is None:
        return None
    return {"tap": tap.title} if number == len(menus.shown) else {"tap": tap.title, "of": number}


def event_line(event: Filed, masks: Masks) -> Line:
    """Return the line that lets an event happen, with stand-ins."""
    if isinstance(event, Named):
        data = masks.value(event.data)
        return {"event": event.name if data is None else {"name": event.name, "data": data}}
    if isinstance(event, OperatorSaid):
        text = masks.text(event.text) or "…"
        return {"operator": text if event.phone else {"reply": text}}
    return {"operator": {"release": True}}


def given_of(event: Begin, masks: Masks) -> dict[str, Any]:
    """Return what lets a test begin with a flow that `botkit start` began."""
    told = {"flow": event.flow, "step": event.step, "slots": event.slots, "with": event.inputs}
    return {name: masks.value(value) for name, value in told.items() if value}


def event_of(event: Filed, masks: Masks) -> Filed:
    """Return an event as the test has it."""
    if isinstance(event, Named):
        return Named(event.name, masks.value(event.data))
    if isinstance(event, Begin):
        return Begin(event.flow, masks.value(event.inputs), event.step, masks.value(event.slots))
    if isinstance(event, OperatorSaid):
        return OperatorSaid(masks.text(event.text) or "…", event.phone)
    return event


def message_of(line: Mapping[str, Any], menus: Menus) -> Inbound:
    """Return what a test sends for a line `user` or `tap`."""
    message = Inbound(CHANNEL, "message", CONTACT)
    if "tap" in line:
        menu = menus.shown[line.get("of", len(menus.shown)) - 1]
        option = next(each for each in menu if each["title"] == line["tap"])
        return message._replace(choice=Tap(option["id"], option["title"]))
    said = line["user"]
    if not isinstance(said, Mapping):
        return message._replace(text=said)
    if "location" in said:
        latitude, longitude = said["location"]
        return message._replace(location={"latitude": latitude, "longitude": longitude})
    kind = next(name for name in said if name in MEDIA)
    media = {"id": said[kind], "type": kind, "name": said[kind]}
    return message._replace(media={**media, "caption": said["caption"]} if "caption" in said else media)
