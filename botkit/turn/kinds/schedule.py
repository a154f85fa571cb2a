"""`schedule`: starts, replaces or cancels a named reminder. A contact has one of a name, which outlives the flow."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.errors import EvaluationError
from botkit.flow.duration import Duration
from botkit.flow.fields import Fields
from botkit.flow.kind import FlowUse, StepFields
from botkit.flow.shape import DURATION, NAMED, SAVE, SCALAR, Key, any_of, group, has
from botkit.flow.source import Map
from botkit.flow.text import Data, Template
from botkit.flow.values import plain
from botkit.turn.kind import StepKind
from botkit.turn.kinds.arguments import named_nodes, read_named
from botkit.turn.kinds.moments import moment_at, read_moment
from botkit.turn.kinds.saves import Saves, read_saves, store
from botkit.turn.leg import Leg

#: Keys of the form that sets a reminder.
KEYS: dict[str, Key] = {
    "name": Key("its name: a second one of this name takes the first one's place", SCALAR),
    "flow": Key("the flow that it begins, on top of whatever runs then", SCALAR),
    "with": Key("what the flow's `inputs` get: a mapping, or a list of slots", NAMED),
    "at": Key("when: a date (the beginning of its day), a time (the next such time) or both", SCALAR),
    "after": Key("or how long from now: 2h", DURATION),
}
#: Key of the form that takes one back.
CANCEL_KEYS: dict[str, Key] = {"cancel": Key("the name of the reminder that is taken back", SCALAR)}
_FORMS = any_of(
    group(KEYS, ("name", "flow"), oneOf=[has("at"), has("after")]),
    group(CANCEL_KEYS, CANCEL_KEYS),
)
#: Most reminders that a contact has at a time: a name with a template that never repeats would collect them.
MAX_REMINDERS = 50
#: Most characters of a name.
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Schedule:
    """A reminder: its name, and the flow with its inputs and time (None: it is cancelled)."""

    name: Template | None
    flow: str | None
    inputs: Data
    at: Template | None
    after: Duration | None
    saves: Saves


def read(fields: StepFields) -> Schedule:
    """Read `{name, flow, with, at | after}`, or `{cancel: name}`."""
    fields.exit("next")
    node, saves = fields.get("schedule"), read_saves(fields, ("due",))
    if not isinstance(node, Map):
        if node is not None:
            fields.reading.wrong_type(node, "schedule", "{name, flow, at | after} o {cancel}", "a group of keys")
        return Schedule(None, None, Data({}), None, None, saves)
    inner = Fields(fields.reading, node, "schedule", "schedule")
    if "cancel" in inner:
        inner.finish(CANCEL_KEYS)
        return Schedule(_name(inner, "cancel"), None, Data({}), None, None, saves)
    inner.finish(KEYS)
    inner.require("name", "flow")
    _check_time(inner)
    flow = inner.text("flow")
    if flow:
        fields.call_flow(FlowUse(flow, named_nodes(inner, "with"), {}, later=True))
    return Schedule(
        name=_name(inner, "name"),
        flow=flow.value if flow else None,
        inputs=read_named(inner, "with"),
        at=read_moment(inner, "at"),
        after=inner.duration("after"),
        saves=saves,
    )


def _name(fields: Fields, key: str) -> Template | None:
    text = fields.text(key)
    return fields.reading.template(text) if text else None


def _check_time(fields: Fields) -> None:
    if "at" not in fields and "after" not in fields:
        fields.require("at")
    elif "at" in fields and "after" in fields:
        fields.report("at-and-after", fields.node.entries["after"].key)


def enter(leg: Leg, schedule: Schedule) -> None:
    """Set or cancel the reminder; what is saved is when the one it takes the place of was due."""
    scope = leg.scope()
    name = schedule.name.render(scope).strip() if schedule.name else ""
    if not 0 < len(name) <= MAX_NAME:
        raise EvaluationError(f"a reminder has a name of 1 to {MAX_NAME} characters", leg.step.place)
    earlier = leg.reminders.pop(name, None)
    if schedule.flow is not None:
        if len(leg.reminders) >= MAX_REMINDERS:
            raise EvaluationError(f"more than {MAX_REMINDERS} reminders for one contact", leg.step.place)
        given = {key: plain(value) for key, value in schedule.inputs.value(scope).items()}
        leg.reminders[name] = {"flow": schedule.flow, "with": given, "at": _due_at(leg, schedule)}
    due = leg.moment(earlier["at"], "minutes") if earlier else None
    store(leg, schedule.saves, due, due=due)
    leg.move("next")


def _due_at(leg: Leg, schedule: Schedule) -> float:
    """Return when it is due, in UTC seconds; what is past is due now."""
    if schedule.after is not None:
        return leg.now + schedule.after.seconds(leg.scope())
    return leg.now if schedule.at is None else max(leg.now, moment_at(leg, schedule.at, "at"))


SCHEDULE = StepKind(
    "schedule",
    "starts, replaces or cancels a named reminder",
    {
        "schedule": Key("{name, flow, with, at | after}, or {cancel: name}", _FORMS),
        "save": Key(
            "the slot that takes when the earlier one was due (none without), or {slot: expression over due}", SAVE
        ),
    },
    read,
    enter=enter,
)
