"""What a YAML file holds once it is read: every scalar as it was written, with its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from botkit.flow.problem import Place, Problem


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


def merged(below: Map, above: Map) -> Map:
    """Return the keys of both, those of `above` on top; where both have a mapping, these are merged in turn."""
    entries = dict(below.entries)
    for key, entry in above.entries.items():
        old = below.get(key)
        both = isinstance(old, Map) and isinstance(entry.value, Map)
        entries[key] = Entry(entry.key, merged(old, entry.value)) if both else entry  # type: ignore[arg-type]
    return replace(below, entries=entries)


def as_data(node: Node) -> object:
    """Return a tree as texts, lists and mappings, without places: what a definition's digest is made of."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Seq):
        return [as_data(item) for item in node.items]
    return {key: as_data(entry.value) for key, entry in node.entries.items()}
