"""The filters, each by what it gives."""

from __future__ import annotations

import pytest

from botkit.errors import EvaluationError
from botkit.flow.evaluate import build
from botkit.flow.filters import FILTERS
from botkit.flow.locale import Locale
from botkit.flow.parse import parse_expression
from botkit.flow.scope import Scope
from tests.flow.samples import evaluate, render

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
    ("1.005 | money", "Bs 1,01"),
    ("1234567.891 | number", "1.234.567,89"),
    ("1234.5 | number(0)", "1.235"),
    ("-0.001 | number", "0,00"),
    ("1 | number(2)", "1,00"),
    ("1 | number(1000)", "1,000000000000000"),
    ("2.5 | round", 3),
    ("-2.5 | round", -3),
    ("-0.2 | round", 0),
    ("2.675 | round(2)", 2.68),
    ("7 | round(1)", 7),
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
    ("'+59171234567' | phone", "71234567"),
    ("'+59122441234' | phone", "2 2441234"),
    ("'71234567' | phone", "71234567"),
    ("'+541123456789' | phone", "011 2345-6789"),
    ("'+59171234567' | phone('digits')", "59171234567"),
    ("{'b': 1, 'a': 2} | items", [{"key": "b", "value": 1}, {"key": "a", "value": 2}]),
    ("{'b': 1, 'a': 2} | items | where('item.value > 1') | pick('item.key')", ["a"]),
    ("{'b': 1, 'a': 2} | put('b', 3) | items | pick('item.key')", ["b", "a"]),
    ("{'b': 1} | put('a', 2)", {"b": 1, "a": 2}),
    ("{} | put(5, none)", {"5": None}),
    ("[{'n': 'Ana', 'ok': true}, {'n': 'Luz'}] | where(\"item.ok\") | pick('item.n')", ["Ana"]),
    ("[1, 2, 3] | where('item != 2')", [1, 3]),
    ("[1, 2] | pick('item + 10')", [11, 12]),
    ("[[1, 2], [3]] | pick(\"item | where('item > 1')\")", [[2], [3]]),
    ("'tengo 40 años' | read('integer')", 40),
    ("'dale' | read('yes_no')", True),
    ("'no sé' | read('integer')", None),
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


def test_over_item_sees_other_names() -> None:
    """The expression of `where` and `pick` may read any other name of its place; `item` is its own."""
    assert evaluate("l | where('item > least') | pick('item * n')", l=[1, 5], least=2, n=3, item="x") == [15]
    assert render("{% for n in [1, 2] %}{{ l | where('item == n') }};{% endfor %}", l=[1, 5, 1]) == "1, 1;;"


@pytest.mark.parametrize("value", ["ayer", "2026-02-30", 5, [1]])
@pytest.mark.parametrize("name", ["date", "time"])
def test_no_date(name: str, value: object) -> None:
    """What is no date has no day."""
    with pytest.raises(EvaluationError):
        evaluate(f"x | {name}", x=value)
