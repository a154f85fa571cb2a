"""Expressions and templates: Jinja's grammar, botkit's meaning.

Jinja parses (its parser folds no constants and runs nothing); the tree is checked against a closed list of nodes; and
this module turns it into closures at first use. Own closures rather than Jinja's compiled code, because here `<` with
none is false, a chosen option counts as its value, every operator that can grow a value is limited (`~` is one that
Jinja's sandbox cannot intercept), and output is counted while it is made.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from botkit.errors import EvaluationError
from botkit.flow import values
from botkit.flow.filters import FILTERS
from botkit.flow.scope import Scope
from botkit.flow.values import MAX_NUMBER, MAX_TEXT, plain, show, truth

#: Deepest expression, in nested nodes; a deeper one is a mistake or an attack.
MAX_DEPTH = 40

Evaluate = Callable[[Scope], Any]
Write = Callable[[Scope, "Output"], None]

#: No loader, no globals, no tests: only the grammar is used. Comments are none of it, so `{#` stands for itself.
ENVIRONMENT = Environment(
    keep_trailing_newline=True, autoescape=False, comment_start_string="\0{#", comment_end_string="#}\0"
)


class GrammarError(Exception):
    """The text is not of the grammar; `code` is a problem code, `word` the words in the text that are wrong."""

    def __init__(self, code: str, word: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.word = word
        self.values = values


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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A checked tree with the names and filters that it reads."""

    tree: nodes.Node
    names: frozenset[str]


