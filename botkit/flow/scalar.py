"""What a scalar is where any value may stand, and how a value is quoted in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from botkit.flow.source import Map, Node, Seq, Text

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")


def core_value(text: Text) -> Any:
    """Return an unquoted scalar by YAML 1.2's core schema: none, booleans, numbers, else the text.

    No sexagesimals, octals, underscores or dates; a leading `+` stays text, as phone numbers have one.
    """
    if not text.plain:
        return text.value
    if text.empty:
        return None
    if text.value in ("true", "false"):
        return text.value == "true"
    found = _NUMBER.fullmatch(text.value)
    if found and len(text.value) <= 20:
        number: int | float = float(text.value) if found[1] or found[2] else int(text.value)
        return number if abs(number) < 2**63 else text.value
    return text.value


def written(node: Node) -> str:
    """Return a value as a message quotes it."""
    if isinstance(node, Text):
        return node.value or "(nada)"
    return "[…]" if isinstance(node, Seq) else "{" + ", ".join(f"{key}: …" for key in node.entries) + "}"


def entries(node: Map) -> Iterator[tuple[Text, Node]]:
    """Yield the keys and values of a mapping."""
    for entry in node.entries.values():
        yield entry.key, entry.value


def value_of(node: Node) -> Any:
    """Return a node as data, by YAML's core schema."""
    if isinstance(node, Text):
        return core_value(node)
    if isinstance(node, Seq):
        return [value_of(item) for item in node.items]
    return {key: value_of(entry.value) for key, entry in node.entries.items()}
