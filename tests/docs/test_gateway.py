"""The guides to connecting a gateway: every command on them prints what stands below it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from tests.docs.pages import ROOT, Block, blocks, headings
from tests.docs.test_examples import ENV

ENGLISH, SPANISH = (ROOT / "docs" / name for name in ("gateway.md", "conexion.md"))
LANGUAGES = {ENGLISH: "en", SPANISH: "es"}
_PROMPT = "$ "
_FILE = re.compile(r"`(\w+\.json)`")


def sessions(page: Path) -> Iterator[tuple[dict[str, str], Block]]:
    """Yield each block with a command, and the files that stand above it: the last config.yaml, and what was saved."""
    files: dict[str, str] = {}
    lines = page.read_text().splitlines()
    for block in blocks(page):
        if block.language == "yaml":
            files["config.yaml"] = block.code
        elif block.language == "json":
            files[_FILE.findall("\n".join(lines[: block.line]))[-1]] = block.code
        elif block.code.startswith(_PROMPT):
            yield dict(files), block


SESSIONS = [(LANGUAGES[page], *each) for page in LANGUAGES for each in sessions(page)]


@pytest.mark.parametrize(("language", "files", "block"), SESSIONS, ids=[str(each[2]) for each in SESSIONS])
def test_session(
    language: str, files: dict[str, str], block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command prints what the page shows."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    command, _, shown = block.code.partition("\n")
    _, *words = shlex.split(command.removeprefix(_PROMPT))
    result = CliRunner().invoke(botkit, [*words, "--lang", language], env=ENV)
    assert result.output == shown


def test_there_are_some() -> None:
    """Both pages have commands, headings, channels and bodies alike."""
    assert len(SESSIONS) == 10
    assert headings(ENGLISH) == headings(SPANISH)
    for language in ("yaml", "json"):
        codes = [[block.code for block in blocks(page, language)] for page in LANGUAGES]
        assert codes[0] == codes[1]
