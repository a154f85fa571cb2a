"""In a text of several lines a line that holds only tags vanishes, with its line break."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

#: What the lexer found: offset in the text, kind, the characters.
Piece = tuple[int, str, str]


def drop_tag_lines(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """Return the pieces of a text without the blanks and line breaks of lines that hold only tags."""
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    gone = _tag_lines(pieces, starts)
    out: list[Piece] = []
    for start, kind, value in pieces:
        if kind == "data":
            value = _kept(value, bisect_right(starts, start) - 1, gone)
            if not value:
                continue
        out.append((start, kind, value))
    return out


def _tag_lines(pieces: Sequence[Piece], starts: Sequence[int]) -> set[int]:
    """Return the numbers (from 0) of the lines with a tag and nothing else but blanks."""
    tags: set[int] = set()
    others: set[int] = set()
    in_tag = False
    for start, kind, value in pieces:
        first = bisect_right(starts, start) - 1
        if kind == "data":
            others.update(first + number for number, row in enumerate(value.split("\n")) if row.strip())
            continue
        in_tag = kind == "block_begin" or (in_tag and kind != "variable_begin")
        rows = range(first, first + value.rstrip().count("\n") + 1)
        (tags if in_tag else others).update(rows)
    return tags - others


def _kept(value: str, first: int, gone: set[int]) -> str:
    rows = value.split("\n")
    kept = [row + "\n" for number, row in enumerate(rows[:-1], first) if number not in gone]
    last = "" if first + len(rows) - 1 in gone else rows[-1]
    return "".join(kept) + last
