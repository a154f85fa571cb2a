"""Making gaps seen: while a bot is explored, a value that is not there leaves a mark in what the bot says.

The mark is a sign that nobody writes. Only words of messages get it: they lead nowhere but to the person.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import nodes

from botkit.flow.flowset import FlowSet
from botkit.flow.message import Words
from botkit.flow.render import build_writer
from botkit.flow.text import Template

MARK = "\ue0b7"


@contextmanager
def marked(flows: FlowSet) -> Iterator[None]:
    """Let the words of messages mark what is not there, for as long as the context lasts."""
    changed = [each for each in _templates(flows) if each.parsed is not None]
    for template in changed:
        assert template.parsed is not None
        template._write = build_writer(_with_marks(template.parsed.tree))
    try:
        yield
    finally:
        for template in changed:
            template._write = None


def _with_marks(tree: nodes.Node) -> nodes.Node:
    tree = copy.deepcopy(tree)
    for output in [tree, *tree.find_all(nodes.Output)]:
        if isinstance(output, nodes.Output):
            output.nodes = [each if isinstance(each, nodes.TemplateData) else _or_mark(each) for each in output.nodes]
    return tree


def _or_mark(node: nodes.Expr) -> nodes.Expr:
    return nodes.Filter(node, "default", [nodes.Const(MARK)], [], None, None, lineno=node.lineno)


def _templates(flows: FlowSet) -> Iterator[Template]:
    for flow in flows.flows.values():
        for step in () if flow.builtin else flow.steps.values():
            for words in _words((step.body, step.silence)):
                yield from words.wording.texts.values()


def _words(value: Any) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from _words(getattr(value, each.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _words(item)
