"""What fields of a flow hold once they are read: expressions, templates, texts in several languages.

Each knows its place, so that a failure at run time names the same line as `botkit check` would. Closures are made at
first use and kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow.evaluate import Evaluate, build
from botkit.flow.locate import Spots
from botkit.flow.parse import Parsed
from botkit.flow.problem import Place
from botkit.flow.render import Output, Write, build_writer
from botkit.flow.scope import Scope
from botkit.flow.values import OMIT, truth


@dataclass(slots=True)
class Expression:
    """A bare expression: `if: dia < today`."""

    text: str
    spots: Spots
    parsed: Parsed
    _run: Evaluate | None = field(default=None, repr=False)

    def evaluate(self, scope: Scope) -> Any:
        """Return the value; raises EvaluationError with the place."""
        run = self._run
        if run is None:
            run = self._run = build(self.parsed.tree)
        try:
            return run(scope)
        except EvaluationError as error:
            raise EvaluationError(str(error), self.spots.at(error.start)) from None

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.spots.text.place

    def holds(self, scope: Scope) -> bool:
        """Tell whether the value counts as true."""
        return truth(self.evaluate(scope))

    @property
    def names(self) -> frozenset[str]:
        """Return the names it reads."""
        return self.parsed.names


@dataclass(slots=True)
class Template:
    """A text with `{{ }}` in it, or without (then `parsed` is None and it is its own rendering)."""

    text: str
    spots: Spots
    parsed: Parsed | None = None
    _write: Write | None = field(default=None, repr=False)
    _value: Evaluate | None = field(default=None, repr=False)

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.spots.text.place

    def render(self, scope: Scope) -> str:
        """Return the text; raises EvaluationError with the place."""
        if self.parsed is None:
            return self.text
        write = self._write
        if write is None:
            write = self._write = build_writer(self.parsed.tree)
        out = Output()
        try:
            write(scope, out)
        except EvaluationError as error:
            raise EvaluationError(str(error), self.spots.at(error.start)) from None
        return "".join(out.parts)

    def value(self, scope: Scope) -> Any:
        """Return the value: of its own type where the text is one `{{ expression }}`, else the text."""
        run = self._value
        if run is None:
            run = self._value = self._evaluator()
        return run(scope)

    def _evaluator(self) -> Evaluate:
        sole = _sole_expression(self.parsed.tree) if self.parsed is not None else None
        if sole is None:
            return self.render
        run = build(sole)

        def evaluate(scope: Scope) -> Any:
            try:
                return run(scope)
            except EvaluationError as error:
                raise EvaluationError(str(error), self.spots.at(error.start)) from None

        return evaluate

    @property
    def names(self) -> frozenset[str]:
        """Return the names it reads."""
        return self.parsed.names if self.parsed else frozenset()


def _sole_expression(tree: nodes.Node) -> nodes.Node | None:
    if isinstance(tree, nodes.Template) and len(tree.body) == 1 and isinstance(tree.body[0], nodes.Output):
        parts = [node for node in tree.body[0].nodes if not _blank(node)]
        if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
            return parts[0]
    return None


def _blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one or several languages; with one, the key is the empty text."""

    texts: Mapping[str, Template]

    def pick(self, language: str, fallback: str) -> Template:
        """Return the template for a language, else the bot's own, else the first."""
        texts = self.texts
        found = texts.get(language) or texts.get("") or texts.get(fallback)
        return found if found is not None else next(iter(texts.values()))

    @property
    def is_constant(self) -> bool:
        """Tell whether it says the same always, in whatever language."""
        return all(text.parsed is None for text in self.texts.values())

    def render(self, scope: Scope, fallback: str) -> str:
        """Return the text in the scope's language, trimmed at both ends."""
        return self.pick(scope.locale.language, fallback).render(scope).strip()


@dataclass(frozen=True, slots=True)
class Data:
    """A value that takes any shape (`set`, `with`, `record`): leaves are templates or constants."""

    shape: Any
    place: Place | None = None

    @property
    def is_constant(self) -> bool:
        """Tell whether it is the same always."""
        return all(leaf.parsed is None for leaf in _leaves(self.shape))

    def value(self, scope: Scope) -> Any:
        """Return the value with every template evaluated; a key whose value is `omit` is left out."""
        value = _fill(self.shape, scope)
        if value is OMIT:
            raise EvaluationError("'omit' only drops a key of a mapping", self.place)
        return value

    @property
    def names(self) -> frozenset[str]:
        """Return the names it reads."""
        return frozenset(name for leaf in _leaves(self.shape) for name in leaf.names)


def _leaves(shape: Any) -> Iterator[Template]:
    if isinstance(shape, Template):
        yield shape
    elif isinstance(shape, (Mapping, list)):
        for item in shape.values() if isinstance(shape, Mapping) else shape:
            yield from _leaves(item)


def _fill(shape: Any, scope: Scope) -> Any:
    if isinstance(shape, Template):
        return shape.value(scope)
    if isinstance(shape, Mapping):
        filled = ((key, _fill(item, scope)) for key, item in shape.items())
        return {key: value for key, value in filled if value is not OMIT}
    return [_item(item, scope) for item in shape] if isinstance(shape, list) else shape


def _item(shape: Any, scope: Scope) -> Any:
    value = _fill(shape, scope)
    if value is OMIT:
        raise EvaluationError("'omit' only drops a key of a mapping", getattr(shape, "place", None))
    return value
