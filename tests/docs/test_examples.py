"""Every YAML example of README and docs is read by botkit, as whoever copies it would have it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.flow.load import Loaded, load
from botkit.flow.model import BotInfo
from botkit.flow.problem import Problem
from botkit.flow.source import Map
from botkit.flow.yaml_reader import read
from botkit.modules import Registered, load_modules
from botkit.project import load_project, shipped_flows
from botkit.server.channels import compose_channels
from botkit.settings import load_settings
from botkit.testing.play import run_tests
from botkit.turn.kinds import KINDS
from tests.docs.pages import PAGES, ROOT, Block, blocks

EXAMPLES = [block for page in PAGES for block in blocks(page, "yaml")]
#: The example bot's handlers, which pages may use.
MODULE = str(ROOT / "flows" / "handlers.py")
#: Begins an example that is a catalogue.
CATALOGUE = "# flows/lang/"
#: What examples may take from the environment.
ENV = {"WACONECTA_URL": "https://api.example.com", "WACONECTA_API_KEY": "k-1", "WACONECTA_WEBHOOK_SECRET": "s-1"}


def keys_of(code: str) -> set[str]:
    """Return the keys of an example's first document; a bare list of steps has none."""
    root = read(code, "example.yaml").documents[0].root
    return set(root.entries) if isinstance(root, Map) else set()


def as_flows(code: str) -> str:
    """Return an example as flows; a bare list of steps becomes the steps of one."""
    if keys_of(code):
        return code
    return "flow: example\nstart:\n  words: [example]\nsteps:\n" + textwrap.indent(code, "  ")


def modules(page: str, folder: Path) -> list[str]:
    """Return the modules with the handlers of a page: the example bot's, and what the page itself shows."""
    shown = [block.code for block in blocks(ROOT / page, "python")]
    (folder / "shown.py").write_text("\n".join(code for code in shown if "from botkit import" in code))
    return [MODULE, str(folder / "shown.py")]


def registered(page: str, folder: Path) -> Registered:
    """Return the handlers and answer types that flows of a page may use; those of the page go first."""
    example, shown = (load_modules([name], folder) for name in modules(page, folder))
    return Registered({**example.handlers, **shown.handlers}, shown.answer_types)


def load_examples(codes: Sequence[str], known: Registered) -> Loaded:
    """Load flows together."""
    sources = [read(as_flows(code), f"example{number}.yaml") for number, code in enumerate(codes)]
    signatures = {name: handler.signature for name, handler in known.handlers.items()}
    bot = BotInfo(constants={"name": "Sol"})
    return load(sources, list(shipped_flows().values()), bot, signatures, KINDS, answer_types=known.answer_types)


def told(problems: Sequence[Problem]) -> list[str]:
    """Return problems as a failure shows them."""
    return [f"{problem.place}: {problem.message('en')}" for problem in problems]


def select(*keys: str) -> list[Block]:
    """Return the examples that have one of these keys."""
    return [block for block in EXAMPLES if keys_of(block.code) & set(keys)]


TESTS, SETTINGS = select("tests"), select("channels")
CATALOGUES = [block for block in EXAMPLES if block.code.startswith(CATALOGUE)]
#: Flows with mistakes, each with what is said of them.
MISTAKES = [pair for page in PAGES for pair in pairwise(blocks(page)) if pair[0].language == "yml"]
#: Workflows of GitHub.
WORKFLOWS = select("jobs")
FLOWS = [block for block in EXAMPLES if block not in (*TESTS, *SETTINGS, *CATALOGUES, *WORKFLOWS)]


@pytest.mark.parametrize("block", FLOWS, ids=str)
def test_flow(block: Block, tmp_path: Path) -> None:
    """It loads, without a warning."""
    assert told(load_examples([block.code], registered(block.page, tmp_path)).problems) == []


@pytest.mark.parametrize("block", TESTS, ids=str)
def test_played(block: Block, tmp_path: Path) -> None:
    """A conversation test passes on the flows and with the catalogues of its page."""
    (tmp_path / "flows" / "lang").mkdir(parents=True)
    flows = [each.code for each in FLOWS if each.page == block.page and "flow" in keys_of(each.code)]
    (tmp_path / "flows" / "page.yaml").write_text("---\n".join(flows))
    (tmp_path / "flows" / "page.test.yaml").write_text(block.code)
    for each in CATALOGUES:
        if each.page == block.page:
            (tmp_path / each.code.partition("\n")[0].removeprefix("# ")).write_text(each.code)
    channel = "channels: {whatsapp: {profile: waconecta, base_url: sandbox}}"
    (tmp_path / "config.yaml").write_text(f"{channel}\nhandlers: {modules(block.page, tmp_path)}\n")
    project = load_project(tmp_path / "config.yaml", {})
    results, problems = run_tests(project, (), None)
    # A page translates one flow as an example, not all of them.
    assert told([each for each in (*project.problems, *problems) if each.code != "missing-translation"]) == []
    assert [result.report("en") for result in results if not result.passed] == []
    assert results


@pytest.mark.parametrize("block", WORKFLOWS, ids=str)
def test_workflow(block: Block) -> None:
    """Every command of botkit in it is one, with its options."""
    [job] = yaml.safe_load(block.code)["jobs"].values()
    commands = [step["run"].split() for step in job["steps"] if step.get("run", "").startswith("botkit ")]
    assert commands
    for _, *words in commands:
        result = CliRunner().invoke(botkit, [*words, "--help"])
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize("block", SETTINGS, ids=str)
def test_settings(block: Block) -> None:
    """It is a config.yaml, whose channels are whole."""
    settings, problems = load_settings(read(block.code, "config.yaml"), ENV)
    assert told(problems) == []
    assert settings is not None
    assert told(compose_channels(settings.channels)[1]) == []


@pytest.mark.parametrize("pair", MISTAKES, ids=lambda pair: str(pair[0]))
def test_mistakes(pair: tuple[Block, Block], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong flow gets from `botkit check --lang es` what stands behind it."""
    wrong, said = pair
    name = wrong.code.partition("\n")[0].removeprefix("flow: ")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / f"{name}.yaml").write_text(wrong.code)
    (tmp_path / "config.yaml").write_text("channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(botkit, ["check", "--lang", "es"])
    assert result.output == said.code
    assert result.exit_code == 1
