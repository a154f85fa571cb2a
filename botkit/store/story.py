"""How a conversation came where it is, as the SQLite store has it."""

from __future__ import annotations

from typing import Any

from botkit.store.queries import SQL, read_rows
from botkit.store.writer import Writer


class SqliteStory:
    """The StoryStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def last_legs(self, conversation_id: str, limit: int) -> list[dict[str, Any]]:
        """Return the last legs of a conversation, newest first."""
        return await self._writer.run_aside(read_rows, SQL["last_legs"], (conversation_id, limit))

    async def not_applied(self, conversation_id: str, limit: int) -> list[dict[str, Any]]:
        """Return the events that wait to be applied, oldest first, and behind them the dead letters, newest first."""
        waiting = await self._writer.run_aside(read_rows, SQL["live_events"], (conversation_id, limit))
        return waiting + await self._writer.run_aside(read_rows, SQL["dead_events"], (conversation_id, limit))
