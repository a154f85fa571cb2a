"""What a message says to an `ask`: read by the question's type, within its bounds. No answer is None.

Types of text read the text alone: a medium is no answer to them, whatever its caption says. Types of message take what
was sent as such: a place, a medium that `accept` names, or anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from botkit.answers.media import accepts, kinds_of, may_accept
from botkit.answers.types import MESSAGE_TYPES, AnswerType
from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.flow.pattern import Pattern, read_pattern
from botkit.turn.bounds import Bounds, read_bounds
from botkit.turn.event import Inbound
from botkit.turn.leg import Leg

#: What is stored of a medium, and of a place.
MEDIUM = ("id", "type", "name", "caption", "url")
PLACE = ("latitude", "longitude", "name")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question takes: a type, the least and the most, a pattern of the raw text, kinds of media."""

    type: str
    bounds: Bounds
    pattern: Pattern | None = None
    accept: tuple[str, ...] = ()


def read_expected(fields: StepFields) -> Expected:
    """Read the keys `type`, `min`, `max`, `pattern`, `accept`."""
    known, name = fields.flow.answer_types, fields.text("type")
    fields.choice("type", [*known, *MESSAGE_TYPES], "text")
    type_name = name.value if name else "text"
    kind = known.get(type_name)
    if type_name in MESSAGE_TYPES:
        kind = AnswerType(type_name, MESSAGE_TYPES[type_name], lambda text, context: None)
    return Expected(type_name, read_bounds(fields, kind), _read_pattern(fields, type_name), _accept(fields, type_name))


def _read_pattern(fields: StepFields, type_name: str) -> Pattern | None:
    text = fields.text("pattern")
    if text is not None and type_name in MESSAGE_TYPES:
        fields.report("key-without-use", fields.node.entries["pattern"].key, key="pattern", type=type_name)
        return None
    return read_pattern(fields.reading, text) if text else None


def _accept(fields: StepFields, type_name: str) -> tuple[str, ...]:
    texts = fields.texts("accept")
    if texts and (type_name not in MESSAGE_TYPES or type_name == "location"):
        fields.report("key-without-use", fields.node.entries["accept"].key, key="accept", type=type_name)
        return ()
    for text in texts:
        if not may_accept(text.value):
            fields.reading.wrong_type(
                text, "accept", "pdf, image, image/png o image/*", "pdf, image, image/png or image/*"
            )
    return tuple(text.value for text in texts)


def read_answer(leg: Leg, expected: Expected, message: Inbound) -> Any:
    """Return what a message says, as it is stored; None if it is no such answer."""
    read = _MESSAGES.get(expected.type)
    if read is not None:
        return read(expected, message)
    return None if message.media or message.location else read_words(leg, expected, message.text or "")


def read_words(leg: Leg, expected: Expected, text: str) -> Any:
    """Return what a text says, None for what is no answer of the type, out of bounds or not of the pattern."""
    kind = leg.flows.answer_types.get(expected.type)
    if kind is None:
        if expected.type in MESSAGE_TYPES:
            return None
        raise EvaluationError(f"no module registers the answer type '{expected.type}' any more", leg.step.place)
    if not text.strip() or (expected.pattern is not None and expected.pattern.search(text) is None):
        return None
    scope, context = leg.scope(), leg.reading_context()
    if kind.measure == "moment":
        earliest, latest = expected.bounds.days(scope)
        context = replace(context, earliest=earliest, latest=latest, opening=expected.bounds.opening(scope))
    try:
        value = kind.value_of(text, context)
    except EvaluationError as error:
        raise EvaluationError(str(error), leg.step.place) from None
    return value if value is not None and expected.bounds.hold(value, scope) else None


# ── what is no text ──


def _medium(expected: Expected, message: Inbound) -> dict[str, Any] | None:
    medium = message.media
    if not medium or not accepts(expected.accept, medium):
        return None
    if expected.type not in ("media", "any") and expected.type not in kinds_of(medium):
        return None
    return {name: medium.get(name) for name in MEDIUM}


def _place(expected: Expected, message: Inbound) -> dict[str, Any] | None:
    return {name: message.location.get(name) for name in PLACE} if message.location else None


def _any(expected: Expected, message: Inbound) -> dict[str, Any] | None:
    medium, place = _medium(expected, message), _place(expected, message)
    text = (message.text or "").strip() or None
    refused = message.media is not None and medium is None
    return None if refused or not (text or medium or place) else {"text": text, "media": medium, "location": place}


_MESSAGES: dict[str, Callable[[Expected, Inbound], dict[str, Any] | None]] = {
    **dict.fromkeys(MESSAGE_TYPES, _medium),
    "location": _place,
    "any": _any,
}
