"""Reading `start`: how a flow begins on its own."""

from __future__ import annotations

from botkit.answers.fold import fold
from botkit.flow.fields import Fields
from botkit.flow.locate import locate
from botkit.flow.model import Start
from botkit.flow.pattern import Pattern, read_pattern
from botkit.flow.reader import START, Reading
from botkit.flow.source import Map, Node, Text

#: Keys of `start` -> one sentence.
START_KEYS: dict[str, str] = {
    "words": "words that begin it, anywhere in a message",
    "pattern": "a pattern searched in the message as written; its named groups become slots",
    "any": "any message begins it, media too; tried last",
    "if": "only while this is true",
}
LATER_START_KEYS = {key: key for key in ("event", "interrupts", "resume")}


def read_start(reading: Reading, node: Node | None) -> tuple[Start, list[Text], Text | None]:
    """Return how the flow begins, and its words and its pattern as written."""
    if node is None:
        return Start(), [], None
    if not isinstance(node, Map):
        reading.wrong_type(node, "start", "un mapa, p. ej. {words: [cita]}", "a mapping, e.g. {words: [cita]}")
        return Start(), [], None
    reading.step = START
    fields = Fields(reading, node, "start", "start")
    words = fields.texts("words")
    label = words[0].value if words else ""
    guard = fields.expression("if")
    anything = fields.truth("any")
    fields.finish(START_KEYS, LATER_START_KEYS)
    reading.step = None
    text = fields.text("pattern")
    pattern = _read_pattern(reading, text) if text else None
    return Start(tuple(fold(word.value) for word in words), guard, label, anything, pattern), words, text


def _read_pattern(reading: Reading, text: Text) -> Pattern | None:
    """Read a pattern; its named groups are slots that the flow begins with."""
    pattern = read_pattern(reading, text)
    for name in pattern.names if pattern else ():
        place = locate(text, reading.lines, text.value.find(f"<{name}>") + 1, len(name))
        reading.slot(Text(name, place))
    return pattern
