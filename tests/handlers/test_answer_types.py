"""A bot's own types of answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit import answer_type
from botkit.flow.problem import by_place
from botkit.handlers import HandlerModuleError
from botkit.modules import load_modules
from botkit.project import load_project
from tests.answers.samples import context

MODULE = '''
from botkit import answer_type, handler

@answer_type("ci")
def read_ci(text: str) -> str | None:
    """An identity card: 4567890 LP.

    More about it.
    """
    number = text.strip().partition(" ")[0]
    return number if number.isdigit() else None

@answer_type("saludo")
def read_greeting(text, context):
    return {"language": context.language, "text": text}

@handler("ci")
def same_name(): return 1
'''


def test_own_types(tmp_path: Path) -> None:
    """A marked function reads answers, with what it asks for; a handler may have the same name."""
    (tmp_path / "h.py").write_text(MODULE)
    found = load_modules(["h.py"], tmp_path)
    assert sorted(found.answer_types) == ["ci", "saludo"]
    card, greeting = found.answer_types["ci"], found.answer_types["saludo"]
    assert (card.name, card.help, card.measure) == ("ci", "An identity card: 4567890 LP.", None)
    assert card.read("4567890 LP", context()) == "4567890"
    assert card.read("LP", context()) is None
    assert greeting.read("hola", context("en")) == {"language": "en", "text": "hola"}
    assert list(found.handlers) == ["ci"]


def test_shared_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One function that two modules hold is one type."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "shared_reader.py").write_text(MODULE)
    (tmp_path / "h.py").write_text("from shared_reader import *\nfrom shared_reader import read_ci\n")
    assert sorted(load_modules(["shared_reader", "h.py"], tmp_path).answer_types) == ["ci", "saludo"]


HEAD = "from botkit import answer_type\n"


@pytest.mark.parametrize(
    ("code", "why", "line"),
    [
        ("@answer_type('date')\ndef f(text): ...\n", "'date' is a built-in answer type", 2),
        ("@answer_type('image')\ndef f(text): ...\n", "'image' is a built-in answer type", 2),
        ("@answer_type('a')\nasync def f(text): ...\n", "without 'async'", 2),
        ("@answer_type('a')\ndef f(text): yield 1\n", "'yield'", 2),
        ("@answer_type('a')\ndef f(): ...\n", r"takes \(text\) or \(text, context\)", 2),
        ("@answer_type('a')\ndef f(text, other): ...\n", r"takes \(text\) or \(text, context\)", 2),
        ("@answer_type('a')\ndef f(text, context, other): ...\n", r"takes \(text\) or \(text, context\)", 2),
        ("@answer_type('a')\ndef f(*, text): ...\n", r"takes \(text\) or \(text, context\)", 2),
        ("@answer_type('a')\nclass A: ...\n", "must be a function", 2),
        ("@answer_type\ndef f(text): ...\n", "write @answer_type", 2),
        ("@answer_type('a b')\ndef f(text): ...\n", "must be named by", 2),
        ("@answer_type('a')\ndef f(text): ...\n@answer_type('a')\ndef g(text): ...\n", "registered twice", 4),
        ("@answer_type('a')\ndef f(text): ...\n@answer_type('a')\ndef f(text): ...\n", "registered twice", 4),
    ],
)
def test_refused(tmp_path: Path, code: str, why: str, line: int) -> None:
    """A function that cannot be a type, and a name that is taken, are errors at their line."""
    (tmp_path / "h.py").write_text(HEAD + code)
    with pytest.raises(HandlerModuleError, match=why) as caught:
        load_modules(["h.py"], tmp_path)
    assert caught.value.module == "h.py"
    assert caught.value.place is not None
    assert (caught.value.place.file, caught.value.place.line) == (str(tmp_path / "h.py"), line)


def test_two_modules(tmp_path: Path) -> None:
    """A name that two modules take names the second one's line."""
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(MODULE)
    with pytest.raises(HandlerModuleError, match="registered twice") as caught:
        load_modules(["a.py", "b.py"], tmp_path)
    assert caught.value.place is not None
    assert caught.value.place.file == str(tmp_path / "b.py")


def test_decorator() -> None:
    """The decorator gives the function back as it is, and defaults may follow the text."""

    def read(text: str, length: int = 3) -> str | None:
        return text[:length]

    assert answer_type("corto")(read) is read


CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [h.py]\n"
FLOW = "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: ¿CI?, save: ci, type: TYPE}\n  - say: '{{ ci }}'\n"


@pytest.mark.parametrize(("type_", "codes"), [("ci", []), ("cis", ["not-a-choice"])])
def test_project(tmp_path: Path, type_: str, codes: list[str]) -> None:
    """A flow may name a type that a module of config.yaml registers; another name is a mistake."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "f.yaml").write_text(FLOW.replace("TYPE", type_))
    (tmp_path / "h.py").write_text(MODULE)
    (tmp_path / "config.yaml").write_text(CONFIG)
    project = load_project(tmp_path / "config.yaml", {})
    found = [problem.code for problem in by_place(project.problems) if "f.yaml" in problem.place.file]
    assert found == codes
    if not codes:
        assert project.flows is not None
        assert project.flows.answer_types["ci"].read("1 LP", context()) == "1"
