"""`ask`: sends a question, reads a typed answer, stores it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botkit.answers.types import ANSWER_TYPES
from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.turn.bounds import Bounds, read_bounds
from botkit.turn.checks import Checks, read_checks, refusal
from botkit.turn.event import Inbound
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg
from botkit.turn.question import QUESTION_KEYS, Question, read_question, render
from botkit.turn.wrong import Invalid, read_invalid, refuse


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: how its answer is read (`type`, `bounds`), checked and stored."""

    question: Question
    slot: str | None
    type: str
    bounds: Bounds
    checks: Checks
    invalid: Invalid


def read(fields: StepFields) -> Ask:
    """Read the question and how it is answered."""
    fields.exit("answered")
    known, name = fields.flow.answer_types, fields.text("type")
    fields.choice("type", known, "text")
    return Ask(
        question=read_question(fields, "ask"),
        slot=fields.save(),
        type=name.value if name else "text",
        bounds=read_bounds(fields, known.get(name.value) if name else known["text"]),
        checks=read_checks(fields),
        invalid=read_invalid(fields, ("nothing", "question")),
    )


def enter(leg: Leg, ask: Ask) -> None:
    """Ask, and wait."""
    _show(leg, ask)
    leg.rest()


def _show(leg: Leg, ask: Ask) -> None:
    for message in render(leg, ask.question):
        leg.send(message)


def answer(leg: Leg, ask: Ask, message: Inbound) -> None:
    """Read the answer; store it and go on, or say what is wrong with it."""
    old_tap = message.choice is not None and bool(message.choice.id)  # this question shows no options
    value = None if old_tap else _value(leg, ask, message.text or "")
    refused = refusal(leg, ask.checks, value) if value is not None else None
    if value is None or refused:
        refuse(leg, ask.invalid, ask.question, refused, value)
        return
    if ask.slot:
        leg.assign(ask.slot, value)
    leg.move("answered")


def _value(leg: Leg, ask: Ask, text: str) -> Any:
    """Return what the text means, None if it is no answer of the type or out of bounds."""
    kind = leg.flows.answer_types.get(ask.type)
    if kind is None:
        raise EvaluationError(f"no module registers the answer type '{ask.type}' any more", leg.step.place)
    value = kind.read(text, leg.reading_context())
    return value if value is not None and ask.bounds.hold(value, leg.scope()) else None


ASK = StepKind(
    "ask",
    "sends a question, reads a typed answer, stores it",
    {
        "ask": "the question",
        "save": "the slot that takes the answer",
        "type": f"what kind of answer: {', '.join(ANSWER_TYPES)}, or one of a handler module",
        "min": "the least number, the earliest moment, or the fewest characters",
        "max": "the largest number, the latest moment, or the most characters",
        "check": "conditions under which the answer is refused",
        "invalid": "what a wrong answer gets",
        **QUESTION_KEYS,
    },
    read,
    speaks=True,
    waits=True,
    enter=enter,
    answer=answer,
)
