"""How a test went, told to people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botkit.testing.script import Expected, Line, Script
from botkit.turn.effect import Note

_TOLD = {
    "es": {
        "expected": "se esperaba",
        "got": "llegó",
        "silence": "(nada)",
        "line": "línea",
        "unexpected": "nadie esperaba este mensaje",
        "no_option": "no hay ninguna opción '{label}' a la vista",
        "hang": "la prueba no termina",
    },
    "en": {
        "expected": "expected",
        "got": "got",
        "silence": "(nothing)",
        "line": "line",
        "unexpected": "nobody expected this message",
        "no_option": "no option '{label}' is on show",
        "hang": "the test does not end",
    },
}


class Difference(Exception):
    """The first thing in a test that is not as its script says."""

    def __init__(self, line: Line | None, expected: str, got: str, place: str = "") -> None:
        super().__init__(expected, got)
        self.line = line
        self.expected = expected
        self.got = got
        self.place = place


@dataclass(frozen=True, slots=True)
class Result:
    """How one test went; `difference` None means that it passed. `transcript` is what was said."""

    script: Script
    transcript: tuple[str, ...]
    difference: Difference | None

    @property
    def passed(self) -> bool:
        """Tell whether everything was as the script says."""
        return self.difference is None

    def report(self, language: str) -> str:
        """Return the transcript and the first difference, for people."""
        told = _TOLD[language]
        out = [f"✗ {self.script.place.file}:{self.script.place.line}  {self.script.name}"]
        out += [f"    {line}" for line in self.transcript]
        if self.difference is not None:
            at = f" ({told['line']} {self.difference.line.place.line})" if self.difference.line else ""
            where = f"  [{self.difference.place}]" if self.difference.place else ""
            out.append(f"  {told['expected']}{at}: {told.get(self.difference.expected, self.difference.expected)}")
            out.append(f"  {told['got']}: {told.get(self.difference.got, self.difference.got)}{where}")
        return "\n".join(out)


def fits(expected: Expected, message: Mapping[str, Any]) -> bool:
    """Tell whether a message is as expected."""
    text = str(message.get("text") or message.get("caption") or "")
    if expected.text is not None and text.strip() != expected.text:
        return False
    if expected.contains is not None and expected.contains not in text:
        return False
    if expected.matches is not None and not re.search(expected.matches, text):
        return False
    titles = tuple(option["title"] for option in message.get("options", ()))
    return expected.options is None or titles == expected.options


def told(note: Note) -> str:
    """Return what an operator would find in the log, on one line."""
    return " ".join([note.event, *(f"{name}={value}" for name, value in note.fields.items())])


def describe(expected: Expected) -> str:
    """Return what a line wants, for people."""
    parts = [expected.text or "", expected.contains and f"…{expected.contains}…", expected.matches]
    text = " ".join(f"/{part}/" if part is expected.matches else part for part in parts if part)
    return text if expected.options is None else f"{text} [{' | '.join(expected.options)}]".strip()


def shown(message: Mapping[str, Any], expected: Expected | None = None) -> str:
    """Return a message on one line, with its options unless they do not matter."""
    text = str(message.get("text") or message.get("caption") or message.get("url") or "").replace("\n", " ⏎ ")
    options = message.get("options")
    if options and (expected is None or expected.options is not None):
        text += f" [{' | '.join(option['title'] for option in options)}]"
    return text
