"""Reading `inputs`: the slots that a caller gives, `[cita]` or `{cita: , aviso: true}`."""

from __future__ import annotations

from typing import Any

from botkit.flow.reader import Reading
from botkit.flow.source import Map, Node, Seq, Text


def read_inputs(reading: Reading, node: Node | None) -> tuple[dict[str, Any], dict[str, Text]]:
    """Return the defaults by name (None: it has none), and the names that a caller must give, as written."""
    defaults: dict[str, Any] = {}
    named = _named(reading, node)
    for name, (text, default) in named.items():
        if reading.slot(text) is not None:
            defaults[name] = reading.constant(default, "inputs") if default is not None else None
    return defaults, {name: named[name][0] for name, default in defaults.items() if default is None}


def _named(reading: Reading, node: Node | None) -> dict[str, tuple[Text, Node | None]]:
    """Return the names as written, with what stands behind them."""
    if isinstance(node, Map):
        return {name: (entry.key, entry.value) for name, entry in node.entries.items()}
    if isinstance(node, Seq):
        for item in node.items:
            if not isinstance(item, Text):
                reading.wrong_type(item, "inputs", "el nombre de un dato", "the name of a slot")
        return {item.value: (item, None) for item in node.items if isinstance(item, Text)}
    if node is not None:
        reading.wrong_type(node, "inputs", "una lista o un mapa", "a list or a mapping")
    return {}
