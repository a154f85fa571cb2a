"""`ask`: sends a question, reads a typed answer, stores it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botkit.answers.types import ANSWER_TYPES
from botkit.errors import EvaluationError
from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.source import Map, Seq
from botkit.flow.text import Expression
from botkit.turn.bounds import Bounds, read_bounds
from botkit.turn.event import Inbound
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg
from botkit.turn.question import QUESTION_KEYS, Question, read_question, render
from botkit.turn.wrong import Invalid, read_invalid, refuse


@dataclass(frozen=True, slots=True)
class Check:
    """A condition under which an answer is refused, and what is said then."""

    refuses: Expression
    say: Message


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: how its answer is read (`type`, `bounds`), checked and stored."""

    question: Question
    slot: str | None
    type: str
    bounds: Bounds
    checks: tuple[Check, ...]
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


def read_checks(fields: StepFields) -> tuple[Check, ...]:
    """Read the key `check`: one `{if, say}` or a list of them."""
    node = fields.get("check")
    checks = []
    for item in node.items if isinstance(node, Seq) else [node] if node else []:
        if not isinstance(item, Map):
            fields.reading.wrong_type(item, "check", "una lista de {if, say}", "a list of {if, say}")
            continue
        inner = Fields(fields.reading, item, "check", "check")
        inner.require("if")
        condition = inner.expression("if", ("answer",))
        say = read_message(inner.reading, inner.get("say"), "say", ("answer",))
        inner.finish(("if", "say"))
        if condition:
            checks.append(Check(condition, say))
    return tuple(checks)


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
    refusal = _refusal(leg, ask, value) if value is not None else None
    if value is None or refusal is not None:
        said = refusal.say if refusal else ()
        refuse(leg, ask.invalid, ask.question, lambda hint: _show(leg, ask), said)
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


def _refusal(leg: Leg, ask: Ask, value: Any) -> Check | None:
    scope = leg.scope(answer=value)
    return next((check for check in ask.checks if check.refuses.holds(scope)), None)


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
