"""A kind of step, whole: how its keys are read (flow/kind.py) and what it does in a leg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botkit.flow.kind import Kind

if TYPE_CHECKING:
    from botkit.turn.event import CallResult, Inbound
    from botkit.turn.leg import Leg
    from botkit.turn.position import Returned


def never_answers(leg: Leg, body: Any, message: Inbound) -> None:
    """Take a message at a step that waits for none: it stays where it is."""


def never_calls(leg: Leg, body: Any, returned: Returned) -> None:
    """Take up a flow at a step that calls none: it stays where it is."""


def never_returns(leg: Leg, body: Any, result: CallResult) -> None:
    """Take a call's result at a step that calls nothing: it stays where it is."""


def never_tells(leg: Leg, body: Any) -> None:
    """Say nothing while a call takes its time."""


@dataclass(frozen=True)
class StepKind(Kind):
    """A kind with its behaviour; `body` is what `read` returned.

    `enter` runs when the conversation arrives; a step that waits gets messages by `answer` (those that it gathered
    first, once they are one, by `answer_whole`), one that called out gets the outcome by `result` and may speak by
    `meanwhile` if that takes long, one that called a flow by `back`. All but `meanwhile` end by moving on (`leg.move`)
    or by resting.
    """

    enter: Callable[[Leg, Any], None] = lambda leg, body: leg.move("next")
    answer: Callable[[Leg, Any, Inbound], None] = never_answers
    answer_whole: Callable[[Leg, Any, Inbound], None] = never_answers
    result: Callable[[Leg, Any, CallResult], None] = never_returns
    back: Callable[[Leg, Any, Returned], None] = never_calls
    meanwhile: Callable[[Leg, Any], None] = never_tells
