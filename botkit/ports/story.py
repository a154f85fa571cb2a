"""What `why` reads of a conversation: how it came where it is, and what has not been applied to it."""

from __future__ import annotations

from typing import Any, Protocol


class StoryStore(Protocol):
    """How a conversation came where it is. Rows are plain mappings of JSON types; times are UTC seconds."""

    async def last_legs(self, conversation_id: str, limit: int) -> list[dict[str, Any]]:
        """Return the last legs of a conversation, newest first.

        inbox_id, leg, version, at, entry (as in the journal), and of the event kind, event, received_at.
        """
        ...

    async def not_applied(self, conversation_id: str, limit: int) -> list[dict[str, Any]]:
        """Return the events that wait to be applied, oldest first, and behind them the dead letters, newest first.

        id, kind, status, attempts, received_at, due_at, closed_at, error, place.
        """
        ...
