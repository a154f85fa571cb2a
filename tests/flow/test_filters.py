"""The filters, each by what it gives."""

from __future__ import annotations

import pytest

from botkit.errors import EvaluationError
from botkit.flow.evaluate import build
from botkit.flow.filters import FILTERS, Locale
from botkit.flow.parse import parse_expression
from botkit.flow.scope import Scope
from tests.flow.samples import evaluate

CASES = [
    ("[1] | append(2)", [1, 2]),
    ("'2026-11-24' | date", "martes 24 de noviembre"),
    ("'2026-11-24T15:30' | date", "martes 24 de noviembre"),
    ("none | default(3)", 3),
    ("[] | default(3)", []),
    ("[1, 2] | first", 1),
    ("[] | first", None),
    ("['a', 1, true] | join", "a, 1, sí"),
    ("['a', 'b'] | join(' o ')", "a o b"),
    ("[1, 2] | last", 2),
    ("'ñu' | length", 2),
    ("{'a': 1} | length", 1),
    ("'ÑANDÚ' | lower", "ñandú"),
    ("[3, 10, 2] | max", 10),
    ("['b', 'a'] | min", "a"),
    ("[] | min", None),
    ("1500 | money", "Bs 1.500"),
    ("1500.5 | money", "Bs 1.500,50"),
    ("-3 | money", "Bs -3"),
    ("1234567.891 | number", "1.234.567,89"),
    ("1234.5 | number(0)", "1.234"),
    ("1 | number(2)", "1,00"),
    ("1 | number(1000)", "1,000000000000000"),
    ("2.5 | round", 2),
    ("2.567 | round(2)", 2.57),
    ("1234 | round(-2)", 1200),
    ("[3, 1, 2] | sort", [1, 2, 3]),
    ("[] | sort", []),
    ("[1, 2.5] | sum", 3.5),
    ("'15:30' | time", "15:30"),
    ("'15:30:20' | time", "15:30"),
    ("'2026-11-24T15:30' | time", "15:30"),
    ("'2026-11-24' | time", "00:00"),
    ("'juan pérez' | title", "Juan Pérez"),
    ("'  a b ' | trim", "a b"),
    ("'ñu' | upper", "ÑU"),
    ("5 | upper", "5"),
]


@pytest.mark.parametrize(("expression", "value"), CASES)
def test_filters(expression: str, value: object) -> None:
    """A filter gives what its line in the table says."""
    assert evaluate(expression) == value


def test_all_are_tested() -> None:
    """Every filter of the table has a case, a sentence, and a count of arguments that makes sense."""
    assert {name for name in FILTERS if not any(f"| {name}" in case for case, _ in CASES)} == set()
    assert all(known.help and known.least <= known.most for known in FILTERS.values())


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'2026-11-24' | date", "Tuesday 24 November"),
        ("1234.5 | number", "1,234.50"),
        ("1500 | money", "$us 1,500"),
        ("[true] | join", "yes"),
    ],
)
def test_locale(expression: str, value: str) -> None:
    """Dates, numbers and amounts read as the contact's language writes them, in the bot's currency."""
    scope = Scope({}, {}, {}, Locale("en", "USD"))
    assert build(parse_expression(expression).tree)(scope) == value


@pytest.mark.parametrize("expression", ["'ayer' | date", "'2026-02-30' | date", "5 | date", "'x' | time", "2 | time"])
def test_no_date(expression: str) -> None:
    """What is no date has no day."""
    with pytest.raises(EvaluationError):
        evaluate(expression)
