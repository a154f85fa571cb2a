"""A talk written as a conversation test reads back to the same talk, and a file of tests only ever grows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.errors import ProblemsFound
from botkit.flow.yaml_reader import read
from botkit.testing.result import fits
from botkit.testing.said import Expected, Message, Tapped
from botkit.testing.script import Script, read_scripts
from botkit.testing.written import Talk, add_tests, bot_line, lines_of, write_tests
from botkit.turn.event import Inbound, Tap

NASTY = [
    " hola ", "\thola", "a: b", "a:", "a #b", "# a", "/hola/", "//", "123", "1.50", "-1", "+591 7", "true", "false",
    "no", "null", "~", "", "09:00", "2026-11-23", "1e3", "😀", "👨‍👩‍👧", "dos\nlíneas", "uno\n\n  tres ", "\nuno",
    "uno\n",
    " uno\ndos", "uno \ndos", "uno\n\xa0- dos", "\xa0- uno", "uno\r\ndos", "a\x85b", "a\u2028b", "\ufeffa", "a\u200bb",
    "\x1b[0m", "{{ x }}", "{% if %}", "[a, b]", "{a: b}", "- a", "-", "?", "? a", "&a", "*a", "!a", "%a", "@a", "`a`",
    '"a"', "'a'", 'a "b" \\n', "|", ">", "...", "---", "=", "<<", "a, b", "..", "/", "a" * 4000, "uno\n---\ndos",
    "uno\n# dos", "uno\n\tdos", "\U000e0001", "\ufffe",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))


def back(talk: Talk) -> Script:
    """Return a talk as it is read from what is written."""
    scripts, problems = read_scripts(read(write_tests([talk]), "a.test.yaml"))
    assert problems == []
    return scripts[0]


def said(*lines: dict[str, Any]) -> list[Any]:
    """Return the values of a script's lines, as they are read from what is written."""
    return [line.value for line in back(Talk("a", lines=lines)).lines]


@pytest.mark.parametrize("text", NASTY)
def test_nasty(text: str) -> None:
    """What a person writes, and what the bot must say, is read back to the sign."""
    message = {"message": {"type": "text", "text": text}}
    assert said(lines_of(Inbound("c", "message", "p", text=text)), bot_line([message]), bot_line([message] * 2)) == [
        Message(text=text),
        (Expected(text=text.strip()),),
        (Expected(text=text.strip()),) * 2,
    ]


@given(st.lists(TEXTS), st.lists(TEXTS.filter(str.strip), min_size=1), TEXTS.filter(str.strip))
def test_any_texts(texts: list[str], labels: list[str], name: str) -> None:
    """Any texts, labels and names of tests are read back to the sign."""
    rows = [
        {"message": {"type": "choices", "text": text, "options": [{"title": each} for each in labels]}}
        for text in texts
    ]
    taps = [lines_of(Inbound("c", "message", "p", choice=Tap("1", label))) for label in labels]
    script = back(Talk(name, lines=[bot_line(rows), *taps, {"user": "".join(texts)}]))
    assert script.name == name
    bubbles, *tapped, user = [line.value for line in script.lines]
    assert len(bubbles) == len(rows)
    assert all(fits(bubble, row["message"]) for bubble, row in zip(bubbles, rows, strict=True))
    assert all(bubble.options == tuple(labels) for bubble in bubbles)
    assert tapped == [Tapped(label) for label in labels]
    assert user == Message(text="".join(texts))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.decimals(-999, 999, places=3).map(float)
    | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS.filter(lambda key: len(key) < 100), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["name", "language", "ciudad", "a b: c"]), JSON), JSON)
def test_any_data(contact: dict[str, Any], value: Any) -> None:
    """What handlers return, what is known of the contact and what comes with events are read back as they were."""
    stubs = {"x.uno": {"return": value}, "POST crm/{{ id }}": [{"status": 201, "json": value}, {"error": "no"}]}
    script = back(Talk("a", contact=contact, stubs=stubs, lines=[{"event": {"name": "pago", "data": value}}]))
    assert dict(script.contact) == contact
    assert script.stubs["x.uno"] == ({"return": value},)
    assert script.stubs["POST crm/{{ id }}"] == ({"status": 201, "json": value}, {"error": "no"})
    assert script.lines[0].value.data == value


@pytest.mark.parametrize("text", ["a\0b", "\ud83d"])
def test_refused(text: str) -> None:
    """What no conversation holds is not written."""
    with pytest.raises(ValueError, match=r"U\+"):
        write_tests([Talk("a", lines=[{"user": text}])])


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (Inbound("c", "message", "p", text="hola"), {"user": "hola"}),
        (Inbound("c", "message", "p"), {"user": ""}),
        (Inbound("c", "message", "p", choice=Tap("7", "Sí")), {"tap": "Sí"}),
        (Inbound("c", "message", "p", choice=Tap("7")), {"user": "7"}),
        (
            Inbound("c", "message", "p", location={"latitude": -16.5, "longitude": 68.1}),
            {"user": {"location": [-16.5, 68.1]}},
        ),
        (
            Inbound("c", "message", "p", media={"id": "1", "type": "image", "name": "a.png", "caption": " "}),
            {"user": {"image": "a.png"}},
        ),
        (
            Inbound("c", "message", "p", media={"type": "document", "url": "https://x.bo/a.pdf?k", "caption": "ya"}),
            {"user": {"document": "a.pdf", "caption": "ya"}},
        ),
        (Inbound("c", "message", "p", media={"id": "1", "type": "audio", "name": None}), {"user": {"audio": "audio"}}),
        (Inbound("c", "message", "p", media={"id": "1", "type": "sticker"}), {"user": {"document": "document"}}),
    ],
)  # fmt: skip
def test_lines_of(message: Inbound, line: dict[str, Any]) -> None:
    """A message is the line that sends it."""
    assert lines_of(message) == line
    assert len(said(line)) == 1


