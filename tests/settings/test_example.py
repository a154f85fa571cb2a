"""The config.yaml of the repository: it works as it stands, and explains every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from botkit.flow.yaml_reader import read
from botkit.settings import describe, load_settings

FILE = Path(__file__).parents[2] / "config.yaml"
KEYS = [row.key for row in describe() if row.key != "bot.constants"]


def test_loads() -> None:
    """It needs no environment, lives in La Paz, and speaks to the sandbox."""
    settings, problems = load_settings(read(FILE.read_bytes(), "config.yaml"), {})
    assert problems == []
    assert settings is not None
    assert (settings.bot.timezone, settings.bot.country, settings.bot.currency) == ("America/La_Paz", "BO", "BOB")
    assert settings.channels["whatsapp"].sandbox


@pytest.mark.parametrize("key", KEYS)
def test_explained(key: str) -> None:
    """Every setting stands in it, below a comment."""
    indent, name = "  " * key.count("."), key.rpartition(".")[2]
    below = rf"^(?:# )? *# .*\n(?:^ *# .*\n)*^(?:# )?{indent}(?:# )?{name}:"
    assert re.search(rf"{below}|^{name}:$", FILE.read_text(), re.MULTILINE)
