"""A set of flows that belong together: loaded, checked, compiled. What a turn is given.

`load` reads all documents and either returns a whole set or the problems: a half-good set never replaces what runs.
Definitions that live conversations began with join by `adopt`, under their digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from botkit.answers.types import ANSWER_TYPES, AnswerType
from botkit.flow import check
from botkit.flow.dataflow import check_set
from botkit.flow.kind import Kind
from botkit.flow.link import LATER_TARGETS, Linker
from botkit.flow.machine import FlowMachine
from botkit.flow.model import RESERVED_TARGETS, BotInfo, Flow, Signature
from botkit.flow.problem import Problem
from botkit.flow.reader import MediaFile
from botkit.flow.source import Document, Source
from botkit.flow.steps import FlowReader
from botkit.flow.yaml_reader import read

#: Flows that begin by their name: an own one of such a name needs no words.
BEGUN = ("hello", "unknown", "error")


@dataclass(slots=True)
class FlowSet:
    """Flows by name (the present ones) and by digest (old ones too), with their machines and the types of answers."""

    bot: BotInfo
    answer_types: Mapping[str, AnswerType] = field(default_factory=lambda: ANSWER_TYPES)
    flows: dict[str, Flow] = field(default_factory=dict)
    by_digest: dict[str, Flow] = field(default_factory=dict)
    machines: dict[str, FlowMachine] = field(default_factory=dict)
    starts: list[tuple[str, Flow]] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many flows the bot has of its own."""
        return sum(not flow.builtin for flow in self.flows.values())

    def add(self, flow: Flow, machine: FlowMachine | None = None, *, present: bool = True) -> None:
        """Take a flow in; `present` makes it the one that its name means."""
        self.by_digest[flow.digest] = flow
        self.machines[flow.digest] = machine or FlowMachine(flow)
        if present:
            self.flows[flow.name] = flow
            self.starts += [(word, flow) for word in flow.start.words]

    def adopt(self, text: str, file: str, kinds: Mapping[str, Kind]) -> Flow | None:
        """Take in a definition that a conversation began with; None if it can no longer be read."""
        for document in read(text, file).documents:
            reader = FlowReader(document, kinds, self.answer_types)
            reader.read()
            flow = _flow(reader, Linker(reader, self.flows, ()))
            if flow is not None:
                self.add(flow, present=False)
                return flow
        return None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: a set, None if anything is wrong; the problems, warnings among them; the files it sends."""

    flows: FlowSet | None
    problems: tuple[Problem, ...]
    files: tuple[MediaFile, ...] = ()


def load(
    sources: Sequence[Source],
    builtin: Sequence[Source],
    bot: BotInfo,
    handlers: Mapping[str, Signature],
    kinds: Mapping[str, Kind],
    answer_types: Mapping[str, AnswerType] | None = None,
) -> Loaded:
    """Load a bot's flows; a built-in flow gives way to one of the same name. `answer_types` are a bot's own."""
    types = {**ANSWER_TYPES, **(answer_types or {})}
    own = [_read(document, kinds, types) for source in sources for document in source.documents]
    names = {reader.name.value for reader in own if reader.name}
    shipped = [_read(document, kinds, types) for source in builtin for document in source.documents]
    shipped = [reader for reader in shipped if reader.name and reader.name.value not in names]
    known = [*names, *(reader.name.value for reader in shipped if reader.name)]
    check.check_flow_names(own, [*RESERVED_TARGETS, *LATER_TARGETS])
    check.check_words(own)
    flows = FlowSet(bot, types)
    for reader in [*own, *shipped]:
        flow = _flow(reader, Linker(reader, known, names), builtin=reader in shipped)
        check.check_names(reader.reading)
        check.check_types(reader)
        check.check_handlers(reader, handlers)
        if flow is not None and not _errors(reader.reading.problems):
            machine = FlowMachine(flow)
            check.check_reachable(reader, flow, machine)
            check_set(reader.reading, flow)
            flows.add(flow, machine)
    if flows.flows:
        check.check_used(
            [reader for reader in own if reader.name and reader.name.value not in BEGUN], flows.flows.values()
        )
    problems = [problem for source in sources for problem in source.problems]
    problems += [problem for reader in [*own, *shipped] for problem in reader.reading.problems]
    files = tuple(file for reader in own for file in reader.reading.files)
    return Loaded(None if _errors(problems) else flows, tuple(problems), files)


def _read(document: Document, kinds: Mapping[str, Kind], types: Mapping[str, AnswerType]) -> FlowReader:
    reader = FlowReader(document, kinds, types)
    reader.read()
    return reader


def _flow(reader: FlowReader, linker: Linker, *, builtin: bool = False) -> Flow | None:
    steps = linker.link()
    if reader.name is None:
        return None
    return Flow(
        name=reader.name.value,
        titles=reader.titles or {"": reader.name.value},
        place=reader.document.root.place,
        start=reader.start,
        steps=steps,
        first=linker.first(reader.main),
        digest=reader.digest,
        builtin=builtin,
        text=reader.document.text,
    )


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)
