"""Languages as authors write them: two small letters, as a key of a text or as the name of a catalogue."""

from __future__ import annotations

import re
from typing import TypeGuard

from botkit.flow.source import Map, Node

_LANGUAGE = re.compile(r"[a-z]{2}")


def is_language(name: str) -> bool:
    """Tell whether a name is a language's two small letters."""
    return _LANGUAGE.fullmatch(name) is not None


def is_by_language(node: Node) -> TypeGuard[Map]:
    """Tell whether a node is one text in several languages: `{es: …, en: …}`."""
    return isinstance(node, Map) and bool(node.entries) and all(is_language(key) for key in node.entries)
