"""The grammar of expressions and templates: which of Jinja's nodes the language has, and with what in them.

Jinja parses (`parse.py`); here the tree is checked against a closed list of nodes, before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from botkit.flow.filters import FILTERS
from botkit.flow.values import MAX_NUMBER

#: Deepest expression, in nested nodes; a deeper one is a mistake or an attack.
MAX_DEPTH = 40


class GrammarError(Exception):
    """The text is not of the grammar; `code` is a problem code, `word` the words in the text that are wrong."""

    def __init__(self, code: str, word: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.word = word
        self.values = values


def free_names(node: nodes.Node, depth: int, bound: frozenset[str]) -> Iterator[str]:
    """Yield the free names of a tree; raises GrammarError on what is not of the language."""
    if depth > MAX_DEPTH:
        raise GrammarError("expression-too-deep", "", limit=str(MAX_DEPTH))
    if isinstance(node, nodes.For):
        yield from _check_for(node, depth, bound)
        return
    if isinstance(node, nodes.Name):
        if node.name not in bound:
            yield node.name
    elif isinstance(node, nodes.Const):
        _check_constant(node.value)
    elif isinstance(node, nodes.Filter):
        _check_filter(node)
    elif isinstance(node, nodes.Call):
        raise GrammarError("no-calls", _call_word(node), name=_call_word(node))
    elif not isinstance(node, _ALLOWED):
        word = node.name if isinstance(node, nodes.Test) else type(node).__name__.lower()
        spoken = _SPOKEN.get(type(node), word)
        raise GrammarError("not-in-language", spoken.strip("{%} ") if "%" in spoken else word, what=spoken)
    for child in node.iter_child_nodes():
        yield from free_names(child, depth + 1, bound)


def _check_for(node: nodes.For, depth: int, bound: frozenset[str]) -> Iterator[str]:
    if node.test is not None or node.recursive:
        raise GrammarError("not-in-language", "for", what="{% for … if %}")
    targets = frozenset(target_names(node.target))
    yield from free_names(node.iter, depth + 1, bound)
    for child in node.body:
        yield from free_names(child, depth + 1, bound | targets | {"loop"})
    for child in node.else_:
        yield from free_names(child, depth + 1, bound)


def _check_constant(value: object) -> None:
    if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
        raise GrammarError("bad-expression", "", why="a number is too large")
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise GrammarError("bad-expression", "", why="half a character")


def target_names(target: nodes.Node) -> list[str]:
    names = target.items if isinstance(target, nodes.Tuple) else [target]
    if len(names) <= 2 and all(isinstance(name, nodes.Name) for name in names):
        return [name.name for name in names if isinstance(name, nodes.Name)]
    raise GrammarError("not-in-language", "for", what="{% for a, b, c in … %}")


def _check_filter(node: nodes.Filter) -> None:
    known = FILTERS.get(node.name)
    if known is None or node.node is None:
        raise GrammarError("unknown-filter", node.name, name=node.name)
    count = len(node.args)
    if node.kwargs or node.dyn_args or node.dyn_kwargs or not known.least <= count <= known.most:
        wanted = str(known.least) if known.least == known.most else f"{known.least}–{known.most}"
        raise GrammarError("filter-arguments", node.name, name=node.name, wanted=wanted, given=str(count))


def _call_word(node: nodes.Call) -> str:
    callee = node.node
    return str(getattr(callee, "attr", getattr(callee, "name", "()")))


_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Const,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Pow,
    nodes.Neg,
    nodes.Pos,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Filter,
    nodes.List,
    nodes.Dict,
    nodes.Pair,
)

_SPOKEN: dict[type[nodes.Node], str] = {
    nodes.Test: "is …",
    nodes.Slice: "[a:b]",
    nodes.Tuple: "(a, b)",
    nodes.Scope: "{% autoescape %}",
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.Macro: "{% macro %}",
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from %}",
    nodes.Extends: "{% extends %}",
    nodes.Block: "{% block %}",
    nodes.With: "{% with %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.CallBlock: "{% call %}",
}
