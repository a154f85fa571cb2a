"""Finding the place of words within a scalar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from botkit.flow.problem import Place
from botkit.flow.source import Text


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
