"""How a chat looks, on a terminal and without one: bubbles with their options, and what the chat says itself."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TextIO

from botkit.flow.message import MEDIA
from botkit.testing.said import file_of

#: style -> what terminals take it for (SGR)
STYLES = {"bot": "32", "note": "2", "wrong": "31", "person": "1"}
#: Widest bubble, in columns.
WIDEST = 78
#: What is not printable by itself but part of emojis.
_JOINERS = "\u200d\ufe0f"


class Line(NamedTuple):
    """A line to print: `mark` is printed in its `style` of STYLES, `text` behind it; the text itself where `whole`."""

    style: str
    mark: str
    text: str
    whole: bool = False


def bubble(message: Mapping[str, Any], width: int) -> list[Line]:
    """Return a message of the bot as lines of at most `width` columns; options have the numbers that tap them."""
    inner = max(20, min(width, WIDEST) - 2)
    lines = [row for part in _said(message) for row in _wrapped(part, inner)]
    for number, option in enumerate(message.get("options", ()), 1):
        first, *more = _wrapped(str(option["title"]), inner - 5)
        lines += [f"{number:3}  {first}", *(f"     {row}" for row in more)]
    lines = lines or [""]
    marks = ["─"] if len(lines) == 1 else ["╭", *"│" * (len(lines) - 2), "╰"]
    return [Line("bot", mark, f" {line}") for mark, line in zip(marks, lines, strict=True)]


def note(text: str, style: str = "note") -> list[Line]:
    """Return what the chat says itself."""
    return [Line(style, "· " if style == "note" else "✗ ", row, whole=True) for row in visible(text).split("\n")]


def visible(text: str) -> str:
    """Return a text in which signs that could steer a terminal show as their numbers."""
    return "".join(
        char if char.isprintable() or char in _JOINERS or char == "\n" else ascii(char)[1:-1] for char in text
    )


class Painter:
    """Prints lines to a stream, in colours where that is a terminal and nobody asked for none (NO_COLOR)."""

    def __init__(self, stream: TextIO | None, env: Mapping[str, str]) -> None:
        self._stream = stream
        out = stream or sys.stdout
        self.colours = out.isatty() and not env.get("NO_COLOR") and env.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Return how many columns there are."""
        return shutil.get_terminal_size((WIDEST, 24)).columns

    def show(self, lines: Sequence[Line]) -> None:
        """Print lines."""
        for line in lines:
            painted = self.paint(line.style, line.mark + line.text) if line.whole else None
            print(painted or self.paint(line.style, line.mark) + line.text, file=self._stream or sys.stdout, flush=True)

    def paint(self, style: str, text: str) -> str:
        """Return a text in a style."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colours else text


def _said(message: Mapping[str, Any]) -> list[str]:
    """Return the parts of a message above its options."""
    kind = message["type"]
    if kind in MEDIA:
        said = [f"[{kind} {file_of(message)}]", message.get("caption")]
    elif kind == "location":
        said = [f"[location {message['latitude']}, {message['longitude']}]", message.get("name")]
    elif kind == "contact":
        said = [f"[contact {message['name']} {message['phone']}]"]
    else:
        said = [message.get("header"), message.get("text"), message.get("footer")]
    return [visible(str(part)).strip() for part in said if part]


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns, broken between words."""
    return [row for line in text.split("\n") for row in textwrap.wrap(line, width, break_on_hyphens=False) or [""]]
