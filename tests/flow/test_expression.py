"""The expression language: what is of it, what it means, and what it refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from botkit.errors import EvaluationError
from botkit.flow.filters import FILTERS
from botkit.flow.values import MAX_TEXT, Moment, fits, make_choice, plain, show
from tests.flow.samples import evaluate, refused, render

CHOICE = make_choice("A las diez", "10:00")
#: A call of each filter that gives none for none.
CALLS = {name: name for name, known in sorted(FILTERS.items()) if not known.of_none} | {
    "pick": "pick('item')",
    "read": "read('number')",
    "where": "where('item')",
}
TODAY = Moment.make("2026-11-23", {"year": 2026, "weekday": 1})
LONG = list(range(10_000))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7),
        ("7 // 2", 3),
        ("7 % 4", 3),
        ("7 / 2", 3.5),
        ("2 ** 10", 1024),
        ("-(3 - 5)", 2),
        ("+4", 4),
        ("'a' + 'b'", "ab"),
        ("[1] + [2]", [1, 2]),
        ("'a' ~ 1 ~ none ~ true", "a1sí"),
        ("not true or false and true", False),
        ("'' or 'x'", "x"),
        ("1 and 2", 2),
        ("3 in [1, 2, 3]", True),
        ("'ol' in 'hola'", True),
        ("'k' in {'k': 1}", True),
        ("4 not in [1]", True),
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("1 <= 1 and 2 >= 2 and 1 != 2 and 1 == 1", True),
        ("'sí' if 1 else 'no'", "sí"),
        ("'sí' if 0", None),
        ("[1, 'a', none, true]", [1, "a", None, True]),
        ("{'a': 1, 2: 'b'}", {"a": 1, "2": "b"}),
        ("d.uno.dos[0]", "x"),
        ("d['uno']['dos'][-1]", "y"),
        ("lista[1]", 20),
        ("lista | first + lista | last", 40),
        ("'ana' | title | length", 3),
        ("niño.año", 5),
        ("(((1)))", 1),
        ("today.year", 2026),
        ("today", "2026-11-23"),
        ("today == '2026-11-23'", True),
        ("today < '2026-12-01'", True),
        ("1_000", 1000),
        ("'a' 'b'", "ab"),
    ],
)
def test_grammar(expression: str, value: object) -> None:
    """Literals, names, `.` and `[ ]`, logic, comparisons, arithmetic, a conditional and filters."""
    slots = {"d": {"uno": {"dos": ["x", "y"]}}, "lista": [10, 20, 30], "niño": {"año": 5}, "today": TODAY}
    assert evaluate(expression, **slots) == value


@pytest.mark.parametrize(
    ("expression", "code", "word"),
    [
        ("dia = 3", "bad-expression", "="),
        ("dia > 2026-5-1", "bare-date", "2026-5-1"),
        ("dia === 3", "bad-expression", "="),
        ("a b", "bad-expression", "b"),
        ("a && b", "bad-expression", "&"),
        ("!a", "bad-expression", "!"),
        ("a ? b : c", "bad-expression", "?"),
        ("a <> b", "bad-expression", ">"),
        ("a }}", "bad-expression", "}}"),
        ("", "bad-expression", ""),
        ("a +", "bad-expression", "+"),
        ("(a", "bad-expression", "a"),
        ("'a", "bad-expression", "'"),
        ("*a", "bad-expression", "*"),
        ("{{ dia }}", "braces-in-expression", "{{"),
        ("nombre.upper()", "no-calls", "upper"),
        ("range(3)", "no-calls", "range"),
        ("''.join(a)", "no-calls", "join"),
        ("a()()", "no-calls", "()"),
        ("(a | upper)()", "no-calls", "upper"),
        ("x is defined", "no-tests", "is"),
        ("x is not none", "no-tests", "is"),
        ("x[1:2]", "not-in-language", "1"),
        ("(1, 2)", "not-in-language", "1"),
        ("()", "not-in-language", ")"),
        ("[(), 1]", "not-in-language", ")"),
        ("nombre | uper", "unknown-filter", "uper"),
        ("x | attr('y')", "unknown-filter", "attr"),
        ("x | map('upper')", "unknown-filter", "map"),
        ("x | default", "filter-arguments", "default"),
        ("x | default(value=1)", "filter-keyword", "default"),
        ("x | default(*y)", "filter-arguments", "default"),
        ("x | upper(1)", "filter-arguments", "upper"),
        ("x | round(1, 2)", "filter-arguments", "round"),
        ("x | where", "filter-arguments", "where"),
        ("x | where(item.ok)", "filter-over-item", "where"),
        ("x | where(y)", "filter-over-item", "where"),
        ("x | pick('name')", "filter-over-item", "name"),
        ("x | pick('item.a +')", "bad-expression", "+"),
        ("x | where('item is defined')", "no-tests", "is"),
        ("x | where('item | uper')", "unknown-filter", "uper"),
        ("x | phone('digitos')", "filter-word", "digitos"),
        ("x | phone(y)", "filter-word", "phone"),
        ("x | read(5)", "filter-word", "read"),
        ("9" * 100, "bad-expression", "9" * 100),
        ("9" * 5000, "bad-expression", "9" * 5000),
        ("1e400", "bad-expression", "1e400"),
        ("'\\ud800'", "bad-expression", "'\\ud800'"),
    ],
)
def test_refused(expression: str, code: str, word: str) -> None:
    """What is not of the language is refused before anyone talks to the bot, with the word that is wrong."""
    found, culprit = refused(expression)
    assert (found, culprit) == (code, word)


@pytest.mark.parametrize(
    ("template", "code", "word"),
    [
        ("{% set a = 1 %}", "not-in-language", "set"),
        ("{% set a %}x{% endset %}", "not-in-language", "set"),
        ("{% macro m() %}{% endmacro %}", "not-in-language", "macro"),
        ("{% include 'a' %}", "not-in-language", "include"),
        ("{% import 'a' as b %}", "not-in-language", "import"),
        ("{% from 'a' import b %}", "not-in-language", "from"),
        ("{% extends 'a' %}", "not-in-language", "extends"),
        ("{% block a %}{% endblock %}", "not-in-language", "block"),
        ("{% with %}{% endwith %}", "not-in-language", "with"),
        ("{% filter upper %}{% endfilter %}", "not-in-language", "filter"),
        ("{% call x() %}{% endcall %}", "not-in-language", "call"),
        ("{% autoescape true %}{% endautoescape %}", "not-in-language", "autoescape"),
        ("{% print 1 %}", "not-in-language", "print"),
        ("{% raw %}{{ a }}{% endraw %}", "not-in-language", "raw"),
        ("{% for a in b %}{{ loop.index0 }}{% endfor %}", "not-in-language", "index0"),
        ("{% for a in 'abc' %}{% endfor %}", "cannot-compute", "'abc'"),
        ("{% for a in b if a %}{% endfor %}", "not-in-language", "for"),
        ("{% for a in b recursive %}{% endfor %}", "not-in-language", "for"),
        ("{% for a, b, c in d %}{% endfor %}", "not-in-language", "a, b, c"),
        ("{% for (a, b), c in d %}{% endfor %}", "not-in-language", "a, b), c"),
        ("{% do x %}", "bad-expression", "do"),
        ("{% foo %}", "bad-expression", "foo"),
        ("{% if x %}", "bad-expression", "if"),
        ("{% endif %}", "bad-expression", "endif"),
        ("{% if %}x{% endif %}", "bad-expression", "%}"),
        ("{{ a", "bad-expression", "{{"),
        ("{{ }}", "bad-expression", "}}"),
        ("{{ a b }}", "bad-expression", "b"),
    ],
)
def test_tags_refused(template: str, code: str, word: str) -> None:
    """There are `{{ }}`, `{% if %}` and `{% for %}`, and nothing else."""
    assert refused(template, template=True) == (code, word)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x", None),
        ("x.a.b[0]['c']", None),
        ("d.nada", None),
        ("d[none]", None),
        ("lista[9]", None),
        ("lista['a']", None),
        ("lista[true]", None),
        ("'abc'[0]", None),
        ("'abc'.upper", None),
        ("x < 1", False),
        ("x > 1", False),
        ("1 <= x", False),
        ("x >= x", False),
        ("x == none", True),
        ("x != none", False),
        ("not x", True),
        ("x in [1]", False),
        ("1 in x", False),
        ("1 not in x", True),
        ("x | default('a')", "a"),
        ("'' | default('a')", "a"),
        ("0 | default('a')", 0),
        ("x | append(1)", [1]),
        ("x | put('k', 1)", {"k": 1}),
        ("x + [1]", [1]),
        ("[1] + x", [1]),
        ("x ~ 'a'", "a"),
        ("x and 1", None),
        ("x or 1", 1),
        ("1 if x else 2", 2),
        ("x < x", False),
        ("x <= 0", False),
        ("0 > x", False),
        ("0 == x", False),
        ("x == ''", False),
        ("x not in x", True),
        *((f"x | {call}", None) for call in CALLS.values()),
    ],
)
def test_not_set(expression: str, value: object) -> None:
    """What is not set is none: false, an empty list; no order holds with it; its parts and filters are none."""
    assert evaluate(expression, d={"a": 1}, lista=[1]) == value


def test_none_is_printed_as_nothing() -> None:
    """What is not set prints as nothing, and is no item to go through."""
    assert render("<{{ x }}{{ x.y }}{% for a in x %}a{% else %}vacío{% endfor %}>") == "<vacío>"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("hora", CHOICE),
        ("hora == '10:00'", True),
        ("hora != 'A las diez'", True),
        ("hora in ['10:00']", True),
        ("'10:00' in [hora]", True),
        ("hora < '11:00'", True),
        ("hora + '!'", "10:00!"),
        ("hora ~ '!'", "A las diez!"),
        ("hora.label", "A las diez"),
        ("hora.value", "10:00"),
        ("hora['value']", "10:00"),
        ("hora.otro", None),
        ("cosa.precio", 8),
        ("cosa.label", "Salteña"),
        ("cero or 'no'", "no"),
        ("[hora, hora] | join(' y ')", "A las diez y A las diez"),
        ("hora | upper", "A LAS DIEZ"),
        ("hora | length", 5),
        ("d[hora]", "sí"),
        ("cero + 1", 1),
    ],
)
def test_choices(expression: str, value: object) -> None:
    """A chosen option prints its label and otherwise counts as its value; both can be asked for."""
    slots = {
        "hora": CHOICE,
        "cosa": make_choice("Salteña", {"precio": 8}),
        "cero": make_choice("Ninguno", 0),
        "d": {"10:00": "sí"},
    }
    assert evaluate(expression, **slots) == value


def test_choice_as_data() -> None:
    """As data a chosen option is its value, in lists and mappings too."""
    assert plain({"a": [CHOICE, TODAY]}) == {"a": ["10:00", "2026-11-23"]}
    assert render("{{ hora }}", hora=CHOICE) == "A las diez"


@pytest.mark.parametrize(
    ("value", "es", "en"),
    [
        (None, "", ""),
        (True, "sí", "yes"),
        (False, "no", "no"),
        (3.0, "3", "3"),
        (3.5, "3.5", "3.5"),
        (0.1 + 0.2, "0.3", "0.3"),
        (0.9999999999999999, "1", "1"),
        (1e22, "1e+22", "1e+22"),
        (-7, "-7", "-7"),
        (["a", 1, None], "a, 1, ", "a, 1, "),
        ({"a": "ñ"}, '{"a": "ñ"}', '{"a": "ñ"}'),
        (CHOICE, "A las diez", "A las diez"),
        (TODAY, "2026-11-23", "2026-11-23"),
    ],
)
def test_show(value: object, es: str, en: str) -> None:
    """A value prints as a person would write it."""
    assert (show(value, "es"), show(value, "en")) == (es, en)


MISFITS = [
    "'a' < 1",
    "[1] < [2]",
    "none + 1",
    "'a' + 1",
    "true + 1",
    "'a' * 3",
    "[1] * 3",
    "'%s' % 1",
    "-'a'",
    "+'a'",
    "1 // 0",
    "1 / 0",
    "1 % 0",
    "0 ** -1",
    "(-8) ** 0.5",
    "1 in 3",
    "'abc' | first",
    "3 | length",
    "3 | join",
    "'x' | date",
    "'x' | money",
    "true | round",
    "['a', 1] | sort",
    "[none] | max",
    "['a'] | sum",
    "3 | append(1)",
    "3 | put('a', 1)",
    "[1] | items",
    "3 | where('item')",
    "'x' | phone",
]


@pytest.mark.parametrize("expression", MISFITS)
def test_types_that_do_not_fit(expression: str) -> None:
    """Types that do not fit are an error that says so, never an exception of Python's."""
    names: dict[str, Any] = {}

    def slot(literal: re.Match[str]) -> str:
        names[f"s{len(names)}"] = evaluate(literal[0])
        return f"s{len(names) - 1}"

    masked = re.sub(r"(?<![(\w])('[^']*'|\[[^]]*\]|none|true|\d+\.\d+|\d+)(?!\))", slot, expression)
    with pytest.raises(EvaluationError):
        evaluate(masked, **names)


