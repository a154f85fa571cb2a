"""The tests that `botkit new` writes leave nothing out, so that a bot's CI is green from its first day."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit

#: What the CI job of docs/testing.md runs.
CI = ("test", "--fail-under", "90")


def call(*arguments: str) -> Result:
    """Call a command, in English."""
    return CliRunner().invoke(botkit, [*arguments, "--lang", "en"])


@pytest.mark.parametrize("added", [(), ("turno",)], ids=["bot", "flow"])
@pytest.mark.parametrize("handlers", [(), ("--handlers",)], ids=["plain", "handlers"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_new_bot(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    handlers: tuple[str, ...],
    added: tuple[str, ...],
) -> None:
    """A new bot's tests take every way, with handlers or without, and those of a flow that is added to it do."""
    monkeypatch.chdir(tmp_path)
    assert call("new", ".", "--yes", "--language", language, *handlers).exit_code == 0
    for name in added:
        assert call("new", "flow", name).exit_code == 0
    found = call(*CI)
    assert found.exit_code == 0, found.output
    assert "the tests took every way" in found.output


def test_flow_under_other_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of a new flow pass whatever the bot says of wrong answers."""
    monkeypatch.chdir(tmp_path)
    config = "channels: {whatsapp: {base_url: sandbox}}\ndefaults: {invalid: {say: ¿Cómo?, tries: 5, then: quit}}\n"
    (tmp_path / "config.yaml").write_text(config)
    assert call("new", "flow", "turno").exit_code == 0
    assert call(*CI).exit_code == 0
