"""`config`: settings of a test, merged into config.yaml key by key; each bot that comes of it is loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.flow.yaml_reader import read
from botkit.project import Project, load_project
from botkit.testing import variants
from botkit.testing.play import run_tests
from tests.testing.playing import bot

FLOW = """flow: f
start: {words: [go]}
steps:
  - say: "{{ bot.name }}, {{ bot.cupo }}, {{ bot.language }}"
---
flow: g
start: {words: [esp]}
steps:
  - say: {es: Hola}
"""
CONFIG = """bot: {name: Sol, cupo: 3}
channels: {whatsapp: {base_url: sandbox}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a bot whose flow tells its settings."""
    return bot(tmp_path, FLOW.partition("---")[0], "", CONFIG)


def ran(project: Project, text: str) -> list[str]:
    """Return what fails, and what is wrong, in a file of tests."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(text)
    results, problems = run_tests(project, [path])
    wrong = [f"{Path(each.place.file).name}:{each.place.line}:{each.place.column} {each.code}" for each in problems]
    return wrong + [result.report("en") for result in results if not result.passed]


SAYS = "    script: [user: go, bot: '{}']\n"


@pytest.mark.parametrize(
    ("head", "own", "said"),
    [
        ("", "", "Sol, 3, es"),
        ("config: {bot: {cupo: 5}}\n", "", "Sol, 5, es"),
        ("", "    config: {bot: {cupo: 5}}\n", "Sol, 5, es"),
        ("config: {bot: {cupo: 5}}\n", "    config: {bot: {name: Luna}}\n", "Luna, 5, es"),
        ("config: {bot: {cupo: 5}}\n", "    config: {bot: {cupo: 6, language: en}}\n", "Sol, 6, en"),
    ],
)
def test_merged(project: Project, head: str, own: str, said: str) -> None:
    """A test's settings go on top of its file's, these on top of config.yaml's; other keys stay."""
    assert ran(project, f"{head}tests:\n  - name: a\n{own}{SAYS.format(said)}") == []


def test_own_bot(project: Project) -> None:
    """The next test has the bot of config.yaml again."""
    changed = "  - name: a\n    config: {bot: {cupo: 9}}\n" + SAYS.format("Sol, 9, es")
    assert ran(project, "tests:\n" + changed + "  - name: b\n" + SAYS.format("Sol, 3, es")) == []


def test_loaded_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that are configured alike share a bot, wherever they say so."""
    loads = []

    def counted(*arguments: object, **options: object) -> Project:
        loads.append(arguments)
        return load_project(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(variants, "load_project", counted)
    tests = "".join(f"  - name: t{n}\n    config: {{bot: {{cupo: {n % 2}}}}}\n    script: []\n" for n in range(20))
    assert ran(project, "config: {bot: {name: Luna}}\ntests:\n" + tests) == []
    assert len(loads) == 2


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ("{colour: red}", "f.test.yaml:3:14 unknown-key"),
        ("{bot: {language: fr}}", "f.test.yaml:3:30 not-a-choice"),
        ("{hours: {mon: never}}", "f.test.yaml:3:27 hours-span"),
        ("{bot: Luna}", "f.test.yaml:3:19 wrong-type"),
        ("[a]", "f.test.yaml:3:13 wrong-type"),
        ("{flows: gone}", "f.test.yaml:3:21 file-missing"),
    ],
)
def test_mistakes(project: Project, config: str, problem: str) -> None:
    """What is wrong with a setting is told where the test says it."""
    assert ran(project, f"tests:\n  - name: a\n    config: {config}\n    script: []\n") == [problem]


def test_unsound_flows(tmp_path: Path) -> None:
    """A setting that makes a flow unsound is told with the first mistake that it makes."""
    found = bot(tmp_path, FLOW, "", CONFIG)
    text = "tests:\n  - name: a\n    config: {bot: {language: en}}\n    script: []\n"
    assert ran(found, text) == ["f.test.yaml:3:13 test-config"]
    told = variants.Variants(found).read(read(text, "f.test.yaml"))[1][0].message("en")
    assert "f.yaml:9:10" in told
