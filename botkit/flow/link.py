"""Linking: drafts get their lasting ids, targets become states.

Ids, in this order: as written; the name of the aside that the step begins; the slot it saves, if no other waiting step
saves it; else `kind_n`, which a waiting step gets with a warning, since edits above would renumber it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cached_property
from itertools import chain

from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.flow_reader import FlowReader
from botkit.flow.kind import Block, Draft
from botkit.flow.model import RESERVED_TARGETS, Exit, Flow, Step
from botkit.flow.source import Text


class Linker:
    """Turns the drafts of one flow into steps; `flows` are the names of all flows of the bot and the built-in ones."""

    def __init__(self, reader: FlowReader, flows: Collection[str], own: Collection[str]) -> None:
        self.reader = reader
        self.reading = reader.reading
        self.flows = flows
        self.own = own
        self.ids: dict[str, Draft] = {}
        self._anywhere: dict[str, str] = {}
        self._idle: str | None = None

    def link(self) -> dict[str, Step]:
        """Return the steps by id, in the order written."""
        self._name_steps()
        for draft in self.reader.drafts:
            draft.follow = self._behind(draft)
        self._anywhere = {word: self._target(target) for word, target in self.reader.anywhere.items()}
        if self.reader.silence_then is not None:
            self._idle = self._target(self.reader.silence_then)
        return {draft.id: self._step(draft) for draft in self.reader.drafts}

    def flow(self, *, builtin: bool = False) -> Flow | None:
        """Return the whole flow, None without a name."""
        reader, steps = self.reader, self.link()
        if reader.name is None:
            return None
        return Flow(
            name=reader.name.value,
            titles=reader.titles or {"": reader.name.value},
            place=reader.document.root.place,
            start=reader.begins.start,
            steps=steps,
            first=self.first(reader.main),
            digest=reader.digest,
            builtin=builtin,
            text=reader.document.text,
            inputs=reader.inputs,
            anywhere={word: text.value for word, text in reader.anywhere_words.items()},
            again=self._again(),
            asides=self._asides(),
            held=self._held(),
            secrets=self._secrets(),
            around=reader.around.freeze(reader.reading.translated),
            on_change=reader.on_change,
            was=tuple(text.value for text in reader.was),
            silence=reader.silence,
        )

    def first(self, block: Block) -> str:
        """Return the state that a block begins with."""
        if block.drafts:
            return block.drafts[0].id
        return block.holder.follow or self._behind(block.holder) if block.holder else block.end

    def _again(self) -> frozenset[str]:
        return frozenset(draft.id for draft in self.reader.drafts if draft.block.outermost.end == "@again")

    def _asides(self) -> dict[str, str]:
        apart = [(draft.id, draft.block.outermost) for draft in self.reader.drafts]
        return {id: block.aside.value if block.aside else "" for id, block in apart if block is not self.reader.main}

    def _held(self) -> dict[str, str]:
        return {draft.id: holder.id for draft in self.reader.drafts if (holder := draft.question)}

    def _secrets(self) -> frozenset[str]:
        setters = self.reading.setters
        return frozenset(each.slot for each in setters if isinstance(each.step, Draft) and each.step.sensitive)

    def _name_steps(self) -> None:
        for draft in self.reader.drafts:
            if draft.written_id:
                self._take_written(draft, draft.written_id)
        for name, block in self.reader.asides.items():
            self._name_aside(name, block)
        savers = Counter(draft.saves for draft in self.reader.drafts if draft.saves and draft.kind.waits)
        any_savers = Counter(draft.saves for draft in self.reader.drafts if draft.saves)
        for draft in self.reader.drafts:
            slot = draft.saves
            alone = slot and (savers[slot] == 1 if draft.kind.waits else any_savers[slot] == 1)
            if not draft.id and slot and alone and slot not in self.reader.asides:
                self._take(draft, slot.rpartition(".")[2])
        self._number_rest()

    def _take_written(self, draft: Draft, text: Text) -> None:
        name = text.value
        if name in self.ids:
            first = self.ids[name].place.line
            self.reading.report("duplicate-id", text, id=name, first=first)
        elif name in RESERVED_TARGETS:
            self.reading.report("reserved-target", text, name=name)
        else:
            if name in self.own:
                self.reading.report("name-clash", text, name=name)
            self._take(draft, name)

    def _name_aside(self, name: str, block: Block) -> None:
        assert block.aside is not None
        if name in RESERVED_TARGETS:
            self.reading.report("reserved-target", block.aside, name=name)
        if name in self.own:
            self.reading.report("name-clash", block.aside, name=name)
        if name in self.ids and self.ids[name] is not (block.drafts[0] if block.drafts else None):
            self.reading.report("duplicate-id", block.aside, id=name, first=self.ids[name].place.line)
        elif block.drafts and not block.drafts[0].id:
            self._take(block.drafts[0], name)

    def _take(self, draft: Draft, name: str) -> None:
        if name not in self.ids:
            draft.id = name
            self.ids[name] = draft

    def _number_rest(self) -> None:
        counts: Counter[str] = Counter()
        for draft in self.reader.drafts:
            kind = draft.kind.name
            counts[kind] += 1
            while not draft.id:
                self._take(draft, f"{kind}_{counts[kind]}")
                if not draft.id:
                    counts[kind] += 1
                elif draft.kind.waits:
                    self.reading.report("no-lasting-id", Text("", draft.place), kind=kind, id=draft.id)

    def _behind(self, draft: Draft) -> str:
        block = draft.block
        if draft.index + 1 < len(block.drafts):
            return block.drafts[draft.index + 1].id
        return self._behind(block.holder) if block.holder else block.end

    def _step(self, draft: Draft) -> Step:
        reader = self.reader
        exits = [Exit(way.trigger, self._state(way.target, draft), way.key, way.place) for way in draft.exits]
        if draft.kind.listens:
            words = reader.anywhere_words.items()
            exits += [Exit("anywhere", self._anywhere[word], word, text.place) for word, text in words]
            exits += [Exit("idle", self._idle, None, reader.silence_place)] if self._idle is not None else []
        if draft.guard:
            exits.append(Exit("skipped", draft.follow, None, draft.guard.place))
        kind = draft.kind
        return Step(
            *(draft.id, kind.name, draft.place, draft.body, tuple(exits), draft.guard, kind.waits),
            expires=draft.expires,
            on_failed=draft.on_failed,
            was=tuple(text.value for text in draft.was),
            asks=kind.asks,
            silence=draft.silence,
            needs=tuple(draft.needs),
        )

    def _state(self, target: Text | Block | None, draft: Draft) -> str:
        return draft.follow if target is None else self._target(target)

    def _target(self, target: Text | Block) -> str:
        return self.first(target) if isinstance(target, Block) else self._resolve(target)

    def _resolve(self, text: Text) -> str:
        name = text.value
        if name in RESERVED_TARGETS:
            return f"@{name}"
        if name in self.ids:
            return name
        if name in self.reader.asides:
            return self.first(self.reader.asides[name])
        if name in self.flows:
            self.reading.jumps.append(text)
            return f"@flow:{name}"
        if name in BUILTIN_FLOWS:
            self.reading.report("builtin-off", text, name=name)
            return "@end"
        self._unknown_target(text)
        return "@end"

    @cached_property
    def _savers(self) -> dict[str, list[int]]:
        """The lines of the steps that save a slot, by its name."""
        lines: dict[str, list[int]] = {}
        for draft in self.reader.drafts:
            lines.setdefault((draft.saves or "").rpartition(".")[2], []).append(draft.place.line)
        return lines

    def _unknown_target(self, text: Text) -> None:
        name = text.value
        savers = self._savers.get(name, ())
        if len(savers) > 1:
            self.reading.report("target-of-several", text, name=name, lines=", ".join(map(str, savers)))
            return
        known = chain(self.ids, self.reader.asides, self.own, RESERVED_TARGETS)  # gone through once, or never
        if len(words := name.split()) > 1:
            meant = words[1] if words[0] in ("goto", "call", "ir") and words[1] in known else None
            self.reading.report("text-as-target", text, name=name.strip(), near=meant)
            return
        near = self.reading.nearest(name, known)
        near_line = self.ids[near].place.line if near in self.ids else None
        self.reading.report("unknown-target", text, name=name, near=near, near_line=near_line)
