"""Reading a flow: a document -> drafts of steps, in blocks, with the mistakes noted.

A draft becomes a step in `link.py`, when every id of the flow and every flow of the bot is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from botkit.answers.fold import fold
from botkit.answers.types import ANSWER_TYPES, AnswerType
from botkit.flow.around import Around
from botkit.flow.defaults import check_defaults
from botkit.flow.fields import Fields
from botkit.flow.inputs import read_inputs
from botkit.flow.kind import Block, Kind
from botkit.flow.model import KEEP, ON_CHANGE
from botkit.flow.problem import Place, Problem
from botkit.flow.reader import Reading
from botkit.flow.shape import (
    ANYTHING,
    SCALAR,
    STEPS,
    TARGET,
    TEXTS,
    WORDING,
    Key,
    any_of,
    chosen,
    group,
    list_of,
    map_of,
    ref,
)
from botkit.flow.silence import FLOW_SILENCE, Silence, read_silence
from botkit.flow.source import Document, Map, Node, Seq, Text, as_data
from botkit.flow.start import START_KEYS, ReadStart, read_start
from botkit.flow.steps import LATER_STEP_KEYS, StepsReader

#: Keys of a flow that this version reads.
FLOW_KEYS: dict[str, Key] = {
    "flow": Key("its lasting name", SCALAR),
    "title": Key("what people and pictures show", WORDING),
    "start": Key("how it begins on its own: words, pattern, event, any, if, interrupts, resume", group(START_KEYS)),
    "inputs": Key("slots that a caller gives, maybe with defaults", any_of(list_of(SCALAR), map_of(ANYTHING))),
    "defaults": Key("keys that its steps take where they say nothing", ref("defaults")),
    "anywhere": Key(
        "words understood at each question of this flow and of flows it calls, with their targets", map_of(TARGET)
    ),
    "silence": Key("what follows when nobody writes for long: {after, say, then}", group(FLOW_SILENCE, ("after",))),
    "steps": Key("the main line", STEPS),
    "asides": Key("named side paths, each a list of steps", map_of(STEPS)),
    "on_change": Key("what a deploy does to people inside: keep, move, restart", chosen(ON_CHANGE)),
    "was": Key("its old name, or a list of them", TEXTS),
}
#: Keys of the flow language that a later version reads.
LATER_FLOW_KEYS: dict[str, str] = {}


def check_bot_defaults(node: Map, around: Around, kinds: Mapping[str, Kind]) -> list[Problem]:
    """Return what is wrong with the keys of config.yaml's `defaults`; values are checked where steps take them."""
    reading = Reading([], around)
    check_defaults(reading, node, kinds, LATER_STEP_KEYS)
    return reading.problems


class FlowReader(StepsReader):
    """Reads one flow of a document; afterwards its fields hold all that was found."""

    def __init__(
        self,
        document: Document,
        kinds: Mapping[str, Kind],
        around: Around,
        answer_types: Mapping[str, AnswerType] = ANSWER_TYPES,
    ) -> None:
        super().__init__(Reading(document.lines, around), kinds, answer_types)
        self.document = document
        self.around = around
        self.inputs: dict[str, Any] = {}
        self.required: dict[str, Text] = {}
        self.anywhere: dict[str, Text | Block] = {}
        self.anywhere_words: dict[str, Text] = {}
        self.asides: dict[str, Block] = {}
        self.silence: Silence | None = None
        self.silence_then: Text | Block | None = None
        self.silence_place: Place | None = None
        self.begins = ReadStart()
        self.name: Text | None = None
        self.titles: dict[str, str] = {}
        self.main = Block(None, document.root.place)
        self.on_change = KEEP
        self.was: list[Text] = []

    @property
    def digest(self) -> str:
        """Return what names this very text: without places, and with what it was read with."""
        known: list[object] = [as_data(self.document.root)]
        if self.around.defaults is not None:
            known.append(as_data(self.around.defaults))
        if self.reading.translated:
            translated = self.reading.translated.items()
            known.append({language: {key: text.value for key, text in of.items()} for language, of in translated})
        raw = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(raw.encode()).hexdigest()[:32]

    def read(self) -> None:
        """Read the whole flow."""
        root = self.document.root
        if not isinstance(root, Map):
            self.reading.report("not-a-flow", root)
            return
        fields = Fields(self.reading, root, "un flujo", "a flow")
        fields.require("flow", "steps")
        self.name = self.name_of(fields.text("flow"))
        self._read_title(fields.get("title"))
        self.begins = read_start(self.reading, fields.get("start"))
        self.inputs, self.required = read_inputs(self.reading, fields.get("inputs"))
        self._read_defaults(fields.get("defaults"))
        steps = fields.get("steps")
        if steps is not None:
            self.main = self.read_block(steps, None) or self.main
        self._read_asides(fields.get("asides"))
        self._read_anywhere(fields.get("anywhere"))
        self.on_change = fields.choice("on_change", ON_CHANGE, KEEP)
        self.was = fields.texts("was")
        self._read_flow_silence(fields)
        fields.finish(FLOW_KEYS, LATER_FLOW_KEYS)

    def _read_title(self, node: Node | None) -> None:
        wording = self.reading.wording(node, "title") if node is not None else None
        if wording:
            self.titles = {language: template.text for language, template in wording.texts.items()}

    def _read_defaults(self, node: Node | None) -> None:
        layers = []
        if isinstance(node, Map):
            check_defaults(self.reading, node, self.kinds, LATER_STEP_KEYS)
            layers.append(node)
        elif node is not None:
            self.reading.wrong_type(node, "defaults", "un grupo de claves", "a group of keys")
        if self.around.defaults is not None:
            layers.append(self.around.defaults)
        self.defaults = tuple(layers)

    def _read_anywhere(self, node: Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, Map):
            self.reading.wrong_type(node, "anywhere", "un mapa de palabra a destino", "a mapping of word to target")
            return
        for entry in node.entries.values():
            word = fold(entry.key.value)
            if not word or word in self.anywhere:
                self.reading.report("duplicate-anywhere", entry.key, word=entry.key.value)
            elif (target := self._target(entry.value, "anywhere", end="@again")) is not None:
                self.anywhere[word], self.anywhere_words[word] = target, entry.key

    def _read_flow_silence(self, fields: Fields) -> None:
        found = read_silence(fields, FLOW_SILENCE)
        if found is not None:
            self.silence = found.silence
            if found.then is not None:
                self.silence_then = self._target(found.then, "silence.then")
                self.silence_place = found.then.place

    def _target(self, node: Node, key: str, *, end: str = "@end") -> Text | Block | None:
        """Read a target of the flow as a whole; `end` is the state behind a list."""
        if isinstance(node, Seq):
            return self.read_block(node, None, end=end)
        if isinstance(node, Text) and not node.empty:
            return node
        self.reading.wrong_type(node, key, "un destino o una lista de pasos", "a target or a list of steps")
        return None

    def _read_asides(self, node: Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, Map):
            self.reading.wrong_type(node, "asides", "un mapa de nombre a lista de pasos", "a mapping of name to steps")
            return
        for name, entry in node.entries.items():
            key = self.name_of(entry.key)
            block = self.read_block(entry.value, None)
            if key and block:
                block.aside = key
                self.asides[name] = block
