"""`called`: what a test says of a call that the bot made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from botkit.flow.fields import Fields
from botkit.flow.reader import Reading
from botkit.flow.scalar import value_of
from botkit.flow.shape import ANYTHING, SCALAR, Key, any_of, group
from botkit.flow.source import Map, Node, Seq
from botkit.flow.values import show
from botkit.testing.alike import alike
from botkit.testing.said import file_name, file_of
from botkit.turn.conversation import PendingCall

#: kind of a call -> the parts of it that a test may name.
PARTS: dict[str, dict[str, Key]] = {
    "run": {"with": Key("its arguments, those that matter", ANYTHING)},
    "http": {
        "json": Key("the body, as JSON", ANYTHING),
        "query": Key("what follows the ? of the address", ANYTHING),
        "form": Key("the body, as a form", ANYTHING),
        "file": Key("the file's name; several: {field: name}", ANYTHING),
        "headers": Key("headers of the request", ANYTHING),
    },
}
_NAMES = {
    "run": Key("the handler's name", SCALAR),
    "http": Key("METHOD service/path, as written in the flow or as it left", SCALAR),
}
#: `[]`: nothing was called.
CALLED = any_of(
    *(group({kind: name, **PARTS[kind]}, (kind,)) for kind, name in _NAMES.items()), {"type": "array", "maxItems": 0}
)
#: Parts of a request that are texts by name: a number in a test means its digits.
_TEXTS = frozenset({"query", "form", "headers"})


@dataclass(frozen=True, slots=True)
class Called:
    """A call as a test wants it: its kind, its name, and the parts that matter."""

    kind: str
    name: str
    parts: Mapping[str, Any]

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{key}: {value}" for key, value in self.parts.items())])


@dataclass(frozen=True, slots=True)
class Made:
    """A call that was made, once for each attempt. `names` are what a test may call it: as written, and as it left."""

    kind: str
    names: Sequence[str]
    parts: Mapping[str, Any]

    def fits(self, wanted: Called) -> bool:
        """Tell whether it is the call that a test wants; only the keys that the test names matter."""
        if (self.kind, True) != (wanted.kind, wanted.name in self.names):
            return False
        return all(_holds(self.parts.get(key), value, key in _TEXTS) for key, value in wanted.parts.items())

    def __str__(self) -> str:
        return " ".join([self.names[-1], *(f"{key}: {value}" for key, value in self.parts.items())])


def made(call: PendingCall) -> Made:
    """Return a pending call as tests know it."""
    given = call.arguments
    if call.kind == "run":
        return Made("run", (call.handler,), {"with": given})
    path = str(given["path"]).partition("?")[0]
    asked = f"{given['method']} {given['target']}{path}"
    names = (" ".join(call.handler.split()), unquote(asked), asked)
    parts = {key: given[key] for key in PARTS["http"] if key in given}
    parts |= {key: _by_name(given[key]) for key in ("query", "form") if key in given}
    if "file" in given:
        parts["file"] = {field: file_of(reference) for field, reference in given["file"]}
    return Made("http", names, parts)


def _by_name(pairs: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return pairs as a mapping; a name that comes several times has a list."""
    several: dict[str, list[str]] = {}
    for name, value in pairs:
        several.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in several.items()}


def _holds(found: Any, wanted: Any, texts: bool) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and _holds(found[name], value, texts) for name, value in wanted.items()
        )
    return alike(found, _as_text(wanted) if texts else wanted)


def _file_names(value: Any) -> Any:
    """Return files as a test names them, by field and without folders; one alone is the field `file`."""
    if isinstance(value, Mapping):
        return {field: file_name(str(name)) for field, name in value.items()}
    return {"file": file_name(str(value))}


def _as_text(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else show(value, "en")


def read_called(node: Node, reading: Reading) -> Called | None:
    """Read a line `called`; None is `[]`: nothing was called."""
    if isinstance(node, Seq) and not node.items:
        return None
    kinds = [kind for kind in PARTS if isinstance(node, Map) and kind in node.entries]
    if not isinstance(node, Map) or len(kinds) != 1:
        expected = (
            "{run: handler, with: …} o {http: METHOD …, json: …}",
            "{run: handler, with: …} or {http: METHOD …, json: …}",
        )
        reading.wrong_type(node, "called", *expected)
        return None
    fields, kind = Fields(reading, node, "called", "called"), kinds[0]
    name = fields.text(kind)
    fields.finish((kind, *PARTS[kind]))
    parts = {key: value_of(node.entries[key].value) for key in PARTS[kind] if key in node.entries}
    if "file" in parts:
        parts["file"] = _file_names(parts["file"])
    return Called(kind, " ".join(name.value.split()), parts) if name else None
