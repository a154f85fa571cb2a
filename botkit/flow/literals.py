"""What literals make is known when a flow is read: what can never be computed is refused before anyone talks to it."""

from __future__ import annotations

from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow.evaluate import build
from botkit.flow.filters import FILTERS
from botkit.flow.grammar import GrammarError, begin_of, offset_of
from botkit.flow.locale import Locale
from botkit.flow.scope import Scope
from botkit.flow.values import MAX_NUMBER

#: Nodes that ask for types; of literals alone they are computed when a flow is read.
COMPUTING = (nodes.BinExpr, nodes.Neg, nodes.Pos, nodes.Compare, nodes.Filter)


def check_constant(node: nodes.Const, text: str) -> None:
    """Check that a literal is one that a slot may keep."""
    value, why = node.value, ("", "")
    if isinstance(value, (int, float)) and abs(value) > MAX_NUMBER:
        why = ("un número es demasiado grande", "a number is too large")
    elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        why = ("hay medio carácter", "half a character")
    if why[0]:
        length = _word_end(text[node.lineno :])
        raise GrammarError("bad-expression", node.lineno, length, why=why[0], why_en=why[1])


def check_literals(node: nodes.Node, text: str) -> None:
    """Compute what literals alone make, so that types that never fit are seen before anyone talks to the bot."""
    if isinstance(node, nodes.Filter) and FILTERS[node.name].argument in ("item", "type"):
        return
    if all(_literal(child) for child in node.iter_child_nodes()):
        try:
            build(node)(Scope({}, {}, {}, Locale()))
        except EvaluationError:
            raise cannot_compute(node, text) from None


def cannot_compute(node: nodes.Node, text: str) -> GrammarError:
    """Return the error for an expression that gives no value, whoever talks to the bot."""
    starts = (offset_of(part) for part in (node, *node.find_all(nodes.Node)))
    first, last = begin_of(node), max(start for start in starts if start is not None)
    end = last + _word_end(text[last:])
    while text[end : end + 1] == ")" and text.count("(", first, end) > text.count(")", first, end):
        end += 1
    return GrammarError("cannot-compute", first, end - first, text=text[first:end])


def _literal(node: nodes.Node) -> bool:
    if isinstance(node, (nodes.List, nodes.Operand, nodes.BinExpr, nodes.Neg, nodes.Pos)):
        return all(_literal(child) for child in node.iter_child_nodes())
    return isinstance(node, nodes.Const)


def _word_end(text: str) -> int:
    if text[:1] in ("'", '"'):
        return text.find(text[0], 1) + 1 or len(text)
    return next((at for at, char in enumerate(text) if not (char.isalnum() or char in "._")), len(text)) or 1
