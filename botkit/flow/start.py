"""Reading `start`: how a flow begins on its own."""

from __future__ import annotations

from botkit.answers.fold import fold
from botkit.flow.fields import Fields
from botkit.flow.model import Start
from botkit.flow.reader import START, Reading
from botkit.flow.source import Map, Node, Text

#: Keys of `start` -> one sentence.
START_KEYS: dict[str, str] = {
    "words": "words that begin it, anywhere in a message",
    "any": "any message begins it, media too; tried last",
    "if": "only while this is true",
}
LATER_START_KEYS = {key: key for key in ("pattern", "event", "interrupts", "resume")}


def read_start(reading: Reading, node: Node | None) -> tuple[Start, list[Text]]:
    """Return how the flow begins, and its words as written."""
    if node is None:
        return Start(), []
    if not isinstance(node, Map):
        reading.wrong_type(node, "start", "un mapa, p. ej. {words: [cita]}", "a mapping, e.g. {words: [cita]}")
        return Start(), []
    reading.step = START
    fields = Fields(reading, node, "start", "start")
    words = fields.texts("words")
    label = words[0].value if words else ""
    guard = fields.expression("if")
    start = Start(tuple(fold(word.value) for word in words), guard, label, fields.truth("any"))
    fields.finish(START_KEYS, LATER_START_KEYS)
    reading.step = None
    return start, words
