"""JSON Schemas (draft-07) of what authors write, for editors: flows, conversation tests, config.yaml.

They are made from the tables that the readers use (`flow/shape.py`), and are never narrower than `botkit check`: what
it accepts, they accept. They know no project: names of handlers, services and flows are any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botkit.flow.flow_reader import FLOW_KEYS
from botkit.flow.shape import Shape, group
from botkit.schema.settings import PART, SETTINGS
from botkit.schema.shared import SHARED
from botkit.schema.steps import STEPS
from botkit.testing.script import FILE_KEYS

__all__ = ["SCHEMAS", "schema"]

DRAFT = "http://json-schema.org/draft-07/schema#"
_DEFINED: Mapping[str, Shape] = {**SHARED, **STEPS, "settings": PART}
#: What is between two `---` may be nothing.
_DOCUMENT = {"type": ["object", "null"]}

#: name of a schema -> what it describes, and its shape.
SCHEMAS: Mapping[str, tuple[str, Shape]] = {
    "flows": ("A flow of botkit", {**group(FLOW_KEYS, ("flow", "steps")), **_DOCUMENT}),
    "tests": ("Conversation tests of botkit", {**group(FILE_KEYS, ("tests",)), **_DOCUMENT}),
    "config": ("config.yaml of botkit", SETTINGS),
}


def schema(name: str) -> dict[str, Any]:
    """Return a schema of SCHEMAS, with the definitions that it uses."""
    title, shape = SCHEMAS[name]
    used: dict[str, Shape] = {}
    _collect(shape, used)
    return {"$schema": DRAFT, "title": title, **shape, "definitions": dict(sorted(used.items()))}


def _collect(shape: object, used: dict[str, Shape]) -> None:
    """Add the definitions that a shape refers to, however far around."""
    for name in _refs(shape):
        if name not in used:
            used[name] = _DEFINED[name]
            _collect(_DEFINED[name], used)


def _refs(shape: object) -> Iterator[str]:
    if isinstance(shape, Mapping):
        if isinstance(name := shape.get("$ref"), str):
            yield name.rpartition("/")[2]
        for inner in shape.values():
            yield from _refs(inner)
    elif isinstance(shape, list):
        for inner in shape:
            yield from _refs(inner)
