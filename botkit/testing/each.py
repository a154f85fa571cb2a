"""`each`: a test that is played once for every row of a table.

A row is a mapping; its names stand in the test's texts as `{{ name }}`, those of a mapping within it as `{{ a.b }}`. A
text that is one such name becomes the row's value as it is, a number, a list, a mapping; in a longer text the value is
printed. So a row can give whatever may stand in a test, and what is wrong with it is told at the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botkit.flow.problem import nearest
from botkit.flow.reader import Reading
from botkit.flow.scalar import written
from botkit.flow.shape import ANYTHING, TEMPLATE, Shape, any_of, list_of, map_of, matching
from botkit.flow.source import Entry, Map, Node, Seq, Text

EACH = "each"
#: The rows of a table.
ROWS: Shape = list_of(map_of(ANYTHING, least=1), 1)
_USE = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[^\W\d]\w*")
#: Characters of a value that the name of a test shows.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Case:
    """A test as it is played: its mapping with a row's values filled in, what its name adds, and the row."""

    node: Map
    suffix: str = ""
    row: Map | None = None


def spread(test: Map, reading: Reading) -> list[Case]:
    """Return a test once for each row of its table; without one, as it is. What is wrong with the table is noted."""
    table = test.get(EACH)
    if table is None:
        return [Case(test)]
    rows = list(_rows(table, reading))
    own = replace(test, entries={name: entry for name, entry in test.entries.items() if name != EACH})
    known = list(dict.fromkeys(name for row in rows for name in row.entries))
    used: set[str] = set()
    filled = [Case(_Row(row, known, reading, used).fill_map(own), "", row) for row in rows]
    first = {name: row.entries[name].key for row in reversed(rows) for name in row.entries}
    for name in known:
        if name not in used:
            reading.report("each-unused", first[name], name=name)
    if _named(test.get("name")):
        return _told_apart(filled)
    return _told_apart([replace(case, suffix=f" ({_shown(row)})") for case, row in zip(filled, rows, strict=True)])


def _rows(table: Node, reading: Reading) -> Iterator[Map]:
    """Yield the rows that can be played."""
    if not isinstance(table, Seq) or not table.items:
        expected = "una lista de filas: [{dia: hoy}, {dia: ayer}]", "a list of rows: [{day: now}, {day: then}]"
        reading.wrong_type(table, EACH, *expected)
        return
    for row in table.items:
        if not isinstance(row, Map) or not row.entries:
            reading.wrong_type(row, EACH, "una fila con nombres y valores", "a row of names and values")
            continue
        wrong = [entry.key for name, entry in row.entries.items() if not _NAME.fullmatch(name)]
        for key in wrong:
            reading.report("bad-name", key, name=key.value)
        if not wrong:
            yield row


def _named(name: Node | None) -> bool:
    """Tell whether a test's name says itself which row it is."""
    return isinstance(name, Text) and _USE.search(name.value) is not None


def _shown(row: Map) -> str:
    values = {name: " ".join(written(entry.value).split())[:SHOWN] for name, entry in row.entries.items()}
    return ", ".join(f"{name}: {value}" for name, value in values.items())


def _told_apart(cases: Sequence[Case]) -> list[Case]:
    """Number those whose names would be one and the same."""
    seen: dict[str, int] = {}
    apart = []
    for case in cases:
        name = case.node.get("name")
        key = (name.value if isinstance(name, Text) else "") + case.suffix
        seen[key] = seen.get(key, 0) + 1
        apart.append(case if seen[key] == 1 else replace(case, suffix=f"{case.suffix} #{seen[key]}"))
    return apart


@dataclass(slots=True)
class _Row:
    """Fills one row's values in; `known` are the names of all rows, `used` those that were met."""

    row: Map
    known: Sequence[str]
    reading: Reading
    used: set[str]

    def fill_map(self, node: Map) -> Map:
        entries = {
            name: Entry(entry.key, self.fill(entry.value, open=name == "http")) for name, entry in node.entries.items()
        }
        return replace(node, entries=entries)

    def fill(self, node: Node, *, open: bool = False) -> Node:
        """Return a value with names filled in; where it is `open`, other braces may stand: a request's own."""
        if isinstance(node, Map):
            return self.fill_map(node)
        if isinstance(node, Seq):
            return replace(node, items=[self.fill(item) for item in node.items])
        uses = list(_USE.finditer(node.value))
        if len(uses) == 1 and uses[0].span() == (0, len(node.value.strip())):
            found = self._value(node, uses[0], open=open)
            return node if found is None else found
        parts, end = [], 0
        for use in uses:
            parts += [node.value[end : use.start()], self._text(node, use, open=open)]
            end = use.end()
        return replace(node, value="".join([*parts, node.value[end:]]), plain=False) if uses else node

    def _text(self, node: Text, use: re.Match[str], *, open: bool) -> str:
        found = self._value(node, use, open=open)
        if found is None:
            return use[0]
        if not isinstance(found, Text):
            name = use[1].strip()
            self.reading.wrong_type(found, name, "un texto o un número", "a text or a number")
            return use[0]
        return "" if found.empty else found.value

    def _value(self, node: Text, use: re.Match[str], *, open: bool) -> Node | None:
        """Return what a use stands for in this row; None, with the problem noted, if the row does not have it."""
        name, *path = use[1].strip().split(".")
        self.used.add(name)
        found: Node | None = self.row
        for part in (name, *path):
            found = found.get(part) if isinstance(found, Map) else None
        if found is not None or open:
            return found
        if name in self.known and name not in self.row.entries:
            where, where_en = "esta fila de 'each'", "this row of 'each'"
            self.reading.report("missing-key", self.row, key=name, where=where, where_en=where_en)
            self.used.update(self.row.entries)  # one of them is meant, perhaps
        else:
            wanted = use[1].strip()
            at = use.start(1) + use[1].find(wanted), len(wanted) or 1
            near = nearest(wanted, self.known) if wanted not in self.known else None
            self.reading.report("each-name", node, at=at, name=wanted, known=", ".join(self.known), near=near)
            self.used.update([near] if near else self.known)  # likewise
        return None


# ── the shape of a test with a table ──


def filled_later(shape: Shape) -> Shape:
    """Return the shape of what rows are filled into: every value may be a `{{ name }}` as well."""
    return {word: _loosened(word, value) for word, value in shape.items()}


def _loosened(word: str, value: Any) -> Any:
    if word in ("properties", "patternProperties"):
        return {name: _or_name(inner) for name, inner in value.items()}
    if word in ("items", "additionalProperties") and isinstance(value, Mapping):
        return _or_name(value)
    if word in ("anyOf", "allOf"):
        return [filled_later(inner) for inner in value]
    if word in ("then", "else") and isinstance(value, Mapping):
        return filled_later(value)
    return value


def _or_name(shape: Shape) -> Shape:
    told = {"description": shape["description"]} if "description" in shape else {}
    return {**any_of(filled_later(shape), matching(TEMPLATE)), **told}
