"""What an author sees of the loop guard in the terminal: silence says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.talking import Chat, write

FLOW = "flow: f\nstart: {any: true}\nsteps: [{say: No te entendí}]\n"


async def test_muted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fourth answer that is the same to the same is not shown, and a line says why."""
    monkeypatch.chdir(tmp_path)
    chat = Chat(write(tmp_path, FLOW, ""))
    await chat.console.open()
    assert "─ No te entendí" in await chat.typed(*["hola"] * 3)
    shown = await chat.typed("hola")
    assert "─ No te entendí" not in shown
    assert any("f/say_1 said the same three times to one who repeats the same" in line for line in shown)
