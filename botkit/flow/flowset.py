"""A set of flows that belong together: loaded, checked, compiled (`load.py`). What a turn is given.

Definitions that live conversations began with join by `adopt`, under their digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botkit.answers.types import ANSWER_TYPES, AnswerType
from botkit.flow.around import thaw
from botkit.flow.flow_reader import FlowReader
from botkit.flow.kind import Kind
from botkit.flow.link import Linker
from botkit.flow.machine import FlowMachine
from botkit.flow.model import KEEP, BotInfo, Flow
from botkit.flow.problem import has_errors
from botkit.flow.reach import reached
from botkit.flow.yaml_reader import read

#: The line that names a flow, in a file that YAML cannot read.
_FLOW_LINE = re.compile(r"flow: *(\w+)")


@dataclass(slots=True)
class FlowSet:
    """Flows by name (the present ones) and by digest (old ones too), with their machines and the types of answers.

    `starts` are the start words that count with nothing running, those of built-in flows apart: the bot's own go first.
    `interrupting` are the flows that may come on top of another, by word and in the order they are asked;
    `interrupting_patterns` the own ones among them with a pattern; `events` those that a named event begins. `renamed`
    are the present ones by their old names, `unsound` the adopted definitions in which something is wrong by now.
    """

    bot: BotInfo
    answer_types: Mapping[str, AnswerType] = field(default_factory=lambda: ANSWER_TYPES)
    flows: dict[str, Flow] = field(default_factory=dict)
    by_digest: dict[str, Flow] = field(default_factory=dict)
    machines: dict[str, FlowMachine] = field(default_factory=dict)
    starts: list[tuple[str, Flow]] = field(default_factory=list)
    builtin_starts: list[tuple[str, Flow]] = field(default_factory=list)
    renamed: dict[str, Flow] = field(default_factory=dict)
    unsound: set[str] = field(default_factory=set)
    interrupting: dict[str, list[Flow]] = field(default_factory=dict)
    interrupting_patterns: list[Flow] = field(default_factory=list)
    events: dict[str, list[Flow]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many flows the bot has of its own."""
        return sum(not flow.builtin for flow in self.flows.values())

    def add(self, flow: Flow, machine: FlowMachine | None = None, *, present: bool = True) -> None:
        """Take a flow in; `present` makes it the one that its name means."""
        self.by_digest[flow.digest] = flow
        self.machines[flow.digest] = machine or FlowMachine(flow)
        if present:
            self.flows[flow.name] = flow
            self.renamed.update(dict.fromkeys(flow.was, flow))
            self._note_start(flow)

    def _note_start(self, flow: Flow) -> None:
        start = flow.start
        if start.event:
            self.events.setdefault(start.event, []).append(flow)
        if flow.builtin and flow.name == "opt_out":
            return  # its words are those of `opt_out.py`: they count as the whole message, and before all others
        if not start.only_interrupts:
            starts = self.builtin_starts if flow.builtin else self.starts
            starts += [(word, flow) for word in start.words]
        if start.may_interrupt:
            for word in start.words:
                self.interrupting.setdefault(word, []).append(flow)
            if start.pattern is not None:
                self.interrupting_patterns.append(flow)

    def adopt(self, digest: str, kept: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Flow | None:
        """Take in a definition that a conversation began with (`Flow.source`); None if it can no longer be read.

        It goes by the digest it was kept under, whatever another version of botkit would make of its text.
        """
        around, calls = thaw(kept.get("around", {})), kept.get("calls", {})
        for document in read(kept["text"], kept["file"]).documents:
            reader = FlowReader(document, kinds, around, self.answer_types)
            reader.read()
            flow = Linker(reader, {**self.flows, **calls}, ()).flow()
            if flow is not None:
                self.add(replace(flow, digest=digest, calls=calls), present=False)
                if has_errors(reader.reading.problems):
                    self.unsound.add(digest)
                return self.by_digest[digest]
        return None

    def missing(self, digests: Iterable[str]) -> set[str]:
        """Return which definitions are needed by those of `digests` and are not here."""
        return reached(digests, self._pinned) - self.by_digest.keys()

    def _pinned(self, digest: str) -> Iterable[str]:
        known = self.by_digest.get(digest)
        return known.calls.values() if known else ()

    def mentions(self, word: str) -> bool:
        """Tell whether a word stands in one of the bot's own flows: what none mentions, none reads."""
        known = re.compile(rf"\b{re.escape(word)}\b")
        return any(known.search(flow.text) for flow in self.flows.values() if not flow.builtin)

    def called(self, caller: Flow, name: str) -> Flow | None:
        """Return the flow that a definition means by a name: the one it is pinned to.

        The present one, if that does not let people finish on old definitions, or if the pinned one is lost.
        """
        pinned, present = self.by_digest.get(caller.calls.get(name, "")), self.present(name)
        return pinned if pinned and (present is None or present.on_change == KEEP) else present

    def present(self, name: str) -> Flow | None:
        """Return the flow of the bot that has a name now, or had it."""
        return self.flows.get(name) or self.renamed.get(name)
