"""The folder of a bot that a real process runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.process import CONFIG, FLOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bot's folder."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows" / "saludo.yaml").write_text(FLOW)
    return tmp_path
