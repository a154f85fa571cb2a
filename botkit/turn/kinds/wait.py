"""`wait`: waits for a time or a named event. What the person writes meanwhile is no answer: the step stays.

A wait goes on while another flow stands on top of it. What it waits for counts then, too: the flow goes on when it gets
its place back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from botkit.flow.duration import Duration
from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.reader import has_template
from botkit.flow.shape import DURATION, SAVE, SCALAR, TARGET, Key, any_of, group
from botkit.flow.source import Map, Text
from botkit.flow.text import Template
from botkit.turn.clocks import PASSED
from botkit.turn.event import Named
from botkit.turn.kind import StepKind
from botkit.turn.kinds.moments import moment_at, read_moment
from botkit.turn.kinds.saves import Saves, read_saves, store
from botkit.turn.leg import Leg

#: Keys of the forms that are no duration.
UNTIL_KEYS: dict[str, Key] = {
    "until": Key("a date (its beginning), a time (the next such time) or both; past: goes on", SCALAR),
}
EVENT_KEYS: dict[str, Key] = {
    "event": Key("the name of an event from outside", SCALAR),
    "timeout": Key("how long to wait for it; for ever without", DURATION),
    "then": Key("where to go when it did not come in time; else the next step follows", TARGET),
}
_SHAPES = any_of(
    DURATION,
    group(UNTIL_KEYS, UNTIL_KEYS),
    group(EVENT_KEYS, ("event",), dependencies={"then": ["timeout"]}),
)
_FORMS = "2h, {until: …} o {event: …}", "2h, {until: …} or {event: …}"


@dataclass(frozen=True, slots=True)
class Wait:
    """What is waited for: a time (`duration` or `until`), or an `event`, for ever or for a `duration`."""

    duration: Duration | None = None
    until: Template | None = None
    event: str | None = None
    saves: Saves = field(default_factory=Saves)


def read(fields: StepFields) -> Wait:
    """Read `2h`, `{until: …}` or `{event, timeout, then}`."""
    node = fields.get("wait")
    if not isinstance(node, Map):
        fields.exit("elapsed")
        _refuse_save(fields)
        if not isinstance(node, Text):
            fields.reading.wrong_type(node or fields.node, "wait", *_FORMS)
            return Wait()
        return Wait(duration=fields.duration("wait"))
    inner = Fields(fields.reading, node, "wait", "wait")
    if "until" in inner:
        fields.exit("elapsed")
        _refuse_save(fields)
        inner.finish(UNTIL_KEYS)
        return Wait(until=read_moment(inner, "until"))
    return _read_event(fields, inner)


def _refuse_save(fields: StepFields) -> None:
    if "save" in fields:
        fields.report("save-without-event", fields.node.entries["save"].key)


def _read_event(fields: StepFields, inner: Fields) -> Wait:
    if "event" not in inner:
        fields.reading.wrong_type(inner.node, "wait", *_FORMS)
    else:
        inner.finish(EVENT_KEYS)
    fields.exit("event")
    if "timeout" in inner:
        fields.exit("timeout", inner.get("then"))
    elif "then" in inner:
        inner.require("timeout")
    name = inner.text("event")
    if name and has_template(name):
        fields.reading.wrong_type(name, "event", "un nombre fijo, sin {{ }}", "a fixed name, without {{ }}")
    return Wait(
        duration=inner.duration("timeout"),
        event=name.value.strip() if name else None,
        saves=read_saves(fields, ("event",)),
    )


def enter(leg: Leg, wait: Wait) -> None:
    """Wind the clock, and wait; a time that is past goes on at once."""
    due_at = _due_at(leg, wait)
    if due_at is None:
        leg.rest()
    elif due_at > leg.now:
        leg.current.due["wait"] = due_at
        leg.rest()
    else:
        elapsed(leg, wait)


def _due_at(leg: Leg, wait: Wait) -> float | None:
    if wait.duration is not None:
        return leg.now + wait.duration.seconds(leg.scope())
    return None if wait.until is None else moment_at(leg, wait.until, "until")


def elapsed(leg: Leg, wait: Wait) -> None:
    """Go on: the time is over, or the event did not come in time."""
    leg.move("elapsed" if wait.event is None else "timeout")


def take_event(leg: Leg, wait: Wait, event: Named) -> None:
    """Keep what came with the event."""
    store(leg, wait.saves, event.data, event=event.data)


def again(leg: Leg, wait: Wait) -> None:
    """Take the place back: wait on, or go on if it is over."""
    due = leg.current.due
    if "event" in due:
        leg.move("event")
    elif due.get("wait") == PASSED:
        elapsed(leg, wait)
    else:
        leg.rest()


WAIT = StepKind(
    "wait",
    "waits for a time or a named event",
    {
        "wait": Key("a duration, {until: a moment}, or {event: name, timeout, then}", _SHAPES),
        "save": Key("the slot that takes the event's data, or {slot: expression over event}", SAVE),
    },
    read,
    waits=True,
    enter=enter,
    again=again,
    awaits=lambda wait: wait.event,
    event=take_event,
    elapsed=elapsed,
)
