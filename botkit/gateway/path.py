"""JMESPath, compiled once, with a short cut for the paths that profiles mostly hold.

A plain name, a dotted name and `name == 'literal'` are read without the interpreter (0.1 µs instead of 5 µs). An
expression that fails on the value it meets gives None: what a gateway sends must never raise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

Path = Callable[[Any], Any]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+")
_EQUALS = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*==\s*'([^'\\]*)'")

#: What jmespath raises on values it did not expect, beyond its own errors.
_FAILURES = (JMESPathError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


def compile_path(text: str) -> Path:
    """Return a function from a JSON value to what `text` finds in it; raises ValueError with the reason."""
    text = text.strip()
    if text == "@":
        return _itself
    if text == "[@]":
        return _alone
    if _NAME.fullmatch(text):
        return _field(text)
    if _DOTTED.fullmatch(text):
        return _fields(text.split("."))
    if match := _EQUALS.fullmatch(text):
        return _equals(match[1], match[2])
    return _search(text)


def _itself(value: Any) -> Any:
    return value


def _alone(value: Any) -> Any:
    return [value]


def _field(name: str) -> Path:
    def find(value: Any) -> Any:
        return value.get(name) if isinstance(value, dict) else None

    return find


def _fields(names: list[str]) -> Path:
    def find(value: Any) -> Any:
        for name in names:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return find


def _equals(name: str, literal: str) -> Path:
    def find(value: Any) -> Any:
        return isinstance(value, dict) and value.get(name) == literal

    return find


def _search(text: str) -> Path:
    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(str(error).splitlines()[0]) from None

    def find(value: Any) -> Any:
        try:
            return compiled.search(value)
        except _FAILURES:
            return None

    return find
