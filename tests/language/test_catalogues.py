"""Catalogues: `flows/lang/en.yaml`, and `botkit catalog` that writes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.project import Project, load_project
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Note
from tests.turn.samples import Talk

CONFIG = "channels: {wa: {profile: waconecta, base_url: sandbox}}\n"
FLOW = """flow: f
title: Cita
start: {words: [go]}
steps:
  - ask: |
      Hola {{ contact.name }},
      ¿qué día?
    save: dia
  - choose: ¿Confirmas?
    save: si
    options: [Sí, {label: No, words: [nop]}]
  - say: {es: Listo, en: Done}
  - say: "{{ dia }}"
"""
ENGLISH = """# en
Hola {{ contact.name }}, ¿qué día?: Hello {{ contact.name }}, which day?
¿Confirmas?: Do you confirm?
Sí: Yes
Viejo: Old
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """Make a bot with a catalogue that lacks a text and has one too many; return its config.yaml."""
    (tmp_path / "flows" / "lang").mkdir(parents=True)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows" / "f.yaml").write_text(FLOW)
    (tmp_path / "flows" / "lang" / "en.yaml").write_text(ENGLISH)
    return tmp_path / "config.yaml"


def english(project: Project) -> Talk:
    """Return a conversation in English."""
    assert project.flows is not None, project.problems
    return Talk(project.flows, Conversation("c1", "wa", "591", fields={"language": "en"}, last={"name": "Ana"}))


def test_texts_are_translated(bot: Path) -> None:
    """A text is said in the contact's language; line breaks in it do not matter; labels too; what lacks falls back."""
    found = english(load_project(bot, {}))
    assert found.say("go") == ["Hello Ana, which day?"]
    assert found.say("monday") == ["Do you confirm?"]
    assert [option["label"] for option in found.top.shown] == ["Yes", "No"]
    assert found.say("yes") == ["Done", "monday"]
    assert found.slots["si"]["value"] == "Sí"


def test_one_warning(bot: Path) -> None:
    """What is missing is one warning for each language, with the count and the first places."""
    problems = [each for each in load_project(bot, {}).problems if each.code != "slot-unread"]
    assert [(problem.code, problem.values["count"]) for problem in problems] == [("missing-translation", 2)]
    assert problems[0].values["places"].endswith("f.yaml:11")


def test_a_definition_keeps_its_translations(bot: Path) -> None:
    """A definition taken from the store still speaks both languages, and is kept as it was."""
    flows = load_project(bot, {}).flows
    assert flows is not None
    from botkit.flow.flowset import FlowSet
    from botkit.turn.kinds import KINDS

    again = FlowSet(flows.bot)
    adopted = again.adopt(flows.flows["f"].digest, flows.flows["f"].source(), KINDS)
    assert adopted is not None
    assert adopted.source() == flows.flows["f"].source()


def test_translation_that_fails(bot: Path) -> None:
    """A translation that fails on the values it meets is told at its place in the catalogue."""
    words = ENGLISH.replace("Hello {{ contact.name }}", "Hello {{ contact.name / 2 }}")
    (bot.parent / "flows" / "lang" / "en.yaml").write_text(words)
    found = english(load_project(bot, {}))
    found.say("go")
    [note] = [effect for effect in found.effects if isinstance(effect, Note)]
    assert note.fields["place"].endswith("en.yaml:2:46")


def test_catalog_updates(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`botkit catalog en` keeps what is translated, marks what is missing and unused, and changes nothing again."""
    monkeypatch.chdir(bot.parent)
    done = CliRunner().invoke(botkit, ["--lang", "en", "catalog", "en"])
    assert done.output == "flows/lang/en.yaml: 3 translated, 2 missing, 1 unused\n"
    file = bot.parent / "flows" / "lang" / "en.yaml"
    assert file.read_text().splitlines()[1:] == [
        "Cita:  # falta · missing",
        "Hola {{ contact.name }}, ¿qué día?: Hello {{ contact.name }}, which day?",
        "¿Confirmas?: Do you confirm?",
        "Sí: 'Yes'",
        "'No':  # falta · missing",
        "",
        "# ya no se usa · no longer used",
        "Viejo: Old",
    ]
    written = file.read_bytes()
    assert CliRunner().invoke(botkit, ["catalog", "en"]).exit_code == 0
    assert file.read_bytes() == written
    assert english(load_project(bot, {})).say("go") == ["Hello Ana, which day?"]


def test_catalog_without_a_place(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no catalogue can be written the command says so."""
    monkeypatch.chdir(bot.parent)
    shutil.rmtree(bot.parent / "flows" / "lang")
    (bot.parent / "flows" / "lang").touch()
    done = CliRunner().invoke(botkit, ["--lang", "en", "catalog", "en"])
    assert (done.exit_code, done.output) == (2, "error: flows/lang/en.yaml cannot be written: File exists\n")


def test_catalog_from_nothing(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new language gets a file of its own, all of it missing."""
    monkeypatch.chdir(bot.parent)
    assert "5 missing" in CliRunner().invoke(botkit, ["--lang", "en", "catalog", "pt"]).output
    assert load_project(bot, {}).problems


@pytest.mark.parametrize("language", ["es", "english", "EN", "../x"])
def test_no_language(bot: Path, language: str) -> None:
    """The bot's own language, or what is no language, is refused."""
    done = CliRunner().invoke(botkit, ["--lang", "en", "catalog", language, "--config", str(bot)])
    assert (done.exit_code, "is no language" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("es.yaml", "a: b\n", ["catalogue-name"]),
        ("english.yaml", "a: b\n", ["catalogue-name"]),
        ("en.yaml", "- a\n", ["not-a-catalogue"]),
        ("en.yaml", "a: [b]\n", ["not-a-catalogue"]),
        ("en.yaml", "a: b\na: c\n", ["duplicate-key"]),
        ("en.yaml", "¿Confirmas?: '{{ nada }}'\n", ["unknown-name"]),
        ("en.yaml", "¿Confirmas?: '{{ dia | nada }}'\n", ["unknown-filter"]),
    ],
)
def test_mistakes(bot: Path, name: str, text: str, codes: list[str]) -> None:
    """What is wrong with a catalogue is told in its file."""
    (bot.parent / "flows" / "lang" / "en.yaml").unlink()
    (bot.parent / "flows" / "lang" / name).write_text(text)
    problems = [problem for problem in load_project(bot, {}).problems if problem.severity == "error"]
    assert [problem.code for problem in problems] == codes
    assert all(problem.place.file.endswith(name) for problem in problems)


def test_own_language_must_be_there(bot: Path) -> None:
    """A text in several languages without the bot's own is an error."""
    (bot.parent / "flows" / "f.yaml").write_text(FLOW.replace("{es: Listo, en: Done}", "{en: Done}"))
    assert "own-language-missing" in [problem.code for problem in load_project(bot, {}).problems]


def test_bot_wide_defaults(bot: Path) -> None:
    """`defaults` of config.yaml reach the steps; what is wrong with a key is told in config.yaml."""
    bot.write_text(CONFIG + "defaults: {ask: {invalid: Otra vez}, choose: {typo: x}}\n")
    problems = [problem for problem in load_project(bot, {}).problems if problem.severity == "error"]
    assert [(problem.code, problem.place.line) for problem in problems] == [("unknown-key", 2)]
    bot.write_text(CONFIG + "defaults: {ask: {invalid: Otra vez}}\n")
    flows = load_project(bot, {}).flows
    assert flows is not None
    found = Talk(flows)
    found.say("go")
    assert found.say("  ") == ["Otra vez"]
