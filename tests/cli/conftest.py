"""Where tests of commands call them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from tests.cli.talk import Call

#: The config.yaml of a module that has none of its own.
CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"


@pytest.fixture
def in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in which commands are called on a system in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def folder(in_english: Path, request: pytest.FixtureRequest) -> Path:
    """Return a bot's folder, in which commands are called: FLOW, CONFIG and TEST of the module that asks for it."""
    written = vars(request.module)
    name = written["FLOW"].split()[1]
    (in_english / "flows").mkdir()
    (in_english / "config.yaml").write_text(written.get("CONFIG", CONFIG))
    (in_english / "flows" / f"{name}.yaml").write_text(written["FLOW"])
    if "TEST" in written:
        (in_english / "flows" / f"{name}.test.yaml").write_text(written["TEST"])
    return in_english


@pytest.fixture
def call(folder: Path) -> Call:
    """Call a command in the bot's folder, in English unless it says otherwise."""
    return lambda *arguments: CliRunner().invoke(botkit, [*arguments])
