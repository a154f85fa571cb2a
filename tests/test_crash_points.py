"""Crash points are a closed table; without the variable nothing is made with them."""

from __future__ import annotations

import importlib

import pytest

from botkit.crash import COMMITS, POINTS, VARIABLE, makers, read_armed
from botkit.errors import UsageError
from botkit.parts import Makers

STORE = [importlib.import_module(f"botkit.store.{name}") for name in ("inbox", "outbox", "timers")]


def test_unarmed() -> None:
    """Without the variable, or with an empty one, the parts are made without points."""
    assert makers({}) == Makers() == makers({VARIABLE: ""})


@pytest.mark.parametrize("kind", COMMITS)
def test_operations(kind: str) -> None:
    """Every kind of commit is an operation that the store has."""
    assert [module for module in STORE if hasattr(module, COMMITS[kind].operation)]


@pytest.mark.parametrize("value", ["nowhere", "leg-before:0", "leg-before:x", "leg-before:-1", ":2"])
def test_wrong(value: str) -> None:
    """A point that is not there is refused, with those that are."""
    with pytest.raises(UsageError, match="no such crash point; they are inbox-before"):
        makers({VARIABLE: value})


def test_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends at the armed time at that point, and at no other."""
    died: list[str] = []
    monkeypatch.setattr("botkit.crash._die", lambda: died.append("killed"))
    armed = read_armed("leg-after:3")
    for name in ("leg-after", "leg-after", *(name for name in POINTS if name != "leg-after")):
        armed.reach(name)
    assert died == []
    armed.reach("leg-after")
    assert died == ["killed"]
