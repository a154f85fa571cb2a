"""README and docs say what is true: commands, keys, code and links."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click
import pytest

from botkit.cli import botkit
from botkit.flow.yaml_reader import read
from botkit.modules import load_modules
from botkit.server.channels import compose_channels
from botkit.settings import describe, load_settings
from tests.docs import generate
from tests.docs.pages import (
    COMANDOS,
    COMMANDS,
    LEEME,
    PAGES,
    README,
    ROOT,
    Block,
    anchors,
    blocks,
    headings,
    links,
    names,
)
from tests.docs.test_examples import ENV

DEPLOY = ROOT / "docs" / "deploy"
BOTH = pytest.mark.parametrize("page", [README, LEEME], ids=lambda page: page.name)
_COMMAND = re.compile(r"^\| `botkit ([^`]*)` \|", re.MULTILINE)


def leaves(command: click.Command, path: str = "") -> list[str]:
    """Return the names of the commands that do something; `new` does, and has one below it."""
    own = [] if isinstance(command, click.Group) else [path.strip()]
    return own + [leaf for name, sub in below(command).items() for leaf in leaves(sub, f"{path} {name}")]


def below(command: click.Command) -> dict[str, click.Command]:
    """Return the commands that a command holds."""
    held: dict[str, click.Command] = getattr(command, "commands", {})
    return held


def test_length() -> None:
    """The README is read in one go."""
    assert len(README.read_text().splitlines()) <= 250


@pytest.mark.parametrize("page", [COMMANDS, COMANDOS], ids=lambda page: page.name)
def test_commands(page: Path) -> None:
    """Its tables list every command, and no other."""
    listed = [re.sub(r"( [A-Z]+)+$", "", command) for command in _COMMAND.findall(page.read_text())]
    assert sorted(listed) == sorted(leaves(botkit))


@BOTH
def test_groups(page: Path) -> None:
    """The README names every command or group, each once."""
    rows = [line for line in page.read_text().splitlines() if re.fullmatch(r"\|[^|`]+\|( `[a-z]+`,?)+ \|", line)]
    assert sorted(re.findall("`([a-z]+)`", "".join(rows))) == sorted(botkit.commands)


@pytest.mark.parametrize("page", [README, LEEME, COMMANDS, COMANDOS], ids=lambda page: page.name)
def test_options(page: Path) -> None:
    """Every option that it names is one of a command."""
    known = {option for path in leaves(botkit) for option in options(path)}
    assert set(re.findall(r"`(--[a-z-]+)", page.read_text())) <= known


def options(path: str) -> list[str]:
    """Return the options of a command."""
    command: click.Command = botkit
    for name in path.split():
        command = below(command)[name]
    return [option for parameter in command.params for option in parameter.opts]


@BOTH
def test_two_commands(page: Path) -> None:
    """Two lines are typed: one runs the bot, one runs the tests; both begin with a venv and an install."""
    lines = [line for block in blocks(page, "sh") for line in block.code.splitlines()]
    assert [line.rpartition(" && ")[2] for line in lines] == [".venv/bin/botkit run", ".venv/bin/python -m tests"]
    for line in lines:
        parts = [shlex.split(part)[:3] for part in line.split(" && ")]
        assert parts[0] == ["python3", "-m", "venv"]
        assert parts[1][:2] == [".venv/bin/pip", "install"]


def test_ci_runs_the_same() -> None:
    """What the second command ends in is what `.ci/run` ends in, and it can be run."""
    script = ROOT / ".ci" / "run"
    assert script.read_text().rstrip().endswith("python -m tests")
    assert os.access(script, os.X_OK)


@BOTH
def test_handler(page: Path, tmp_path: Path) -> None:
    """The example of a handler registers one."""
    (block,) = blocks(page, "python")
    (tmp_path / "mine.py").write_text(block.code)
    (handler,) = load_modules(["mine.py"], tmp_path).handlers.values()
    assert handler.name == "agenda.reservar"
    assert handler.wants_context


@BOTH
def test_real_gateway(page: Path) -> None:
    """The example for going live is a whole channel."""
    (block,) = (block for block in blocks(page, "yaml") if "channels" in block.code)
    settings, _ = load_settings(read(block.code, "config.yaml"), ENV)
    assert settings is not None
    profiles, problems = compose_channels(settings.channels, "")
    assert problems == []
    assert not profiles["whatsapp"].sandbox


def test_same_in_spanish() -> None:
    """LEEME has the README's headings and code."""
    assert headings(LEEME) == headings(README)
    assert [clean(block) for block in blocks(LEEME)] == [clean(block) for block in blocks(README)]


