"""A wrong answer: hints that escalate, what is shown with them, and how many tries there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.language import is_by_language
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.shape import MESSAGE, TARGET, Key, any_of, chosen, group, list_of, whole
from botkit.flow.source import Map, Node, Seq, Text
from botkit.turn import menu
from botkit.turn.checks import Check
from botkit.turn.leg import Leg
from botkit.turn.question import Question, as_text, render

#: What `show` may say -> what follows the hint.
SHOWS: dict[str, str] = {
    "options": "the options again, with the hint",
    "question": "the question again",
    "nothing": "nothing more",
}
_HINTS = any_of(MESSAGE, list_of(MESSAGE, 1))
#: Keys of the long form.
INVALID_KEYS: dict[str, Key] = {
    "say": Key("the hint; of a list the first for the first wrong answer, and so on; the last repeats", _HINTS),
    "show": Key("what follows the hint", chosen(SHOWS)),
    "tries": Key("how many wrong answers there may be, or forever", any_of(whole(1), {"const": "forever"})),
    "then": Key("where the last of them leads, at once (else: to `stuck`)", TARGET),
}
#: What the long form lacks may stand in `defaults`.
INVALID = any_of(_HINTS, {"const": "ignore"}, group(INVALID_KEYS))


@dataclass(frozen=True, slots=True)
class Invalid:
    """What `invalid` says: hints in order (the last repeats), or silence; `tries` None means forever."""

    hints: tuple[Message, ...] = ()
    ignore: bool = False
    show: str = "nothing"
    tries: int | None = None


def read_invalid(fields: StepFields, shows: Sequence[str]) -> Invalid:
    """Read the key `invalid`: a text, a list of hints, `ignore`, or `{say, show, tries, then}`.

    `shows` are what `show` may be: of `options`, `question` and `nothing`; the first is the default.
    """
    node, default_show = fields.get("invalid"), shows[0]
    if node is None:
        return Invalid(show=default_show)
    if isinstance(node, Text) and node.value == "ignore":
        return Invalid(ignore=True, show=default_show)
    if not isinstance(node, Map) or is_by_language(node):
        return Invalid(_hints(fields, node), show=default_show)
    inner = Fields(fields.reading, node, "invalid", "invalid")
    say = inner.get("say")
    tries = None if _forever(inner.get("tries")) else inner.integer("tries", least=1)
    if "then" in inner:
        inner.require("tries")
        fields.exit("exhausted", inner.get("then"))
    elif tries is not None:
        fields.exit("exhausted", Text("stuck", node.entries["tries"].key.place))
    hints = _hints(fields, say) if say is not None else ()
    invalid = Invalid(hints, show=inner.choice("show", shows, default_show), tries=tries)
    inner.finish(INVALID_KEYS)
    return invalid


def _hints(fields: StepFields, node: Node) -> tuple[Message, ...]:
    items = node.items if isinstance(node, Seq) else [node]
    if not items:
        fields.report("empty-value", node, key="invalid")
    return tuple(said for item in items if (said := read_message(fields.reading, item, "invalid", ("question",))))


def _forever(node: Node | None) -> bool:
    return isinstance(node, Text) and node.value == "forever"


def refuse(leg: Leg, invalid: Invalid, question: Question, refused: Check | None = None, answer: Any = None) -> None:
    """Count a wrong answer and say what follows it.

    `refused` is the `check` that refuses an `answer` of the right kind: what it says stands for the hint.
    """
    running = leg.current
    running.tries += 1
    if invalid.tries is not None and running.tries >= invalid.tries:
        leg.move("exhausted")
        return
    leg.rest()
    said = refused.say if refused else ()
    if invalid.ignore and not said:
        return
    hint = said or (invalid.hints[min(running.tries, len(invalid.hints)) - 1] if invalid.hints else ())
    messages = leg.render(hint, question=as_text(leg, question), answer=answer)
    if messages and invalid.show == "options":
        menu.send(leg, messages)
        return
    for message in messages:
        leg.send(message)
    if not messages or invalid.show == "question":
        menu.send(leg, render(leg, question))
