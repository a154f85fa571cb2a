"""From an error of pydantic to a problem with its place in config.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from botkit.flow.called import meant
from botkit.flow.codes import CODES
from botkit.flow.problem import Place, Problem, nearest
from botkit.flow.source import Entry, Map, Node, Seq, Text
from botkit.settings.describe import keys_of, model_of, named_model_of
from botkit.settings.model import BUILTIN, HOMES, Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

#: Kind of value that pydantic misses -> what an author calls it, es and en.
_KINDS: Mapping[str, tuple[str, str]] = {
    "int": ("un número entero", "a whole number"),
    "string": ("un texto", "a text"),
    "path": ("una ruta", "a path"),
    "tuple": ("una lista", "a list"),
    "model": ("un grupo de claves", "a group of keys"),
    "dict": ("un grupo de claves", "a group of keys"),
}
#: key -> what its text must look like, es and en.
_PATTERNS: Mapping[str, tuple[str, str]] = {
    "country": ("dos letras mayúsculas: BO", "two capital letters: BO"),
    "currency": ("tres letras mayúsculas: BOB", "three capital letters: BOB"),
}
_RETRIES = ("un número entero de 0 a 5", "a whole number from 0 to 5")
_PORT = ("un puerto: de 0 a 65535", "a port: 0 to 65535")


def problem_of(error: ErrorDetails, root: Map) -> Problem:
    """Return the problem that an error of `Settings` is, at the node of `root` it is about."""
    path = [str(part) for part in error["loc"] if part not in ("constants", "[key]")]
    if path and path[0] == "builtin" and error["type"] == "literal_error":
        return _unknown(path[:1], path[1], BUILTIN, root)
    if error["type"] == "extra_forbidden":
        return _unknown(path[:-1], path[-1], _known(path[:-1]), root)
    if error["type"] == "missing":
        values = {"key": path[-1], "where": _where(path[:-1])}
        return Problem("missing-key", place_at(root, path[:-1]), values)
    return _bad_value(error, path, node_at(root, path))


def _bad_value(error: ErrorDetails, path: Sequence[str], node: Node) -> Problem:
    key = next((part for part in reversed(path) if not part.isdigit()), "")
    values = {"key": key, "value": masked(shown_value(node), whole="alerts" in path[:1]), **error.get("ctx", {})}
    kind = error["type"]
    if kind in CODES:
        return Problem(kind, node.place, {**values, "key": values["key"]})
    if kind == "literal_error":
        known = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
        near = nearest(shown_value(node), known.split(", "))
        return Problem("not-a-choice", node.place, {**values, "known": known, "near": near})
    expected, expected_en = _expected(kind, key)
    return Problem("wrong-type", node.place, {**values, "expected": expected, "expected_en": expected_en})


def _expected(kind: str, key: str) -> tuple[str, str]:
    if key in _PATTERNS:
        return _PATTERNS[key]
    if key == "port":
        return _PORT
    if key == "retries":
        return _RETRIES
    return _KINDS.get(kind.split("_")[0], ("otro valor", "another value"))


def _unknown(parents: Sequence[str], key: str, known: Sequence[str], root: Map) -> Problem:
    group = node_at(root, parents)
    place = group.entries[key].key.place if isinstance(group, Map) and key in group.entries else group.place
    values: dict[str, Any] = {"key": key, "where": _where(parents), "known": ", ".join(known)}
    if home := _home(key, parents):
        return Problem("misplaced-key", place, {**values, "home": home})
    return Problem("unknown-key", place, {**values, "near": meant(key, known)})


def _home(key: str, parents: Sequence[str]) -> str | None:
    if key in HOMES:
        return HOMES[key]
    if parents and key in Settings.model_fields:
        return "config.yaml"
    homes = [name for name in Settings.model_fields if key in _known([name])]
    return " / ".join(homes) if homes and list(parents) not in [[home] for home in homes] else None


def _known(path: Sequence[str]) -> list[str]:
    model: type[BaseModel] | None = Settings
    named: type[BaseModel] | None = None
    for part in path:
        info = model.model_fields.get(part) if model else None  # no group of keys stands under an alias
        annotation = info.annotation if info else None
        model, named = (model_of(annotation), named_model_of(annotation)) if model else (named, None)
    return [name for name in keys_of(model) if name != "constants"] if model else []


def node_at(root: Node, path: Sequence[str]) -> Node:
    """Return the node at `path`, or the deepest one on the way to it."""
    for part in path:
        entry: Entry | None = root.entries.get(part) if isinstance(root, Map) else None
        if entry is not None:
            root = entry.value
        elif isinstance(root, Seq) and part.isdigit() and int(part) < len(root.items):
            root = root.items[int(part)]
    return root


def place_at(root: Node, path: Sequence[str]) -> Place:
    """Return where the node at `path` begins: what is missing in it has no place of its own."""
    node = node_at(root, path)
    return node.place._replace(end_line=node.place.line, end_column=node.place.column + 1)


def shown_value(node: Node) -> str:
    """Return a value as a message quotes it: lists and groups of keys by their signs."""
    return node.value if isinstance(node, Text) else "[…]" if isinstance(node, Seq) else "{…}"


def masked(value: str, *, whole: bool = False) -> str:
    """Return a value without what may be secret in an address: user, password, query; with `whole` its path, too."""
    scheme, mark, rest = value.partition("://")
    if not mark:
        return value
    rest, question, _ = rest.replace("#", "?", 1).partition("?")
    _, at, rest = rest.rpartition("@")
    host, slash, _ = rest.partition("/") if whole else (rest, "", "")
    return f"{scheme}{mark}{'…@' if at else ''}{host}{'/…' if slash else ''}{'?…' if question else ''}"


def _where(path: Sequence[str]) -> str:
    return ".".join(path) or "config.yaml"
