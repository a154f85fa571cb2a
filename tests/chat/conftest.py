"""A chat with a bot of one flow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.talking import Chat, write


@pytest.fixture
async def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    """Return a chat that has begun, in the bot's folder."""
    monkeypatch.chdir(tmp_path)
    made = Chat(write(tmp_path))
    await made.console.open()
    yield made
    await made.console.close()
