"""Evaluating expressions: a checked tree turned into closures at first use.

Own closures rather than Jinja's compiled code, because here `<` with none is false, a chosen option counts as its value
and every operator that can grow a value is limited (`~` is one that Jinja's sandbox cannot intercept).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow import operators, values
from botkit.flow.filters import FILTERS, Filter
from botkit.flow.grammar import begin_of
from botkit.flow.scope import PARTS_PER_PASS, Scope
from botkit.flow.values import show, truth

Evaluate = Callable[[Scope], Any]
_Ts = TypeVarTuple("_Ts")
_R = TypeVar("_R")

#: Nodes that may fail on the values they meet.
_FALLIBLE = (
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos),
    *(nodes.Concat, nodes.Compare, nodes.Dict, nodes.Filter),
)


def build(node: nodes.Node) -> Evaluate:
    """Return a function that evaluates a checked expression; an EvaluationError of it knows which part failed."""
    evaluate = _BUILDERS[type(node)](node)
    if not isinstance(node, _FALLIBLE):
        return evaluate
    return located(evaluate, node.lineno if isinstance(node, nodes.Filter) else begin_of(node))


def located(run: Callable[[*_Ts], _R], start: int) -> Callable[[*_Ts], _R]:
    """Return the same function, whose EvaluationError knows that it comes from offset `start` of the text."""

    def run_located(*args: *_Ts) -> _R:
        try:
            return run(*args)
        except EvaluationError as error:
            error.within(start)
            raise

    return run_located


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
            _count(scope, left, right)
            if not holds(left, right):
                return False
            left = right
        return True

    return evaluate


def _count(scope: Scope, left: Any, right: Any) -> None:
    """Count what a comparison costs: what the right side holds, where both hold something, else its length."""
    if type(left) in (list, dict) and type(right) in (list, dict):
        scope.deep_work(right)  # of the left side no more is looked at
    else:
        scope.work(right)


def _add(node: nodes.Add) -> Evaluate:
    left_of, right_of = build(node.left), build(node.right)

    def evaluate(scope: Scope) -> Any:
        left, right = left_of(scope), right_of(scope)
        scope.work(left)
        scope.work(right)
        return operators.add(left, right)

    return evaluate


def _binary(apply: Callable[[Any, Any], Any]) -> Callable[[nodes.BinExpr], Evaluate]:
    def make(node: nodes.BinExpr) -> Evaluate:
        left, right = build(node.left), build(node.right)
        return lambda scope: apply(left(scope), right(scope))

    return make


def _negative(node: nodes.Neg) -> Evaluate:
    inner = build(node.node)
    return lambda scope: -operators.number(inner(scope), "-")


def _positive(node: nodes.Pos) -> Evaluate:
    inner = build(node.node)
    return lambda scope: operators.number(inner(scope), "+")


def _concat(node: nodes.Concat) -> Evaluate:
    parts = [build(part) for part in node.nodes]

    def evaluate(scope: Scope) -> str:
        text = ""
        for part in parts:
            more = show(part(scope), scope.locale.language)
            scope.work(more)
            text = operators.join_texts(text, more)
        return text

    return evaluate


def _filter(node: nodes.Filter) -> Evaluate:
    known = FILTERS[node.name]
    inner = build(node.node)  # type: ignore[arg-type]  # a filter block without a node is no part of the grammar
    if known.argument == "item":
        return _over_item(known, inner, node.args[0])
    apply, of_none, prints = known.apply, known.of_none, known.prints
    arguments = [build(argument) for argument in node.args]

    def evaluate(scope: Scope) -> Any:
        value = inner(scope)
        if value is None and not of_none:
            return None
        scope.work(value)
        made = apply(scope.locale, value, *[argument(scope) for argument in arguments])
        if prints:
            scope.work(made)
        return made

    return evaluate


def _over_item(known: Filter, inner: Evaluate, expression: nodes.Expr) -> Evaluate:
    """Return `where` or `pick`: the filter gets pairs of an item and what the expression makes of it."""
    of_item, cost = build(expression), passes(expression)
    name = next(name for name, each in FILTERS.items() if each is known)

    def evaluate(scope: Scope) -> Any:
        value = values.bare(inner(scope))
        if value is None:
            return None
        if not isinstance(value, list):
            raise EvaluationError(f"'{name}' needs a list, not {values.kind_of(value)}")
        pairs = []
        for item in value:
            scope.spend(cost)
            pairs.append((item, of_item(scope.within({"item": item}))))
        return known.apply(scope.locale, pairs)

    return evaluate


def passes(*parts: nodes.Node) -> int:
    """Return what one pass through parts of a tree counts for: one, and more for what is long."""
    return 1 + sum(1 for part in parts for _ in part.find_all(nodes.Node)) // PARTS_PER_PASS


def _list(node: nodes.List) -> Evaluate:
    items = [build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _dict(node: nodes.Dict) -> Evaluate:
    pairs = [(build(pair.key), build(pair.value)) for pair in node.items]
    return lambda scope: {show(key(scope), "en"): value(scope) for key, value in pairs}


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operators.same,
    "ne": lambda left, right: not operators.same(left, right),
    "lt": operators.compare("<", operator.lt),
    "lteq": operators.compare("<=", operator.le),
    "gt": operators.compare(">", operator.gt),
    "gteq": operators.compare(">=", operator.ge),
    "in": lambda left, right: operators.contains(right, left),
    "notin": lambda left, right: not operators.contains(right, left),
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
    nodes.Add: _add,
    nodes.Sub: _binary(operators.arithmetic("-", operator.sub)),
    nodes.Mul: _binary(operators.arithmetic("*", operator.mul)),
    nodes.Div: _binary(operators.arithmetic("/", operator.truediv)),
    nodes.FloorDiv: _binary(operators.arithmetic("//", operator.floordiv)),
    nodes.Mod: _binary(operators.arithmetic("%", operator.mod)),
    nodes.Pow: _binary(operators.arithmetic("**", operator.pow)),
    nodes.Neg: _negative,
    nodes.Pos: _positive,
    nodes.Concat: _concat,
    nodes.Filter: _filter,
    nodes.List: _list,
    nodes.Dict: _dict,
}
