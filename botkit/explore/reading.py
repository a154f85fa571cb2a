"""What steps read: every expression and template of a flow, the constants that answers are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from jinja2 import nodes

from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step
from botkit.flow.text import Expression, Template
from botkit.turn.kinds.saves import Saves

Formula = Expression | Template


def formulas(value: Any) -> Iterator[Formula]:
    """Yield the expressions and templates in what a kind of step has read, however deep."""
    if isinstance(value, (Expression, Template)):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from formulas(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from formulas(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from formulas(item)


def reads(step: Step) -> frozenset[str]:
    """Return the names that a step reads, in whatever key."""
    whole = (step.body, step.guard, step.expires, step.silence)
    return frozenset(name for part in whole for formula in formulas(part) for name in formula.names)


def trees(flow: Flow) -> Iterator[tuple[Step, nodes.Node]]:
    """Yield the parsed expressions and templates of a flow, each with its step."""
    for step in flow.steps.values():
        for part in (step.body, step.guard, step.silence):
            for formula in formulas(part):
                if formula.parsed is not None:
                    yield step, formula.parsed.tree


def whole(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Yield all nodes of a tree, the tree itself first."""
    yield tree
    yield from tree.find_all(nodes.Node)


def saves_of(step: Step) -> Saves | None:
    """Return where a step keeps its outcome."""
    saves = getattr(step.body, "saves", None)
    return saves if isinstance(saves, Saves) else None


@dataclass(frozen=True, slots=True)
class Constants:
    """What the conditions of a bot hold: the numbers and the texts that are compared with something."""

    numbers: tuple[float, ...]
    texts: tuple[str, ...]


def constants(flows: FlowSet) -> Constants:
    """Return the constants of the bot's own flows that answers may be compared with."""
    found: dict[Any, None] = {}
    for flow in flows.flows.values():
        if not flow.builtin:
            for _, tree in trees(flow):
                for compared in (each for each in whole(tree) if isinstance(each, (nodes.Compare, nodes.Dict))):
                    found |= dict.fromkeys(each.value for each in compared.find_all(nodes.Const))
    kept = [each for each in found if not isinstance(each, bool)]
    numbers = tuple(float(each) for each in kept if isinstance(each, (int, float)))
    return Constants(numbers[:40], tuple(each for each in kept if isinstance(each, str) and each.strip())[:40])


def path_of(node: nodes.Node) -> tuple[str, ...] | None:
    """Return `a.b.c` as its parts; None for what is no plain path. An index is `[]`."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        before = path_of(node.node)
        return (*before, node.attr) if before else None
    if isinstance(node, nodes.Getitem):
        before = path_of(node.node)
        if before and isinstance(node.arg, nodes.Const):
            return (*before, node.arg.value if isinstance(node.arg.value, str) else "[]")
        return (*before, "[]") if before else None
    return None
