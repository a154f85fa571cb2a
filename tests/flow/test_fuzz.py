"""Whatever an author types, loading says what is wrong and raises nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from string import Formatter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botkit.errors import EvaluationError
from botkit.flow.codes import CODES
from botkit.flow.evaluate import build
from botkit.flow.filters import FILTERS
from botkit.flow.grammar import GrammarError
from botkit.flow.parse import parse_expression, parse_template
from botkit.flow.problem import Problem, by_place, render
from botkit.flow.values import Moment, make_choice, plain, show
from botkit.flow.yaml_reader import read
from tests.flow.samples import loading, scope

FILES = [path.read_text() for path in sorted((Path(__file__).parents[2] / "flows").glob("*[a-z].yaml"))]
FLOWS = [text for text in FILES if "\nflow:" in text or text.startswith("flow:")]
PIECES = ["{", "}", "[", "]", ":", ": ", "- ", "#", "'", '"', "|", ">", "&a ", "*a", "!x ", "%", "@", "`", "\t", "\n"]
PIECES += ["  ", "{{", "}}", "{%", "%}", "? ", "---\n", "\0", "\ud800", "ñ", "then: []", "if: x", "id: end", "<<: *a"]
HEAP = ["flow: a\n", "steps:", "\n  - say: ", "hola", "\n    ", "ask", "1"]
often = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Return an example file with a few lines and characters deleted, doubled, moved or replaced."""
    lines = draw(st.sampled_from(FLOWS)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        column = draw(st.integers(0, len(line)))
        change = draw(st.integers(0, 5))
        if change == 0 and len(lines) > 1:
            del lines[at]
        elif change == 1:
            lines.insert(other, line)
        elif change == 2:
            lines[at], lines[other] = lines[other], line
        elif change == 3:
            lines[at] = line[:column] + draw(st.sampled_from(PIECES)) + line[column:]
        elif change == 4:
            lines[at] = line[:column] + line[column + 1 :]
        else:
            lines[at] = "  " * draw(st.integers(0, 2)) + line[draw(st.integers(0, 2)) :]
    return "\n".join(lines)


def missing(problem: Problem) -> list[str]:
    """Return the values that the sentences of a problem name and that it lacks."""
    code, hint = CODES[problem.code], CODES[problem.hint or problem.code]
    sentences = [code.es, code.en] + ([] if problem.values.get("near") else [hint.hint_es, hint.hint_en])
    names = {name for sentence in sentences for _, name, _, _ in Formatter().parse(sentence) if name}
    return sorted(name for name in names if not {name, name.removesuffix("_en")} & problem.values.keys())


def load_and_tell(text: str) -> None:
    """Load a file and print all that is wrong with it, in both languages."""
    loaded = loading(text, handlers={})
    lines = read(text, "a.yaml").lines
    for problem in by_place(loaded.problems):
        assert 1 <= problem.place.line <= max(1, len(lines))
        assert problem.place.column >= 1
        assert "^" in render(problem, lines, "es") or not lines
        assert missing(problem) == []
        written = any("?" in str(value) for value in problem.values.values())  # then it is no sign of a missing value
        assert written or "'?'" not in problem.message("en").replace("'?'s", "")


@often
@given(mangled())
def test_mangled_flows(text: str) -> None:
    """A flow with mistakes brings problems at places that exist."""
    load_and_tell(text)


@often
@given(st.lists(st.sampled_from([*PIECES, *HEAP])).map("".join))
def test_heaps(text: str) -> None:
    """So does a heap of signs."""
    load_and_tell(text)


WORDS = ["{{ ", " }}", "{% if ", "{% for ", " in ", " %}", "{% endif %}", "{% endfor %}", "{% else %}", "a", "b", "."]
WORDS += ["1", "'x'", "+", "-", "*", "**", "~", "(", ")", "[", "]", "{", "}", ",", ":", "|", "upper", "not ", "and "]
WORDS += ["is ", "if ", "else ", "=", "==", "<", "\n", "none", "loop", "{#", "#}", "-%}", "{%-", "\\", "'"]


@often
@given(st.lists(st.sampled_from(WORDS), max_size=25).map("".join))
def test_templates(text: str) -> None:
    """A template or an expression is of the grammar, or a grammar error."""
    for parse in (parse_template, parse_expression):
        with suppress(GrammarError):
            parse(text)


ATOMS = [
    "x",
    "n",
    "l",
    "m",
    "c",
    "t",
    "nada",
    "1",
    "0",
    "2.5",
    "'a'",
    "''",
    "[]",
    "[1, 'a']",
    "{'a': 1}",
    "none",
    "true",
]
BINARY = [" + ", " - ", " * ", " / ", " // ", " % ", " ** ", " ~ ", " == ", " < ", " >= ", " in ", " not in ", " and "]
CALLS = ["round(1)", "number(2)", "default('x')", "append(n)", "put('k', l)", "join(x)", "phone('digits')"]
CALLS += ["where('item')", "pick('item + 1')", "pick('item.a')", "read('integer')"]
FILTER_CALLS = [*(name for name, known in FILTERS.items() if known.least == 0), *CALLS]
SLOTS = {
    "x": "hola",
    "n": 7,
    "l": [3, 1, 2],
    "m": {"a": {"b": [1]}, "k": None},
    "c": make_choice("Uno", 1),
    "t": Moment.make("2026-11-23", {"year": 2026}),
}


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions made of smaller ones."""
    return st.one_of(
        st.tuples(inner, st.sampled_from(BINARY), inner).map(lambda parts: f"({''.join(parts)})"),
        st.tuples(inner, st.sampled_from(FILTER_CALLS)).map(lambda parts: f"({parts[0]} | {parts[1]})"),
        st.tuples(st.sampled_from(["-", "+", "not "]), inner).map(lambda parts: f"({''.join(parts)})"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        inner.map(lambda part: f"({part}).a"),
    )


@often
@given(st.recursive(st.sampled_from(ATOMS), grown, max_leaves=8))
def test_values(text: str) -> None:
    """Whatever an expression does with values, it gives a value that prints, or an evaluation error."""
    with suppress(GrammarError, EvaluationError):
        value = build(parse_expression(text).tree)(scope(**SLOTS))
        assert isinstance(show(value, "es"), str)
        plain(value)
