"""Loading: documents are read, linked, checked and compiled; together they become a set of flows.

`load` either returns a whole set or the problems: a half-good set never replaces what runs. What was found on the way
stays in a `Loading`, which can take another text of one flow: only that one is read and linked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from botkit.answers.types import ANSWER_TYPES, AnswerType
from botkit.flow import check
from botkit.flow.around import Around
from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.catalogue import Catalogue
from botkit.flow.check_graph import check_graph
from botkit.flow.check_load import check_load
from botkit.flow.check_reachable import check_reachable
from botkit.flow.check_texts import check_texts
from botkit.flow.check_uploads import check_uploads
from botkit.flow.check_words import check_hidden_words, check_words
from botkit.flow.dataflow import check_set
from botkit.flow.flow_reader import FlowReader, check_bot_defaults
from botkit.flow.flowset import FlowSet
from botkit.flow.graph import Linked
from botkit.flow.kind import Kind, Menu
from botkit.flow.link import Linker
from botkit.flow.machine import FlowMachine
from botkit.flow.model import RESERVED_TARGETS, BotInfo, Signature
from botkit.flow.old_names import check_old_ids, check_old_names
from botkit.flow.pins import pin
from botkit.flow.problem import Problem, has_errors
from botkit.flow.reader import MediaFile
from botkit.flow.source import Document, Map, Source, Text

#: The line that names a flow, in a file that YAML cannot read.
_FLOW_LINE = re.compile(r"flow: *(\w+)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: a set, None if anything is wrong; the problems, warnings among them.

    `files` are what own flows send from their folder, `said` their texts in one language, in order, `menus` the
    options of their questions, `called` the handlers that they call. `loading` is how they were loaded.
    """

    flows: FlowSet | None
    problems: tuple[Problem, ...]
    files: tuple[MediaFile, ...] = ()
    said: tuple[str, ...] = ()
    menus: tuple[Menu, ...] = ()
    called: frozenset[str] = frozenset()
    loading: Loading | None = None


