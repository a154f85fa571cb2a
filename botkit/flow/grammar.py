"""The grammar of expressions and templates: which of Jinja's nodes the language has, and how the others are called."""

from __future__ import annotations

from typing import Any, NamedTuple

from jinja2 import nodes

#: Deepest expression, in nested nodes; a deeper one is a mistake or an attack.
MAX_DEPTH = 40
#: What `loop` has, within `{% for %}`.
LOOP = ("index", "first", "last")


class GrammarError(Exception):
    """The text is not of the grammar: a problem code, and where the words stand in the text that are wrong."""

    def __init__(self, code: str, start: int = 0, length: int = 0, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.start = start
        self.length = length
        self.values = values

    def shifted(self, by: int) -> GrammarError:
        """Return the same error for a text that begins `by` characters earlier."""
        return GrammarError(self.code, self.start + by, self.length, **self.values)


class Read(NamedTuple):
    """A name that is read, where it begins, and the attribute that is asked of it, if one is."""

    name: str
    start: int
    attribute: str | None = None


def offset_of(node: nodes.Node) -> int | None:
    """Return where a node begins; Jinja gives some that only hold others no place."""
    return node.lineno


def begin_of(node: nodes.Node) -> int:
    """Return where the first word of a node and of all that it holds stands."""
    starts = (offset_of(part) for part in (node, *node.find_all(nodes.Node)))
    return min((start for start in starts if start is not None), default=0)


def foreign(node: nodes.Node, text: str) -> GrammarError:
    """Return the error for a node that the language does not have."""
    spoken = _SPOKEN.get(type(node), type(node).__name__.lower())
    found = spoken.strip("{%} ").partition(" ")[0] if "%" in spoken else ""
    start = offset_of(node)
    if start is None or isinstance(node, nodes.Tuple):
        start = min((part.lineno for part in node.iter_child_nodes()), default=start or 0)
    if isinstance(node, nodes.Test):
        return GrammarError("no-tests", start, 2)
    if found and text.startswith(found, start):
        return GrammarError("not-in-language", start, len(found), what=spoken)
    return GrammarError("not-in-language", start, 1, what=spoken)


def no_calls(node: nodes.Call) -> GrammarError:
    """Return the error for a call."""
    callee = node.node
    if isinstance(callee, nodes.Getattr):
        return GrammarError("no-calls", callee.lineno + 1, len(callee.attr), name=callee.attr)
    if isinstance(callee, (nodes.Name, nodes.Filter)):
        return GrammarError("no-calls", callee.lineno, len(callee.name), name=callee.name)
    return GrammarError("no-calls", node.lineno, 2, name="()")


def target_names(target: nodes.Node) -> list[str]:
    """Return the one or two names that `{% for %}` gives values to."""
    names = target.items if isinstance(target, nodes.Tuple) else [target]
    if 1 <= len(names) <= 2 and all(isinstance(name, nodes.Name) for name in names):
        return [name.name for name in names if isinstance(name, nodes.Name)]
    every = list(target.find_all(nodes.Name))
    start = every[0].lineno if every else target.lineno
    length = every[-1].lineno + len(every[-1].name) - start if every else 1
    raise GrammarError("not-in-language", start, length, what="{% for a, b, c in … %}")


#: Nodes of the language, besides those that are checked one by one.
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Const,
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
    nodes.Slice: "[a:b]",
    nodes.Tuple: "(a, b)",
    nodes.Scope: "{% autoescape %}",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
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
