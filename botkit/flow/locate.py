"""Finding the place in a file of words within a scalar.

The words' offset is one in the scalar's value. Quotes, escapes, folding and indentation make the value differ from
what stands in the file, but not by the order of its characters that are no blanks: those are counted off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from botkit.flow.problem import Place
from botkit.flow.source import Text

#: Escapes of a text in double quotes that stand for a blank or a line break.
_BLANK_ESCAPES = frozenset("nrt \t")
#: Escapes with the code of a character -> how many digits it has.
_CODES = {"x": 2, "u": 4, "U": 8}
_BLANKS = frozenset(" \t\n\r")


def locate(text: Text, lines: Sequence[str], start: int, length: int) -> Place:
    """Return the place of `length` characters from offset `start` of a scalar's value.

    The place of the whole scalar, where there is no such word or the value is not what the file holds there.
    """
    whole = text.place
    if length <= 0 or not text.value[start : start + 1].strip():
        return whole
    ends = range(start, min(start + length, len(text.value)))
    last = max(at for at in ends if text.value[at] not in _BLANKS)
    found = _places(text, lines, {start, last})
    if start not in found or last not in found:
        return whole
    (line, column), (end_line, end_column) = found[start], found[last]
    return Place(whole.file, line, column, end_line, end_column + 1)


@dataclass(frozen=True, slots=True)
class Spots:
    """Finds places in a scalar when they are asked for; `lines` are those of its file."""

    text: Text
    lines: Sequence[str] = field(repr=False)

    def at(self, start: int | None) -> Place:
        """Return the place of the character at an offset of the scalar's value; without one, that of the scalar."""
        return self.text.place if start is None else locate(self.text, self.lines, start, 1)


def _places(text: Text, lines: Sequence[str], wanted: set[int]) -> dict[int, tuple[int, int]]:
    """Return offset -> (line, column) for the wanted offsets; nothing if value and file do not go together."""
    written = _written(text, lines)
    found = {}
    for at, char in enumerate(text.value[: max(wanted) + 1]):
        if char in _BLANKS:
            continue
        spot = next(written, None)
        if spot is None or spot[2] not in ("", char):
            return {}
        if at in wanted:
            found[at] = spot[:2]
    return found


def _written(text: Text, lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and character of all that is no blank in a scalar as written; '' for an escape."""
    place = text.place
    rows = [lines[line - 1] if line <= len(lines) else "" for line in range(place.line, place.end_line + 1)]
    rows[-1] = rows[-1][: place.end_column - 1] if place.end_line <= len(lines) else rows[-1]
    begin = _begin(rows[0], place.column - 1)
    opening = rows[0][begin : begin + 1]
    if not text.plain and opening in ("|", ">"):
        yield from _characters(rows, 1, 0, place.line)
    elif not text.plain and opening in ("'", '"'):
        yield from _quoted(rows, begin + 1, place.line, opening)
    else:
        yield from _characters(rows, 0, begin, place.line)


def _begin(row: str, column: int) -> int:
    """Return where a scalar begins, behind its `&anchor`."""
    while row[column : column + 1] == "&":
        end = row.find(" ", column)
        if end < 0:
            break
        column = end + len(row[end:]) - len(row[end:].lstrip())
    return column


def _characters(rows: Sequence[str], first: int, column: int, line: int) -> Iterator[tuple[int, int, str]]:
    for number in range(first, len(rows)):
        begin = column if number == first else 0
        for at in range(begin, len(rows[number])):
            if rows[number][at] not in _BLANKS:
                yield line + number, at + 1, rows[number][at]


def _quoted(rows: Sequence[str], column: int, line: int, quote: str) -> Iterator[tuple[int, int, str]]:
    for number, row in enumerate(rows):
        at = column if number == 0 else 0
        while at < len(row):
            char, width = row[at], 1
            if quote == '"' and char == "\\":
                follows = row[at + 1 : at + 2]
                char, width = "", 2 + _CODES.get(follows, 0)
                if not follows or follows in _BLANK_ESCAPES:
                    char = " "
                elif width > 2:
                    code = int(row[at + 2 : at + width], 16)
                    char = " " if code in (9, 10, 13, 32) else ""
            elif quote == "'" and char == "'":
                width = 2
            if char not in _BLANKS:
                yield line + number, at + 1, char
            at += width


def span_of(text: Text, part: str) -> tuple[int, int]:
    """Return where a part of a scalar's value first stands in it, and how long it is."""
    return max(0, text.value.find(part)), len(part)
