"""The printed grammar is the one that is run."""

from __future__ import annotations

import re

import pytest
from jinja2 import nodes

from botkit.flow.ebnf import GRAMMAR, printed
from botkit.flow.grammar import ALLOWED, GrammarError
from botkit.flow.parse import Parsed, parse_expression, parse_template

EXAMPLES = [(name, example) for name, production in GRAMMAR.items() for example in production.examples]
#: What a rule may name without being one: letters, digits and prose.
TERMINALS = {"name", "number", "text", "prose"}


def parse(name: str, example: str) -> Parsed:
    """Parse an example as what its rule is of."""
    return (parse_template if "{{" in example or "{%" in example else parse_expression)(example)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples(name: str, example: str) -> None:
    """Every example of the printed grammar parses."""
    assert parse(name, example).tree is not None


def test_all_is_printed() -> None:
    """The examples have every node of the language, so no construct is missing from the grammar."""
    seen: set[type[nodes.Node]] = set()
    for name, example in EXAMPLES:
        tree = parse(name, example).tree
        seen |= {type(node) for node in (tree, *tree.find_all(nodes.Node))}
    assert set(ALLOWED) - seen == set()
    assert nodes.For in seen


def test_rules_are_whole() -> None:
    """Every name in a rule is a rule, or one of the terminals; every rule is used."""
    used = {
        name
        for production in GRAMMAR.values()
        for name in re.findall(r"[a-z]+", re.sub(r'"[^"]*"', "", production.rule))
    }
    assert used - set(GRAMMAR) == TERMINALS
    assert set(GRAMMAR) - used == set()


def test_printed() -> None:
    """The printed grammar has one line for each rule."""
    assert [line.split(" ")[0] for line in printed().split("\n")] == list(GRAMMAR)


@pytest.mark.parametrize("sign", ["?", "#", "'", "\\", "¿", "!"])
def test_a_sign_that_is_no_word(sign: str) -> None:
    """A sign outside the language is named as it stands, without the lexer's offset: the caret shows the place."""
    with pytest.raises(GrammarError) as refused:
        parse_template("{{ x " + sign + " }}")
    assert refused.value.values["why_en"] == f"'{sign}' is too much"


@pytest.mark.parametrize(
    ("text", "why", "why_en"),
    [
        ("{% if x %}a", "falta {% endif %}", "{% endif %} is missing"),
        ("{% for a in x %}{% if a %}b{% endif %}", "falta {% endfor %}", "{% endfor %} is missing"),
        ("{% if x %}a{% ende %}", "no hay {% ende %}", "there is no {% ende %}"),
        (
            "{% if x %}a{% end %}",
            "no hay {% end %}; se cierra con {% endif %} o {% endfor %}",
            "there is no {% end %}; {% endif %} or {% endfor %} closes it",
        ),
        ("{% endif %}", "sobra {% endif %}", "{% endif %} is too much"),
        ("{{ }}", "falta una expresión", "an expression is missing"),
        ("{{ x", "falta }}", "}} is missing"),
        ("{% if x", "termina antes de tiempo", "it ends too early"),
        ("{{ x y }}", "sobra 'y'", "'y' is too much"),
        ("{{ x}", "falta }}", "}} is missing"),
        ("{{ x[1 }}", "'}' en lugar de ']'", "'}' in the place of ']'"),
    ],
)
def test_said_in_both_languages(text: str, why: str, why_en: str) -> None:
    """What Jinja complains of is said in the author's language."""
    with pytest.raises(GrammarError) as refused:
        parse_template(text)
    assert (refused.value.values["why"], refused.value.values["why_en"]) == (why, why_en)