def parse_expression(text: str) -> Parsed:
    """Parse a bare expression; raises GrammarError."""
    if text.lstrip().startswith("{{"):
        raise GrammarError("braces-in-expression", "{{")

    def parse() -> nodes.Node:
        parser = Parser(ENVIRONMENT, text, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise GrammarError("bad-expression", str(parser.stream.current.value), why=str(parser.stream.current.value))
        return tree

    return _checked(parse, text)


def parse_template(text: str) -> Parsed:
    """Parse a text with `{{ }}`, `{% if %}` and `{% for %}`; raises GrammarError."""
    return _checked(lambda: _TemplateParser(ENVIRONMENT, drop_tag_lines(text)).parse(), text)


class _TemplateParser(Parser):
    """Jinja's parser without `{% print %}`, which its tree does not tell from `{{ }}`."""

    def parse_print(self) -> nodes.Output:
        """Refuse the tag."""
        raise GrammarError("not-in-language", "print", what="{% print %}")


def _checked(parse: Callable[[], nodes.Node], text: str) -> Parsed:
    if len(text) > MAX_TEXT:
        raise GrammarError("bad-expression", "", why=f"longer than {MAX_TEXT} characters")
    try:
        tree = parse()
        names = frozenset(_check(tree, 0, frozenset()))
    except TemplateSyntaxError as error:
        raise GrammarError("bad-expression", _culprit(error, text), why=error.message or "") from None
    except RecursionError:
        raise GrammarError("expression-too-deep", "", limit=str(MAX_DEPTH)) from None
    except ValueError:  # int() refuses literals of thousands of digits
        raise GrammarError("bad-expression", "", why="a number is too long") from None
    return Parsed(tree, names)


def _culprit(error: TemplateSyntaxError, text: str) -> str:
    """Return the word of the text that Jinja's message quotes, if it does."""
    quoted = (error.message or "").split("'")
    return next((word for word in quoted[1::2] if word and word in text), "")


def drop_tag_lines(text: str) -> str:
    """Return a text of several lines without the line break and blanks of lines that hold only tags."""
    if "\n" not in text or "{%" not in text:
        return text
    out: list[str] = []
    for line in text.split("\n"):
        bare = line.strip()
        only_tags = bare.startswith("{%") and bare.endswith("%}") and not _between_tags(bare)
        out.append(bare if only_tags else line + "\n")
    return "".join(out).removesuffix("\n")


def _between_tags(bare: str) -> bool:
    """Tell whether anything but blanks stands outside the tags of a line."""
    outside = "".join(piece.rpartition("%}")[2] if "%}" in piece else piece for piece in bare.split("{%"))
    return bool(outside.strip()) or "{{" in bare


# ── checking ──


def _check(node: nodes.Node, depth: int, bound: frozenset[str]) -> Iterator[str]:
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
        yield from _check(child, depth + 1, bound)


def _check_for(node: nodes.For, depth: int, bound: frozenset[str]) -> Iterator[str]:
    if node.test is not None or node.recursive:
        raise GrammarError("not-in-language", "for", what="{% for … if %}")
    targets = frozenset(_target_names(node.target))
    yield from _check(node.iter, depth + 1, bound)
    for child in node.body:
        yield from _check(child, depth + 1, bound | targets | {"loop"})
    for child in node.else_:
        yield from _check(child, depth + 1, bound)


def _check_constant(value: object) -> None:
    if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
        raise GrammarError("bad-expression", "", why="a number is too large")
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise GrammarError("bad-expression", "", why="half a character")


def _target_names(target: nodes.Node) -> list[str]:
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


# ── closures ──


def build(node: nodes.Node) -> Evaluate:
    """Return a function that evaluates a checked expression."""
    return _BUILDERS[type(node)](node)


def build_writer(node: nodes.Node) -> Write:
    """Return a function that writes a checked template node."""
    if isinstance(node, nodes.Template):
        return _sequence(node.body)
    if isinstance(node, nodes.Output):
        return _sequence(node.nodes)
    if isinstance(node, nodes.TemplateData):
        data = node.data
        return lambda scope, out: out.write(data)
    if isinstance(node, nodes.If):
        return _if_writer(node)
    if isinstance(node, nodes.For):
        return _for_writer(node)
    evaluate = build(node)
    return lambda scope, out: out.write(show(evaluate(scope), scope.locale.language))


def _sequence(children: list[Any]) -> Write:
    writers = [build_writer(child) for child in children]
    if len(writers) == 1:
        return writers[0]

    def write(scope: Scope, out: Output) -> None:
        for writer in writers:
            writer(scope, out)

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
    names = _target_names(node.target)

    def write(scope: Scope, out: Output) -> None:
        items = _iterable(items_of(scope), pairs=len(names) == 2)
        for index, item in enumerate(items):
            scope.spend(1)
            bound = dict(zip(names, item, strict=True)) if len(names) == 2 else {names[0]: item}
            loop = {"index": index + 1, "first": index == 0, "last": index == len(items) - 1}
            body(scope.within({**bound, "loop": loop}), out)
        if not items:
            otherwise(scope, out)

    return write


def _iterable(value: Any, *, pairs: bool) -> list[Any]:
    value = plain(value) if values.is_choice(value) else value
    if value is None:
        return []
    if isinstance(value, dict):
        return [list(pair) for pair in value.items()] if pairs else list(value)
    if not isinstance(value, list):
        raise EvaluationError(f"{{% for %}} needs a list, not {values.kind_of(value)}")
    if pairs and not all(isinstance(item, list) and len(item) == 2 for item in value):
        raise EvaluationError("{% for a, b %} needs a list of pairs or a mapping")
    return value


def _const(node: nodes.Const) -> Evaluate:
    value = node.value
    return lambda scope: value


def _name(node: nodes.Name) -> Evaluate:
    name = node.name
    return lambda scope: scope.get(name)


def _attribute(node: nodes.Getattr) -> Evaluate:
    inner, name = build(node.node), node.attr
    return lambda scope: values.attribute(inner(scope), name)


def _item(node: nodes.Getitem) -> Evaluate:
    inner, key = build(node.node), build(node.arg)
    return lambda scope: values.attribute(inner(scope), key(scope))


def _and(node: nodes.And) -> Evaluate:
    left, right = build(node.left), build(node.right)

    def evaluate(scope: Scope) -> Any:
        value = left(scope)
        return right(scope) if truth(value) else value

    return evaluate


def _or(node: nodes.Or) -> Evaluate:
    left, right = build(node.left), build(node.right)

    def evaluate(scope: Scope) -> Any:
        value = left(scope)
        return value if truth(value) else right(scope)

    return evaluate


def _not(node: nodes.Not) -> Evaluate:
    inner = build(node.node)
    return lambda scope: not truth(inner(scope))


def _conditional(node: nodes.CondExpr) -> Evaluate:
    test, yes = build(node.test), build(node.expr1)
    no: Evaluate = build(node.expr2) if node.expr2 is not None else lambda scope: None
    return lambda scope: yes(scope) if truth(test(scope)) else no(scope)


def _comparison(node: nodes.Compare) -> Evaluate:
    first = build(node.expr)
    rest = [(_COMPARISONS[operand.op], build(operand.expr)) for operand in node.ops]

    def evaluate(scope: Scope) -> bool:
        left = first(scope)
        for holds, right_of in rest:
            right = right_of(scope)
            scope.work(right)
            if not holds(left, right):
                return False
            left = right
        return True

    return evaluate


def _binary(apply: Callable[[Any, Any], Any]) -> Callable[[nodes.BinExpr], Evaluate]:
    def make(node: nodes.BinExpr) -> Evaluate:
        left, right = build(node.left), build(node.right)
        return lambda scope: apply(left(scope), right(scope))

    return make


def _negative(node: nodes.Neg) -> Evaluate:
    inner = build(node.node)
    return lambda scope: -values.number(inner(scope), "-")


def _positive(node: nodes.Pos) -> Evaluate:
    inner = build(node.node)
    return lambda scope: values.number(inner(scope), "+")


def _concat(node: nodes.Concat) -> Evaluate:
    parts = [build(part) for part in node.nodes]

    def evaluate(scope: Scope) -> str:
        text = ""
        for part in parts:
            text = values.join_texts(text, show(part(scope), scope.locale.language))
        return text

    return evaluate


def _filter(node: nodes.Filter) -> Evaluate:
    apply = FILTERS[node.name].apply
    inner = build(node.node)  # type: ignore[arg-type]  # a filter block without a node is refused by _check_filter
    arguments = [build(argument) for argument in node.args]
    of_none = FILTERS[node.name].of_none

    def evaluate(scope: Scope) -> Any:
        value = inner(scope)
        if value is None and not of_none:
            return None
        scope.work(value)
        return apply(scope.locale, value, *[argument(scope) for argument in arguments])

    return evaluate


def _list(node: nodes.List) -> Evaluate:
    items = [build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _dict(node: nodes.Dict) -> Evaluate:
    pairs = [(build(pair.key), build(pair.value)) for pair in node.items]
    return lambda scope: {show(key(scope), "en"): value(scope) for key, value in pairs}


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(plain(left) == plain(right)),
    "ne": lambda left, right: bool(plain(left) != plain(right)),
    "lt": values.compare("<", operator.lt),
    "lteq": values.compare("<=", operator.le),
    "gt": values.compare(">", operator.gt),
    "gteq": values.compare(">=", operator.ge),
    "in": lambda left, right: values.contains(right, left),
    "notin": lambda left, right: not values.contains(right, left),
}

_BUILDERS: dict[type[nodes.Node], Callable[[Any], Evaluate]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.Getattr: _attribute,
    nodes.Getitem: _item,
    nodes.And: _and,
    nodes.Or: _or,
    nodes.Not: _not,
    nodes.CondExpr: _conditional,
    nodes.Compare: _comparison,
    nodes.Add: _binary(values.add),
    nodes.Sub: _binary(values.arithmetic("-", operator.sub)),
    nodes.Mul: _binary(values.arithmetic("*", operator.mul)),
    nodes.Div: _binary(values.arithmetic("/", operator.truediv)),
    nodes.FloorDiv: _binary(values.arithmetic("//", operator.floordiv)),
    nodes.Mod: _binary(values.arithmetic("%", operator.mod)),
    nodes.Pow: _binary(values.arithmetic("**", operator.pow)),
    nodes.Neg: _negative,
    nodes.Pos: _positive,
    nodes.Concat: _concat,
    nodes.Filter: _filter,
    nodes.List: _list,
    nodes.Dict: _dict,
}
