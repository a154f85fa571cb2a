"""What a conversation waits for, as far as who answers can know it: the step, its words, its options, its bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botkit.errors import EvaluationError
from botkit.explore.scene import Scene
from botkit.flow.flowset import FlowSet
from botkit.flow.machine import NoWayOut
from botkit.flow.message import Message, Words
from botkit.flow.model import Flow, Step
from botkit.flow.text import Template
from botkit.flow.values import plain
from botkit.turn.kinds.ask import Ask
from botkit.turn.kinds.choose import Choose
from botkit.turn.leg import Leg
from botkit.turn.wrong import Invalid

#: Most texts that are taken from what an answer is checked against.
COMPARED = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """The step at which a conversation waits. `language` is the person's, `shown` the titles on show.

    `least` and `most` are the bounds as they are now, `words` and `hints` the texts as they are written; `compared` is
    what the answer is checked against: codes that a handler gave, constants of the bot.
    """

    flow: Flow
    step: Step
    language: str
    shown: tuple[Mapping[str, Any], ...] = ()
    least: Any = None
    most: Any = None
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()

    @property
    def ask(self) -> Ask | None:
        """Return what an `ask` wants; None for another kind."""
        return self.step.body if isinstance(self.step.body, Ask) else None

    @property
    def at(self) -> tuple[str, str]:
        """Return flow and step."""
        return self.flow.name, self.step.id


def asked(flows: FlowSet, scene: Scene) -> Asked | None:
    """Return what a conversation waits for; None with nothing running, and where people have it."""
    if scene.conversation.top is None or scene.conversation.handoff is not None:
        return None
    try:
        leg = Leg(flows, scene.conversation, scene.now, "", scene.load)
        running = leg.resume()
        step = leg.step
    except (EvaluationError, NoWayOut):
        return None
    assert running is not None
    body = step.body
    least, most = _bounds(leg, body) if isinstance(body, Ask) else (None, None)
    # The titles of the page on show, as the person saw them.
    shown = scene.menus[-1] if scene.menus and running.shown else ()
    question = getattr(getattr(body, "question", None), "message", ())
    hints = _hints(leg, body) if isinstance(body, (Ask, Choose)) else ()
    words, compared = _words(leg, question), tuple(_compared(leg, body))
    return Asked(running.flow, step, leg.language, shown, least, most, words, hints, compared)


def _bounds(leg: Leg, ask: Ask) -> tuple[Any, Any]:
    found = []
    for bound in (ask.expected.bounds.least, ask.expected.bounds.most):
        try:
            found.append(bound.value(leg.scope()) if isinstance(bound, Template) else bound)
        except EvaluationError:
            found.append(None)
    return found[0], found[1]


def _compared(leg: Leg, body: Any) -> list[str]:
    """Return the texts and numbers in what the checks of a question read besides the answer."""
    checks = body.checks if isinstance(body, (Ask, Choose)) else ()
    names = {name for check in checks for name in check.refuses.names} - {"answer", "now", "today", "message"}
    found = (text for name in sorted(names) for text in _scalars(plain(leg.scope().get(name))))
    return list(dict.fromkeys(found))[:COMPARED]


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _scalars(inner)


def _hints(leg: Leg, body: Ask | Choose) -> tuple[str, ...]:
    invalid: Invalid = body.invalid
    said = [*invalid.hints, *(check.say for check in body.checks)]
    return tuple(words for message in said for words in _words(leg, message))


def _words(leg: Leg, message: Message) -> tuple[str, ...]:
    """Return the texts of a message, those with templates as they are written."""
    found = []
    for bubble in message:
        if isinstance(bubble.content, Words):
            found.append(bubble.content.wording.pick(leg.language, leg.flows.bot.language).text)
    return tuple(found)
