"""What libyaml stumbled over, in the words of the person who wrote the line."""

from __future__ import annotations

import re

import yaml

from botkit.flow.problem import Place, Problem
from botkit.flow.source import Source


def syntax_problem(error: yaml.YAMLError, source: Source) -> Problem:
    """Say what libyaml stumbled over in the words of the person who wrote the line."""
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    why = str(getattr(error, "problem", "") or "")
    if mark is not None and (earlier := _earlier_line(why, opened, mark, source.lines)):
        return _problem(*earlier, source, why)
    code = ""
    at_end = mark is not None and not "".join(source.lines[mark.line :])
    if opened is not None and mark is not None and (opened.line < mark.line or at_end):
        code = _UNCLOSED.get(str(getattr(error, "context", "")), "")
        mark = opened if code else mark
    line = min(mark.line, len(source.lines) - 1) if mark else 0
    text = source.lines[line]
    column = min(mark.column, len(text)) if mark else 0
    if not code:
        code = _syntax_code(why, text, column)
    if code in ("quote-needed", "curly-quotes"):
        column = _value_column(text, column)
    elif code == "wrong-depth":
        column = _indent(text)
    elif code in ("bracket-open", "colon-without-blank") and opened is not None and opened.line == line:
        column = opened.column
    elif code == "bracket-in-braces":
        before = text.rfind("[", 0, column + 1)
        column = column if before < 0 else before
    return _problem(code, line, column, source, why)


def _problem(code: str, line: int, column: int, source: Source, why: str) -> Problem:
    place = Place(source.file, line + 1, column + 1, line + 1, column + 2)
    text = source.lines[line]
    return Problem(code, place, {"why": why, "text": text.strip(), "quote": text[column : column + 1]})


def _earlier_line(why: str, opened: yaml.Mark | None, mark: yaml.Mark, lines: list[str]) -> tuple[str, int, int] | None:
    """Return code, line and column (from 0) of a mistake that libyaml notices only in a line behind it."""
    if "could not find expected ':'" in why and opened is not None and opened.line < len(lines):
        first = _unindented(lines, opened.line)
        if first is not None:
            return "block-not-indented", first, _indent(lines[first])
        return "missing-colon", opened.line, opened.column
    above = next((at for at in range(min(mark.line, len(lines)) - 1, -1, -1) if lines[at].strip()), None)
    if above is None:
        return None
    text = lines[above]
    indent = _indent(text)
    if _DASH_AT_WORD.match(text) and "expected" in why:
        return "dash-without-blank", above, indent
    here = lines[mark.line] if mark.line < len(lines) else ""
    if _DASH_AT_WORD.match(here) and "expected '-'" in why:
        return "dash-without-blank", mark.line, _indent(here)
    alike = _KEY_ALONE.match(here) and _indent(here) == indent
    if "mapping values are not allowed" in why and alike and _WORDS_ALONE.fullmatch(text):
        return "missing-colon", above, indent
    return None


def _unindented(lines: list[str], at: int) -> int | None:
    """Return the first line of a text behind `|` that is not deeper than its key, if `at` is a line of such a text."""
    first = at
    for line in range(at - 1, -1, -1):
        if _BLOCK_MARK.search(lines[line]):
            return first if _indent(lines[first]) <= _key_column(lines[line]) else None
        first = line if lines[line].strip() else first
    return None


def _key_column(text: str) -> int:
    """Return where the key of a line begins, behind its dashes."""
    return len(text) - len(text.lstrip(" -"))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


#: what libyaml was reading when the file ended, or a line that does not belong to it -> the code
_UNCLOSED = {
    "while parsing a flow sequence": "bracket-open",
    "while parsing a flow mapping": "bracket-open",
    "while parsing a flow node": "bracket-open",
    "while scanning a quoted scalar": "quote-open",
}


def _syntax_code(why: str, text: str, column: int) -> str:
    if "\t" in text[: column + 1]:
        return "tab"
    if "unknown escape character" in why:
        return "bad-escape"
    if "mapping values are not allowed" in why and _TWO_KEYS.fullmatch(text[:column]):
        return "two-keys-on-line"
    if "mapping values are not allowed" in why and text[_value_column(text, column) :][:1] in _CURLY:
        return "curly-quotes"
    if "mapping values are not allowed" in why:
        return "wrong-depth" if _KEY_ALONE.fullmatch(text[:column]) else "colon-in-text"
    if any(sign in why for sign in _SIGNS):
        return "quote-needed"
    if "found unexpected ':'" in why:
        return "colon-without-blank"
    if "expected ',' or" in why and text[column : column + 1] in ("]", "}"):  # the other kind closes
        return "bracket-open"
    if "expected ',' or" in why:
        return "bracket-in-braces" if "{" in text and "[" in text else "bracket-open"
    if "expected <block end>" in why or "did not find expected" in why or "block" in why:
        return "quote-closed-early" if _CLOSED_EARLY.search(text) else "wrong-depth"
    return "yaml-syntax"


#: what libyaml says of a text that begins with one of its own signs
_SIGNS = (
    "cannot start any token",
    "expected alphabetic or numeric",
    "mapping keys are not allowed",
    "expected comment or line break",
    "block sequence entries are not allowed",
    "expected node content",
    "anchor",
    "alias",
    "tag",
)
#: a line that begins with a key as flows have them: its colon is meant
_KEY_ALONE = re.compile(r"\s*(?:- )?\s*[\w.]+")
#: Quotes that word processors write.
_CURLY = ("“", "”", "„", "‘", "’", "«")
#: a key, and behind it one that only ever stands inside another
_TWO_KEYS = re.compile(r"\s*(?:- )?\w+: +(?:words|pattern|event|any|interrupts|after|tries|until|image|say|text)")
#: what stands before a value on its line
_BEFORE_VALUE = re.compile(r"\s*(?:- +)*(?:[^:\s][^:]*: +)?")


def _value_column(text: str, column: int) -> int:
    """Return the column where the value on a line begins, if that is before `column`."""
    found = _BEFORE_VALUE.match(text)
    return min(column, found.end()) if found else column


_CLOSED_EARLY = re.compile(r"""[:\-]\s+(["']).*?\1\s*(?:[^\s#,}\]]|\}\})""")
#: a line behind which a block of text begins
_BLOCK_MARK = re.compile(r"[:-] +[|>][+-]?\s*$")
#: "-say: hola", which YAML takes for a key
_DASH_AT_WORD = re.compile(r"\s*-[^\W\d]\w*:(?:\s|$)")
#: a line that is neither a key nor an item
_WORDS_ALONE = re.compile(r"\s*[^\W\d][^:#]*")
