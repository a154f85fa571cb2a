"""YAML, made safe for conversations: what authors write means what it looks like, mistakes are told with their fix."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from botkit.flow.yaml_reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, read
from tests.flow.samples import loading, told, told_of_steps
from tests.turn.samples import begun, talk, texts

STEPS = "steps: [{say: x}]\n"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("12:30", "12:30"),
        ("No", "No"),
        ("on", "on"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("2026-11-23", "2026-11-23"),
        ("+59171234567", "+59171234567"),
        ("Depto#5", "Depto#5"),
        ('"null"', "null"),
        ("true", "true"),
        ("*no hay*", None),
    ],
)
def test_a_message_is_as_written(written: str, said: str | None) -> None:
    """A message is a text, whatever YAML would make of it."""
    if said is None:
        assert told_of_steps(f"  - say: {written}\n") == ["3:10 unknown-anchor"]  # its hint says: in quotes
    else:
        assert texts(begun(f"  - say: {written}\n")) == [said]


@pytest.mark.parametrize("word", ["si", "no", "on", "1", "1.50", "yes", "12:30"])
def test_words_are_as_written(word: str) -> None:
    """A start word is a text."""
    found = talk(f"flow: f\nstart: {{words: [x, {word}]}}\nsteps: [{{say: aquí}}]\n")
    assert found.say(f"ya {word} ya") == ["aquí"]


@pytest.mark.parametrize("label", ["No", "on", "yes", "1", "12:30", "~x"])
def test_option_labels_are_as_written(label: str) -> None:
    """A key is always a text, so an option may be called anything."""
    found = begun(f"  - choose: q\n    id: c\n    options: {{{label}: fin}}\n  - {{say: fin, id: fin}}\n")
    assert [option["label"] for option in found.top.shown] == [label]
    assert found.tap(label) == ["fin"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ("5", 5),
        ("-5", -5),
        ("1.50", 1.5),
        ("+5", "+5"),
        ("12:30", "12:30"),
        ("1:20:30", "1:20:30"),
        ("007", "007"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("2026-11-23", "2026-11-23"),
        ("~", None),
        ("null", None),
        ("", None),
        ("'5'", "5"),
        ("'true'", "true"),
        ("[1, no]", [1, "no"]),
        ("{1: true}", {"1": True}),
    ],
)
def test_any_value_by_the_core_schema(written: str, value: Any) -> None:
    """Where any value may stand, only what is surely a number, true or false, or nothing is taken for it."""
    assert begun(f"  - set: {{x: {written}}}\n").slots == {"x": value}
    assert begun(f"  - run: agenda.todo\n    with: {{x: {written}}}\n").call.arguments == {"x": value}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("flow: f\nflow: g\nsteps: []\n", "2:1 duplicate-key"),
        ("flow: f\ncolor: x\nsteps: []\n", "2:1 unknown-key"),
        ("flow: f\nsteps:\n\t- say: x\n", "3:1 tab"),
        ("flow: f\nsteps:\n  - say: x\n    id: a\n   if: true\n", "5:4 wrong-depth"),
        ("flow: f\nsteps:\n  - say: Abierto: lunes\n", "3:17 colon-in-text"),
        ("flow: f\nsteps:\n  - say:\n      - Horario: lunes\n", "4:9 text-became-mapping"),
        ("flow: f\nsteps:\n  - say: Horario de hoy:\n", "3:24 colon-in-text"),
        ('flow: f\nsteps:\n  - say: "Hola" dijo\n', "3:17 quote-closed-early"),
        ("flow: f\nsteps:\n  - set: {a: [1, 2]: b}\n", "3:14 bracket-in-braces"),
        ("flow: f\nsteps:\n  - say: # nada\n", "3:9 empty-value"),
    ],
)
def test_mistakes(text: str, problem: str) -> None:
    """Each mistake of YAML has a code of its own, at its place, and a hint that says what to write."""
    assert told(text) == [problem]
    [found] = [found for found in loading(text).problems if found.code == problem.partition(" ")[2]]
    assert found.advice("es")
    assert found.advice("en")


def test_a_template_stands_in_quotes() -> None:
    """Two braces without quotes are YAML's own; the mistake is named."""
    assert "3:11 template-unquoted" in told_of_steps("  - say: {{ contact.name }}\n")
    assert texts(begun("  - say: '{{ contact.phone }}'\n")) == ["+59170000001"]


