"""The grammar of expressions and templates: which of Jinja's nodes the language has, and with what in them.

Jinja parses (`parse.py`); here the tree is checked against a closed list of nodes, before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow.evaluate import build
from botkit.flow.filters import FILTERS, Filter
from botkit.flow.locale import Locale
from botkit.flow.scope import Scope
from botkit.flow.values import MAX_NUMBER

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


class Inner(Protocol):
    """An expression within an expression, parsed."""

    @property
    def tree(self) -> nodes.Node:
        """Its tree."""

    @property
    def reads(self) -> tuple[Read, ...]:
        """The names that it reads."""

    @property
    def types(self) -> tuple[Read, ...]:
        """The answer types that it names."""


class Checker:
    """Checks one tree; `parse` reads the expression that `where` and `pick` take as a text.

    Afterwards `types` are the answer types that `read` names.
    """

    def __init__(self, text: str, parse: Callable[[str], Inner]) -> None:
        self.text = text
        self.parse = parse
        self.types: list[Read] = []

    def reads_of(self, node: nodes.Node, depth: int = 0, bound: frozenset[str] = frozenset()) -> Iterator[Read]:
        """Yield the names that a tree reads from outside; raises GrammarError on what is not of the language."""
        if depth > MAX_DEPTH:
            raise GrammarError("expression-too-deep", _offset(node) or 0, 1, limit=str(MAX_DEPTH))
        if isinstance(node, nodes.For):
            yield from self._for(node, depth, bound)
            return
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            yield from self._attribute(node.node, node, bound)
            return
        if isinstance(node, nodes.Name):
            if node.name not in bound:
                yield Read(node.name, node.lineno)
            return
        if isinstance(node, nodes.Filter):
            yield from self._filter(node, bound)
        elif isinstance(node, nodes.Const):
            self._check_constant(node)
        elif isinstance(node, nodes.Call):
            raise _no_calls(node)
        elif not isinstance(node, ALLOWED):
            raise self._foreign(node)
        for child in _children(node):
            yield from self.reads_of(child, depth + 1, bound)
        if isinstance(node, _COMPUTING):
            self._check_literals(node)

    def _attribute(self, name: nodes.Name, node: nodes.Getattr, bound: frozenset[str]) -> Iterator[Read]:
        if name.name not in bound:
            yield Read(name.name, name.lineno, node.attr)
        elif name.name == "loop" and node.attr not in LOOP:
            raise GrammarError("not-in-language", node.lineno + 1, len(node.attr), what=f"loop.{node.attr}")

    def _for(self, node: nodes.For, depth: int, bound: frozenset[str]) -> Iterator[Read]:
        if node.test is not None or node.recursive:
            raise GrammarError("not-in-language", node.lineno, len("for"), what="{% for … if %}")
        targets = frozenset(target_names(node.target))
        yield from self.reads_of(node.iter, depth + 1, bound)
        if isinstance(node.iter, nodes.Const) and node.iter.value is not None:
            raise self._cannot(node.iter)
        for child in node.body:
            yield from self.reads_of(child, depth + 1, bound | targets | {"loop"})
        for child in node.else_:
            yield from self.reads_of(child, depth + 1, bound)

    def _filter(self, node: nodes.Filter, bound: frozenset[str]) -> Iterator[Read]:
        known = FILTERS.get(node.name)
        if known is None or node.node is None:
            raise GrammarError("unknown-filter", node.lineno, len(node.name), name=node.name)
        count = len(node.args)
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not known.least <= count <= known.most:
            wanted = str(known.least) if known.least == known.most else f"{known.least}–{known.most}"
            raise _wrong(node, "filter-arguments", wanted=wanted, given=str(count))
        if known.argument == "item":
            yield from self._over_item(node, bound)
        elif known.argument != "value" and node.args:
            self._check_word(node, known)

    def _over_item(self, node: nodes.Filter, bound: frozenset[str]) -> Iterator[Read]:
        """Put the tree of the expression in the place of the text that holds it."""
        literal = node.args[0]
        if not isinstance(literal, nodes.Const) or not isinstance(literal.value, str):
            raise _wrong(node, "filter-over-item")
        start = literal.lineno + 1
        exact = self.text[start : start + len(literal.value)] == literal.value
        try:
            inner = self.parse(literal.value)
        except GrammarError as error:
            raise error.shifted(start) if exact else GrammarError(error.code, start, 1, **error.values) from None
        if not any(read.name == "item" for read in inner.reads):
            raise GrammarError("filter-over-item", start, max(1, len(literal.value)), name=node.name)
        self.types += [Read(each.name, start + each.start) for each in inner.types]
        node.args = [inner.tree]  # type: ignore[list-item]  # checked: it is an expression
        for read in inner.reads:
            if read.name != "item" and read.name not in bound:
                yield Read(read.name, start + read.start if exact else start, read.attribute)

    def _check_constant(self, node: nodes.Const) -> None:
        value, why = node.value, ""
        if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
            why = "a number is too large"
        elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            why = "half a character"
        if why:
            raise GrammarError("bad-expression", node.lineno, _word_end(self.text[node.lineno :]), why=why)

    def _check_word(self, node: nodes.Filter, known: Filter) -> None:
        """Check an argument that is the name of an answer type, or one of a closed list of words."""
        word = node.args[0]
        if not isinstance(word, nodes.Const) or not isinstance(word.value, str):
            raise _wrong(node, "filter-word", known=", ".join(known.words) or "'text', 'number', …")
        if known.argument == "type":
            self.types.append(Read(word.value, word.lineno + 1))
        elif word.value not in known.words:
            start, length = word.lineno + 1, max(1, len(word.value))
            raise GrammarError("filter-word", start, length, name=node.name, known=", ".join(known.words))

    def _foreign(self, node: nodes.Node) -> GrammarError:
        spoken = _SPOKEN.get(type(node), type(node).__name__.lower())
        found = spoken.strip("{%} ").partition(" ")[0] if "%" in spoken else ""
        start = _offset(node)
        if start is None or isinstance(node, nodes.Tuple):
            start = min(part.lineno for part in node.iter_child_nodes())
        if found and self.text.startswith(found, start):
            return GrammarError("not-in-language", start, len(found), what=spoken)
        return GrammarError("not-in-language", start, 2 if isinstance(node, nodes.Test) else 1, what=spoken)

    def _check_literals(self, node: nodes.Node) -> None:
        """Compute what literals alone make, so that types that never fit are seen before anyone talks to the bot."""
        if isinstance(node, nodes.Filter) and FILTERS[node.name].argument in ("item", "type"):
            return
        if all(_literal(child) for child in node.iter_child_nodes()):
            try:
                build(node)(Scope({}, {}, {}, Locale()))
            except EvaluationError:
                raise self._cannot(node) from None

    def _cannot(self, node: nodes.Node) -> GrammarError:
        parts = (node, *node.find_all(nodes.Node))
        starts = [start for part in parts if (start := _offset(part)) is not None]
        first, last = min(starts), max(starts)
        end = last + _word_end(self.text[last:])
        while self.text[end : end + 1] == ")" and self.text.count("(", first, end) > self.text.count(")", first, end):
            end += 1
        return GrammarError("cannot-compute", first, end - first, text=self.text[first:end])


def _offset(node: nodes.Node) -> int | None:
    """Return where a node begins; Jinja gives some that only hold others no place."""
    return node.lineno


def _children(node: nodes.Node) -> Iterable[nodes.Node]:
    """Return the parts of a node; what `where` and `pick` take was checked as an expression of its own."""
    if isinstance(node, nodes.Filter) and FILTERS[node.name].argument == "item":
        assert node.node is not None
        return (node.node,)
    return node.iter_child_nodes()


def _word_end(text: str) -> int:
    if text[:1] in ("'", '"'):
        return text.find(text[0], 1) + 1 or len(text)
    return next((at for at, char in enumerate(text) if not (char.isalnum() or char in "._")), len(text)) or 1


def _literal(node: nodes.Node) -> bool:
    if isinstance(node, (nodes.List, nodes.Operand, nodes.BinExpr, nodes.Neg, nodes.Pos)):
        return all(_literal(child) for child in node.iter_child_nodes())
    return isinstance(node, nodes.Const)


def _wrong(node: nodes.Filter, code: str, **values: object) -> GrammarError:
    return GrammarError(code, node.lineno, len(node.name), name=node.name, **values)


def _no_calls(node: nodes.Call) -> GrammarError:
    callee = node.node
    if isinstance(callee, nodes.Getattr):
        return GrammarError("no-calls", callee.lineno + 1, len(callee.attr), name=callee.attr)
    if isinstance(callee, (nodes.Name, nodes.Filter)):
        return GrammarError("no-calls", callee.lineno, len(callee.name), name=callee.name)
    return GrammarError("no-calls", node.lineno, 2, name="()")


def target_names(target: nodes.Node) -> list[str]:
    """Return the one or two names that `{% for %}` gives values to."""
    names = target.items if isinstance(target, nodes.Tuple) else [target]
    if len(names) <= 2 and all(isinstance(name, nodes.Name) for name in names):
        return [name.name for name in names if isinstance(name, nodes.Name)]
    every = list(target.find_all(nodes.Name))
    start = every[0].lineno
    length = every[-1].lineno + len(every[-1].name) - start
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
#: Nodes that ask for types; of literals alone they are computed when a flow is read.
_COMPUTING = (nodes.BinExpr, nodes.Neg, nodes.Pos, nodes.Compare, nodes.Filter)

_SPOKEN: dict[type[nodes.Node], str] = {
    nodes.Test: "is …",
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
