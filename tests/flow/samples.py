"""Short ways to read, load and evaluate what a test writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botkit.answers.context import ReadingContext
from botkit.answers.types import ANSWER_TYPES
from botkit.flow.evaluate import build
from botkit.flow.flowset import FlowSet
from botkit.flow.grammar import GrammarError
from botkit.flow.load import Loaded, load
from botkit.flow.locale import Locale
from botkit.flow.model import BotInfo, ServiceInfo, Signature
from botkit.flow.parse import parse_expression, parse_template
from botkit.flow.problem import Problem, by_place
from botkit.flow.render import Output, build_writer
from botkit.flow.scope import Scope
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.yaml_reader import read
from botkit.turn.kinds import KINDS

#: A bot with a constant, a service, and a host of its own network.
BOT = BotInfo(constants={"name": "Sol"}, services={"agenda": ServiceInfo(5.0, 1)}, allow=frozenset({"nas.local"}))
HANDLERS = {
    "agenda.libres": Signature(("dia", "hora"), frozenset({"dia"})),
    "agenda.nada": Signature(),
    "agenda.todo": Signature((), frozenset(), open=True),
}


def at(problem: Problem) -> str:
    """Return `line:column code`."""
    return f"{problem.place.line}:{problem.place.column} {problem.code}"


def wrong(text: str | bytes) -> list[str]:
    """Return `line:column code` of each problem that a file has as YAML."""
    return [at(problem) for problem in by_place(read(text, "f.yaml").problems)]


def tree(text: str | bytes) -> Node:
    """Return the root of a file that must be sound."""
    source = read(text, "f.yaml")
    assert source.problems == []
    return source.documents[0].root


def scalar(node: Node | None) -> Text:
    """Return a node that must be a scalar."""
    assert isinstance(node, Text)
    return node


def mapping(node: Node | None) -> Map:
    """Return a node that must be a mapping."""
    assert isinstance(node, Map)
    return node


def sequence(node: Node | None) -> Seq:
    """Return a node that must be a list."""
    assert isinstance(node, Seq)
    return node


def loading(*texts: str, builtin: tuple[str, ...] = (), handlers: Mapping[str, Signature] = HANDLERS) -> Loaded:
    """Load files of flows, named a.yaml, b.yaml …"""
    sources = [read(text, f"{name}.yaml") for name, text in zip("abcdef", texts, strict=False)]
    shipped = [read(text, f"builtin{number}.yaml") for number, text in enumerate(builtin)]
    return load(sources, shipped, BOT, handlers, KINDS)


def flows(*texts: str, builtin: tuple[str, ...] = (), handlers: Mapping[str, Signature] = HANDLERS) -> FlowSet:
    """Return flows that must load without an error."""
    loaded = loading(*texts, builtin=builtin, handlers=handlers)
    assert loaded.flows is not None, [at(problem) for problem in loaded.problems]
    return loaded.flows


def told(*texts: str) -> list[str]:
    """Return `line:column code` of each problem that loading finds, but for what all samples have: no start."""
    found = by_place(loading(*texts).problems)
    return [at(problem) for problem in found if problem.code != "flow-unused"]


def told_of_steps(steps: str) -> list[str]:
    """Return what loading finds in a flow of these steps; the first stands in line 3."""
    return told("flow: f\nsteps:\n" + steps)


def read_answer(answer_type: str, text: str) -> Any:
    """Read a text as an answer, on a Monday in La Paz."""
    now = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("America/La_Paz"))
    return ANSWER_TYPES[answer_type].read(text, ReadingContext("es", now))


def scope(**slots: Any) -> Scope:
    """Return a scope of slots alone, in Spanish and bolivianos."""
    return Scope(slots, {}, {}, Locale(read_answer=read_answer))


def evaluate(expression: str, **slots: Any) -> Any:
    """Return the value of an expression."""
    return build(parse_expression(expression).tree)(scope(**slots))


def render(template: str, **slots: Any) -> str:
    """Return what a template writes."""
    out = Output()
    build_writer(parse_template(template).tree)(scope(**slots), out)
    return "".join(out.parts)


def refused(text: str, *, template: bool = False) -> tuple[str, str]:
    """Return the code and the words of the grammar error that a text must be."""
    try:
        parse_template(text) if template else parse_expression(text)
    except GrammarError as error:
        return error.code, text[error.start : error.start + error.length]
    raise AssertionError(f"{text!r} is of the grammar")
