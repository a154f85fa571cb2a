"""`run`: calls a Python handler. The call happens after the leg is committed; its result comes as the next event."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.flow.kind import StepFields
from botkit.flow.shape import DURATION, NAMED, SAVE, SCALAR, Key
from botkit.flow.text import Data
from botkit.flow.values import plain
from botkit.turn.event import CallResult
from botkit.turn.kind import StepKind
from botkit.turn.kinds.arguments import named_nodes, read_named
from botkit.turn.kinds.calling import KEYS, Calling, fail, read_calling
from botkit.turn.kinds.saves import Saves, read_saves, store
from botkit.turn.leg import Leg

#: How long a handler may take unless its step says otherwise, in seconds.
DEFAULT_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Run:
    """A call: its handler, its arguments, where the result goes, how it is made."""

    handler: str
    arguments: Data
    saves: Saves
    calling: Calling


def read(fields: StepFields) -> Run:
    """Read the call."""
    name = fields.text("run")
    if name:
        fields.call(name, named_nodes(fields, "with"))
    return Run(
        handler=name.value if name else "",
        arguments=read_named(fields, "with", ("omit",)),
        saves=read_saves(fields, ("result",)),
        calling=read_calling(fields),
    )


def enter(leg: Leg, run: Run) -> None:
    """Ask for the call; the leg ends here."""
    scope = leg.scope()
    arguments = {name: plain(value) for name, value in run.arguments.value(scope).items()}
    leg.call("run", run.handler, arguments, run.calling.limits(scope, DEFAULT_TIMEOUT_S))


def result(leg: Leg, run: Run, outcome: CallResult) -> None:
    """Store what came and go on, or take the way for errors."""
    if outcome.error is not None:
        fail(leg, run.calling, run.handler, outcome.error)
        return
    store(leg, run.saves, outcome.value, result=outcome.value)
    leg.move("ok")


RUN = StepKind(
    "run",
    "calls a Python handler",
    {
        "run": Key("the handler's name", SCALAR),
        "with": Key("its arguments: a mapping, or a list of slots", NAMED),
        "save": Key("the slot that takes the result, or {slot: expression over result}", SAVE),
        **KEYS,
        "timeout": Key("how long each attempt may take (30s)", DURATION),
    },
    read,
    enter=enter,
    result=result,
    meanwhile=lambda leg, run: leg.say(run.calling.meanwhile),
)
