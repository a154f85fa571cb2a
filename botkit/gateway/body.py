"""Bodies of requests: YAML trees whose text leaves are templates over a message's fields.

Values meet the tree as data, after it was parsed, so no text of a person can break or inject JSON. A leaf that is one
`{{ expression }}` keeps the type of its value; one that gives `omit` drops its key. Names are checked when the tree is
compiled, against what a message of its type holds.

Leaves are of the flows' own template language, whose parser runs nothing and whose operators are limited: a leaf that
would grow without end costs neither `botkit check` nor a send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow.codes import CODES
from botkit.flow.evaluate import build
from botkit.flow.grammar import GrammarError
from botkit.flow.locale import Locale
from botkit.flow.parse import parse_template
from botkit.flow.problem import nearest
from botkit.flow.render import Output, build_writer
from botkit.flow.scope import Scope
from botkit.flow.values import OMIT
from botkit.gateway import media
from botkit.turn.effect import MESSAGE_TYPES, SOURCES

Path = tuple[str | int, ...]
Values = Mapping[str, Any]
Leaf = Callable[[Values], Any]

#: Characters of one rendered leaf; what a flow may write is a quarter of it.
LEAF_LIMIT = 65_536


#: Fields that every message has, or that `fit` adds.
_COMMON = ("to", "type", "omit", "shown")
#: type -> what the leaves of its body can name, besides: of a medium what its source became. A text holds its header
#: and footer already.
FIELDS: dict[str, frozenset[str]] = {
    kind: frozenset(fields) - SOURCES.keys() | (frozenset(media.FIELDS) if "file" in fields else frozenset())
    for kind, fields in (MESSAGE_TYPES | {"text": ("text",)}).items()
}


class BodyError(ValueError):
    """A leaf of a body is no valid template; `path` leads to it, `es` and `hint_es` are the Spanish."""

    def __init__(self, path: Path, message: str, es: str, hint: str = "", hint_es: str = "") -> None:
        super().__init__(message)
        self.path, self.es = path, es
        self.hint, self.hint_es = hint, hint_es


class _LeafOutput(Output):
    """The text of one leaf, counted as it grows."""

    __slots__ = ()

    def write(self, text: str) -> None:
        """Append text; raises EvaluationError over LEAF_LIMIT characters."""
        self.size += len(text)
        if self.size > LEAF_LIMIT:
            raise EvaluationError(f"a text of the body grew over {LEAF_LIMIT} characters")
        self.parts.append(text)


#: Bodies are read by programs: numbers and filters in them are written as in English.
_LOCALE = Locale("en")
_NOTHING: Mapping[str, Any] = {}


def compile_body(message_type: str, tree: Any) -> Leaf:
    """Return a function from a message's values to the body; raises BodyError for the first leaf that is wrong."""
    return compile_tree(tree, FIELDS[message_type] | frozenset(_COMMON))


def compile_tree(tree: Any, names: frozenset[str]) -> Leaf:
    """Return a function from values to the tree with its leaves filled in; `names` is what they may name, or BodyError.

    A dotted name stands for a value of a group, whose other values there are not.
    """
    return _compile(tree, names, ())


def values_of(to: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the leaves of a message's body can name; a field that it does not hold is None."""
    absent = dict.fromkeys(FIELDS.get(message.get("type", ""), ()))
    return {"shown": None, **absent, **message, "to": to, "omit": OMIT}


def encode_json(body: Any) -> bytes:
    """Return a rendered body as JSON; raises EvaluationError for a value that JSON cannot hold."""
    try:
        return orjson.dumps(body)
    except TypeError as error:
        raise EvaluationError(f"the body cannot be written as JSON: {error}") from None


def encode_form(body: Any) -> bytes:
    """Return a rendered flat body as a form; raises EvaluationError for nested values."""
    if any(isinstance(value, dict | list) for value in body.values()):
        raise EvaluationError("a form cannot hold nested values")
    plain = {name: _form_text(value) for name, value in body.items() if value is not None}
    return urlencode(plain, errors="replace").encode()


def _form_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _compile(tree: Any, names: frozenset[str], path: Path) -> Leaf:
    if isinstance(tree, dict):
        return _object({str(key): _compile(value, names, (*path, key)) for key, value in tree.items()})
    if isinstance(tree, list):
        return _list([_compile(value, names, (*path, index)) for index, value in enumerate(tree)])
    if isinstance(tree, str) and "{" in tree:
        return _template(tree, names, path)
    return lambda _: tree


def _object(leaves: dict[str, Leaf]) -> Leaf:
    pairs = tuple(leaves.items())
    return lambda values: {key: value for key, leaf in pairs if (value := leaf(values)) is not OMIT}


def _list(leaves: list[Leaf]) -> Leaf:
    return lambda values: [value for leaf in leaves if (value := leaf(values)) is not OMIT]


def _template(text: str, names: frozenset[str], path: Path) -> Leaf:
    try:
        parsed = parse_template(text.removesuffix("\n"))
    except GrammarError as error:
        raise _body_error(path, error) from None
    groups = {name.partition(".")[0] for name in names if "." in name}
    if unknown := {*parsed.names - names - groups, *_dotted(parsed.tree, groups) - names}:
        known = ", ".join(sorted(names))
        raise BodyError(
            path,
            f"'{min(unknown)}' is no value that can stand here; there are: {known}",
            f"'{min(unknown)}' no es un valor que pueda ir aquí; hay: {known}",
            *_near(min(unknown), names),
        )
    sole = _sole_expression(parsed.tree)
    if isinstance(sole, nodes.Name):
        return _plain(sole.name)
    return _text(parsed.tree) if sole is None else _expression(sole)


def _near(name: str, names: frozenset[str]) -> tuple[str, str]:
    """Return a hint for a name that is nearly one of those there are, in English and Spanish."""
    near = nearest(name, sorted(names))
    return (f"did you mean '{near}'?", f"¿quisiste decir '{near}'?") if near else ("", "")


def _dotted(tree: nodes.Node, groups: set[str]) -> set[str]:
    """Return the values of groups that a tree names, as `group.value`."""
    found = (node for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name))
    return {f"{node.node.name}.{node.attr}" for node in found if node.node.name in groups}  # type: ignore[attr-defined]


def _body_error(path: Path, error: GrammarError) -> BodyError:
    code = CODES[error.code]
    texts = (code.en, code.es, code.hint_en, code.hint_es)
    return BodyError(path, *(text.format_map(error.values) for text in texts))


def _sole_expression(tree: nodes.Node) -> nodes.Expr | None:
    """Return the expression of a text that is nothing but one `{{ expression }}`."""
    first = tree.body[0] if isinstance(tree, nodes.Template) and len(tree.body) == 1 else None
    parts = [node for node in first.nodes if not _is_blank(node)] if isinstance(first, nodes.Output) else []
    return parts[0] if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData) else None


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()


def _plain(name: str) -> Leaf:
    return lambda values: values[name]


def _expression(tree: nodes.Node) -> Leaf:
    evaluate = build(tree)
    return lambda values: _guard(evaluate, values)


def _text(tree: nodes.Node) -> Leaf:
    write = build_writer(tree)

    def render(scope: Scope) -> str:
        out = _LeafOutput()
        write(scope, out)
        return "".join(out.parts)

    return lambda values: _guard(render, values)


def _guard(evaluate: Callable[[Scope], Any], values: Values) -> Any:
    try:
        return evaluate(Scope(values, _NOTHING, _NOTHING, _LOCALE))
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
        raise EvaluationError(f"the body's template failed: {type(error).__name__}") from None
