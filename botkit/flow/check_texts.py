"""Is a text taken for a number? An `ask` without `type` stores a text, and `edad >= 18` goes to `error` at once."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from botkit.flow.kind import Draft
from botkit.flow.reader import Reading

_COMPARING = frozenset(("lt", "lteq", "gt", "gteq", "eq", "ne"))


def check_texts(reading: Reading) -> None:
    """Report slots that only hold what people wrote, where they are compared or computed with a number."""
    texts = {setter.slot: setter.text for setter in reading.setters if _is_text(setter.step, setter.slot)}
    for setter in reading.setters:
        if not _is_text(setter.step, setter.slot):
            texts.pop(setter.slot, None)
    if not texts:
        return
    for tree, text in reading.trees:
        for name in _with_numbers(tree, frozenset()):
            if name.name in texts:
                line = texts[name.name].place.line
                at = (name.lineno, len(name.name))
                reading.report("text-as-number", text, at=at, name=name.name, line=line)


def _is_text(step: object, slot: str) -> bool:
    return isinstance(step, Draft) and step.takes == "text" and step.saves == slot


def _with_numbers(node: nodes.Node, bound: frozenset[str]) -> Iterator[nodes.Name]:
    """Yield the names that stand beside a number in a comparison or a computation; `bound` are those of loops."""
    if isinstance(node, nodes.For):
        bound |= {name.name for name in node.target.find_all(nodes.Name)}
        bound |= {node.target.name} if isinstance(node.target, nodes.Name) else frozenset()
    for one, other in _pairs(node):
        for name, number in ((one, other), (other, one)):
            if isinstance(name, nodes.Name) and name.name not in bound and _is_number(number):
                yield name
    # what `where` and `pick` take is a text of its own, with its own places
    children = [node.node] if isinstance(node, nodes.Filter) else node.iter_child_nodes()
    for child in children:
        if child is not None:
            yield from _with_numbers(child, bound)


def _pairs(node: nodes.Node) -> Iterator[tuple[nodes.Node, nodes.Node]]:
    if isinstance(node, nodes.Compare):
        left: nodes.Node = node.expr
        for operand in node.ops:
            if operand.op in _COMPARING:
                yield left, operand.expr
            left = operand.expr
    elif isinstance(node, nodes.BinExpr) and not isinstance(node, (nodes.And, nodes.Or)):
        yield node.left, node.right


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
