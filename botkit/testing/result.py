"""How a test went, told to people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botkit.flow.message import MEDIA
from botkit.testing.line import Line
from botkit.testing.said import Expected, file_of
from botkit.testing.script import Script
from botkit.testing.trail import Trail
from botkit.turn.effect import Note

_TOLD = {
    "es": {
        "expected": "se esperaba",
        "got": "llegó",
        "silence": "(nada)",
        "line": "línea",
        "stub": "una respuesta bajo 'stubs' para lo que se llamó",
        "no_call": "(ninguna llamada)",
        "never_called": "ningún paso lo llamó",
        "no_question": "un paso que no pregunta",
        "losable": "un mensaje de un paso con 'on_failed'",
        "hang": "la prueba no termina",
    },
    "en": {
        "expected": "expected",
        "got": "got",
        "silence": "(nothing)",
        "line": "line",
        "stub": "an answer under 'stubs' for what was called",
        "no_call": "(no call)",
        "never_called": "no step called it",
        "no_question": "a step that asks nothing",
        "losable": "a message of a step with 'on_failed'",
        "hang": "the test does not end",
    },
}

#: What a line of the log has and a transcript need not repeat, or shows elsewhere.
_NO_NEWS = frozenset(("at", "level", "event", "conversation", "event_id", "exception"))


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
    """How one test went, and how many seconds it took; `difference` None means that it passed.

    `transcript` is what was said, `trail` where its flows went, if somebody listened.
    """

    script: Script
    transcript: tuple[str, ...]
    difference: Difference | None
    trail: Trail = field(default_factory=Trail)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Tell whether everything was as the script says."""
        return self.difference is None

    def report(self, language: str) -> str:
        """Return the transcript and the first difference, for people."""
        head = f"✗ {self.script.row or self.script.place}  {self.script.name}"
        return "\n".join([head, *(f"    {line}" for line in self.transcript), *self.wrong(language)])

    def wrong(self, language: str) -> list[str]:
        """Return the first difference, what was expected and what came; nothing for a test that passed."""
        told, out = _TOLD[language], []
        if self.difference is not None:
            at = f" ({told['line']} {self.difference.line.place.line})" if self.difference.line else ""
            where = f"  [{self.difference.place}]" if self.difference.place else ""
            if self.difference.expected:
                out.append(f"  {told['expected']}{at}: {told.get(self.difference.expected, self.difference.expected)}")
            out.append(f"  {told['got']}: {told.get(self.difference.got, self.difference.got)}{where}")
        return out


def fits(expected: Expected, message: Mapping[str, Any]) -> bool:
    """Tell whether a message is as expected; a text alone is no caption."""
    words = str(message.get("text") or message.get("caption") or "")
    place = (message.get("latitude"), message.get("longitude"))
    titles = tuple(option["title"] for option in message.get("options", ()))
    return (
        (expected.text is None or str(message.get("text") or "").strip() == expected.text)
        and (expected.contains is None or expected.contains in words)
        and (expected.matches is None or bool(re.search(expected.matches, words)))
        and (expected.options is None or titles == expected.options)
        and (expected.medium is None or (message["type"], file_of(message)) == expected.medium)
        and (expected.caption is None or str(message.get("caption") or "").strip() == expected.caption)
        and (expected.location is None or place == expected.location)
    )


def show_fact(value: Any) -> str:
    """Return what a fact is as a test would write it: a text as it is, all else in JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def told(note: Note) -> str:
    """Return what an operator would find in the log, on one line."""
    return " ".join([note.event, *(f"{name}={value}" for name, value in note.fields.items())])


def logged(entry: Mapping[str, Any]) -> list[str]:
    """Return what else the log said, an entry of `logs.quiet`; the lines of a traceback stand below it."""
    fields = {name: entry[name] for name in sorted(entry.keys() - _NO_NEWS)}  # what is bound comes in any order
    first = " ".join([f"log:  {entry['event']}", *(f"{name}={value}" for name, value in fields.items())])
    return [first, *(f"      {line}" for line in str(entry.get("exception", "")).splitlines())]


def describe(expected: Expected) -> str:
    """Return what a line wants, for people."""
    place = expected.location
    parts = [
        f"[{' '.join(expected.medium)}]" if expected.medium else "",
        f"[location {place[0]}, {place[1]}]" if place else "",
        expected.text or expected.caption or "",
        f"…{expected.contains}…" if expected.contains else "",
        f"/{expected.matches}/" if expected.matches else "",
        f"[{' | '.join(expected.options)}]" if expected.options is not None else "",
    ]
    return " ".join(part for part in parts if part)


def shown(message: Mapping[str, Any], expected: Expected | None = None) -> str:
    """Return a message on one line, with its options unless they do not matter."""
    parts = [str(message.get("text") or message.get("caption") or "").replace("\n", " ⏎ ")]
    if message["type"] in MEDIA:
        parts.insert(0, f"[{message['type']} {file_of(message)}]")
    elif message["type"] == "location":
        parts.insert(0, f"[location {message['latitude']}, {message['longitude']}]")
    elif message["type"] == "contact":
        parts.insert(0, f"[contact {message['name']} {message['phone']}]")
    options = message.get("options")
    if options and (expected is None or expected.options is not None):
        parts.append(f"[{' | '.join(option['title'] for option in options)}]")
    return " ".join(part for part in parts if part)
