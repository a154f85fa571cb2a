"""Parsing expressions and templates: Jinja's parser, which folds no constants and runs nothing, then `grammar`.

Jinja's nodes carry the line that their token had; here a token's "line" is its offset in the text, so that every node,
and every complaint of the parser, knows the exact words it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from botkit.flow.checker import Checker
from botkit.flow.grammar import MAX_DEPTH, GrammarError, Read
from botkit.flow.jinja_says import in_words
from botkit.flow.tag_lines import Piece, drop_tag_lines
from botkit.flow.values import MAX_TEXT

#: Most words, signs and pieces of prose of one text; parsing so many takes some 30 ms.
MAX_TOKENS = 4_000


class _Environment(Environment):
    """Jinja's grammar alone: no loader, no globals, no tests; tokens carry offsets in the place of lines."""

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        pieces = _pieces(self, source, state)
        if state is None and "\n" in source and "{%" in source:
            pieces = drop_tag_lines(pieces, source)
        return TokenStream(self.lexer.wrap(iter(pieces), name, filename), name, filename)


def _pieces(environment: Environment, source: str, state: str | None) -> list[Piece]:
    """Return `(offset, kind, text)` of all that Jinja's lexer finds; raises GrammarError where it finds nothing."""
    pieces: list[Piece] = []
    at = 0
    try:
        for _, kind, text in environment.lexer.tokeniter(source, None, None, state):
            start = source.index(text, at)  # behind blanks that `{%-` took away
            at = start + len(text)
            if kind == "raw_begin":
                raise GrammarError("not-in-language", source.index("raw", start), 3, what="{% raw %}")
            if kind == "integer" and len(text) > _LONGEST_NUMBER:
                raise GrammarError(
                    "bad-expression",
                    start,
                    len(text),
                    why="un número es demasiado largo",
                    why_en="a number is too long",
                )
            if kind == "integer" and (date := _BARE_DATE.match(source, start)):
                raise GrammarError("bare-date", start, len(date[0]), date=date[0])
            if kind != "whitespace":
                pieces.append((start, kind, text))
            if len(pieces) > MAX_TOKENS:
                raise GrammarError("expression-too-long", start, len(text), limit=f"{MAX_TOKENS:,}")
    except TemplateSyntaxError as error:
        raise GrammarError("bad-expression", at, 1, **in_words(_lexer_says(error.message or "", source))) from None
    return pieces


def pieces(text: str, *, template: bool) -> list[Piece]:
    """Return the words and signs of an expression, or of a template with its prose; raises GrammarError."""
    return _pieces(ENVIRONMENT, text, None if template else "variable")


def _lexer_says(message: str, source: str) -> str:
    """Return what Jinja's lexer says; of a sign (`unexpected char '#' at 3`) without the offset: a caret shows it."""
    found = _UNEXPECTED.fullmatch(message)
    return f"unexpected {source[int(found[1])]}" if found else message


_LONGEST_NUMBER = 40
_BARE_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?!\w)")
_UNEXPECTED = re.compile(r"unexpected char .+ at (\d+)")

#: Comments are no part of the language, so `{#` stands for itself.
ENVIRONMENT = _Environment(
    keep_trailing_newline=True, autoescape=False, comment_start_string="\0{#", comment_end_string="#}\0"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A checked tree with the names that it reads from outside and the answer types that it names, with offsets."""

    tree: nodes.Node
    reads: tuple[Read, ...]
    types: tuple[Read, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Return the names that it reads."""
        return frozenset(read.name for read in self.reads)


def parse_expression(text: str) -> Parsed:
    """Parse a bare expression; raises GrammarError."""
    if text.lstrip().startswith("{{"):
        raise GrammarError("braces-in-expression", text.index("{{"), 2)
    return _checked(_parse_expression, text)


def _parse_expression(text: str) -> nodes.Node:
    parser = _Parser(ENVIRONMENT, text, state="variable")
    tree = parser.parse_expression()
    if not parser.stream.eos:
        token = parser.stream.current
        raise GrammarError(
            "bad-expression", token.lineno, len(str(token.value)), **in_words(f"unexpected {token.value}")
        )
    return tree


def parse_template(text: str) -> Parsed:
    """Parse a text with `{{ }}`, `{% if %}` and `{% for %}`; raises GrammarError."""
    try:
        return _checked(lambda text: _Parser(ENVIRONMENT, text).parse(), text)
    except GrammarError as error:
        raise _unclosed(text, error) or error from None


def _unclosed(text: str, error: GrammarError) -> GrammarError | None:
    """Return the error of `{{` without `}}`, if that is why the parser stumbled over what follows."""
    start = text.rfind("{{", 0, error.start + 1)
    if error.code != "bad-expression" or start < 0 or "}}" in text[start:].partition("{{")[2].partition("{{")[0]:
        return None
    return GrammarError("bad-expression", start, 2, why="falta }}", why_en="}} is missing")


class _Parser(Parser):
    """Jinja's parser, which knows where the tags stand that are still open."""

    def parse_statement(self) -> nodes.Node | list[nodes.Node]:
        """Read a tag; at the text's end the complaint is about the tag that was not closed."""
        begun = self.stream.current
        try:
            return super().parse_statement()
        except TemplateSyntaxError as error:
            if self.stream.eos and "end of template" in (error.message or "").lower():
                why = in_words(error.message or "")
                raise GrammarError("bad-expression", begun.lineno, len(str(begun.value)), **why) from None
            raise

    def parse_print(self) -> nodes.Output:
        """Refuse `{% print %}`, which the tree does not tell from `{{ }}`."""
        raise GrammarError("not-in-language", self.stream.current.lineno, len("print"), what="{% print %}")


def _checked(parse: Callable[[str], nodes.Node], text: str) -> Parsed:
    if len(text) > MAX_TEXT:
        raise GrammarError("expression-too-long", limit=f"{MAX_TEXT:,}")
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Jinja's lexer does
    try:
        tree = parse(text)
        checker = Checker(text, parse_expression)
        reads = tuple(checker.reads_of(tree))
    except TemplateSyntaxError as error:  # its "line" is the offset of the word it stumbled over
        why = in_words(error.message or "")
        raise GrammarError("bad-expression", error.lineno, word_length(text, error.lineno), **why) from None
    except RecursionError:
        raise GrammarError("expression-too-deep", limit=str(MAX_DEPTH)) from None
    return Parsed(tree, reads, tuple(checker.types))


def word_length(text: str, start: int) -> int:
    """Return how long the word or sign is that stands at an offset."""
    return next(_lengths(text, start), 1)


def _lengths(text: str, start: int) -> Iterator[int]:
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    if end > start:
        yield end - start
    elif text[start : start + 2] in ("{{", "}}", "{%", "%}", "==", "**", "//", "!=", "<=", ">="):
        yield 2
