"""Values as people and spreadsheets read them: times in the bot's zone, cells, texts on one line."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

#: A text that a spreadsheet would take for a formula. Numbers with a sign are none, nor phone numbers with blanks;
#: with dashes they are: +591-7000-0001 would be calculated. Wide signs begin one in East Asia.
_FORMULA = re.compile(r"[=@\t\r\n\uff1d\uff20\uff0b\uff0d]|[+-](?![0-9][0-9 ().]*$)")

#: Control characters that JSON leaves as they are, and what turns the direction of a line.
_STEERING = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: What is not printable by itself but part of emojis.
_JOINERS = "\u200d\ufe0f"

#: Floats below this are exact where they are whole, and are written so.
_EXACT = 2.0**53
#: Longest text that is shown on one line.
LINE = 80


def cell(value: Any, *, comma: bool = False) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula; `comma` is that of decimals.

    Lists and mappings are JSON. A text that would be a formula gets the apostrophe by which spreadsheets mark texts.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        number = str(int(value)) if value.is_integer() and abs(value) < _EXACT else str(value)
        return number.replace(".", ",") if comma else number
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return json.dumps(value, ensure_ascii=False)


def dated(row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return a row of the store with its times as `date` writes them."""
    return {name: date(value, zone) if name == "at" or name.endswith("_at") else value for name, value in row.items()}


def date(value: float | None, zone: ZoneInfo) -> str | None:
    """Return UTC seconds as ISO 8601 in a time zone, to the second."""
    return None if value is None else datetime.fromtimestamp(value, zone).isoformat(timespec="seconds")


def text(message: object) -> str:
    """Return what a message says, else its type, on one line."""
    return one_line(message.get("text") or message.get("type", "") if isinstance(message, dict) else message)


def json_of(value: object, indent: int | None = None) -> str:
    """Return a value as JSON, in which signs that could steer a terminal show as their numbers."""
    line = json.dumps(value, ensure_ascii=False, indent=indent)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _visible(char: str) -> str:
    return char if char.isprintable() or char in _JOINERS else ascii(char)[1:-1]


def visible(text: str) -> str:
    """Return a text on one line, however long; signs that could steer a terminal show as their numbers."""
    return "".join(_visible(char) for char in " ".join(text.split()))


def one_line(value: object) -> str:
    """Return a text on one line, cut to LINE characters; signs that could steer a terminal show as their numbers."""
    line = visible(str(value))
    return line if len(line) <= LINE else line[: LINE - 1] + "…"


def bytes_of(size: int) -> str:
    """Return a number of bytes as people read it: `812 KB`, `1.4 GB`."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= scale:
            return f"{size / scale:.{1 if size < 10 * scale else 0}f} {unit}"
    return f"{size} B"
