"""A set of flows that belong together: loaded, checked, compiled. What a turn is given.

`load` reads all documents and either returns a whole set or the problems: a half-good set never replaces what runs.
Definitions that live conversations began with join by `adopt`, under their digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from botkit.answers.types import ANSWER_TYPES, AnswerType
from botkit.flow import check
from botkit.flow.around import Around, thaw
from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.catalogue import Catalogue
from botkit.flow.check_graph import check_graph
from botkit.flow.check_texts import check_texts
from botkit.flow.check_uploads import check_uploads
from botkit.flow.check_words import check_hidden_words, check_words
from botkit.flow.dataflow import check_set
from botkit.flow.flow_reader import FlowReader, check_bot_defaults
from botkit.flow.graph import Linked
from botkit.flow.kind import Kind, Menu
from botkit.flow.link import Linker
from botkit.flow.machine import FlowMachine
from botkit.flow.model import KEEP, RESERVED_TARGETS, BotInfo, Flow, Signature
from botkit.flow.old_names import check_old_ids, check_old_names
from botkit.flow.pins import pin
from botkit.flow.problem import Problem
from botkit.flow.reach import reached
from botkit.flow.reader import MediaFile
from botkit.flow.source import Document, Map, Source, Text
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
                if _errors(reader.reading.problems):
                    self.unsound.add(digest)
                return self.by_digest[digest]
        return None

    def missing(self, digests: Iterable[str]) -> set[str]:
        """Return which definitions are needed by those of `digests` and are not here."""
        return reached(digests, self._pinned) - self.by_digest.keys()

    def _pinned(self, digest: str) -> Iterable[str]:
        known = self.by_digest.get(digest)
        return known.calls.values() if known else ()

    def called(self, caller: Flow, name: str) -> Flow | None:
        """Return the flow that a definition means by a name: the one it is pinned to.

        The present one, if that does not let people finish on old definitions, or if the pinned one is lost.
        """
        pinned, present = self.by_digest.get(caller.calls.get(name, "")), self.present(name)
        return pinned if pinned and (present is None or present.on_change == KEEP) else present

    def present(self, name: str) -> Flow | None:
        """Return the flow of the bot that has a name now, or had it."""
        return self.flows.get(name) or self.renamed.get(name)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: a set, None if anything is wrong; the problems, warnings among them.

    `files` are what own flows send from their folder, `said` their texts in one language, in order, `menus` the
    options of their questions, `called` the handlers that they call.
    """

    flows: FlowSet | None
    problems: tuple[Problem, ...]
    files: tuple[MediaFile, ...] = ()
    said: tuple[str, ...] = ()
    menus: tuple[Menu, ...] = ()
    called: frozenset[str] = frozenset()


def load(
    sources: Sequence[Source],
    builtin: Sequence[Source],
    bot: BotInfo,
    handlers: Mapping[str, Signature],
    kinds: Mapping[str, Kind],
    *,
    answer_types: Mapping[str, AnswerType] | None = None,
    defaults: Map | None = None,
    catalogues: Mapping[str, Catalogue] | None = None,
    lines: Mapping[str, list[str]] | None = None,
) -> Loaded:
    """Load a bot's flows; a built-in flow gives way to one of the same name, and knows nothing of `defaults`.

    `answer_types` are a bot's own, `catalogues` are by language, `lines` those of the files that these come from.
    """
    types = {**ANSWER_TYPES, **(answer_types or {})}
    around = Around(bot.language, defaults, catalogues or {}, lines or {})
    own = [_read(document, kinds, around, types) for source in sources for document in source.documents]
    names = {reader.name.value for reader in own if reader.name}
    bare = Around(bot.language)
    shipped = [_read(document, kinds, bare, types) for source in builtin for document in source.documents]
    shipped = [reader for reader in shipped if reader.name and reader.name.value not in names]
    known = [*names, *(reader.name.value for reader in shipped if reader.name)]
    readers = [*own, *shipped]
    check.check_flow_names(own, RESERVED_TARGETS.keys() - BUILTIN_FLOWS.keys())
    check_words(own)
    check_hidden_words(own, shipped)
    check.check_patterns(own)
    check.check_any(own)
    check_old_names(own, known)
    check.check_events(own)
    check.check_flow_calls(readers)
    check.check_contact(own)
    check.check_translations(own)
    flows = FlowSet(bot, types)
    by_name = {reader.name.value: reader for reader in readers if reader.name}
    linked: dict[str, Linked] = {}
    machines: dict[str, FlowMachine] = {}
    for reader in readers:
        flow = Linker(reader, known, names).flow(builtin=reader in shipped)
        check.check_names(reader.reading)
        check.check_parts(reader.reading, bot)
        check.check_braces(reader.reading)
        check.check_types(reader)
        check_texts(reader.reading)
        check.check_handlers(reader, handlers)
        check.check_services(reader, bot)
        check_uploads(reader.reading)
        check.check_jumps(reader, by_name)
        check.check_error_lists(reader)
        check_old_ids(reader)
        if flow is not None and not _errors(reader.reading.problems):
            machine = FlowMachine(flow)
            check.check_reachable(reader, flow, machine)
            check_set(reader.reading, flow)
            linked[flow.name], machines[flow.name] = Linked.of(reader, flow), machine
    check_graph(linked, names & linked.keys(), handlers)
    calls = {
        reader.name.value: [use.name.value for use in reader.flow_calls if not use.later]
        for reader in readers
        if reader.name
    }
    for flow in pin([each.flow for each in linked.values()], calls):
        flows.add(flow, machines[flow.name])
    if flows.flows:
        check.check_used(readers, [each for each in own if each.name and each.name.value not in BUILTIN_FLOWS])
    problems = [problem for source in sources for problem in source.problems]
    if defaults is not None:
        problems += check_bot_defaults(defaults, around, kinds)
    unread = {(*each.place[:2], each.place.column - 1) for each in problems if each.code == "template-unquoted"}
    found = _once(problem for reader in readers for problem in reader.reading.problems)
    found = [each for each in found if each.place[:3] not in unread]  # `say: {{ x }}` is one mistake
    broken = [source for source in sources if _errors(source.problems)]
    problems += [each for each in found if not _explained(each, broken)]
    files = tuple(file for reader in own for file in reader.reading.files)
    said = tuple(text.value for text in sorted(_said(own), key=lambda text: text.place))
    menus = tuple(draft.menu for reader in own for draft in reader.drafts if draft.menu)
    called = frozenset(call.name.value for reader in own for call in reader.calls)
    return Loaded(None if _errors(problems) else flows, tuple(problems), files, said, menus, called)


def _said(readers: Iterable[FlowReader]) -> Iterator[Text]:
    for reader in readers:
        yield from reader.reading.said


def _read(document: Document, kinds: Mapping[str, Kind], around: Around, types: Mapping[str, AnswerType]) -> FlowReader:
    reader = FlowReader(document, kinds, around, types)
    reader.read()
    return reader


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: one in `defaults` is found again at every step that takes the key."""
    return list({(problem.code, problem.place, str(problem.values)): problem for problem in problems}.values())


def _explained(problem: Problem, broken: Sequence[Source]) -> bool:
    """Tell whether a flow seems to be missing, or unused, because YAML could not read the file of another one."""
    if problem.code == "flow-unused":
        return bool(broken)
    named = (match[1] for source in broken for line in source.lines if (match := _FLOW_LINE.match(line)))
    return problem.code in ("unknown-target", "unknown-flow") and problem.values["name"] in named


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)
