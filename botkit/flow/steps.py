"""Reading steps: a list of mappings -> drafts, in blocks, with the mistakes noted."""

from __future__ import annotations

from collections.abc import Mapping

from botkit.answers.types import AnswerType
from botkit.flow.called import meant
from botkit.flow.defaults import with_defaults
from botkit.flow.fields import is_long_dash
from botkit.flow.kind import STEP_KEYS, Block, Draft, FlowUse, HandlerUse, Kind, ServiceUse, StepFields
from botkit.flow.message import FORMS
from botkit.flow.reader import Reading
from botkit.flow.scalar import written
from botkit.flow.silence import STEP_SILENCE, read_silence
from botkit.flow.source import Map, Node, Seq, Text

LATER_STEP_KEYS = {key: key for key in (*("value", "from"),)}


class StepsReader:
    """Reads lists of steps; afterwards its fields hold what they say."""

    def __init__(self, reading: Reading, kinds: Mapping[str, Kind], answer_types: Mapping[str, AnswerType]) -> None:
        self.reading = reading
        self.kinds = kinds
        self.answer_types = answer_types
        self.defaults: tuple[Map, ...] = ()
        self.drafts: list[Draft] = []
        self.calls: list[HandlerUse] = []
        self.flow_calls: list[FlowUse] = []
        self.services: list[ServiceUse] = []
        self.outcomes: set[str] = {"done", "cancelled", "error"}

    def name_of(self, text: Text | None) -> Text | None:
        """Return a text that names something for good, else None with a problem noted."""
        if text and not text.value.replace("-", "_").isidentifier():
            self.reading.report("bad-name", text, name=text.value)
            return None
        return text

    def read_block(self, node: Node, holder: Draft | None, *, end: str = "@end") -> Block | None:
        """Read a list of steps; `holder` is the step whose target it stands for, `end` the state behind it without."""
        if not isinstance(node, Seq):
            if isinstance(node, Map) and not self.kinds.keys().isdisjoint(node.entries):
                self.reading.report("step-without-dash", node)
            elif isinstance(node, Map) and (long := next((key for key in node.entries if is_long_dash(key)), None)):
                self.reading.report("long-dash", node.entries[long].key, text=long)
            else:
                self.reading.wrong_type(node, "steps", "una lista de pasos", "a list of steps")
            return None
        block = Block(holder, node.place, end=end)
        for item in node.items:
            self._read_step(item, block)
        return block

    def _read_step(self, node: Node, block: Block) -> None:
        if not isinstance(node, Map):
            if isinstance(node, Text) and node.empty:
                self.reading.report("empty-step", node)
            elif isinstance(node, Text) and ":" in node.value and node.value.partition(":")[0] in self.kinds:
                self.reading.report("colon-without-blank", node, text=node.value)
            else:
                self.reading.report("not-a-step", node, value=written(node))
            return
        kind = self._kind(node)
        if kind is None:
            return
        draft = Draft(kind, node.place, block, len(block.drafts))
        block.drafts.append(draft)
        self.drafts.append(draft)
        holder, self.reading.step = self.reading.step, draft
        self._read_keys(StepFields(self.reading, with_defaults(node, kind, self.defaults), draft, self), draft)
        self.reading.step = holder

    def _read_keys(self, fields: StepFields, draft: Draft) -> None:
        kind = draft.kind
        draft.written_id = self.name_of(fields.text("id"))
        draft.was = tuple(fields.texts("was"))
        if kind.name != "if":
            draft.guard = fields.expression("if")
        draft.body = kind.read(fields)
        if kind.speaks:
            self._read_delivery(fields, draft)
        if kind.asks:
            self._read_silence(fields, draft)
        known = kind.all_keys()
        fields.finish(known, {key: key for key in LATER_STEP_KEYS if key not in known})

    def _read_delivery(self, fields: StepFields, draft: Draft) -> None:
        draft.expires = fields.duration("expires")
        if "on_failed" in fields:
            draft.on_failed = True
            fields.exit("failed", fields.get("on_failed"))

    def _read_silence(self, fields: StepFields, draft: Draft) -> None:
        found = read_silence(fields, STEP_SILENCE)
        if found is not None:
            draft.silence = found.silence
            if found.then is not None:
                fields.exit("silence", found.then)

    def _kind(self, node: Map) -> Kind | None:
        found = [key for key in node.entries if key in self.kinds and key != "if"]
        if not found and "if" in node.entries and ("then" in node.entries or "else" in node.entries):
            return self.kinds["if"]
        if len(found) == 1:
            return self.kinds[found[0]]
        if len(found) > 1:
            self.reading.report("two-kinds", node.entries[found[1]].key, first=found[0], second=found[1])
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
            key = entry.key.value
            near = f"say: {{{key}: …}}" if key in FORMS else meant(key, self.kinds)
            if near and key not in STEP_KEYS:
                self.reading.report("unknown-kind", entry.key, known=known, near=near, key=key)
                return
        first = next(iter(node.entries.values()), None)
        key = first.key.value if first else ""
        self.reading.report("unknown-kind", first.key if first else node, known=known, key=key)
