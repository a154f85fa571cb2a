"""Reading a flow: documents -> drafts of steps, in blocks, with the mistakes noted.

A draft becomes a step in `link.py`, when every id of the flow and every flow of the bot is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from botkit.answers.fold import fold
from botkit.answers.types import ANSWER_TYPES, AnswerType
from botkit.flow.fields import Fields
from botkit.flow.kind import SPEAKING_KEYS, Block, Draft, HandlerUse, Kind, StepFields
from botkit.flow.model import Start
from botkit.flow.problem import nearest
from botkit.flow.reader import START, Reading
from botkit.flow.scalar import written
from botkit.flow.source import Document, Map, Node, Seq, Text, as_data

#: Keys of a flow that this version reads -> one sentence.
FLOW_KEYS: dict[str, str] = {
    "flow": "its lasting name",
    "title": "what people and pictures show",
    "start": "how it begins on its own: words, if",
    "steps": "the main line",
    "asides": "named side paths, each a list of steps",
}
#: Keys of the flow language that a later version reads.
LATER_FLOW_KEYS = {key: key for key in ("inputs", "defaults", "anywhere", "silence", "on_change", "was")}
START_KEYS = ("words", "if")
LATER_START_KEYS = {key: key for key in ("pattern", "event", "any", "interrupts", "resume")}
#: Keys of every step.
STEP_KEYS: dict[str, str] = {"id": "its lasting name", "if": "skipped unless this is true"}
LATER_STEP_KEYS = {
    key: key
    for key in (
        *("was", "silence", "together"),
        *("retries", "meanwhile", "value", "from"),
    )
}
#: Kinds of the flow language that a later version knows.
LATER_KINDS = ("http", "call", "wait", "schedule", "handoff")


class FlowReader:
    """Reads one flow of a document; afterwards its fields hold all that was found."""

    def __init__(
        self,
        document: Document,
        kinds: Mapping[str, Kind],
        answer_types: Mapping[str, AnswerType] = ANSWER_TYPES,
    ) -> None:
        self.document = document
        self.kinds = kinds
        self.answer_types = answer_types
        self.reading = Reading(document.lines)
        self.calls: list[HandlerUse] = []
        self.drafts: list[Draft] = []
        self.asides: dict[str, Block] = {}
        self.start = Start()
        self.start_words: list[Text] = []
        self.name: Text | None = None
        self.titles: dict[str, str] = {}
        self.main = Block(None, document.root.place)
        self.digest = hashlib.sha256(
            json.dumps(as_data(document.root), ensure_ascii=False, separators=(",", ":")).encode()
        ).hexdigest()[:32]

    def read(self) -> None:
        """Read the whole flow."""
        root = self.document.root
        if not isinstance(root, Map):
            self.reading.report("not-a-flow", root)
            return
        fields = Fields(self.reading, root, "un flujo", "a flow")
        fields.require("flow", "steps")
        self.name = self._name(fields.text("flow"))
        self._read_title(fields.get("title"))
        self._read_start(fields.get("start"))
        steps = fields.get("steps")
        if steps is not None:
            self.main = self.read_block(steps, None) or self.main
        self._read_asides(fields.get("asides"))
        fields.finish(FLOW_KEYS, LATER_FLOW_KEYS)

    def _name(self, text: Text | None) -> Text | None:
        if text and not text.value.replace("-", "_").isidentifier():
            self.reading.report("bad-name", text, name=text.value)
            return None
        return text

    def _read_title(self, node: Node | None) -> None:
        wording = self.reading.wording(node, "title") if node is not None else None
        if wording:
            self.titles = {language: template.text for language, template in wording.texts.items()}

    def _read_start(self, node: Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, Map):
            self.reading.wrong_type(node, "start", "un mapa, p. ej. {words: [cita]}", "a mapping, e.g. {words: [cita]}")
            return
        self.reading.step = START
        fields = Fields(self.reading, node, "start", "start")
        self.start_words = fields.texts("words")
        label = self.start_words[0].value if self.start_words else ""
        self.start = Start(tuple(fold(word.value) for word in self.start_words), fields.expression("if"), label)
        fields.finish(START_KEYS, LATER_START_KEYS)
        self.reading.step = None

    def _read_asides(self, node: Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, Map):
            self.reading.wrong_type(node, "asides", "un mapa de nombre a lista de pasos", "a mapping of name to steps")
            return
        for name, entry in node.entries.items():
            key = self._name(entry.key)
            block = self.read_block(entry.value, None)
            if key and block:
                block.aside = key
                self.asides[name] = block

    def read_block(self, node: Node, holder: Draft | None) -> Block | None:
        """Read a list of steps; `holder` is the step whose target it stands for."""
        if not isinstance(node, Seq):
            self.reading.wrong_type(node, "steps", "una lista de pasos", "a list of steps")
            return None
        block = Block(holder, node.place)
        for item in node.items:
            self._read_step(item, block)
        return block

    def _read_step(self, node: Node, block: Block) -> None:
        if not isinstance(node, Map):
            self.reading.report("not-a-step", node, value=written(node))
            return
        kind = self._kind(node)
        if kind is None:
            return
        draft = Draft(kind, node.place, block, len(block.drafts))
        block.drafts.append(draft)
        self.drafts.append(draft)
        holder, self.reading.step = self.reading.step, draft
        self._read_keys(StepFields(self.reading, node, draft, self), draft)
        self.reading.step = holder

    def _read_keys(self, fields: StepFields, draft: Draft) -> None:
        kind = draft.kind
        draft.written_id = self._name(fields.text("id"))
        if kind.name != "if":
            draft.guard = fields.expression("if")
        draft.body = kind.read(fields)
        known = {**kind.keys, **STEP_KEYS}
        if kind.speaks:
            known |= SPEAKING_KEYS
            self._read_delivery(fields, draft)
        fields.finish(known, {key: key for key in LATER_STEP_KEYS if key not in known})

    def _read_delivery(self, fields: StepFields, draft: Draft) -> None:
        draft.expires_s = fields.duration("expires")
        if "on_failed" in fields:
            draft.on_failed = True
            fields.exit("failed", fields.get("on_failed"))

    def _kind(self, node: Map) -> Kind | None:
        found = [key for key in node.entries if key in self.kinds and key != "if"]
        if not found and "if" in node.entries and ("then" in node.entries or "else" in node.entries):
            return self.kinds["if"]
        if len(found) == 1:
            return self.kinds[found[0]]
        if len(found) > 1:
            self.reading.report("two-kinds", node.entries[found[1]].key, first=found[0], second=found[1])
            return None
        later = next((key for key in node.entries if key in LATER_KINDS), None)
        if later:
            self.reading.report("not-yet", node.entries[later].key, key=later)
            return None
        if "if" in node.entries and set(node.entries) <= {*STEP_KEYS, "else"}:
            self.reading.report(
                *("missing-key", node.entries["if"].key), key="then", where="un paso 'if'", where_en="an 'if' step"
            )
        else:
            self._unknown_kind(node)
        return None

    def _unknown_kind(self, node: Map) -> None:
        known = ", ".join(self.kinds)
        for entry in node.entries.values():
            near = nearest(entry.key.value, self.kinds)
            if near and entry.key.value not in STEP_KEYS:
                self.reading.report("unknown-kind", entry.key, known=known, near=near, key=entry.key.value)
                return
        first = next(iter(node.entries.values()), None)
        key = first.key.value if first else ""
        self.reading.report("unknown-kind", first.key if first else node, known=known, key=key)
