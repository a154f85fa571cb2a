"""The contract is whole: each method of each protocol of a store is called by some test here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit import ports

PROTOCOLS = [name for name in ports.__all__ if name.endswith("Store") or name == "QueueControl"]
#: Settings of SQLite's connection: what they are is proved with it.
OWN = {"pragma"}


def called() -> Iterator[str]:
    """Yield the names of what the tests here call on a store."""
    for file in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr


@pytest.mark.parametrize("name", PROTOCOLS)
def test_each_method(name: str) -> None:
    """No method of a protocol is without a test that calls it."""
    methods = {each for each, value in vars(getattr(ports, name)).items() if each[0] != "_" and callable(value)}
    assert methods - set(called()) - OWN == set()
