"""YAML, made safe for conversations: what an author wrote stays as written, and mistakes stand where they were made."""

from __future__ import annotations

import time

import pytest

from botkit.flow.problem import Place
from botkit.flow.source import as_data
from botkit.flow.yaml_reader import MAX_BYTES, read
from tests.flow.samples import mapping, scalar, sequence, tree, wrong


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("options: {No: fin, Sí: guardar}", {"options": {"No": "fin", "Sí": "guardar"}}),
        ("words: [si, no, on, off, 1, 1.50, yes, null]", {"words": "si no on off 1 1.50 yes null".split()}),
        ("say: 12:30", {"say": "12:30"}),
        ("phone: +59171234567", {"phone": "+59171234567"}),
        ("a: 007\nb: 0x1F\nc: 1_000\nd: 0o17", {"a": "007", "b": "0x1F", "c": "1_000", "d": "0o17"}),
        ("day: 2026-11-23", {"day": "2026-11-23"}),
        ("1: uno\ntrue: sí\n12:30: tarde", {"1": "uno", "true": "sí", "12:30": "tarde"}),
        ("a: ~\nb:\nc: ''", {"a": "~", "b": "", "c": ""}),
        ('say: "¿Qué \\"día\\"?"', {"say": '¿Qué "día"?'}),
        ("say: 'it''s'", {"say": "it's"}),
        ("say: |\n  uno\n  dos\n", {"say": "uno\ndos\n"}),
        ("say: >\n  uno\n  dos\n", {"say": "uno dos\n"}),
        ("say: hola `mundo` #1\n", {"say": "hola `mundo`"}),
        ("say: a#b", {"say": "a#b"}),
    ],
)
def test_as_written(text: str, data: object) -> None:
    """Every scalar is kept as it was written, and keys are always text."""
    assert as_data(tree(text)) == data


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1 duplicate-key"),
        ("{a: 1, a: 2}", "1:8 duplicate-key"),
        ("a:\n\tb: 1\n", "2:1 tab"),
        ("a: x\n\tb: 1\n", "2:1 tab"),
        ("a: 1\n  b: 2\n", "2:3 wrong-depth"),
        ("a:\n    - b\n  - c\n", "3:3 wrong-depth"),
        ("a:\n  - b\n c: d\n", "3:2 wrong-depth"),
        ("- say: a\n id: d\n", "2:2 wrong-depth"),
        ("a: b\n- c\n", "2:1 wrong-depth"),
        ("a: |\n  x\n y\n", "3:2 wrong-depth"),
        ("say: Horario: lunes\n", "1:13 colon-in-text"),
        ("say: El horario es:\n  lunes", "1:19 colon-in-text"),
        ("- ask: ¿Qué día? Lunes: sí\n", "1:23 colon-in-text"),
        ('say: "hola" dijo\n', "1:13 quote-closed-early"),
        ("say: 'it's'\n", "1:10 quote-closed-early"),
        ('say: "hola\nid: x\n', "1:6 quote-open"),
        ("- 'hola\n- x\n", "1:3 quote-open"),
        ("options: {Sí: guardar\n- say: x\n", "1:10 bracket-open"),
        ("options: {Sí: guardar\n", "1:10 bracket-open"),
        ("words: [a, b\nid: c\n", "1:8 bracket-open"),
        ("words: [a, b}\n", "1:8 bracket-open"),
        ("o: {a: b[0]: c}\n", "1:9 bracket-in-braces"),
        ("o: {a: [b, c}\n", "1:8 bracket-open"),
        ("say: {{ nombre }}\n", "1:7 template-unquoted"),
        ("? [a]\n: b\n", "1:3 key-is-list"),
        ('say: "a\\qb"\n', "1:8 bad-escape"),
        ('pattern: "\\d{4}"\n', "1:11 bad-escape"),
        ("flow a\nsteps: b\n", "1:1 missing-colon"),
        ("- say: a\n  hola\n  id: b\n", "2:3 missing-colon"),
        ("- say: |\n  Hola\n- say: b\n", "2:3 block-not-indented"),
        ("steps:\n  -say: hola\n  - ask: x\n", "2:3 dash-without-blank"),
        ('- say: "{{ a or b" }}\n', "1:20 quote-closed-early"),
        ("say: {{ nombre }} hola\n", "1:7 template-unquoted"),
    ],
)
def test_mistakes(text: str, problem: str) -> None:
    """A mistake of YAML has a code that names it, at the line and column where it was made."""
    assert wrong(text) == [problem]


@pytest.mark.parametrize("sign", ["@", "%", "`", "!", "! ", "& ", "&", "* ", "? ", "> ", "| ", "- ", ", ", "]", "}"])
@pytest.mark.parametrize(("before", "column"), [("say: ", 6), ("- ", 3), ("- say: ", 8)])
def test_signs(sign: str, before: str, column: int) -> None:
    """A text that begins with a sign of YAML's own must stand in quotes, and the caret is under that sign."""
    if (before, sign) in [("- ", "? "), ("- ", "- ")]:
        return  # a list in a list, a long key: YAML that has a meaning
    found = wrong(f"{before}{sign}hola amigo\n")
    assert found == [f"1:{column} quote-needed"]


