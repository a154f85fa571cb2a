"""The guides to connecting a gateway: every command on them prints what stands below it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.gateway.inbound import _READ
from botkit.gateway.terms import AUTH_WORDS, EVENT_FIELDS, EVENT_NEEDS
from botkit.gateway.ways_in import WebhookAuth
from botkit.turn.event import EVENT_KINDS
from tests.docs.generate import filled
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


def test_terms() -> None:
    """The tables of the guides name every field, kind and word of a signature that the code takes."""
    assert tuple(EVENT_FIELDS) == tuple(name for name in _READ)
    assert list(EVENT_NEEDS) == list(EVENT_KINDS)
    for key, words in AUTH_WORDS.items():
        field = WebhookAuth.model_fields[key]
        assert set(get_args(field.annotation)) == set(words)
        assert field.is_required() or field.default == next(iter(words))


@pytest.mark.parametrize("page", LANGUAGES)
def test_tables(page: Path) -> None:
    """The tables in the guides are those of the code."""
    assert filled(page.read_text()) == page.read_text()


def test_there_are_some() -> None:
    """Both pages have commands, headings, channels and bodies alike."""
    assert len(SESSIONS) == 10
    assert headings(ENGLISH) == headings(SPANISH)
    for language in ("yaml", "json"):
        codes = [[block.code for block in blocks(page, language)] for page in LANGUAGES]
        assert codes[0] == codes[1]
