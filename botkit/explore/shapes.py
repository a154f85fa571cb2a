"""What a call's result must look like, by what the flow does with it: its keys, whether it is a list, a number, a day.

For web services and handlers that say nothing of their result, and whose results no test of the bot shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from botkit.explore.reading import Formula, formulas, path_of, saves_of, whole
from botkit.flow.model import Flow, Step
from botkit.turn.options import OptionList

#: filter -> what it is used on.
_FILTERS: dict[str, str] = {
    **dict.fromkeys(("money", "number", "round"), "number"),
    **dict.fromkeys(("date", "time"), "moment"),
    **dict.fromkeys(("join", "where", "pick", "first", "last", "sum", "sort"), "list"),
    **dict.fromkeys(("append", "length", "max", "min"), "list"),
    **dict.fromkeys(("upper", "lower", "title", "trim", "phone"), "text"),
    **dict.fromkeys(("items", "put"), "mapping"),
}
#: Deepest that is looked into a result.
DEPTH = 5


@dataclass(slots=True)
class Shape:
    """What is known of a value: what it is used as, its parts by name, an item of it, constants it is compared with."""

    kinds: set[str] = field(default_factory=set)
    parts: dict[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    constants: list[Any] = field(default_factory=list)

    def at(self, path: tuple[str, ...]) -> Shape:
        """Return the shape at a path, made if it is new."""
        shape = self
        for name in path[:DEPTH]:
            shape = shape.items() if name == "[]" else shape.parts.setdefault(name, Shape())
        return shape

    def items(self) -> Shape:
        """Return the shape of an item: so it is a list."""
        self.item = self.item or Shape()
        return self.item


def shape_of_result(flow: Flow, step: Step, root: tuple[str, ...]) -> Shape:
    """Return what the result of a call must be; `root` is how `save` names it: `result`, or `response.json`."""
    shape = Shape()
    saves = saves_of(step)
    if saves is None:
        return shape
    if saves.bare:
        _learn_slot(flow, saves.bare, shape)
    for slot, expression in saves.parts:
        path = path_of(expression.parsed.tree)
        if path and path[: len(root)] == root:
            part = shape.at(path[len(root) :])
            part.kinds.add("any")
            _learn_slot(flow, slot, part)
    return shape


def _learn_slot(flow: Flow, slot: str, shape: Shape) -> None:
    """Learn from every expression of a flow that reads a slot."""
    base = tuple(slot.split("."))
    for step in flow.steps.values():
        for part in (step.body, step.guard, step.silence):
            for formula in formulas(part):
                _learn(formula, base, shape)
            _learn_options(part, base, shape)


def _learn_options(body: Any, base: tuple[str, ...], shape: Shape) -> None:
    for option in getattr(body, "options", ()):
        if isinstance(option, OptionList):
            path = path_of(option.source.parsed.tree)
            if path and path[: len(base)] == base:
                item = shape.at(path[len(base) :]).items()
                for part in (option.label, option.value, option.words, option.guard):
                    if part is not None:
                        _learn(part, ("item",), item)


def _learn(formula: Formula, base: tuple[str, ...], shape: Shape) -> None:
    if formula.parsed is not None:
        for node in whole(formula.parsed.tree):
            _learn_node(node, base, shape)


def _learn_node(node: nodes.Node, base: tuple[str, ...], shape: Shape) -> None:
    def found(inner: nodes.Node | None) -> Shape | None:
        path = path_of(inner) if inner is not None else None
        return shape.at(path[len(base) :]) if path and path[: len(base)] == base else None

    if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)) and (part := found(node)) is not None:
        part.kinds.add("any")
    elif isinstance(node, nodes.For) and (part := found(node.iter)) is not None:
        if isinstance(node.target, nodes.Name):
            item = part.items()
            for inner in node.find_all(nodes.Node):
                _learn_node(inner, (node.target.name,), item)
        else:
            part.kinds.add("mapping")
    elif isinstance(node, nodes.Filter) and node.node is not None:
        for side in _within(node.node):
            if (part := found(side)) is not None:
                part.kinds.add(_FILTERS.get(node.name, "any"))
                if _FILTERS.get(node.name) == "list":
                    part.items()
    elif isinstance(node, nodes.BinExpr) and not isinstance(node, (nodes.And, nodes.Or)):
        for side in (*_within(node.left), *_within(node.right)):
            if (part := found(side)) is not None:
                part.kinds.add("number")
    elif isinstance(node, nodes.Compare):
        _learn_comparison(node, found)


def _within(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a value may be that has another one in reserve: `a or 0`, `a if b else 0`, `a | default(0)`."""
    if isinstance(node, (nodes.Or, nodes.And)):
        yield from (*_within(node.left), *_within(node.right))
    elif isinstance(node, nodes.CondExpr):
        yield from _within(node.expr1)
        if node.expr2 is not None:
            yield from _within(node.expr2)
    elif isinstance(node, nodes.Filter) and node.name == "default" and node.node is not None:
        yield from _within(node.node)
    else:
        yield node


def _learn_comparison(node: nodes.Compare, found: Any) -> None:
    for one, other in [(node.expr, node.ops[0].expr), (node.ops[0].expr, node.expr)]:
        part = found(one)
        if part is None:
            continue
        part.constants += [each.value for each in other.find_all(nodes.Const)]
        if isinstance(other, nodes.Const):
            part.constants.append(other.value)
        if node.ops[0].op in ("lt", "lteq", "gt", "gteq"):
            part.kinds.add("number" if any(isinstance(each, (int, float)) for each in part.constants) else "any")
