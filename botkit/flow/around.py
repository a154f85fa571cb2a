"""What a flow is read with besides its own text: the bot's language, its defaults, its catalogues.

It belongs to the definition: a conversation that began with it finishes with it. `freeze` gives the JSON that is kept
in the store beside the text, `thaw` reads it again; places in it are those of the first reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botkit.flow.catalogue import Catalogue
from botkit.flow.problem import Place
from botkit.flow.source import Entry, Map, Node, Seq, Text

_NOWHERE = Place("", 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Around:
    """The surroundings of a definition; `catalogues` are by language.

    `lines` are those of the files they were read from, for the places in them.
    """

    language: str = "es"
    defaults: Map | None = None
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    lines: Mapping[str, list[str]] = field(default_factory=dict)

    def freeze(self, used: Mapping[str, Mapping[str, Text]]) -> dict[str, Any]:
        """Return it as JSON types; of the catalogues only what was `used`: language -> text -> translation."""
        frozen: dict[str, Any] = {"language": self.language}
        if self.defaults is not None:
            frozen["defaults"] = _freeze(self.defaults)
        if used:
            frozen["lang"] = {
                language: {key: _freeze(text) for key, text in of.items()} for language, of in used.items()
            }
        return frozen


def thaw(frozen: Mapping[str, Any]) -> Around:
    """Return what `freeze` wrote."""
    defaults = _thaw(frozen["defaults"]) if "defaults" in frozen else None
    catalogues: dict[str, Catalogue] = {}
    for language, texts in frozen.get("lang", {}).items():
        read = {key: node for key, raw in texts.items() if isinstance(node := _thaw(raw), Text)}
        catalogues[language] = Catalogue(read)
    return Around(frozen.get("language", "es"), defaults if isinstance(defaults, Map) else None, catalogues)


def _freeze(node: Node) -> Any:
    """Return a tree as JSON: a quoted scalar as a text, an unquoted one as a list of one."""
    if isinstance(node, Text):
        return [node.value] if node.plain else node.value
    if isinstance(node, Seq):
        return {"items": [_freeze(item) for item in node.items]}
    return {"map": {key: _freeze(entry.value) for key, entry in node.entries.items()}}


def _thaw(raw: Any) -> Node:
    if isinstance(raw, str):
        return Text(raw, _NOWHERE)
    if isinstance(raw, list):
        return Text(raw[0], _NOWHERE, plain=True)
    if "items" in raw:
        return Seq([_thaw(item) for item in raw["items"]], _NOWHERE)
    return Map({key: Entry(Text(key, _NOWHERE), _thaw(value)) for key, value in raw["map"].items()}, _NOWHERE)