@pytest.mark.parametrize(
    ("message", "bubble"),
    [
        ({"type": "text", "text": " hola "}, "hola"),
        ({"type": "text", "text": "/hola/"}, {"text": "/hola/"}),
        ({"type": "choices", "text": "¿Sí?", "options": [{"title": "Sí"}]}, {"text": "¿Sí?", "options": ["Sí"]}),
        ({"type": "image", "file": "f/a.png"}, {"image": "a.png"}),
        ({"type": "image", "url": "https://x.bo/a.png?b", "caption": "ve"}, {"image": "a.png", "caption": "ve"}),
        ({"type": "location", "latitude": 1.5, "longitude": -68.0}, {"location": [1.5, -68.0]}),
    ],
)
def test_bot_line(message: dict[str, Any], bubble: Any) -> None:
    """A message of the bot is a line that it fits."""
    assert bot_line([{"message": message}]) == {"bot": bubble}
    assert fits(said({"bot": bubble})[0][0], message)


def test_readable() -> None:
    """A test looks as an author would have written it."""
    talk = Talk(
        "una cita",
        datetime(2026, 11, 23, 9),
        {"name": "Ana"},
        stubs={"agenda.dias": {"return": ["2026-11-24"]}},
        lines=[
            {"user": "cita"},
            {"bot": {"text": "¿Qué día?\nElige uno.", "options": ["martes 24", "No, otro día", "09:00"]}},
            {"tap": "martes 24"},
            {"bot": ["¡Listo!", "Dos\nlíneas", {"image": "a.png", "caption": "Tu plano"}]},
            {"wait": "2h"},
            {"bot": []},
            {"user": {"image": "foto.png"}},
        ],
    )
    assert (
        write_tests([talk], "de una charla")
        == """\
# de una charla
tests:
  - name: una cita
    at: 2026-11-23 09:00
    contact: {name: Ana}
    stubs:
      agenda.dias: {return: ["2026-11-24"]}
    script:
      - user: cita
      - bot:
          text: |-
            ¿Qué día?
            Elige uno.
          options: [martes 24, "No, otro día", "09:00"]
      - tap: martes 24
      - bot:
          - ¡Listo!
          - |-
            Dos
            líneas
          - image: a.png
            caption: Tu plano
      - wait: 2h
      - bot: []
      - user: {image: foto.png}
"""
    )


ONE = "tests:\n  - name: a\n    script:\n      - user: hola\n"
MORE = "\n  - name: b\n    script:\n      - user: adiós\n"


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ("", "tests:" + MORE),
        ("# nada\n", "tests:\n" + MORE[1:]),
        (ONE, MORE),
        (ONE.rstrip("\n"), "\n" + MORE),
        (ONE + "# fin\n", MORE),
        (ONE.replace("\n", "\r\n"), MORE.replace("\n", "\r\n")),
        ("at: 2026-01-01 10:00\n" + ONE, "---\ntests:\n" + MORE[1:]),
        ("contact: {name: Ana}\n" + ONE, "---\ntests:\n" + MORE[1:]),
        ("stubs: {x.y: {return: 1}}\n" + ONE, MORE),
        (ONE + "stubs: {}\n", "---\ntests:\n" + MORE[1:]),
        ("tests: [{name: a, script: []}]\n", "---\ntests:\n" + MORE[1:]),
        ("tests: []\n", "---\ntests:\n" + MORE[1:]),
        ("tests:\n- name: a\n  script:\n  - user: hola\n", "\n- name: b\n  script:\n  - user: adiós\n"),
        (
            "tests:\n    - name: a\n      script:\n          - user: hola\n",
            "\n    - name: b\n      script:\n          - user: adiós\n",
        ),
        (
            "tests:\n  - name: a\n    script:\n      - user: |+\n          hola\n",
            MORE[1:],
        ),
    ],
)  # fmt: skip
def test_added(tmp_path: Path, before: str, added: str) -> None:
    """A test is appended in the file's own indentation, to its list where that changes no meaning; what stood stays."""
    path = tmp_path / "a.test.yaml"
    if before:
        path.write_bytes(before.encode())
    assert add_tests(path, [Talk("b", lines=[{"user": "adiós"}])]) == ["b"]
    assert path.read_bytes().decode() == before + added
    scripts, problems = read_scripts(read(path.read_bytes(), "a.test.yaml"))
    assert problems == []
    assert scripts[-1].lines[0].value == Message(text="adiós")


def test_numbered(tmp_path: Path) -> None:
    """A name that is taken gets the next number."""
    path = tmp_path / "deep" / "a.test.yaml"
    talk = Talk("a", lines=[{"user": "x"}])
    assert add_tests(path, [talk, talk, Talk("a 2", lines=[{"user": "x"}])]) == ["a", "a 2", "a 2 2"]
    assert add_tests(path, [talk]) == ["a 3"]


def test_broken_file(tmp_path: Path) -> None:
    """A file with mistakes is left alone, and they are told."""
    path = tmp_path / "a.test.yaml"
    path.write_text("tests: 5\n")
    with pytest.raises(ProblemsFound):
        add_tests(path, [Talk("a")])
    assert path.read_text() == "tests: 5\n"
