"""`ask`: sends a question, reads a typed answer, stores it.

A message is read in this order: exactly an offered option, a `skip` word, an option by its number or by yes and no, an
answer of the type, and with `skip: anything` any other text. Where a type but `text` reads what was written, "2" is an
answer and not the second option.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botkit.answers.fold import fold
from botkit.answers.types import ANSWER_TYPES, MESSAGE_TYPES
from botkit.errors import EvaluationError
from botkit.flow.duration import Duration
from botkit.flow.kind import StepFields
from botkit.flow.shape import DURATION, MESSAGE, SAVE, SCALAR, TEXTS, TRUTH, Key, any_of, chosen
from botkit.flow.source import Map, Text
from botkit.turn import gather, menu
from botkit.turn.answer import Expected, read_answer, read_expected, read_words
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
class Ask:
    """A question: what it takes, how that is checked and stored. `skip` are folded words; `skips_all`: any text.

    With `together` messages that come within that time are one answer.
    """

    question: Question
    saves: Saves
    expected: Expected
    options: Options
    skip: tuple[str, ...]
    skips_all: bool
    sensitive: bool
    checks: Checks
    invalid: Invalid
    together: Duration | None = None


def read(fields: StepFields) -> Ask:
    """Read the question and how it is answered."""
    fields.exit("answered")
    words = fields.texts("skip")
    skips_all = isinstance(fields.get("skip"), Text) and [word.value for word in words] == ["anything"]
    expected = read_expected(fields)
    fields.draft.takes = "" if "options" in fields else expected.type
    return Ask(
        question=read_question(fields, "ask"),
        saves=read_saves(fields, ("value",)),
        expected=expected,
        options=read_options(fields),
        skip=() if skips_all else tuple(fold(word.value) for word in words),
        skips_all=skips_all,
        sensitive=_sensitive(fields),
        checks=read_checks(fields),
        invalid=read_invalid(
            fields, ("nothing", "question", "options") if "options" in fields else ("nothing", "question")
        ),
        together=fields.duration("together"),
    )


def _sensitive(fields: StepFields) -> bool:
    if fields.choice("sensitive", ("true", "false"), "false") == "false":
        return False
    fields.draft.sensitive = True
    node = fields.get("save")
    names = [entry.key for entry in node.entries.values()] if isinstance(node, Map) else [node]
    for name in names:
        if isinstance(name, Text) and name.value.startswith("contact."):
            fields.report("sensitive-contact", name, name=name.value)
    return True


def enter(leg: Leg, ask: Ask) -> None:
    """Ask, and wait."""
    leg.current.shown = expand(leg, ask.options)
    menu.send(leg, render(leg, ask.question))
    leg.rest()


def answer(leg: Leg, ask: Ask, message: Inbound) -> None:
    """Read the answer, or wait for the rest of it."""
    if ask.together is not None and gather.waits(leg, message):
        if ask.sensitive:
            leg.forget()
        whole = gather.gather(leg, message, ask.together.seconds(leg.scope()))
        if whole is None:
            return
        message = whole
    answer_whole(leg, ask, message)


def answer_whole(leg: Leg, ask: Ask, message: Inbound) -> None:
    """Read the answer; store it and go on, or say what is wrong with it."""
    if not ask.sensitive:
        _answer(leg, ask, message)
        return
    leg.forget()
    try:
        _answer(leg, ask, message)
    except EvaluationError as error:  # its reason may hold the answer, and is logged
        raise EvaluationError("a sensitive answer could not be read", error.place) from None


def _answer(leg: Leg, ask: Ask, message: Inbound) -> None:
    if menu.is_foreign_command(leg.current.shown, message) and fold(message.text or "") not in ask.skip:
        refuse(leg, ask.invalid, ask.question)
        return
    row = _option(leg, ask, message)
    if row is not None and "page" in row:
        menu.turn_to(leg, row["page"], render(leg, ask.question))
    elif row is not None and row["key"] is None:  # a deploy took this option away
        enter(leg, ask)
    elif row is not None:
        _take_option(leg, ask, row)
    elif menu.tapped_id(message):  # of an older menu
        refuse(leg, ask.invalid, ask.question)
    elif not message.media and fold(message.text or "") in ask.skip:
        _take(leg, ask, None)
    else:
        _take_answer(leg, ask, message)


def _option(leg: Leg, ask: Ask, message: Inbound) -> menu.Row | None:
    """Return the option that a message means; a number that the type reads, and a `skip` word, mean none."""
    if not leg.current.shown:
        return None
    return menu.suggested(leg.current, message, leg.language, lambda text: _goes_before(leg, ask, text))


def _goes_before(leg: Leg, ask: Ask, text: str) -> bool:
    if fold(text) in ask.skip:
        return True
    return ask.expected.type != "text" and read_words(leg, ask.expected, text) is not None


def _take_option(leg: Leg, ask: Ask, row: menu.Row) -> None:
    """Store an option's value: where it has none but its label, what the type reads in that."""
    value = row["value"]
    said = None if row.get("given") else read_words(leg, ask.expected, row["label"])
    if row.get("given") or said is not None:
        value = value if said is None else said
        refused = refusal(leg, ask.checks, value)
        if refused:
            refuse(leg, ask.invalid, ask.question, refused, value)
            return
    _take(leg, ask, value, row["key"])


