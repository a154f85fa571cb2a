"""A question as it is shown: its bubbles, and the header and footer that stand around the last text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.shape import WORDING, Key
from botkit.flow.text import Wording
from botkit.turn.leg import Leg

#: Keys of every kind that asks something.
QUESTION_KEYS: dict[str, Key] = {
    "header": Key("a first line above the question", WORDING),
    "footer": Key("a last line below it", WORDING),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a waiting step says."""

    message: Message
    header: Wording | None = None
    footer: Wording | None = None


def read_question(fields: StepFields, key: str) -> Question:
    """Read the question at `key`, its header and its footer."""
    frame = [fields.reading.wording(node, name) if (node := fields.get(name)) else None for name in QUESTION_KEYS]
    return Question(fields.message(key), *frame)


def render(leg: Leg, question: Question) -> list[dict[str, Any]]:
    """Return the messages that ask: header and footer go with the last text."""
    messages = leg.render(question.message)
    frame = {
        name: text
        for name, wording in (("header", question.header), ("footer", question.footer))
        if wording and (text := wording.render(leg.scope(), leg.flows.bot.language))
    }
    if not frame:
        return messages
    last = max((index for index, message in enumerate(messages) if message["type"] == "text"), default=-1)
    if last < 0:
        return [*messages, {"type": "text", "text": "", **frame}]
    messages[last] |= frame
    return messages


def as_text(leg: Leg, question: Question) -> str:
    """Return the question's words, which is what `question` means in a hint."""
    return "\n".join(message["text"] for message in leg.render(question.message) if message["type"] == "text")
