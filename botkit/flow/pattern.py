"""Patterns of authors, searched in whatever people write: RE2, whose time is linear, so that no text stalls a turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import re2  # type: ignore[import-untyped]

from botkit.flow.locate import span_of
from botkit.flow.reader import Reading
from botkit.flow.source import Text

#: Memory that one compiled pattern may take, in bytes; what counts many times over is refused.
MEMORY = 1 << 20
#: Longest pattern, in characters.
LONGEST = 1_000

#: What RE2 says of a pattern -> the same in Spanish.
_SPANISH = {
    "missing ]": "falta ]",
    "missing )": "falta )",
    "unexpected )": "sobra )",
    "invalid perl operator": "RE2 no conoce",
    "no argument for repetition operator": "no hay qué repetir delante de",
    "bad repetition operator": "no se puede repetir así",
    "invalid escape sequence": "RE2 no conoce",
    "invalid character class": "no hay tal clase de caracteres",
    "invalid character class range": "el rango va al revés",
    "invalid named capture group": "el nombre del grupo no sirve",
    "trailing \\": "sobra una barra al final",
}

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = MEMORY


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is searched in a text as it was written; `(?i)` at its beginning ignores case."""

    text: str
    compiled: Any

    def search(self, text: str) -> dict[str, str] | None:
        """Return the named groups of the first place that fits, those that took part; None where none fits."""
        found = self.compiled.search(text.encode("utf-8", "replace").decode())
        if found is None:
            return None
        return {name: value for name, value in found.groupdict().items() if value is not None}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its groups, in their order."""
        return tuple(sorted(self.compiled.groupindex, key=self.compiled.groupindex.__getitem__))


def read_pattern(reading: Reading, text: Text) -> Pattern | None:
    """Read a pattern; None with a problem noted, under the part that RE2 does not take."""
    if len(text.value) > LONGEST:
        reading.report("bad-pattern", text, why=f"> {LONGEST}")
        return None
    try:
        return Pattern(text.value, re2.compile(text.value, _OPTIONS))
    except re2.error as error:
        why = error.args[0].decode("utf-8", "replace")
        part = why.rpartition(": ")[2]
        said, english = _SPANISH.get(why.partition(":")[0]), why
        reading.report(
            *("bad-pattern", text), at=span_of(text, part), why=f"{said}: {part}" if said else why, why_en=english
        )
        return None
