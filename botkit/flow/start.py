"""Reading `start`: how a flow begins on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from botkit.answers.fold import fold
from botkit.flow.fields import Fields
from botkit.flow.locate import locate
from botkit.flow.model import INTERRUPTS, RESUMES, Start
from botkit.flow.pattern import Pattern, read_pattern
from botkit.flow.reader import START, Reading, has_template
from botkit.flow.shape import SCALAR, TEXTS, TRUTH, Key, chosen
from botkit.flow.source import Map, Node, Text

#: Keys of `start`.
START_KEYS: dict[str, Key] = {
    "words": Key("words that begin it, anywhere in a message", TEXTS),
    "pattern": Key("a pattern searched in the message as written; its named groups become slots", SCALAR),
    "event": Key("a named event that begins it; its data give the flow's `inputs`", SCALAR),
    "any": Key("any message begins it, media too; tried last", TRUTH),
    "if": Key("only while this is true", SCALAR),
    "interrupts": Key(
        "true: it may also come on top of another flow; only: it begins in no other way", chosen(INTERRUPTS)
    ),
    "resume": Key(
        "what the flow below does afterwards: ask (its question again) or silent (it waits on without a word)",
        chosen(RESUMES),
    ),
}


class ReadStart(NamedTuple):
    """How a flow begins, and its words, its pattern and its event as written."""

    start: Start = Start()
    words: Sequence[Text] = ()
    pattern: Text | None = None
    event: Text | None = None


def read_start(reading: Reading, node: Node | None) -> ReadStart:
    """Read the key `start` of a flow."""
    if node is None:
        return ReadStart()
    if not isinstance(node, Map):
        reading.wrong_type(node, "start", "un mapa, p. ej. {words: [cita]}", "a mapping, e.g. {words: [cita]}")
        return ReadStart()
    reading.step = START
    fields = Fields(reading, node, "start", "start")
    words, event = fields.texts("words"), fields.text("event")
    if event and has_template(event):
        reading.wrong_type(event, "event", "un nombre fijo, sin {{ }}", "a fixed name, without {{ }}")
    guard = fields.expression("if")
    interrupts, resume = fields.choice("interrupts", INTERRUPTS, "false"), fields.choice("resume", RESUMES, "ask")
    anything = fields.truth("any")
    if anything and interrupts == "only":
        fields.report("any-never-interrupts", node.entries["any"].key)
    fields.finish(START_KEYS)
    reading.step = None
    text = fields.text("pattern")
    start = Start(
        words=tuple(fold(word.value) for word in words),
        guard=guard,
        label=words[0].value if words else "",
        any=anything,
        pattern=_read_pattern(reading, text) if text else None,
        event=event.value.strip() if event else "",
        interrupts=interrupts,
        resume=resume,
    )
    return ReadStart(start, words, text, event)


def _read_pattern(reading: Reading, text: Text) -> Pattern | None:
    """Read a pattern; its named groups are slots that the flow begins with."""
    pattern = read_pattern(reading, text)
    for name in pattern.names if pattern else ():
        place = locate(text, reading.lines, text.value.find(f"<{name}>") + 1, len(name))
        reading.slot(Text(name, place))
    return pattern
