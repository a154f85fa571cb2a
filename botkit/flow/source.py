"""YAML, made safe for conversations: every scalar as it was written, with its place.

`read` builds its own tree from libyaml's event stream, so that depth and size are checked before anything recurses
(50,000 nested brackets kill the process inside libyaml's composer) and no scalar is guessed into a number, a date or a
boolean. The field that receives a `Text` decides what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml import CSafeLoader
from yaml import events as ev

from botkit.flow.problem import Place, Problem

MAX_BYTES = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 64


@dataclass(slots=True)
class Text:
    """A scalar as written. `plain` is an unquoted one, `in_list` an item of `[ ]`, a `comment` stands behind it."""

    value: str
    place: Place
    plain: bool = False
    in_list: bool = False
    comment: bool = False

    @property
    def empty(self) -> bool:
        """Tell whether nothing was written (`key:` or `~`)."""
        return self.plain and self.value in ("", "~", "null")


@dataclass(slots=True)
class Seq:
    """A list."""

    items: list[Node]
    place: Place
    in_flow: bool = False


@dataclass(slots=True)
class Map:
    """A mapping; keys are always text, in the order written."""

    entries: dict[str, Entry]
    place: Place
    in_flow: bool = False

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        entry = self.entries.get(key)
        return entry.value if entry else None


@dataclass(slots=True)
class Entry:
    """A key and its value."""

    key: Text
    value: Node


Node = Text | Seq | Map


@dataclass(slots=True)
class Document:
    """One YAML document of a file; `lines` are the file's lines, `first` and `last` (from 1) those of the document."""

    root: Node
    lines: list[str]
    first: int
    last: int

    @property
    def text(self) -> str:
        """Return the document's own text, behind as many empty lines as stand before it in the file."""
        end = "\n" if self.last < len(self.lines) else ""  # a block of text at the end keeps its line break
        return "\n" * (self.first - 1) + "\n".join(self.lines[self.first - 1 : self.last]) + end


@dataclass(slots=True)
class Source:
    """A file that was read: its documents, and what is wrong with it as YAML."""

    file: str
    lines: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


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
    try:
        _Builder(source).build(text)
    except _Stop as stop:
        source.problems.append(stop.problem)
    except yaml.YAMLError as error:
        source.problems.append(_syntax_problem(error, source))
    return source


def _at(before: str, file: str) -> Place:
    """Return the place of the character behind `before`."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Place(file, line, column, line, column + 1)


#: What YAML 1.1 (which libyaml reads) takes for the end of a line, so that places count lines as it does.
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
#: Characters that no YAML file may hold, lone surrogates among them.
_FOREIGN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


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
        if depth > MAX_DEPTH:
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
                code = "template-unquoted" if isinstance(key, Map) and flow else "key-not-text"
                self.source.problems.append(Problem(code, key.place))
            elif key.value in entries:
                first = entries[key.value].key.place.line
                self.source.problems.append(Problem("duplicate-key", key.place, {"key": key.value, "first": first}))
            else:
                entries[key.value] = Entry(key, value)
        return Map(entries, place, flow)

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


def _syntax_problem(error: yaml.YAMLError, source: Source) -> Problem:
    """Say what libyaml stumbled over in the words of the person who wrote the line."""
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    why = str(getattr(error, "problem", "") or "")
    code = ""
    at_end = mark is not None and not "".join(source.lines[mark.line :])
    if opened is not None and mark is not None and (opened.line < mark.line or at_end):
        code = _UNCLOSED.get(str(getattr(error, "context", "")), "")
        mark = opened if code else mark
    line = min(mark.line, len(source.lines) - 1) if mark else 0
    text = source.lines[line]
    column = min(mark.column, len(text)) if mark else 0
    if not code:
        code = _syntax_code(why, text, column)
    if code == "quote-needed":
        column = _value_column(text, column)
    place = Place(source.file, line + 1, column + 1, line + 1, column + 2)
    return Problem(code, place, {"why": why, "text": text.strip()})


#: what libyaml was reading when the file ended, or a line that does not belong to it -> the code
_UNCLOSED = {
    "while parsing a flow sequence": "bracket-open",
    "while parsing a flow mapping": "bracket-open",
    "while parsing a flow node": "bracket-open",
    "while scanning a quoted scalar": "quote-open",
}


def _syntax_code(why: str, text: str, column: int) -> str:
    if "\t" in text[: column + 1]:
        return "tab"
    if "mapping values are not allowed" in why:
        return "wrong-depth" if _KEY_ALONE.fullmatch(text[:column]) else "colon-in-text"
    if any(sign in why for sign in _SIGNS):
        return "quote-needed"
    if "expected ',' or" in why:
        return "bracket-in-braces" if "{" in text and "[" in text else "bracket-open"
    if "expected <block end>" in why or "did not find expected" in why or "block" in why:
        return "quote-closed-early" if _CLOSED_EARLY.search(text) else "wrong-depth"
    return "yaml-syntax"


#: what libyaml says of a text that begins with one of its own signs
_SIGNS = (
    "cannot start any token",
    "expected alphabetic or numeric",
    "mapping keys are not allowed",
    "expected comment or line break",
    "block sequence entries are not allowed",
    "expected node content",
    "anchor",
    "alias",
    "tag",
)
#: a line that begins with a key as flows have them: its colon is meant
_KEY_ALONE = re.compile(r"\s*(?:- )?\s*[\w.]+")
#: what stands before a value on its line
_BEFORE_VALUE = re.compile(r"\s*(?:- +)*(?:[^:\s][^:]*: +)?")


def _value_column(text: str, column: int) -> int:
    """Return the column where the value on a line begins, if that is before `column`."""
    found = _BEFORE_VALUE.match(text)
    return min(column, found.end()) if found else column


_CLOSED_EARLY = re.compile(r"""[:\-]\s+(["']).*?\1\s*[^\s#,}\]]""")


def locate(text: Text, lines: list[str], word: str, nth: int = 0) -> Place:
    """Return the place of the nth occurrence of `word` within a scalar, or the scalar's own place.

    The words are looked for in the lines as they stand in the file, so quotes, escapes and folding do not matter; in a
    template first inside `{{ }}` and `{% %}`.
    """
    place = text.place
    if not word:
        return place
    found = list(_occurrences(text, lines, word))
    inside = [at for at in found if _in_braces(lines[at.line - 1][: at.column - 1])]
    chosen = (inside or found)[nth:]
    return chosen[0] if chosen else place


def _in_braces(before: str) -> bool:
    return any(before.rfind(opened) > before.rfind(closed) for opened, closed in (("{{", "}}"), ("{%", "%}")))


def _occurrences(text: Text, lines: list[str], word: str) -> Iterator[Place]:
    place = text.place
    for line in range(place.line, min(place.end_line, len(lines)) + 1):
        row = lines[line - 1]
        start = place.column - 1 if line == place.line else 0
        end = place.end_column - 1 if line == place.end_line else len(row)
        for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)" if word[:1].isalnum() else re.escape(word), row):
            if start <= found.start() and found.end() <= end:
                yield Place(place.file, line, found.start() + 1, line, found.end() + 1)


def as_data(node: Node) -> object:
    """Return a tree as texts, lists and mappings, without places: what a definition's digest is made of."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Seq):
        return [as_data(item) for item in node.items]
    return {key: as_data(entry.value) for key, entry in node.entries.items()}
