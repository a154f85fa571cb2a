"""Bodies of requests: YAML trees whose text leaves are Jinja over a message's fields.

Values meet the tree as data, after it was parsed, so no text of a person can break or inject JSON. A leaf that is one
`{{ expression }}` keeps the type of its value; one that gives `omit` drops its key. Names are checked when the tree is
compiled, against what a message of its type holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from botkit.errors import EvaluationError
from botkit.turn.effect import MESSAGE_TYPES

Path = tuple[str | int, ...]
Values = Mapping[str, Any]
Leaf = Callable[[Values], Any]

_NAME = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}", re.ASCII)


class _Omit:
    """What a leaf gives to have its key dropped."""

    def __repr__(self) -> str:
        return "omit"

    def __str__(self) -> str:
        return ""


OMIT = _Omit()

#: Fields that every message has, or that `fit` adds.
_COMMON = ("to", "type", "omit", "shown")


class BodyError(ValueError):
    """A leaf of a body is no valid template; `path` leads to it."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(finalize=lambda value: "" if value is None else value)
    environment.globals.clear()
    return environment


_ENVIRONMENT = _environment()


def compile_body(message_type: str, tree: Any) -> Leaf:
    """Return a function from a message's values to the body; raises BodyError for the first leaf that is wrong."""
    return _compile(tree, frozenset((*_COMMON, *MESSAGE_TYPES[message_type])), ())


def values_of(to: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the leaves of a message's body can name; a field that it does not hold is None."""
    absent = dict.fromkeys(MESSAGE_TYPES.get(message.get("type", ""), ()))
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
        parsed = _ENVIRONMENT.parse(text)
        unknown = meta.find_undeclared_variables(parsed) - names
        if unknown:
            known = ", ".join(sorted(names))
            raise BodyError(path, f"'{min(unknown)}' is no field of this message; there are: {known}")
        if match := _NAME.fullmatch(text.strip()):
            return _plain(match[1])
        return _expression(text) if _is_expression(parsed) else _text(text)
    except TemplateSyntaxError as error:
        raise BodyError(path, error.message or "not a template") from None
    except TemplateError as error:
        raise BodyError(path, str(error)) from None


def _is_expression(parsed: nodes.Template) -> bool:
    first = parsed.body[0] if len(parsed.body) == 1 else None
    return (
        isinstance(first, nodes.Output) and len(first.nodes) == 1 and not isinstance(first.nodes[0], nodes.TemplateData)
    )


def _plain(name: str) -> Leaf:
    return lambda values: values[name]


def _expression(text: str) -> Leaf:
    inner = text.strip().removeprefix("{{").removeprefix("-").removesuffix("}}").removesuffix("-")
    evaluate = _ENVIRONMENT.compile_expression(inner, undefined_to_none=True)
    return lambda values: _guard(evaluate, values)


def _text(text: str) -> Leaf:
    render = _ENVIRONMENT.from_string(text).render
    return lambda values: _guard(render, values)


def _guard(evaluate: Callable[..., Any], values: Values) -> Any:
    try:
        return evaluate(values)
    except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise EvaluationError(f"the body's template failed: {type(error).__name__}") from None
