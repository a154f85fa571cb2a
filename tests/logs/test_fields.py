"""What the code tells the log is not left out of it: no line's fields bear the names of what is about people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import botkit
from botkit.logs.mask import Mask

ROOT = Path(botkit.__file__).parent
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "log"})
#: What every line has of its own.
OWN = frozenset({"at", "level", "event"})


def told() -> Iterator[tuple[str, str, bool]]:
    """Yield where a line or a note is made, its fields by name, and whether it is one for debugging."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                at, is_debug = f"{path.relative_to(ROOT)}:{node.lineno}", ast.unparse(node.func) == "log.debug"
                yield from ((at, name, is_debug) for name in _fields(node))


def _fields(call: ast.Call) -> Iterator[str]:
    to = call.func
    if isinstance(to, ast.Name) and to.id == "Note":
        keys = [key for value in call.args if isinstance(value, ast.Dict) for key in value.keys]
        yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))
    elif isinstance(to, ast.Attribute) and to.attr in LEVELS and ast.unparse(to.value) == "log":
        yield from (word.arg for word in call.keywords if word.arg)


def test_fields_are_shown() -> None:
    """Every field that the code names is one that the log writes."""
    found = list(told())
    assert len(found) > 50
    assert [(at, name) for at, name, debug in found if name not in Mask().clean({name: 1}, debug=debug)] == []


@pytest.mark.parametrize("name", ["name", "to", "contact"])
def test_what_is_left_out(name: str) -> None:
    """Those of people are not."""
    assert Mask().clean({name: "Ana"}, debug=False) == {}


def test_fields_of_every_line() -> None:
    """No field has the name of one that every line has: it would take its place."""
    assert [(at, name) for at, name, _ in told() if name in OWN] == []
