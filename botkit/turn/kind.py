"""A kind of step, whole: how its keys are read (flow/kind.py) and what it does in a leg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botkit.flow.kind import Kind

if TYPE_CHECKING:
    from botkit.turn.event import CallResult, Inbound, Named
    from botkit.turn.leg import Leg
    from botkit.turn.position import Returned


def never_answers(leg: Leg, body: Any, message: Inbound) -> None:
    """Take a message at a step that waits for none: it stays where it is."""
    leg.rest()


def never_calls(leg: Leg, body: Any, returned: Returned) -> None:
    """Take up a flow at a step that calls none: it stays where it is."""


def never_returns(leg: Leg, body: Any, result: CallResult) -> None:
    """Take a call's result at a step that calls nothing: it stays where it is."""


def keeps_waiting(leg: Leg, body: Any) -> None:
    """Take the place back at a step that waits: it waits on."""
    leg.rest()


def awaits_nothing(body: Any) -> str | None:
    """Wait for no event."""
    return None


def never_takes(leg: Leg, body: Any, event: Named) -> None:
    """Take an event at a step that waits for none."""


def never_elapses(leg: Leg, body: Any) -> None:
    """Let time pass at a step that waits for none: it stays where it is."""
    leg.rest()


def never_tells(leg: Leg, body: Any) -> None:
    """Say nothing while a call takes its time."""


@dataclass(frozen=True)
class StepKind(Kind):
    """A kind with its behaviour; `body` is what `read` returned.

    `enter` runs when the conversation arrives; a step that waits gets messages by `answer` (those that it gathered
    first, once they are one, by `answer_whole`), one that called out gets the outcome by `result` and may speak by
    `meanwhile` if that takes long, one that called a flow by `back`. `again` runs at a step that waits when the flow
    gets its place back. A step that waits for an event names it by `awaits` and keeps what came with it by `event`;
    `elapsed` runs when its time is over. All but `meanwhile`, `awaits` and `event` end by moving on (`leg.move`) or by
    resting.
    """

    enter: Callable[[Leg, Any], None] = lambda leg, body: leg.move("next")
    answer: Callable[[Leg, Any, Inbound], None] = never_answers
    answer_whole: Callable[[Leg, Any, Inbound], None] = never_answers
    result: Callable[[Leg, Any, CallResult], None] = never_returns
    back: Callable[[Leg, Any, Returned], None] = never_calls
    again: Callable[[Leg, Any], None] = keeps_waiting
    meanwhile: Callable[[Leg, Any], None] = never_tells
    awaits: Callable[[Any], str | None] = awaits_nothing
    event: Callable[[Leg, Any, Named], None] = never_takes
    elapsed: Callable[[Leg, Any], None] = never_elapses