def test_same_commands_in_spanish() -> None:
    """The pages of commands tell of the same ones, in the same groups."""
    assert headings(COMANDOS) == headings(COMMANDS)
    assert _COMMAND.findall(COMANDOS.read_text()) == _COMMAND.findall(COMMANDS.read_text())


def clean(block: Block) -> tuple[str, str]:
    """Return a block without comments; pictures are words, which differ."""
    return block.language, re.sub(r"^ *#.*\n", "", block.code, flags=re.MULTILINE) if block.language else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links(page: Path) -> None:
    """Every link to a file leads to one."""
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_headings(page: Path) -> None:
    """Every link to a heading leads to one."""
    missing = [(file, name) for file, name in anchors(page) if name not in names(page.parent / file if file else page)]
    assert missing == []


@pytest.mark.parametrize("block", [each for page in PAGES for each in blocks(page, "python")], ids=str)
def test_python(block: Block) -> None:
    """Every example in Python is Python."""
    compile(block.code, str(block), "exec")


def test_settings() -> None:
    """Every setting stands in the reference."""
    page = generate.PAGE.read_text()
    assert [row.key for row in describe() if f"`{row.key}`" not in page] == []


def test_words_of_alerts() -> None:
    """The commented settings name the event of an alert, and the fields that every one has."""
    settings = (ROOT / "config.yaml").read_text()
    (about,) = re.findall(r"is logged as `(\w+)`", settings)
    assert f'log.error("{about}"' in (ROOT / "botkit" / "alerts.py").read_text()
    assert "{alert, text, at, …}" in settings


def test_generated() -> None:
    """The reference's tables are those of the code; if not: `python -m tests.docs.generate`."""
    pages = [page.read_text() for page in generate.PAGES]
    assert [name for name in generate.PARTS if f"<!-- generated: {name} -->" not in "".join(pages)] == []
    assert pages == [generate.filled(page) for page in pages]


def test_operating_guides() -> None:
    """The guides to running a bot, English and Spanish, have the same headings and code."""
    english, spanish = (ROOT / "docs" / name for name in ("operate.md", "operar.md"))
    assert headings(english) == headings(spanish)
    assert [block.code for block in blocks(english)] == [block.code for block in blocks(spanish)]


def test_service_stops() -> None:
    """The unit calls a command that there is, waits longer than a stop takes, and lets a wrong file rest."""
    unit = dict(line.split("=", 1) for line in (DEPLOY / "botkit.service").read_text().splitlines() if "=" in line)
    assert unit["ExecStart"].split()[-2:] == ["/opt/botkit/.venv/bin/botkit", "run"]
    assert int(unit["TimeoutStopSec"]) > 15
    assert unit["RestartPreventExitStatus"] == "2"


def test_image_installs_as_the_readme() -> None:
    """The image is installed as the README says, from what a build needs."""
    image = (DEPLOY / "Dockerfile").read_text()
    (install,) = re.findall(r"^RUN (.*pip install.*)$", image, re.MULTILINE)
    readme = next(block.code for block in blocks(README, "sh"))
    assert install.replace(" --no-cache-dir", "") == readme.rpartition(" && ")[0]
    copied = {name for line in re.findall(r"^COPY (.*)$", image, re.MULTILINE) for name in line.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    assert {"pyproject.toml", "README.md", "LICENSE", "botkit"} == copied


def test_testing_guides() -> None:
    """The guides to testing, English and Spanish, have the same headings, flows and tests."""
    english, spanish = (ROOT / "docs" / name for name in ("testing.md", "pruebas.md"))
    assert headings(english) == headings(spanish)
    codes = [[block.code for block in blocks(page, "yaml") if "jobs:" not in block.code] for page in (english, spanish)]
    assert codes[0] == codes[1]
