"""Carets stand under the exact words, however a text is written in YAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from botkit.flow.locate import locate
from botkit.flow.problem import by_place
from tests.flow.samples import loading, mapping, scalar, tree

#: A step in line 3 whose text holds one mistake -> line:column-end of the caret, from that line on, and the code.
CARETS = [
    ("say: hola {{ nada }}", "1:18-22 unknown-name"),
    ("say: '{{ nada }}'", "1:14-18 unknown-name"),
    ('say: "{{ nada }}"', "1:14-18 unknown-name"),
    ("say: nada de {{ nada }}", "1:21-25 unknown-name"),
    ("say: nada {{ dia }} nada {{ nada }}", "1:33-37 unknown-name"),
    ("say: '{{ dia }} {{ dia.nada }} {{ nada.dia }}'", "1:39-43 unknown-name"),
    ("say: \"{{ 'nada' ~ nada }}\"", "1:23-27 unknown-name"),
    ("say: 'it''s {{ ''nada'' ~ nada }}'", "1:31-35 unknown-name"),
    ('say: "\\"nada\\"\\t\\u00f1\\x41 {{ nada }}"', "1:35-39 unknown-name"),
    ('say: "a\\n\\n{{ nada }}"', "1:19-23 unknown-name"),
    ('say: "uno {{ dia }}\n      nada {{ nada }}"', "2:15-19 unknown-name"),
    ('say: "uno \\\n      nada {{ nada }}"', "2:15-19 unknown-name"),
    ("say: 'uno\n\n      nada {{ nada }}'", "3:15-19 unknown-name"),
    ("say: uno\n      dos {{ nada }} tres", "2:14-18 unknown-name"),
    ("say: |\n      Hola\n      {{ nada }}", "3:10-14 unknown-name"),
    ("say: |\n\n      nada\n\n        {{ nada }}\n", "5:12-16 unknown-name"),
    ("say: |2-\n        nada {{ nada }}", "2:17-21 unknown-name"),
    ("say: | # nada {{ nada }}\n      {{ nada }}", "2:10-14 unknown-name"),
    ("say: >\n      uno dos\n      nada {{ nada }}\n      tres", "3:15-19 unknown-name"),
    ("say: >-\n      uno\n\n      dos\n\n        {{ nada }}", "6:12-16 unknown-name"),
    (
        "say: |\n      {% if dia %}\n      nada\n      {% elif nada %}\n      {% endif %}",
        "4:15-19 unknown-name",
    ),
    ("say: |\n      {% for nada in dia %}{{ nada }}{% endfor %}{{ nada }}", "2:53-57 unknown-name"),
    ('say: [&x "nada {{ nada }}", *x]', "1:23-27 unknown-name"),
    ("say: [&x 'nada {{ nada }}', *x]", "1:23-27 unknown-name"),
    ("say: ñandú 👍 {{ nada }}", "1:21-25 unknown-name"),
    ("say: 'upper {{ dia | uper }}'", "1:26-30 unknown-filter"),
    ("say: 'default {{ dia | default }}'", "1:28-35 filter-arguments"),
    ("say: 'x.upper {{ dia.upper() }}'", "1:26-31 no-calls"),
    ("say: '{{ dia + }}'", "1:20-22 bad-expression"),
    ("say: '{{ dia }} {{ dia dia }}'", "1:28-31 bad-expression"),
    ("say: 'a {% if dia %} b'", "1:16-18 bad-expression"),
    ("say: 'a {% set x = 1 %}'", "1:16-19 not-in-language"),
    ("say: 'a & {{ dia & 2 }}'", "1:22-23 bad-expression"),
    ("say: \"{{ dia ~ ('a' + 1) }}\"", "1:21-28 cannot-compute"),
    ("say: \"{{ dia | where('item.ok and nada') }}\"", "1:39-43 unknown-name"),
    ('say: "{{ dia | where(\\"item.ok and nada\\") }}"', "1:40-44 unknown-name"),
    ("say: \"{{ dia | pick('nada') }}\"", "1:26-30 filter-over-item"),
    ("say: \"{{ dia | read('nada') }}\"", "1:26-30 not-a-choice"),
    ("say: '{{ load.level }}'", "1:19-24 unknown-part"),
    ("{say: a, if: \"bot.open and load == 'load'\"}", "1:41-45 not-a-choice"),
    ("say: 'load {% if dia and load > 1 %}{% endif %}'", "1:30-34 load-compared"),
    ("say: 'answer {{ answer }}'", "1:21-27 name-elsewhere"),
    ("{say: a, if: dia == nada}", "1:25-29 unknown-name"),
    ("{say: a, if: \"dia == 'nada' or nada\"}", "1:36-40 unknown-name"),
    ("set: {dia: '{{ nada }}'}", "1:20-24 unknown-name"),
    ("set: {dia: [1, {a: '{{ nada }}'}]}", "1:28-32 unknown-name"),
    ("set: {dia: '{{ omit }}'}", "1:20-24 name-elsewhere"),
    ("record: [dia, nada]", "1:19-23 unknown-name"),
]


@pytest.mark.parametrize(("step", "caret"), CARETS)
def test_carets(step: str, caret: str) -> None:
    """A problem within a template points at the words that are wrong, not at the same words elsewhere in the text."""
    found = by_place(loading(f"flow: f\nsteps:\n  - set: {{dia: []}}\n  - {step}\n").problems)
    places = [
        f"{problem.place.line - 3}:{problem.place.column}-{problem.place.end_column} {problem.code}"
        for problem in found
        if problem.code != "flow-unused"
    ]
    assert places == [caret]


@pytest.mark.parametrize(
    ("text", "start", "length", "place"),
    [
        ("say: uno dos", 4, 3, (1, 10, 1, 13)),
        ("say: uno dos", 0, 7, (1, 6, 1, 13)),
        ("say: uno dos", 0, 0, (1, 6, 1, 13)),
        ("say: uno dos", 99, 1, (1, 6, 1, 13)),
        ("say: uno\n  dos", 0, 7, (1, 6, 2, 6)),
        ("say: |\n  uno\n  dos", 0, 7, (2, 3, 3, 6)),
        ('say: "\\U0001f44d dos"', 2, 3, (1, 18, 1, 21)),
    ],
)
def test_locate(text: str, start: int, length: int, place: tuple[int, ...]) -> None:
    """Words are told by line and column as they stand in the file; no words: the whole text."""
    assert locate(scalar(mapping(tree(text)).get("say")), text.split("\n"), start, length)[1:] == place


def test_a_text_that_is_not_in_the_file() -> None:
    """A text that was made of another one is told by the other's place."""
    text = scalar(mapping(tree("say: dia")).get("say"))
    text.value = "{{ dia }}"
    assert locate(text, ["say: dia"], 3, 3) == text.place


PIECES = ["a", "ñ", "👍", " ", "  ", "\n", "\n\n", "'", '"', "\\", "#", ": ", "- ", "{{ x }}", "&", "|", "\t"]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(["", "'", '"', "|", ">"]))
def test_every_character(value: str, style: str) -> None:
    """However YAML writes a text, each of its characters that is no blank is found where it stands."""
    source = yaml.dump({"say": value}, default_style=style, allow_unicode=True, width=30)
    assume(yaml.safe_load(source) == {"say": value})  # PyYAML folds a text that begins with blanks into another one
    node = mapping(tree(source)).get("say") or mapping(tree(source)).get('"say"')
    text, lines = scalar(node), source.split("\n")
    assert text.value == value
    for at, char in enumerate(value):
        if char.strip():
            place = locate(text, lines, at, 1)
            found = lines[place.line - 1][place.column - 1]
            assert found in (char, "\\"), (at, char, place)
