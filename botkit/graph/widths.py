"""How wide texts are, without a font: an estimate that is rather too wide, so that what was fitted fits.

Widths are in hundredths of the type size, those of DejaVu Sans, measured in Chromium and rounded up: of the faces that
`svg.py` asks for, and those that a system gives instead, it is the widest.
"""

from __future__ import annotations

import unicodedata
from functools import cache

#: Characters -> their width, in hundredths of the type size.
_TABLE: dict[str, int] = {
    "ijlIJíìïÍÌ'": 30,
    " ,./:;\\|f·’‘-": 37,
    "()[]tr!¡": 42,
    '"*_`–“”czs?¿L': 57,
    "FkvxyPTYaoáàóòöâôeéèêE•«»": 63,
    "bdghnpquñúùüûS{}$0123456789": 65,
    "ABKVXRZCÁÀÉ": 71,
    "DGHNOQUÑÓÚÜ&": 80,
    "Mw#+<=>^~→←↩×✓": 87,
    "mW%@…—": 100,
}
_WIDTHS = {char: width for chars, width in _TABLE.items() for char in chars}
_OTHER, _WIDE, _EMOJI = 75, 105, 140
ELLIPSIS = "…"


@cache
def _width(char: str) -> int:
    known = _WIDTHS.get(char)
    if known is not None:
        return known
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf"):
        return 0
    if category in ("So", "Sk"):
        return _EMOJI
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _OTHER


def width_of(text: str, size: float) -> float:
    """Return how wide a text of a type size is at most, in pixels."""
    return sum(map(_width, text)) * size / 100


def shorten(text: str, size: float, room: float) -> str:
    """Return a text that fits into `room` pixels, with an ellipsis if it was cut."""
    if width_of(text, size) <= room:
        return text
    left = room - width_of(ELLIPSIS, size)
    for end, char in enumerate(text):
        left -= width_of(char, size)
        if left < 0:
            return text[:end].rstrip() + ELLIPSIS
    return text


def wrap(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """Return a text in at most `most` lines that fit into `room` pixels, the last with an ellipsis if it was cut."""
    lines: list[str] = []
    words = text.split()
    while words:
        if len(lines) == most - 1:
            lines.append(shorten(" ".join(words), size, room))
            break
        count = _fitting(words, size, room)
        lines.append(" ".join(words[:count]) if count else _cut(words, size, room))
        del words[:count]
    return tuple(lines)


def _fitting(words: list[str], size: float, room: float) -> int:
    """Return how many words stand on a line."""
    used = -width_of(" ", size)
    for count, word in enumerate(words):
        used += width_of(" ", size) + width_of(word, size)
        if used > room:
            return count
    return len(words)


def _cut(words: list[str], size: float, room: float) -> str:
    """Take as much of the first word as fits, leave the rest, and return it: an address may be longer than a line."""
    end = 1
    while width_of(words[0][: end + 1], size) <= room:
        end += 1
    taken, words[0] = words[0][:end], words[0][end:]
    return taken
