"""`choose`: sends options, reads which one. Only its options count."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.flow.shape import MESSAGE, SAVE, Key
from botkit.flow.values import make_choice
from botkit.turn import menu
from botkit.turn.checks import CHECK, Checks, read_checks, refusal
from botkit.turn.event import Inbound
from botkit.turn.expand import expand
from botkit.turn.kind import StepKind
from botkit.turn.kinds.saves import Saves, read_saves, store
from botkit.turn.leg import Leg
from botkit.turn.options import OPTIONS, Options, read_options
from botkit.turn.question import QUESTION_KEYS, Question, read_question, render
from botkit.turn.wrong import INVALID, Invalid, read_invalid, refuse


@dataclass(frozen=True, slots=True)
class Choose:
    """A question with options."""

    question: Question
    saves: Saves
    options: Options
    checks: Checks
    invalid: Invalid


def read(fields: StepFields) -> Choose:
    """Read the question and its options."""
    fields.require("options")
    return Choose(
        options=read_options(fields),
        question=read_question(fields, "choose"),
        saves=read_saves(fields, ("value", "label")),
        checks=read_checks(fields),
        invalid=read_invalid(fields, ("options", "question", "nothing")),
    )


def enter(leg: Leg, choose: Choose) -> None:
    """Show the options and wait."""
    shown = leg.current.shown = expand(leg, choose.options)
    if not shown:
        raise EvaluationError("a question without options", leg.step.place)
    menu.send(leg, render(leg, choose.question))
    leg.rest()


def answer(leg: Leg, choose: Choose, message: Inbound) -> None:
    """Read which option; store it and go its way, turn the page, or say that it is none."""
    running = leg.current
    foreign = menu.is_foreign_command(running.shown, message)
    row = None if foreign else menu.offered(running, message, leg.language)
    if row is not None and "page" in row:
        menu.turn_to(leg, row["page"], render(leg, choose.question))
        return
    if row is not None and row["key"] is None:  # a deploy took this option away
        enter(leg, choose)
        return
    refused = refusal(leg, choose.checks, row["value"]) if row else None
    if row is None or refused:
        refuse(leg, choose.invalid, choose.question, refused, row["value"] if row else None)
        return
    label, value = row["label"], row["value"]
    store(leg, choose.saves, make_choice(label, value), value=value, label=label)
    leg.move("chosen", row["key"])


CHOOSE = StepKind(
    "choose",
    "sends options, reads which one",
    {
        "choose": Key("the question", MESSAGE),
        "options": Key("the options: a mapping of label to target, or a list", OPTIONS),
        "save": Key("the slot that takes the chosen option, or {slot: expression over value, label}", SAVE),
        "check": Key("conditions under which the answer is refused", CHECK),
        "invalid": Key("what an answer that is no option gets", INVALID),
        **QUESTION_KEYS,
    },
    read,
    speaks=True,
    listens=True,
    waits=True,
    enter=enter,
    again=enter,
    answer=answer,
)
