"""The grammar of templates and expressions as the docs print it.

Jinja's parser and `grammar.py` are what is run; tests hold this table to them: every example parses, and together they
have every node that the language has.
"""

from __future__ import annotations

from typing import NamedTuple


class Production(NamedTuple):
    """A rule: `{ }` means any number, `[ ]` at most one, `|` or; what stands in quotes is written so."""

    rule: str
    examples: tuple[str, ...]


GRAMMAR: dict[str, Production] = {
    "template": Production('{ prose | "{{" expression "}}" | if | for }', ("Hola {{ contact.name or 'amigo' }}",)),
    "if": Production('"{% if" expression "%}" template { elif } [ else ] "{% endif %}"', ("{% if a %}x{% endif %}",)),
    "elif": Production('"{% elif" expression "%}" template', ("{% if a > 1 %}varios{% elif a %}uno{% endif %}",)),
    "else": Production('"{% else %}" template', ("{% if a %}uno{% else %}nada{% endif %}",)),
    "for": Production(
        '"{% for" name [ "," name ] "in" expression "%}" template [ else ] "{% endfor %}"',
        (
            "{% for x in l %}{{ loop.index }}. {{ x }}{% else %}nada{% endfor %}",
            "{% for k, v in m | items %}{{ k }}: {{ v }}{% endfor %}",
        ),
    ),
    "expression": Production('either [ "if" either [ "else" expression ] ]', ("a if b else c", "a if b")),
    "either": Production('both { "or" both }', ("a or b or 'x'",)),
    "both": Production('negation { "and" negation }', ("a and not b",)),
    "negation": Production('"not" negation | comparison', ("not a", "not a == b")),
    "comparison": Production(
        'sum { ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" ) sum }',
        ("a == 1", "1 < a <= 5", "'x' in a", "a not in [1, 2]"),
    ),
    "sum": Production('joined { ( "+" | "-" ) joined }', ("a + b - 1",)),
    "joined": Production('product { "~" product }', ("'Nº ' ~ a",)),
    "product": Production('power { ( "*" | "/" | "//" | "%" ) power }', ("a * 2 / b", "a // 7 % 2")),
    "power": Production('value { "**" value }', ("a ** 2",)),
    "value": Production('( operand | ( "-" | "+" ) operand ) { filter }', ("-a", "+a.b", "a | round(2) | money")),
    "filter": Production(
        '"|" name [ "(" [ expression { "," expression } ] ")" ]',
        ("a | upper", "a | default('x')", "l | where(\"item.ok\") | pick('item.n') | join(', ')"),
    ),
    "operand": Production('primary { "." name | "[" expression "]" }', ("a.b.c", "a[0]['b']", "a[-1]")),
    "primary": Production('literal | name | list | mapping | "(" expression ")"', ("(a or b) and c",)),
    "list": Production('"[" [ expression { "," expression } ] "]"', ("[]", "[1, a, 'x']")),
    "mapping": Production(
        '"{" [ expression ":" expression { "," expression ":" expression } ] "}"', ("{}", "{'a': 1, 'b': [a]}")
    ),
    "literal": Production(
        '"none" | "true" | "false" | number | text', ("none", "true", "12", "1.5", "'it\\'s'", '"texto"')
    ),
}


def printed() -> str:
    """Return the grammar, one rule a line."""
    width = max(map(len, GRAMMAR))
    return "\n".join(f"{name:<{width}} = {production.rule}" for name, production in GRAMMAR.items())
