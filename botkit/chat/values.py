"""Values that are typed: what would stand behind a key in YAML."""

from __future__ import annotations

from typing import Any

from botkit.flow.scalar import value_of
from botkit.flow.source import Map
from botkit.flow.yaml_reader import read
from botkit.gateway.neutral import to_text


def read_value(text: str) -> Any:
    """Return what a text is as YAML or JSON: `{"a": 1}`, `{a: 1}`, `12`, `true`; the text itself where it is none.

    Of escapes, NUL is left out, and half a surrogate becomes U+FFFD: no store holds them.
    """
    source = read(f"value: {text}\n", "")
    root = source.documents[0].root if source.documents and not source.problems else None
    node = root.get("value") if isinstance(root, Map) and len(root.entries) == 1 else None
    return text if node is None else _storable(value_of(node))


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return to_text(value) if isinstance(value, str) else value