def _take_answer(leg: Leg, ask: Ask, message: Inbound) -> None:
    value = read_answer(leg, ask.expected, message)
    refused = refusal(leg, ask.checks, value) if value is not None else None
    if value is not None and not refused:
        _take(leg, ask, value)
    elif value is None and ask.skips_all and _says_something(message):
        _take(leg, ask, None)
    else:
        refuse(leg, ask.invalid, ask.question, refused, value)


def _says_something(message: Inbound) -> bool:
    return not message.media and not message.location and bool((message.text or "").strip())


def _take(leg: Leg, ask: Ask, value: Any, key: str | None = None) -> None:
    store(leg, ask.saves, value, value=value)
    if key is None:
        leg.move("answered")
    else:
        leg.move("chosen", key)


#: The types that are known, and the names of a bot's own.
_TYPE = any_of(chosen({**{name: each.help for name, each in ANSWER_TYPES.items()}, **MESSAGE_TYPES}), SCALAR)

ASK = StepKind(
    "ask",
    "sends a question, reads a typed answer, stores it",
    {
        "ask": Key("the question", MESSAGE),
        "save": Key("the slot that takes the answer, or {slot: expression over value}", SAVE),
        "type": Key(
            f"what kind of answer: {', '.join([*ANSWER_TYPES, *MESSAGE_TYPES])}, or one of a handler module", _TYPE
        ),
        "min": Key("the least number, the earliest moment, or the fewest characters", SCALAR),
        "max": Key("the largest number, the latest moment, or the most characters", SCALAR),
        "pattern": Key("an RE2 expression that the raw text must hold besides", SCALAR),
        "accept": Key("media types that count: pdf, image, image/png, image/*", TEXTS),
        "check": Key("conditions under which the answer is refused", CHECK),
        "options": Key("suggestions, written as those of choose; any other valid answer counts too", OPTIONS),
        "skip": Key("words that leave the slot empty, or anything: any text that is no valid answer", TEXTS),
        "together": Key("messages that come within this time of one another are one answer: 2s", DURATION),
        "sensitive": Key("true: the answer is kept in the slot alone, and goes with the flow", TRUTH),
        "invalid": Key("what a wrong answer gets", INVALID),
        **QUESTION_KEYS,
    },
    read,
    speaks=True,
    listens=True,
    waits=True,
    enter=enter,
    again=enter,
    answer=answer,
    answer_whole=answer_whole,
)