def test_asterisk() -> None:
    """*bold* at the beginning of an unquoted text is no alias, and says so."""
    assert wrong("say: *Hola* amigo\n") == ["1:6 quote-needed"]
    assert wrong("say: *hola\n") == ["1:6 unknown-anchor"]


def test_anchors() -> None:
    """Anchors and aliases of whole values are legal; each use is the same value."""
    text = "a: &lista [x, y]\nb: *lista\nc: &t hola\nd: *t\n"
    assert as_data(tree(text)) == {"a": ["x", "y"], "b": ["x", "y"], "c": "hola", "d": "hola"}


def test_recursive_anchor() -> None:
    """A value cannot hold itself."""
    assert wrong("&a [*a]") == ["1:5 unknown-anchor"]


def test_alias_bomb() -> None:
    """Aliases count as what they stand for, so a bomb is a file that is too large."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    began = time.process_time()
    assert [problem.partition(" ")[2] for problem in wrong("\n".join(lines))] == ["too-many-nodes"]
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    ("text", "place"),
    [("[" * 50_000, "1:65"), ("- " * 50_000, "1:129"), ("{a: " * 50_000, "1:257"), ("? " * 50_000, "1:129")],
)
def test_depth(text: str, place: str) -> None:
    """50,000 nested brackets are refused at the 65th, in no time."""
    began = time.process_time()
    assert wrong(text) == [f"{place} too-deep"]
    assert time.process_time() - began < 5.0


def test_depth_allowed() -> None:
    """64 levels can be read."""
    assert wrong("[" * 64 + "]" * 64) == []


def test_size() -> None:
    """A file over 1 MB is not read at all."""
    assert wrong("# " + "x" * MAX_BYTES) == ["1:1 file-too-large"]
    assert wrong("#" + "x" * (MAX_BYTES - 1)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"a: 1\nb: \xe1\n", "2:4 not-utf8"),
        ("ñ: é".encode("latin-1"), "1:1 not-utf8"),
        (b"\xff\xfea\x00", "1:1 not-utf8"),
        ("a: 1\nb: x\x00y\n", "2:5 bad-character"),
        ("a: \x07\n", "1:4 bad-character"),
        ("a: \ud800\n", "1:4 bad-character"),
    ],
)
def test_characters(text: str | bytes, problem: str) -> None:
    """What is no UTF-8, or no character of YAML, is shown where it stands."""
    assert wrong(text) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfa: uno\nb: @",
        "\ufeffa: uno\nb: @",
        "a: uno\r\nb: @",
        "a: uno\rb: @",
        "a: uno\u2028b: @",
        "a: uno\x85b: @",
    ],
)
def test_line_ends(text: str | bytes) -> None:
    """A byte order mark is no text, and lines count whatever ends them."""
    assert wrong(text) == ["2:4 quote-needed"]


@pytest.mark.parametrize("text", ["", "\n\n", "# solo un comentario\n", "~\n", "---\n...\n", "---\n---\n"])
def test_nothing(text: str) -> None:
    """A file without content has no documents and no problems."""
    source = read(text, "f.yaml")
    assert (source.documents, source.problems) == ([], [])


def test_documents() -> None:
    """A file holds several documents, each with lines of the file."""
    source = read("# uno\nflow: a\n---\nflow: b\nsay: x\n--- \n# c\nflow: c\n", "f.yaml")
    roots = [mapping(document.root) for document in source.documents]
    assert [as_data(root.get("flow") or root) for root in roots] == ["a", "b", "c"]
    assert [scalar(root.get("flow")).place.line for root in roots] == [2, 4, 8]
    assert source.documents[1].text == "\n\n\nflow: b\nsay: x\n"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_document_text(number: int) -> None:
    """A document's own text reads to the same places as it had in its file."""
    document = read("flow: a\n---\nflow: b\nsay: |\n  x\n---\nflow: c", "f.yaml").documents[number]
    again = read(document.text, "f.yaml").documents[0]
    assert again.root == document.root


def test_places() -> None:
    """Every value knows its line and columns, whatever its style."""
    text = 'uno: dos\ntres: "cuatro"\nc:\n  - |\n    bloque\n    más\n  - >-\n    doblado\n'
    text += "  - sin comillas\n    dos líneas\n"
    root = mapping(tree(text))
    assert scalar(root.get("uno")).place == Place("f.yaml", 1, 6, 1, 9)
    assert root.entries["tres"].key.place == Place("f.yaml", 2, 1, 2, 5)
    assert scalar(root.get("tres")).place == Place("f.yaml", 2, 7, 2, 15)
    block, folded, plain = (scalar(item) for item in sequence(root.get("c")).items)
    assert block.place[1:4] == (4, 5, 7)
    assert folded.place[1:4] == (7, 5, 9)
    assert plain.place == Place("f.yaml", 9, 5, 10, 15)


def test_accents_count_once() -> None:
    """Columns count characters, not bytes."""
    assert scalar(mapping(tree("ñandú: «sí» 👍")).get("ñandú")).place == Place("f.yaml", 1, 8, 1, 14)


def test_comment() -> None:
    """A text knows that a comment stands right behind it."""
    assert scalar(mapping(tree("say: Depto # 5\n")).get("say")).comment
    assert not scalar(mapping(tree('say: "Depto # 5"\n')).get("say")).comment
    assert not scalar(mapping(tree("say: Depto#5\n")).get("say")).comment
