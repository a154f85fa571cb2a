"""Rendering templates: a checked tree turned into writers, whose output is counted while it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow import values
from botkit.flow.evaluate import build, located, passes
from botkit.flow.grammar import begin_of, target_names
from botkit.flow.scope import Scope
from botkit.flow.values import MAX_TEXT, bare, show, truth

Write = Callable[[Scope, "Output"], None]


class Output:
    """Text that is being written, counted as it grows."""

    __slots__ = ("parts", "size")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> None:
        """Append text; raises EvaluationError over MAX_TEXT characters."""
        self.size += len(text)
        if self.size > MAX_TEXT:
            raise EvaluationError(f"the text grew over {MAX_TEXT} characters")
        self.parts.append(text)


def build_writer(node: nodes.Node) -> Write:
    """Return a function that writes a checked template node."""
    if isinstance(node, nodes.Template):
        return _sequence(node.body)
    if isinstance(node, nodes.Output):
        return _sequence(node.nodes)
    if isinstance(node, nodes.If):
        return _if_writer(node)
    if isinstance(node, nodes.For):
        return located(_for_writer(node), begin_of(node.iter))
    return _print_writer(node)


def _print_writer(node: nodes.Node) -> Write:
    evaluate, start = build(node), begin_of(node)

    def write(scope: Scope, out: Output) -> None:
        try:  # as `located`, in one call: most of what people read is printed so
            out.write(show(evaluate(scope), scope.locale.language))
        except EvaluationError as error:
            error.within(start)
            raise

    return write


def _sequence(children: list[Any]) -> Write:
    parts = [child.data if isinstance(child, nodes.TemplateData) else build_writer(child) for child in children]
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]

    def write(scope: Scope, out: Output) -> None:
        for part in parts:
            if isinstance(part, str):
                out.write(part)
            else:
                part(scope, out)

    return write


def _if_writer(node: nodes.If) -> Write:
    branches = [(build(branch.test), _sequence(branch.body)) for branch in [node, *node.elif_]]
    otherwise = _sequence(node.else_)

    def write(scope: Scope, out: Output) -> None:
        for test, body in branches:
            if truth(test(scope)):
                return body(scope, out)
        return otherwise(scope, out)

    return write


def _for_writer(node: nodes.For) -> Write:
    items_of, body, otherwise = build(node.iter), _sequence(node.body), _sequence(node.else_)
    names, cost = target_names(node.target), passes(*node.body)

    def write(scope: Scope, out: Output) -> None:
        items = _iterable(items_of(scope), pairs=len(names) == 2)
        for index, item in enumerate(items):
            scope.spend(cost)
            bound = dict(zip(names, item, strict=True)) if len(names) == 2 else {names[0]: item}
            loop = {"index": index + 1, "first": index == 0, "last": index == len(items) - 1}
            body(scope.within({**bound, "loop": loop}), out)
        if not items:
            otherwise(scope, out)

    return write


def _iterable(value: Any, *, pairs: bool) -> list[Any]:
    value = bare(value)
    if value is None:
        return []
    if isinstance(value, dict):
        return [list(pair) for pair in value.items()] if pairs else list(value)
    if not isinstance(value, list):
        raise EvaluationError(f"{{% for %}} needs a list, not {values.kind_of(value)}")
    return [_pair(item) for item in value] if pairs else value


def _pair(item: Any) -> list[Any]:
    """Return a list of two, or what `items` gives for a key, as two values."""
    if isinstance(item, dict) and item.keys() == {"key", "value"}:
        return [item["key"], item["value"]]
    if isinstance(item, list) and len(item) == 2:
        return item
    raise EvaluationError("{% for a, b %} needs a list of pairs or a mapping")