@pytest.mark.parametrize("expression", [each for each in MISFITS if "where" not in each])
def test_literals_that_do_not_fit(expression: str) -> None:
    """Where literals alone do not fit, it is seen when flows are loaded."""
    assert refused(expression) == ("cannot-compute", expression)


@pytest.mark.parametrize("expression", ["[1] in {'a': 1}", "{'a': 1} in {'a': 1}", "none in {'a': 1}"])
def test_no_key(expression: str) -> None:
    """What cannot be a key is in no mapping."""
    assert evaluate(expression) is False


@pytest.mark.parametrize("name", ["__class__", "__dict__", "__globals__", "format", "parts", "mro", "items", "·choice"])
@pytest.mark.parametrize("value", ["text", 5, [1], {"a": 1}, TODAY, CHOICE, None, True])
def test_no_attributes_of_python(name: str, value: Any) -> None:
    """A name behind a point is a key of data, never an attribute of Python's objects."""
    assert evaluate(f"x['{name}']", x=value) is None
    if name.isidentifier():
        assert evaluate(f"x.{name}", x=value) is None


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% if a %}x{% elif b %}y{% else %}z{% endif %}", "y"),
        ("{% if not b %}x{% endif %}", ""),
        ("{% for x in lista %}{{ x }};{% endfor %}", "10;20;"),
        ("{% for x in [] %}x{% else %}nada{% endfor %}", "nada"),
        ("{% for k, v in d %}{{ k }}={{ v }} {% endfor %}", "a=1 b=2 "),
        ("{% for k in d %}{{ k }}{% endfor %}", "ab"),
        ("{% for a, b in [[1, 2], [3, 4]] %}{{ b }}{% endfor %}", "24"),
        ("{% for k, v in d | items %}{{ k }}={{ v }} {% endfor %}", "a=1 b=2 "),
        ("{% for x in lista %}{{ loop.first }}{{ loop.last }} {% endfor %}", "síno nosí "),
        ("{% for x in lista %}{% for y in lista %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}", "121122"),
        ("{% for x in lista %}{% endfor %}{{ x }}", ""),
        ("{# no es un comentario #}{{ 1 }}", "{# no es un comentario #}1"),
        ("100% {seguro} }} {{ 1 }}", "100% {seguro} }} 1"),
        ("{{ '{{' }}", "{{"),
    ],
)
def test_tags(template: str, text: str) -> None:
    """`if` with `elif` and `else`; `for` with `else`, pairs and `loop`; what a loop names is known only in it."""
    assert render(template, lista=[10, 20], d={"a": 1, "b": 2}, b=True) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("a\n{% if 1 %}\nb\n{% endif %}\nc", "a\nb\nc"),
        ("a\n  {% if 1 %}  \n  b\n  {% endif %}\nc", "a\n  b\nc"),
        ("a\n{% if 1 %}{% endif %}\nc", "a\nc"),
        ("a\n{% for x in [1, 2] %}\n• {{ x }}\n{% endfor %}\nc\n", "a\n• 1\n• 2\nc\n"),
        ("a {% if 1 %}\nb{% endif %}\n", "a \nb\n"),
        ("a\n{% if 1 %} {{ 2 }} {% endif %}\nc", "a\n 2 \nc"),
        ("a\n{{ none }}\nc", "a\n\nc"),
        ("a\n\n{% if 1 %}\n\nb\n{% endif %}", "a\n\n\nb\n"),
        ("{% if 1 %} a {% endif %}", " a "),
    ],
)
def test_tag_lines(template: str, text: str) -> None:
    """In a text of several lines a line that holds only tags vanishes, and no other."""
    assert render(template) == text


