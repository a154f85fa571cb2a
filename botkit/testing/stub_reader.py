"""Reading `stubs` of a test: what handlers return, and what web services answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.flow.fields import Fields
from botkit.flow.problem import Place
from botkit.flow.reader import Reading
from botkit.flow.scalar import entries, value_of
from botkit.flow.shape import ANYTHING, FIXED_DURATION, Key, Shape, any_of, group, has, list_of, map_of
from botkit.flow.source import Map, Node, Seq

#: name of a handler, or `METHOD service/path` -> what it gives, in order; `delay` are seconds of the test's clock.
Stubs = Mapping[str, tuple[Mapping[str, Any], ...]]

#: What a web service answers.
ANSWER_KEYS: dict[str, Key] = {
    "status": Key("the status (else: 200)", {"type": "integer", "minimum": 100, "maximum": 599}),
    "json": Key("the body, as JSON", ANYTHING),
    "text": Key("or the body as it is", ANYTHING),
    "headers": Key("headers of the answer", map_of(ANYTHING)),
}
_RETURN = {"return": Key("what the handler returns", ANYTHING)}
_ERROR = {"error": Key("it fails, and says this", ANYTHING)}
_DELAY = {"delay": Key("how long it takes, by the test's clock: 5s", FIXED_DURATION)}
_OPTIONAL = {"optional": Key("true: the test passes although nobody calls it", {"const": True})}
_BESIDE = {**_DELAY, **_OPTIONAL}
_FAILED = group({**_ERROR, **_BESIDE}, _ERROR)
_RETURNED = any_of(_FAILED, group({**_RETURN, **_BESIDE}, minProperties=1))
_ANSWERED = any_of(_FAILED, group({**ANSWER_KEYS, **_BESIDE}, minProperties=1, **{"not": has("json", "text")}))
#: `METHOD service/path` -> its answers, name of a handler -> its results.
STUBS: Shape = {
    "type": "object",
    "patternProperties": {r"\S\s+\S": any_of(_ANSWERED, list_of(_ANSWERED, 1))},
    "additionalProperties": any_of(_RETURNED, list_of(_RETURNED, 1)),
}


def read_stubs(fields: Fields) -> Stubs:
    """Read the stubs of a test or a file; what cannot be read is left out, with the problem noted."""
    node = fields.get("stubs")
    if node is not None and not isinstance(node, Map):
        fields.reading.wrong_type(node, "stubs", "un mapa de handler a resultados", "a mapping of handler to results")
        return {}
    stubs: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for name, entry in node.entries.items() if node else ():
        given = entry.value.items if isinstance(entry.value, Seq) else [entry.value]
        if not given:
            expected = "al menos una respuesta: [{…}]", "one answer at least: [{…}]"
            fields.reading.wrong_type(entry.value, name, *expected)
        results = [_read_result(name, item, fields.reading) for item in given]
        stubs[" ".join(name.split())] = tuple(result for result in results if result is not None)
    return stubs


def stub_places(fields: Fields) -> dict[str, Place]:
    """Return where each stub of a test stands."""
    node = fields.get("stubs")
    return {" ".join(key.value.split()): key.place for key, _ in entries(node)} if isinstance(node, Map) else {}


def _read_result(name: str, node: Node, reading: Reading) -> Mapping[str, Any] | None:
    if is_request(name):
        expected = "{status, json, text, headers} o {error: …}", "{status, json, text, headers} or {error: …}"
    else:
        expected = "{return: …} o {error: …}", "{return: …} or {error: …}"
    if not isinstance(node, Map) or not _is_whole(name, node):
        reading.wrong_type(node, name, *expected)
        return None
    result = {key: value_of(inner.value) for key, inner in node.entries.items()}
    if "delay" in result:
        result["delay"] = Fields(reading, node, "stubs", "stubs").seconds("delay") or 0.0
    return result


def _is_whole(name: str, node: Map) -> bool:
    keys = set(node.entries) - _BESIDE.keys()
    if keys == {"error"}:
        return True
    if not is_request(name):
        return keys == {"return"} or (not keys and bool(node.entries))
    status = value_of(node.entries["status"].value) if "status" in keys else 200
    headers = node.entries["headers"].value if "headers" in keys else None
    return (
        bool(node.entries)
        and keys <= ANSWER_KEYS.keys()
        and not keys >= {"json", "text"}
        and (isinstance(status, int) and 100 <= status < 600)
        and (headers is None or isinstance(headers, Map))
    )


def is_request(name: str) -> bool:
    """Tell whether a stub's name is that of an `http` step: a method and an address."""
    return len(name.split()) > 1
