"""Patterns: what RE2 finds in a raw text, what it refuses, and where the caret stands."""

from __future__ import annotations

import time

import pytest

from botkit.flow.pattern import LONGEST, Pattern, read_pattern
from botkit.flow.reader import Reading
from tests.flow.samples import at, mapping, scalar, tree


def read(pattern: str) -> tuple[Pattern | None, list[str]]:
    """Read a pattern from a file; return it, and the problems found."""
    source = f"pattern: '{pattern}'"
    reading = Reading(source.split("\n"))
    found = read_pattern(reading, scalar(mapping(tree(source)).get("pattern")))
    return found, [at(problem) for problem in reading.problems]


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        (r"^\d{7}$", "1234567", {}),
        (r"^\d{7}$", "12345678", None),
        ("cita", "quiero una cita", {}),
        ("cita", "quiero una Cita", None),
        ("(?i)cita", "quiero una CITA", {}),
        (r"pedido (?P<numero>\d+)", "mi pedido 12, por favor", {"numero": "12"}),
        (r"(?P<a>x)|(?P<b>y)", "y", {"b": "y"}),
        (r"(?P<año>\d{4})", "en 2026", {"año": "2026"}),
        (r"^ a", " a", {}),
        (r"a.b", "a\ud800b", {}),
        ("", "nada", {}),
    ],
)
def test_search(pattern: str, text: str, groups: dict[str, str] | None) -> None:
    """A pattern is searched in the text as it was written; its named groups come with it."""
    found, problems = read(pattern)
    assert problems == []
    assert found is not None
    assert found.search(text) == groups


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"a(?=b)", "1:12 bad-pattern"),
        (r"(a)\1", "1:14 bad-pattern"),
        ("(a", "1:11 bad-pattern"),
        ("ab*c)", "1:11 bad-pattern"),
        ("a[z-a]", "1:13 bad-pattern"),
        ("*", "1:11 bad-pattern"),
        ("x{1001}", "1:12 bad-pattern"),
        ("((x{100}){100}){100}", "1:14 bad-pattern"),
        ("x" * (LONGEST + 1), "1:10 bad-pattern"),
    ],
)
def test_refused(pattern: str, problem: str) -> None:
    """What RE2 does not take is a problem under the part that is wrong."""
    assert read(pattern) == (None, [problem])


def test_names() -> None:
    """A pattern tells the names of its groups, in their order."""
    found, _ = read("(?P<b>x)(y)(?P<a>z)")
    assert found is not None
    assert found.names == ("b", "a")


@pytest.mark.parametrize("pattern", ["(a*)*$", "(a|aa)+$", "(a+)+b", "(.*)(.*)(.*)(.*)x"])
def test_no_pattern_stalls(pattern: str) -> None:
    """What takes other engines for ever takes no time."""
    found, _ = read(pattern)
    assert found is not None
    began = time.thread_time()
    found.search("a" * 16_000 + "c")
    assert time.thread_time() - began < 0.05
