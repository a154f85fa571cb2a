"""The schemas are never narrower than `botkit check`, and refuse what any reader could see is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from bench.make_flows import make_flow
from botkit.cli import botkit
from botkit.cli.schema import NAMES
from botkit.explain import explanations
from botkit.flow.around import Around
from botkit.flow.flow_reader import check_bot_defaults
from botkit.flow.load import load
from botkit.flow.problem import Problem
from botkit.flow.yaml_reader import read
from botkit.schema import SCHEMAS, schema
from botkit.server.channels import compose_channels
from botkit.settings import Settings, load_settings
from botkit.testing.script import read_scripts
from botkit.turn.kinds import KINDS
from tests.docs.pages import ROOT, Block
from tests.docs.test_examples import FLOWS, SETTINGS, TESTS, as_flows
from tests.errors.folder import write
from tests.flow.samples import BOT, HANDLERS
from tests.schema.editor import refused
from tests.schema.wrong import WRONG

ENV = {"TOKEN": "t" * 32}


def name_for(path: Path) -> str:
    """Return the name of the schema of a file of the repository."""
    return "config" if path.name == "config.yaml" else "tests" if path.name.endswith(".test.yaml") else "flows"


def shipped() -> list[Path]:
    """Return the files of all bots of the repository."""
    found = (
        path
        for folder in ("flows", "tests/bots", "bench/bot", "botkit/patterns")
        for path in (ROOT / folder).rglob("*.yaml")
    )
    return [ROOT / "config.yaml", *(path for path in sorted(found) if path.parent.name != "lang")]


def checked(name: str, text: str) -> list[Problem]:
    """Return the errors that `botkit check` finds in a file."""
    source = read(text, f"{name}.yaml")
    problems: Sequence[Problem]
    if name == "flows":
        problems = load([source], [], BOT, HANDLERS, KINDS).problems
    elif name == "tests":
        problems = read_scripts(source)[1]
    else:
        settings, problems = load_settings(source, ENV)
        problems = [*problems, *(check_parts(settings) if settings else [])]
    return [problem for problem in problems if problem.severity == "error"]


def check_parts(settings: Settings) -> list[Problem]:
    """Return what is wrong with the parts of config.yaml that are read later."""
    defaults = check_bot_defaults(settings.defaults, Around(), KINDS) if settings.defaults else []
    return [*compose_channels(settings.channels)[1], *defaults]


@pytest.mark.parametrize("name", NAMES)
def test_draft(name: str) -> None:
    """It is a schema of draft-07, and every definition that it refers to is there."""
    made = schema(name)
    Draft7Validator.check_schema(made)
    assert {ref.rpartition("/")[2] for ref in values("$ref", made)} == set(made["definitions"])


@pytest.mark.parametrize("name", NAMES)
def test_words(name: str) -> None:
    """A closed list names a value once; editors refuse a schema that does not."""
    lists = [[json.dumps(value) for value in enum] for enum in values("enum", schema(name))]
    assert [enum for enum in lists if len(set(enum)) < len(enum)] == []


def values(word: str, shape: object) -> Iterator[Any]:
    """Yield what stands behind a word of JSON Schema, however deep; keys of a group are no such words."""
    for inner in shape if isinstance(shape, list) else shape.values() if isinstance(shape, dict) else ():
        yield from values(word, inner)
    if isinstance(shape, dict) and word in shape and not isinstance(shape[word], dict):
        yield shape[word]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_shipped(path: Path) -> None:
    """A file of a bot of this repository is accepted."""
    assert refused(name_for(path), path.read_text()) == []


@pytest.mark.parametrize("block", FLOWS, ids=str)
def test_example_flow(block: Block) -> None:
    """A flow of the docs is accepted."""
    assert refused("flows", as_flows(block.code)) == []


@pytest.mark.parametrize("block", TESTS, ids=str)
def test_example_test(block: Block) -> None:
    """A conversation test of the docs is accepted."""
    assert refused("tests", block.code) == []


@pytest.mark.parametrize("block", SETTINGS, ids=str)
def test_example_settings(block: Block) -> None:
    """A config.yaml of the docs is accepted."""
    assert refused("config", block.code) == []


@pytest.mark.parametrize("code", explanations())
def test_explained(code: str, tmp_path: Path) -> None:
    """The right files that `botkit explain` shows are accepted."""
    write(tmp_path, explanations()[code].right)
    for path in tmp_path.rglob("*.yaml"):
        if path.parent.name != "lang":
            assert refused(name_for(path), path.read_text()) == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_new(language: str, tmp_path: Path) -> None:
    """The files that `botkit new` writes are accepted."""
    made = tmp_path / "bot"
    asked = ["new", str(made), "--name", "Sol", "--country", "BO", "--language", language, "--handlers"]
    assert CliRunner().invoke(botkit, asked).exit_code == 0
    found = list(made.rglob("*.yaml"))
    assert {name_for(path) for path in found} == set(SCHEMAS)
    assert [refused(name_for(path), path.read_text()) for path in found] == [[] for _ in found]


def test_large() -> None:
    """A flow of the bench is accepted."""
    assert refused("flows", make_flow(1, 40)) == []


WRONG_FILES = [(name, case) for name, cases in WRONG.items() for case in cases]


@pytest.mark.parametrize(("name", "case"), WRONG_FILES)
def test_wrong(name: str, case: str) -> None:
    """A wrong file is refused by schema and checker alike."""
    text = WRONG[name][case]
    assert checked(name, text) != []
    assert refused(name, text) != []


def test_command(tmp_path: Path) -> None:
    """`botkit schema --out DIR` writes all three, with a name just that one; without DIR it is printed."""
    run = CliRunner().invoke
    assert run(botkit, ["schema", "--out", str(tmp_path / "all")]).exit_code == 0
    assert {path.name for path in (tmp_path / "all").iterdir()} == {f"{name}.json" for name in SCHEMAS}
    assert run(botkit, ["schema", "tests", "--out", str(tmp_path / "one")]).exit_code == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["tests.json"]
    assert json.loads(run(botkit, ["schema", "tests"]).output) == schema("tests")


def test_unclear_command() -> None:
    """Without a name and a folder it says what there is."""
    result = CliRunner().invoke(botkit, ["schema", "--lang", "en"])
    assert result.exit_code == 2
    assert "flows, tests, config" in result.output
