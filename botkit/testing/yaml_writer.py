"""Data as YAML that an author would have written, and that `flow.yaml_reader` reads back to the same.

Quotes stand only where the text would be read as something else without them; a text of several lines is a block, a
small mapping or list stays on its line. What is invisible is escaped, so that nobody's editor changes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botkit.flow.problem import Place
from botkit.flow.scalar import core_value
from botkit.flow.source import Text

#: Longest `{…}` or `[…]` that stays on one line, in characters.
WIDE = 90
#: Longest key, in characters of its escaped form: libyaml looks for the colon no further than 1,024.
LONGEST_KEY = 1_000
#: Longest number that is read as one, in characters (flow/scalar.py).
LONGEST_NUMBER = 20

#: What no text of a conversation holds: gateways take it away, stores refuse it.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
#: What a plain scalar may not begin with.
_SIGNS = (*"-?:,[]{}#&*!|>'\"%@`=~<", "...")
#: A number, a date or a time to some reader of YAML: quoted, so that it is none to anybody.
_LIKE_NUMBER = re.compile(r"[-+.\d][-+.,:_/\d eETZ]*")
#: Joins the parts of one emoji; the only invisible character that is written as it is.
_JOINER = "\u200d"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NOWHERE = Place("", 1, 1, 1, 1)


def entry_lines(key: str, value: Any, dent: int = 2) -> list[str]:
    """Return the lines of `key: value`; a list below its key is `dent` deeper. Raises ValueError for no YAML."""
    name = _text(key, in_flow=False)
    if len(name) > LONGEST_KEY:
        raise ValueError(f"a key of {len(name)} characters")
    return below(f"{name}:", value, dent)


def block_lines(value: Mapping[str, Any], dent: int = 2) -> list[str]:
    """Return the lines of a mapping, one key after the other."""
    return [line for key, item in value.items() for line in entry_lines(key, item, dent)]


def item_lines(lines: Sequence[str]) -> list[str]:
    """Return lines as one item of a list: a dash before the first, the others as deep as it."""
    return [f"- {lines[0]}", *indented(lines[1:], 2)]


def indented(lines: Sequence[str], by: int) -> list[str]:
    """Return lines `by` columns deeper; empty ones stay empty."""
    return [" " * by + line if line else line for line in lines]


def comment_lines(text: str) -> list[str]:
    """Return a text as comments."""
    return ["# " + "".join(each if _is_visible(each) else " " for each in line) for line in text.splitlines()]


def on_line(value: Any, *, in_flow: bool = False) -> str:
    """Return a value on one line, whatever its length; raises ValueError for what YAML cannot hold."""
    if isinstance(value, str):
        return _text(value, in_flow=in_flow)
    if isinstance(value, Mapping):
        pairs = (f"{_text(key, in_flow=True)}: {on_line(item, in_flow=True)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(on_line(item, in_flow=True) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _number(value)


def below(head: str, value: Any, dent: int = 2) -> list[str]:
    """Return the lines of a value behind its head: `key:` or a dash."""
    if isinstance(value, str) and _is_block(value):
        return [f"{head} |-", *indented(value.split("\n"), 2)]
    short = on_line(value)
    if not isinstance(value, (Mapping, list, tuple)) or (len(short) <= WIDE and not any(map(_is_block, _texts(value)))):
        return [f"{head} {short}"]
    if isinstance(value, Mapping):
        lines = block_lines(value, dent)
        return item_lines(lines) if head == "-" else [head, *indented(lines, 2)]
    items = [line for item in value for line in below("-", item, dent)]
    return item_lines(items) if head == "-" else [head, *indented(items, dent)]


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ():
        yield from _texts(item)


def _text(text: str, *, in_flow: bool) -> str:
    if found := _UNWRITABLE.search(text):
        raise ValueError(f"a text with the character U+{ord(found[0]):04X}")
    if _is_plain(text) and not (in_flow and any(sign in text for sign in ",[]{}:")):
        return text
    return '"' + "".join(_escaped(each) for each in text) + '"'


def _is_plain(text: str) -> bool:
    return (
        bool(text)
        and text == text.strip()
        and all(map(_is_visible, text))
        and not text.startswith(_SIGNS)
        and not (": " in text or " #" in text or text.endswith(":"))
        and not _LIKE_NUMBER.fullmatch(text)
        and core_value(Text(text, _NOWHERE, plain=True)) == text
    )


def _is_block(text: str) -> bool:
    """Tell whether a text is written as a block of lines: nothing in it that a block could lose or an eye miss."""
    first, *others = text.split("\n")
    return (
        bool(others and others[-1])
        and bool(first)
        and not first.startswith(" ")
        and all(line == line.rstrip() and all(map(_is_visible, line)) for line in (first, *others))
    )


def _is_visible(each: str) -> bool:
    return each.isprintable() or each == _JOINER


def _escaped(each: str) -> str:
    if each in _ESCAPES:
        return _ESCAPES[each]
    return each if _is_visible(each) else f"\\u{ord(each):04x}" if ord(each) < 0x10000 else f"\\U{ord(each):08x}"


def _number(value: Any) -> str:
    """Return a number as it is read; one of too many digits is rounded to those that are."""
    if isinstance(value, int) and abs(value) < 2**63:
        return str(value)
    if not isinstance(value, float) or not math.isfinite(value):
        raise ValueError(f"a value of type {type(value).__name__} that YAML cannot hold")
    exact = repr(value)
    return exact if len(exact) <= LONGEST_NUMBER else f"{value:.12g}"
