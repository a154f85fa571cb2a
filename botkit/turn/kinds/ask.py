"""`ask`: sends a question, reads a typed answer, stores it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botkit.answers.numbers import read_integer
from botkit.answers.yes_no import read_yes_no
from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.source import Map, Seq
from botkit.flow.text import Expression
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
    """A question: how its answer is read (`type`, `least`, `most`), checked and stored."""

    question: Question
    slot: str | None
    type: str
    least: float | None
    most: float | None
    checks: tuple[Check, ...]
    invalid: Invalid


def _text(message: Inbound, ask: Ask, language: str) -> Any:
    text = (message.text or "").strip()
    return text if text and _within(len(text), ask) else None


def _integer(message: Inbound, ask: Ask, language: str) -> Any:
    number = read_integer(message.text or "")
    return number if number is not None and _within(number, ask) else None


def _yes_no(message: Inbound, ask: Ask, language: str) -> Any:
    return read_yes_no(message.text or "", language)


def _within(value: float, ask: Ask) -> bool:
    return (ask.least is None or value >= ask.least) and (ask.most is None or value <= ask.most)


#: answer type -> reads a message into a value, None when it is no such answer
ANSWER_TYPES: dict[str, Callable[[Inbound, Ask, str], Any]] = {"text": _text, "integer": _integer, "yes_no": _yes_no}


def read(fields: StepFields) -> Ask:
    """Read the question and how it is answered."""
    fields.exit("answered")
    least, most = fields.number("min"), fields.number("max")
    if least is not None and most is not None and least > most:
        fields.report("min-over-max", fields.node.entries["min"].value, min=least, max=most)
    return Ask(
        question=read_question(fields, "ask"),
        slot=fields.save(),
        type=fields.choice("type", ANSWER_TYPES, "text"),
        least=least,
        most=most,
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
    value = None if old_tap else ANSWER_TYPES[ask.type](message, ask, leg.language)
    refusal = _refusal(leg, ask, value) if value is not None else None
    if value is None or refusal is not None:
        said = refusal.say if refusal else ()
        refuse(leg, ask.invalid, ask.question, lambda hint: _show(leg, ask), said)
        return
    if ask.slot:
        leg.assign(ask.slot, value)
    leg.move("answered")


def _refusal(leg: Leg, ask: Ask, value: Any) -> Check | None:
    scope = leg.scope(answer=value)
    return next((check for check in ask.checks if check.refuses.holds(scope)), None)


ASK = StepKind(
    "ask",
    "sends a question, reads a typed answer, stores it",
    {
        "ask": "the question",
        "save": "the slot that takes the answer",
        "type": "what kind of answer: " + ", ".join(ANSWER_TYPES),
        "min": "the least number, or the fewest characters",
        "max": "the largest number, or the most characters",
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
