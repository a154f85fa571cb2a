"""Is `load` compared with what it can be? It is one of three words, and any other one would never come true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from jinja2 import nodes

from botkit.flow.called import meant
from botkit.flow.level import LEVELS
from botkit.flow.reader import Reading
from botkit.flow.source import Text

LOAD = "load"
_Node = TypeVar("_Node", bound=nodes.Node)
_EQUALITY = frozenset(("eq", "ne", "in", "notin"))


def check_load(reading: Reading) -> None:
    """Report words that `load` never is, and places where its three words tell nothing apart."""
    reads = {(id(use.text), use.read.start) for use in reading.uses if use.name == LOAD and LOAD not in use.extra}
    conditions = {id(part.text) for part in reading.parts if part.role == "condition"}
    for tree, text in reading.trees if reads else ():
        names = [name for name in _all(tree, nodes.Name) if (id(text), name.lineno) in reads]
        if names:
            _check_words(reading, text, tree, names)
            tested = set(map(id, _tested(tree, whole=id(text) in conditions)))
            for name in names:
                if id(name) in tested:
                    reading.report("load-compared", text, at=(name.lineno, len(LOAD)))


def _check_words(reading: Reading, text: Text, tree: nodes.Node, names: list[nodes.Name]) -> None:
    for comparison in _all(tree, nodes.Compare):
        left: nodes.Node = comparison.expr
        for operand in comparison.ops:
            for one, other in ((left, operand.expr), (operand.expr, left)):
                if any(one is name for name in names):
                    if operand.op not in _EQUALITY:
                        reading.report("load-compared", text, at=(one.lineno, len(LOAD)))
                        continue
                    for constant in _constants(other):
                        _check_word(reading, text, constant)
            left = operand.expr


def _check_word(reading: Reading, text: Text, constant: nodes.Const) -> None:
    value = constant.value
    if value in LEVELS or value is None:
        return
    near = meant(str(value), LEVELS)
    is_text = isinstance(value, str)
    at = (constant.lineno + is_text, max(1, len(str(value))))
    reading.report("not-a-choice", text, at=at, key=LOAD, value=str(value), known=", ".join(LEVELS), near=near)


def _constants(node: nodes.Node) -> list[nodes.Const]:
    """Return the literals that something is compared with: one, or those of a list."""
    items = node.items if isinstance(node, (nodes.List, nodes.Tuple)) else [node]
    return [item for item in items if isinstance(item, nodes.Const)]


def _tested(tree: nodes.Node, *, whole: bool) -> Iterator[nodes.Node]:
    """Yield what is only asked whether it is true; with `whole` that is what the tree as a whole is for."""
    if whole:
        yield from _operands(tree)
    for node in _all(tree, nodes.Node):
        if isinstance(node, (nodes.CondExpr, nodes.If)):
            yield from _operands(node.test)
        elif isinstance(node, nodes.Not):
            yield from _operands(node.node)
        elif isinstance(node, (nodes.And, nodes.Or)):
            yield from _operands(node.left)


def _operands(node: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(node, (nodes.And, nodes.Or)):
        yield from _operands(node.left)
        yield from _operands(node.right)
    else:
        yield node


def _all(tree: nodes.Node, kind: type[_Node]) -> Iterator[_Node]:
    """Yield the nodes of a type, the tree itself among them."""
    if isinstance(tree, kind):
        yield tree
    yield from tree.find_all(kind)
