"""Checking a tree that Jinja parsed: is it of the language, and which names does it read?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from jinja2 import nodes

from botkit.flow.filters import FILTERS, Filter
from botkit.flow.grammar import (
    ALLOWED,
    LOOP,
    MAX_DEPTH,
    GrammarError,
    Read,
    foreign,
    no_calls,
    offset_of,
    target_names,
)
from botkit.flow.literals import COMPUTING, cannot_compute, check_constant, check_literals


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
            raise GrammarError("expression-too-deep", offset_of(node) or 0, 1, limit=str(MAX_DEPTH))
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
            check_constant(node, self.text)
        elif isinstance(node, nodes.Call):
            raise no_calls(node)
        elif not isinstance(node, ALLOWED):
            raise foreign(node, self.text)
        for child in _children(node):
            yield from self.reads_of(child, depth + 1, bound)
        if isinstance(node, COMPUTING):
            check_literals(node, self.text)

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
            raise cannot_compute(node.iter, self.text)
        for child in node.body:
            yield from self.reads_of(child, depth + 1, bound | targets | {"loop"})
        for child in node.else_:
            yield from self.reads_of(child, depth + 1, bound)

    def _filter(self, node: nodes.Filter, bound: frozenset[str]) -> Iterator[Read]:
        known = FILTERS.get(node.name)
        if known is None or node.node is None:
            raise GrammarError("unknown-filter", node.lineno, len(node.name), name=node.name)
        if node.kwargs or node.dyn_kwargs:
            raise _wrong(node, "filter-keyword")
        count = len(node.args)
        if node.dyn_args or not known.least <= count <= known.most:
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
        _put_at(inner.tree, start, exact=exact)
        node.args = [inner.tree]  # type: ignore[list-item]  # checked: it is an expression
        for read in inner.reads:
            if read.name != "item" and read.name not in bound:
                yield Read(read.name, start + read.start if exact else start, read.attribute)

    def _check_word(self, node: nodes.Filter, known: Filter) -> None:
        """Check an argument that is the name of an answer type, or one of a closed list of words."""
        word = node.args[0]
        if not isinstance(word, nodes.Const) or not isinstance(word.value, str):
            words = known.words or ("number", "text", "…")
            raise _wrong(node, "filter-word", known=", ".join(words), example=words[0])
        if known.argument == "type":
            self.types.append(Read(word.value, word.lineno + 1))
        elif word.value not in known.words:
            start, length = word.lineno + 1, max(1, len(word.value))
            values = {"name": node.name, "known": ", ".join(known.words), "example": known.words[0]}
            raise GrammarError("filter-word", start, length, **values)


def _children(node: nodes.Node) -> Iterable[nodes.Node]:
    """Return the parts of a node; what `where` and `pick` take was checked as an expression of its own."""
    if isinstance(node, nodes.Filter) and FILTERS[node.name].argument == "item":
        assert node.node is not None
        return (node.node,)
    return node.iter_child_nodes()


def _put_at(tree: nodes.Node, start: int, *, exact: bool) -> None:
    """Give a tree the offsets of the text around it; where escapes make them differ, all of it stands at `start`."""
    for node in (tree, *tree.find_all(nodes.Node)):
        if (offset := offset_of(node)) is not None:
            node.lineno = start + offset if exact else start


def _wrong(node: nodes.Filter, code: str, **values: object) -> GrammarError:
    return GrammarError(code, node.lineno, len(node.name), name=node.name, **values)
