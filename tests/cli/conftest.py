"""Where tests of commands call them."""

from __future__ import annotations

from pathlib import Path

import pytest


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
    """Return a bot's folder, in which commands are called: the FLOW and the TEST of the module that asks for it."""
    (in_english / "flows").mkdir()
    (in_english / "config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    (in_english / "flows" / "saludo.yaml").write_text(request.module.FLOW)
    (in_english / "flows" / "saludo.test.yaml").write_text(request.module.TEST)
    return in_english
