"""What stands in the box of a step, in the author's words: one function for each kind of step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botkit.flow.duration import Duration
from botkit.flow.message import Card, Medium, Message, OneOf, Spot, Words
from botkit.flow.text import Data, Expression, Template, Wording
from botkit.graph.words import PHRASES, word
from botkit.turn.kinds.ask import Ask
from botkit.turn.kinds.call import Call
from botkit.turn.kinds.choose import Choose
from botkit.turn.kinds.end import End
from botkit.turn.kinds.handoff import HandOver
from botkit.turn.kinds.http import Http
from botkit.turn.kinds.run import Run
from botkit.turn.kinds.schedule import Schedule
from botkit.turn.kinds.wait import Wait

_OTHERWISE = re.compile(r"\{%-?\s*el.*?%\}", re.DOTALL)
_BLOCK = re.compile(r"\{%.*?%\}", re.DOTALL)
_VALUE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells texts of flows in one language; `fallback` is the bot's own, `titles` are those of flows by name."""

    language: str
    fallback: str
    titles: Mapping[str, str]

    def phrase(self, key: str, **values: object) -> str:
        """Return a phrase of the table."""
        return word(PHRASES, key, self.language, **values)

    def wording(self, wording: Wording | None) -> str:
        """Return a text on one line, its tags short."""
        return plain(wording.pick(self.language, self.fallback).text) if wording else ""

    def message(self, message: Message) -> str:
        """Return what the first bubble says, and how many more there are."""
        told = [self._bubble(bubble.content) for bubble in message]
        if not told:
            return ""
        return self.phrase("more", text=told[0], n=len(told) - 1) if len(told) > 1 else told[0]

    def whole(self, message: Message) -> str:
        """Return what all bubbles say, one a line."""
        return "\n".join(self._bubble(bubble.content) for bubble in message)

    def _bubble(self, content: Words | Medium | Spot | Card | OneOf) -> str:
        match content:
            case Words(wording):
                return self.wording(wording)
            case Medium(kind, _, caption):
                return _named(self.phrase(kind), self.wording(caption))
            case Spot(_, _, caption):
                return _named(self.phrase("location"), self.wording(caption))
            case Card(name, _):
                return _named(self.phrase("contact"), self.wording(name))
            case OneOf(variants):
                return " / ".join(self._bubble(each.content) for each in variants)

    def title(self, flow: str) -> str:
        """Return what a flow is called."""
        return self.titles.get(flow, flow)


def plain(text: str) -> str:
    """Return a text as it fits into a box: on one line, `{{ x }}` as `{x}`, what else it may say behind a stroke."""
    return " ".join(_VALUE.sub(r"{\1}", _BLOCK.sub("", _OTHERWISE.sub(" / ", text))).split())


def time_of(duration: Duration | None) -> str:
    """Return how long something lasts, as written."""
    return plain(duration.text.text) if duration else ""


def _named(kind: str, name: str) -> str:
    return f"[{kind}] {name}".strip()


def _data(shape: Any) -> str:
    match shape:
        case Template():
            return plain(shape.text)
        case Mapping():
            return ", ".join(f"{name} = {_data(value)}" for name, value in shape.items())
        case list():
            return "[" + ", ".join(_data(item) for item in shape) + "]"
        case bool():
            return str(shape).lower()
        case None:
            return "none"
        case _:
            return str(shape)


def _columns(_: Teller, columns: Data) -> str:
    return ", ".join(columns.shape) if isinstance(columns.shape, Mapping) else _data(columns.shape)


def _set(_: Teller, assignments: tuple[tuple[str, Data], ...]) -> str:
    return ", ".join(f"{name} = {_data(data.shape)}" for name, data in assignments)


def _if(_: Teller, condition: Expression | None) -> str:
    return plain(condition.text) if condition else ""


def _wait(teller: Teller, wait: Wait) -> str:
    if wait.event is not None:
        return teller.phrase("awaits", text=wait.event)
    return teller.phrase("until", text=plain(wait.until.text)) if wait.until else time_of(wait.duration)


def _schedule(teller: Teller, reminder: Schedule) -> str:
    name = plain(reminder.name.text) if reminder.name else ""
    if reminder.flow is None:
        return teller.phrase("cancels", text=name)
    when = (
        teller.phrase("at", text=plain(reminder.at.text))
        if reminder.at
        else teller.phrase("in", time=time_of(reminder.after))
    )
    return f"{name}: {teller.title(reminder.flow)}, {when}"


def _end(teller: Teller, end: End) -> str:
    return f"{end.outcome} {teller.phrase('everything')}" if end.all else end.outcome


def _http(_: Teller, http: Http) -> str:
    return plain(http.target.written) if http.target else ""


def _question(teller: Teller, body: Ask | Choose) -> str:
    return teller.message(body.question.message)


def _run(_: Teller, run: Run) -> str:
    return run.handler


def _call(teller: Teller, call: Call) -> str:
    return teller.title(call.flow)


def _handoff(_: Teller, over: HandOver) -> str:
    return over.to


#: kind of step -> what its box says.
CAPTIONS: dict[str, Callable[[Teller, Any], str]] = {
    "say": Teller.message,
    "ask": _question,
    "choose": _question,
    "set": _set,
    "if": _if,
    "run": _run,
    "http": _http,
    "call": _call,
    "goto": lambda teller, body: "",
    "wait": _wait,
    "schedule": _schedule,
    "record": _columns,
    "handoff": _handoff,
    "end": _end,
}
