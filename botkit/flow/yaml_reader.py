"""YAML, made safe for conversations.

`read` builds its own tree from libyaml's event stream, so that depth and size are checked before anything recurses
(50,000 nested brackets kill the process inside libyaml's composer) and no scalar is guessed into a number, a date or a
boolean. The field that receives a `Text` decides what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml import CSafeLoader
from yaml import events as ev

from botkit.flow.problem import Place, Problem
from botkit.flow.source import Document, Entry, Map, Node, Seq, Source, Text
from botkit.flow.yaml_error import syntax_problem

MAX_BYTES = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 64


class _Stop(Exception):
    """Reading ends here: a limit was crossed; the problem says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read(text: str | bytes, file: str) -> Source:
    """Read a YAML file into documents with places; problems are collected, never raised."""
    source = Source(file)
    start = Place(file, 1, 1, 1, 1)
    if len(text) > MAX_BYTES:
        source.problems.append(Problem("file-too-large", start, {"limit": MAX_BYTES}))
        return source
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode("utf-8")
            source.problems.append(Problem("not-utf8", _at(before, file), {"byte": error.start}))
            return source
    text = _BREAK.sub("\n", text.removeprefix("\ufeff"))
    source.lines = text.split("\n")
    if foreign := _FOREIGN.search(text):
        source.problems.append(Problem("bad-character", _at(text[: foreign.start()], file)))
        return source
    if odd := _ODD_INDENT.search(text):
        place = _at(text[: odd.end() - 1], file)
        source.problems.append(Problem("odd-blank", place, {"number": f"{ord(odd[0][-1]):04X}"}))
        return source
    try:
        _Builder(source).build(text)
    except _Stop as stop:
        source.problems.append(stop.problem)
    except yaml.YAMLError as error:
        problem = syntax_problem(error, source)
        if problem.place.line not in {known.place.line for known in source.problems}:  # `{{ x }} y` is said already
            source.problems.append(problem)
    return source


def _at(before: str, file: str) -> Place:
    """Return the place of the character behind `before`."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Place(file, line, column, line, column + 1)


#: What YAML 1.1 (which libyaml reads) takes for the end of a line, so that places count lines as it does.
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
#: Characters that no YAML file may hold, lone surrogates among them.
_FOREIGN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


#: A blank before a key or a dash that YAML takes for a letter: no-break spaces and their like.
_ODD = "\xa0\u2000-\u200b\u202f\u3000"
_ODD_INDENT = re.compile(rf"^ *[{_ODD}](?=[ {_ODD}]*(?:- |\w+:(?:\s|$)))", re.MULTILINE)


class _Builder:
    """Turns libyaml's events into nodes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.unused: dict[str, Place] = {}
        self.count = 0

    def build(self, text: str) -> None:
        events = iter(yaml.parse(text, Loader=CSafeLoader))
        for event in events:
            if isinstance(event, ev.DocumentStartEvent):
                self.anchors, self.unused = {}, {}
                first = self._place(event).line + (1 if event.explicit else 0)
                root = self._node(next(events), events, 0, in_list=False)
                end = self._place(next(events))
                last = end.line if end.column > 1 else end.line - 1
                self._report_unused()
                if not (isinstance(root, Text) and root.empty):
                    self.source.documents.append(Document(root, self.source.lines, first, max(first, last)))

    def _report_unused(self) -> None:
        """Report `&ampersand at the start`: a name for a text that nothing refers to is part of the text."""
        for place in self.unused.values():
            self.source.problems.append(Problem("quote-needed", place))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int, *, in_list: bool) -> Node:
        place = self._place(event)
        is_leaf = isinstance(event, (ev.ScalarEvent, ev.AliasEvent))
        if depth >= MAX_DEPTH and not is_leaf:
            raise _Stop(Problem("too-deep", place, {"limit": MAX_DEPTH}))
        if isinstance(event, ev.AliasEvent):
            return self._alias(event.anchor or "", place)
        before = self.count
        self._count(1, place)
        node: Node
        if isinstance(event, ev.ScalarEvent):
            node = self._scalar(event, place, in_list=in_list)
        elif isinstance(event, ev.SequenceStartEvent):
            node = self._seq(event, place, events, depth)
        else:
            node = self._map(event, place, events, depth)  # type: ignore[arg-type]
        if getattr(event, "tag", None) is not None:
            self.source.problems.append(Problem("quote-needed", place))
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = (node, self.count - before)
            if isinstance(node, Text):
                self.unused[anchor] = place
        return node

    def _scalar(self, event: ev.ScalarEvent, place: Place, *, in_list: bool) -> Text:
        plain = event.style is None or event.style == ""
        comment = False
        if plain and place.end_line <= len(self.source.lines):
            rest = self.source.lines[place.end_line - 1][place.end_column - 1 :]
            comment = bool(_COMMENT.match(rest))
        return Text(event.value, place, plain, in_list, comment)

    def _seq(self, event: ev.SequenceStartEvent, place: Place, events: Iterator[yaml.Event], depth: int) -> Seq:
        flow = bool(event.flow_style)
        items: list[Node] = []
        for inner in events:
            if isinstance(inner, ev.SequenceEndEvent):
                break
            items.append(self._node(inner, events, depth + 1, in_list=flow))
        return Seq(items, place, flow)

    def _map(self, event: ev.MappingStartEvent, place: Place, events: Iterator[yaml.Event], depth: int) -> Map:
        flow = bool(event.flow_style)
        entries: dict[str, Entry] = {}
        for inner in events:
            if isinstance(inner, ev.MappingEndEvent):
                break
            key = self._node(inner, events, depth + 1, in_list=False)
            value = self._node(next(events), events, depth + 1, in_list=False)
            if not isinstance(key, Text):
                code = "key-is-list" if isinstance(key, Seq) else "key-not-text"
                code = "template-unquoted" if isinstance(key, Map) and flow else code
                self.source.problems.append(Problem(code, key.place))
            elif key.value in entries:
                self._report_twice(key, entries[key.value].key, in_item=self._is_behind_dash(place) and not flow)
            else:
                entries[key.value] = Entry(key, value)
        return Map(entries, place, flow)

    def _is_behind_dash(self, place: Place) -> bool:
        before = self.source.lines[place.line - 1 : place.line]
        return bool(before) and before[0][: place.column - 1].rstrip().endswith("-")

    def _report_twice(self, key: Text, first: Text, *, in_item: bool) -> None:
        """Report a key that stands twice; in an item of a list the second most often begins another item."""
        near = f"- {key.value}: …" if in_item else None
        values = {"key": key.value, "first": first.place.line, "near": near}
        self.source.problems.append(Problem("duplicate-key", key.place, values))

    def _alias(self, anchor: str, place: Place) -> Node:
        if anchor not in self.anchors:
            raise _Stop(Problem("unknown-anchor", place, {"anchor": anchor}))
        node, size = self.anchors[anchor]
        self.unused.pop(anchor, None)
        self._count(size, place)  # nodes count once for each use, so that a bomb of aliases is a large file
        return node

    def _count(self, more: int, place: Place) -> None:
        self.count += more
        if self.count > MAX_NODES:
            raise _Stop(Problem("too-many-nodes", place, {"limit": MAX_NODES}))

    def _place(self, event: yaml.Event) -> Place:
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None  # libyaml marks every event
        return Place(self.source.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


_COMMENT = re.compile(r"[ \t]+#")
