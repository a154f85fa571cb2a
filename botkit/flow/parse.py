"""Parsing expressions and templates: Jinja's parser, which folds no constants and runs nothing, then `grammar`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from botkit.flow.grammar import MAX_DEPTH, GrammarError, free_names
from botkit.flow.values import MAX_TEXT

#: No loader, no globals, no tests: only the grammar is used. Comments are none of it, so `{#` stands for itself.
ENVIRONMENT = Environment(
    keep_trailing_newline=True, autoescape=False, comment_start_string="\0{#", comment_end_string="#}\0"
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A checked tree with the names and filters that it reads."""

    tree: nodes.Node
    names: frozenset[str]


def parse_expression(text: str) -> Parsed:
    """Parse a bare expression; raises GrammarError."""
    if text.lstrip().startswith("{{"):
        raise GrammarError("braces-in-expression", "{{")

    def parse() -> nodes.Node:
        parser = Parser(ENVIRONMENT, text, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise GrammarError("bad-expression", str(parser.stream.current.value), why=str(parser.stream.current.value))
        return tree

    return _checked(parse, text)


def parse_template(text: str) -> Parsed:
    """Parse a text with `{{ }}`, `{% if %}` and `{% for %}`; raises GrammarError."""
    return _checked(lambda: _TemplateParser(ENVIRONMENT, drop_tag_lines(text)).parse(), text)


class _TemplateParser(Parser):
    """Jinja's parser without `{% print %}`, which its tree does not tell from `{{ }}`."""

    def parse_print(self) -> nodes.Output:
        """Refuse the tag."""
        raise GrammarError("not-in-language", "print", what="{% print %}")


def _checked(parse: Callable[[], nodes.Node], text: str) -> Parsed:
    if len(text) > MAX_TEXT:
        raise GrammarError("bad-expression", "", why=f"longer than {MAX_TEXT} characters")
    try:
        tree = parse()
        names = frozenset(free_names(tree, 0, frozenset()))
    except TemplateSyntaxError as error:
        raise GrammarError("bad-expression", _culprit(error, text), why=error.message or "") from None
    except RecursionError:
        raise GrammarError("expression-too-deep", "", limit=str(MAX_DEPTH)) from None
    except ValueError:  # int() refuses literals of thousands of digits
        raise GrammarError("bad-expression", "", why="a number is too long") from None
    return Parsed(tree, names)


def _culprit(error: TemplateSyntaxError, text: str) -> str:
    """Return the word of the text that Jinja's message quotes, if it does."""
    quoted = (error.message or "").split("'")
    return next((word for word in quoted[1::2] if word and word in text), "")


def drop_tag_lines(text: str) -> str:
    """Return a text of several lines without the line break and blanks of lines that hold only tags."""
    if "\n" not in text or "{%" not in text:
        return text
    out: list[str] = []
    for line in text.split("\n"):
        bare = line.strip()
        only_tags = bare.startswith("{%") and bare.endswith("%}") and not _between_tags(bare)
        out.append(bare if only_tags else line + "\n")
    return "".join(out).removesuffix("\n")


def _between_tags(bare: str) -> bool:
    """Tell whether anything but blanks stands outside the tags of a line."""
    outside = "".join(piece.rpartition("%}")[2] if "%}" in piece else piece for piece in bare.split("{%"))
    return bool(outside.strip()) or "{{" in bare
