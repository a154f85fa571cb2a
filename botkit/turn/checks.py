"""`check`: conditions under which an answer is refused, each with what is said then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.shape import MESSAGE, SCALAR, Key, any_of, group, list_of
from botkit.flow.source import Map, Seq
from botkit.flow.text import Expression
from botkit.turn.leg import Leg


@dataclass(frozen=True, slots=True)
class Check:
    """A condition under which an answer is refused, and what is said then."""

    refuses: Expression
    say: Message


#: Keys of one condition.
CHECK_KEYS: dict[str, Key] = {
    "if": Key("the answer is refused where this is true; `answer` is the answer", SCALAR),
    "say": Key("what is said then (else: what `invalid` says)", MESSAGE),
}
#: One that stands alone may have the rest in `defaults`.
CHECK = any_of(list_of(group(CHECK_KEYS, ("if",))), group(CHECK_KEYS))

Checks = tuple[Check, ...]


def read_checks(fields: StepFields) -> Checks:
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
        say = read_message(inner.reading, inner.get("say"), "say", ("answer", "question"))
        inner.finish(CHECK_KEYS)
        if condition:
            checks.append(Check(condition, say))
    return tuple(checks)


def refusal(leg: Leg, checks: Checks, value: Any) -> Check | None:
    """Return the first check that refuses an answer, or None."""
    if not checks:
        return None
    scope = leg.scope(answer=value)
    return next((check for check in checks if check.refuses.holds(scope)), None)