@dataclass
class Loading:
    """The flows of a bot on their way to a set: as they were read, then (by name) linked, with their machines."""

    bot: BotInfo
    handlers: Mapping[str, Signature]
    kinds: Mapping[str, Kind]
    types: Mapping[str, AnswerType]
    own: Sequence[FlowReader]
    shipped: Sequence[FlowReader]
    linked: dict[str, Linked] = field(default_factory=dict)
    machines: dict[str, FlowMachine] = field(default_factory=dict)

    @cached_property
    def readers(self) -> list[FlowReader]:
        """Return all flows as they were read."""
        return [*self.own, *self.shipped]

    @cached_property
    def names(self) -> set[str]:
        """Return the names of the bot's own flows."""
        return {reader.name.value for reader in self.own if reader.name}

    @cached_property
    def by_name(self) -> dict[str, FlowReader]:
        """Return all flows as they were read, by name."""
        return {reader.name.value: reader for reader in self.readers if reader.name}

    def check_apart(self) -> None:
        """Check what can be told of flows before they are linked."""
        own, shipped = self.own, self.shipped
        check.check_flow_names(own, RESERVED_TARGETS.keys() - BUILTIN_FLOWS.keys())
        check_words(own)
        check_hidden_words(own, shipped)
        check.check_patterns(own)
        check.check_any(own)
        check_old_names(own, [*self.names, *(reader.name.value for reader in shipped if reader.name)])
        check.check_events(own)
        check.check_flow_calls(self.readers)
        check.check_contact(own)
        check.check_translations(own)

    def link(self, reader: FlowReader, *, builtin: bool) -> tuple[Linked, FlowMachine] | None:
        """Link and check one flow; None when there is an error in it."""
        flow = Linker(reader, self.by_name, self.names).flow(builtin=builtin)
        check.check_names(reader.reading)
        check.check_parts(reader.reading, self.bot)
        check.check_braces(reader.reading)
        check.check_types(reader)
        check_texts(reader.reading)
        check_load(reader.reading)
        check.check_handlers(reader, self.handlers)
        check.check_services(reader, self.bot)
        check_uploads(reader.reading)
        check.check_begun(reader)
        check.check_jumps(reader, self.by_name)
        check.check_error_lists(reader)
        check_old_ids(reader)
        if flow is None or has_errors(reader.reading.problems):
            return None
        machine = FlowMachine(flow)
        check_reachable(reader, flow, machine)
        check_set(reader.reading, flow)
        return Linked.of(reader, flow), machine

    def link_all(self) -> FlowSet:
        """Link every flow, and check those that are sound together; return the set of them."""
        for reader in self.readers:
            found = self.link(reader, builtin=reader in self.shipped)
            if found is not None:
                name = found[0].flow.name
                self.linked[name], self.machines[name] = found
        check_graph(self.linked, self.names & self.linked.keys(), self.handlers)
        return self._set(self.linked, self.machines)

    def _set(self, linked: Mapping[str, Linked], machines: Mapping[str, FlowMachine]) -> FlowSet:
        flows = FlowSet(self.bot, self.types)
        for flow in pin([each.flow for each in linked.values()], self._calls):
            flows.add(flow, machines[flow.name])
        return flows

    @cached_property
    def _calls(self) -> dict[str, list[str]]:
        """The flows that each flow calls, by name."""
        return {
            name: [use.name.value for use in reader.flow_calls if not use.later]
            for name, reader in self.by_name.items()
        }

    def with_text(self, name: str, document: Document) -> FlowSet | None:
        """Return the set in which an own flow has another text; None when there is an error in that.

        What the flow is called, what begins it, and what it calls must be as before.
        """
        reader = read_flow(document, self.kinds, self.by_name[name].around, self.types)
        found = self.link(reader, builtin=False)
        if found is None:
            return None
        linked = {**self.linked, name: found[0]}
        known = [(each.reading, len(each.reading.problems)) for each in self.readers]
        check_graph(linked, self.names & linked.keys(), self.handlers)
        new = [each for reading, count in known for each in reading.problems[count:]]
        for reading, count in known:
            del reading.problems[count:]
        if has_errors([*reader.reading.problems, *new]):
            return None
        return self._set(linked, {**self.machines, name: found[1]})


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
    own = [read_flow(document, kinds, around, types) for source in sources for document in source.documents]
    names = {reader.name.value for reader in own if reader.name}
    bare = Around(bot.language)
    shipped = [read_flow(document, kinds, bare, types) for source in builtin for document in source.documents]
    shipped = [reader for reader in shipped if reader.name and reader.name.value not in names]
    loading = Loading(bot, handlers, kinds, types, own, shipped)
    loading.check_apart()
    flows = loading.link_all()
    if flows.flows:
        named = [each for each in own if each.name and each.name.value not in BUILTIN_FLOWS]
        check.check_used(loading.readers, named)
    problems = [problem for source in sources for problem in source.problems]
    if defaults is not None:
        problems += check_bot_defaults(defaults, around, kinds)
    unread = {(*each.place[:2], each.place.column - 1) for each in problems if each.code == "template-unquoted"}
    broken = [source for source in sources if has_errors(source.problems)]
    found = _once(problem for reader in loading.readers for problem in reader.reading.problems)
    found = [each for each in found if each.place[:3] not in unread]  # `say: {{ x }}` is one mistake
    problems += [each for each in found if not _explained(each, broken)]
    files = tuple(file for reader in own for file in reader.reading.files)
    said = tuple(text.value for text in sorted(_said(own), key=lambda text: text.place))
    menus = tuple(draft.menu for reader in own for draft in reader.drafts if draft.menu)
    called = frozenset(call.name.value for reader in own for call in reader.calls)
    return Loaded(None if has_errors(problems) else flows, tuple(problems), files, said, menus, called, loading)


def read_flow(
    document: Document, kinds: Mapping[str, Kind], around: Around, types: Mapping[str, AnswerType]
) -> FlowReader:
    """Read one document."""
    reader = FlowReader(document, kinds, around, types)
    reader.read()
    return reader


def _said(readers: Iterable[FlowReader]) -> Iterator[Text]:
    for reader in readers:
        yield from reader.reading.said


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: one in `defaults` is found again at every step that takes the key."""
    return list({(problem.code, problem.place, str(problem.values)): problem for problem in problems}.values())


def _explained(problem: Problem, broken: Sequence[Source]) -> bool:
    """Tell whether a flow seems to be missing, or unused, because YAML could not read the file of another one."""
    if problem.code == "flow-unused":
        return bool(broken)
    named = (match[1] for source in broken for line in source.lines if (match := _FLOW_LINE.match(line)))
    return problem.code in ("unknown-target", "unknown-flow") and problem.values["name"] in named
