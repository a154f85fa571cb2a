"""Values that are typed: what would stand behind a key in YAML."""

from __future__ import annotations

from typing import Any

from botkit.flow.scalar import value_of
from botkit.flow.source import Map
from botkit.flow.yaml_reader import read


def read_value(text: str) -> Any:
    """Return what a text is as YAML or JSON: `{"a": 1}`, `{a: 1}`, `12`, `true`; the text itself where it is none."""
    source = read(f"value: {text}\n", "")
    root = source.documents[0].root if source.documents and not source.problems else None
    node = root.get("value") if isinstance(root, Map) and len(root.entries) == 1 else None
    return text if node is None else value_of(node)