@pytest.mark.parametrize("template", ["{% for a in x %}{% endfor %}", "{% for a, b in [1] %}{% endfor %}"])
def test_nothing_to_go_through(template: str) -> None:
    """Only a list can be gone through, and pairs only where there are pairs."""
    with pytest.raises(EvaluationError):
        render(template, x="abc")


def test_text_limit() -> None:
    """What a template writes ends at 16 KB."""
    assert len(render("{{ x }}", x="a" * MAX_TEXT)) == MAX_TEXT
    with pytest.raises(EvaluationError):
        render("{{ x }}{{ 1 }}", x="a" * MAX_TEXT)


def test_fits() -> None:
    """A slot keeps no value that holds one list many times over, nor one nested without end."""
    value: Any = ["x"] * 10
    for _ in range(3):
        value = [value] * 10
    assert fits(value)
    for _ in range(20):
        value = [value] * 10
    assert not fits(value)
    deep: Any = []
    for _ in range(40):
        deep = [deep]
    assert not fits(deep)
    assert not fits("a" * 300_000)


@pytest.mark.parametrize("operation", ["x + 1", "1 - x", "x * 2", "x / 2", "7 // x", "7 % x", "x ** 2", "-x", "+x"])
def test_no_arithmetic_with_none(operation: str) -> None:
    """What is not set is no number."""
    with pytest.raises(EvaluationError):
        evaluate(operation)