@pytest.mark.parametrize("sign", list("{[*&@%!?#>|-,`"))
def test_signs_that_need_quotes(sign: str) -> None:
    """A text that begins with a sign of YAML's own must stand in quotes; there it is a sign like others."""
    blank = " " if sign in "?->|," else ""
    assert loading(f"flow: f\nsteps:\n  - say: {sign}{blank}hola amigo\n").flows is None
    assert texts(begun(f"  - say: '{sign}{blank}hola amigo'\n")) == [f"{sign}{blank}hola amigo"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"flow: f\ntitle: Depto # 5\n{STEPS}", "2:8 comment-in-text"),
        ("flow: f\nsteps:\n  - say: Depto # 5\n", "3:10 comment-in-text"),
        ("flow: f\nsteps:\n  - say: [{text: Uno}, # dos\n      {text: Dos}]\n", None),
        ("flow: f\nsteps:\n  - ask: q\n    save: x # el nombre\n    invalid: Solo # uno\n", "5:14 comment-in-text"),
        (
            "flow: f\nsteps:\n  - choose: q\n    save: x\n    options:\n      - label: Sí # claro\n",
            "6:16 comment-in-text",
        ),
        ("flow: f # uno\nsteps: # dos\n  - say: x\n    id: a # tres\n  - set: {n: 5} # cuatro\n", None),
        ('flow: f\nsteps:\n  - say: "Depto # 5" # el de arriba\n', None),
    ],
)
def test_a_comment_behind_prose(text: str, problem: str | None) -> None:
    """A comment behind unquoted words for people is a mistake: they would be cut; elsewhere comments are fine."""
    assert told(text) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        ("  - say: [Hola, amigo]\n", 2),
        ("  - {ask: q, id: a, type: integer, invalid: [Escribe un día, por ejemplo mañana.]}\n", 2),
        ("  - say: ['Hola', \"amigo\"]\n", 0),
        ("  - {choose: q, id: c, options: [Sí, No]}\n", 0),
    ],
)
def test_messages_in_brackets(steps: str, count: int) -> None:
    """A comma in brackets would cut a message in two, so they stand in quotes there; options and words need none."""
    assert [line.partition(" ")[2] for line in told_of_steps(steps)] == ["text-in-brackets"] * count


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("  - choose: q\n    id: c\n    options:\n      - {label: Sí, quiero}\n", "6:21 split-by-comma"),
        ("  - say: {text: Hola, amigo}\n", "3:23 split-by-comma"),
        ("  - {ask: q, id: a, invalid: {say: No, gracias}}\n", "3:40 split-by-comma"),
    ],
)
def test_a_comma_made_a_key(steps: str, problem: str) -> None:
    """A key without a value, where keys are fixed, was made by a comma."""
    assert told_of_steps(steps) == [problem]


def test_anchors() -> None:
    """Anchors and aliases of whole values are legal."""
    steps = "  - say: &hola Hola\n  - say: *hola\n  - {ask: a, id: a, invalid: &i {say: Mal}}\n"
    found = begun(steps + "  - {ask: b, id: b, type: integer, invalid: *i}\n")
    assert texts(found) == ["Hola", "Hola", "a"]
    found.say("x")
    assert found.say("x") == ["Mal"]


def test_several_flows() -> None:
    """A file holds several flows, separated by `---`; a problem has the line of the file."""
    file = "flow: a\nstart: {words: [a]}\nsteps: [{goto: b}]\n---\nflow: b\nsteps: [{say: aquí}]\n"
    assert talk(file).say("a") == ["aquí"]
    assert told(file.replace("say: aquí", "goto: c")) == ["6:16 unknown-target"]


def test_libyaml() -> None:
    """PyYAML was built with libyaml, whose events carry depth and size before anything recurses."""
    assert yaml.__with_libyaml__


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (MAX_BYTES + 1), "file-too-large"),
        ("[" * (MAX_DEPTH + 2), "too-deep"),
        ("[" + "x," * MAX_NODES + "]", "too-many-nodes"),
        ("a: &a [" + "x," * 400 + "]\nb: [" + "*a," * 400 + "]", "too-many-nodes"),
    ],
)
def test_limits(text: str, code: str) -> None:
    """1 MB, 64 levels, 100,000 nodes after aliases: more is refused as a problem of the file."""
    assert (MAX_BYTES, MAX_DEPTH, MAX_NODES) == (1_000_000, 64, 100_000)
    assert [problem.code for problem in read(text, "f.yaml").problems] == [code]
