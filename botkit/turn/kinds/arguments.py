"""`with`, `record`: values by name, written as a mapping or as a list of slots."""

from __future__ import annotations

from botkit.flow.fields import Fields
from botkit.flow.source import Entry, Map, Node, Seq, Text
from botkit.flow.text import Data


def named_nodes(fields: Fields, key: str) -> dict[str, Node]:
    """Return where each name is written; a list names slots, each standing for itself."""
    node = fields.get(key)
    if isinstance(node, Map):
        return {name: entry.key for name, entry in node.entries.items()}
    if isinstance(node, Seq):
        return {item.value.rpartition(".")[2]: item for item in node.items if isinstance(item, Text)}
    return {}


def read_named(fields: Fields, key: str, extra: tuple[str, ...] = ()) -> Data:
    """Read values by name; `extra` are names known only here."""
    node = fields.get(key)
    if isinstance(node, Map):
        return fields.reading.data(node, extra)
    if isinstance(node, Seq):
        for item in node.items:
            if not isinstance(item, Text):
                fields.reading.wrong_type(item, key, "el nombre de un dato", "the name of a slot")
        return fields.reading.data(_as_templates(node))
    if node is not None:
        fields.reading.wrong_type(node, key, "un mapa o una lista de nombres", "a mapping or a list of names")
    return Data({})


def _as_templates(node: Seq) -> Map:
    """Return `[a, b]` as `{a: "{{ a }}", b: "{{ b }}"}`, each value at the place of its name."""
    entries = {}
    for item in node.items:
        if isinstance(item, Text):
            name = item.value.rpartition(".")[2]
            entries[name] = Entry(item, Text("{{ " + item.value + " }}", item.place))
    return Map(entries, node.place)
