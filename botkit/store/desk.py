"""What commands and pages read from the SQLite store: plain mappings of JSON types."""

from __future__ import annotations

import sqlite3
from typing import Any

from botkit.errors import UsageError
from botkit.store.queries import SQL, read_rows
from botkit.store.writer import Writer

#: settings that `pragma` may read
PRAGMAS = frozenset({"synchronous", "journal_mode", "foreign_keys", "busy_timeout", "user_version", "integrity_check"})
Row = dict[str, Any]
_SEPARATORS = str.maketrans("", "", "+ -().\u00a0")


class SqliteDesk:
    """The DeskStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def conversation(self, channel: str | None, contact: str) -> list[dict[str, Any]]:
        """Return the conversations of a contact key, which may come with `+`, spaces, dashes or brackets.

        The id of a conversation, which no key is like, gives that one.
        """
        bare = contact.translate(_SEPARATORS)
        spellings = (contact, bare, "+" + bare)
        return await self._writer.run_aside(read_rows, SQL["conversations_of"], (*spellings, contact, channel, channel))

    async def outbox_rows(
        self, *, conversation_id: str | None, status: str | None, limit: int, channel: str | None = None
    ) -> list[dict[str, Any]]:
        """Return outbox rows, newest first."""
        asked = (status, status, channel, channel, limit)
        if conversation_id is None:
            return await self._writer.run_aside(read_rows, SQL["list_outbox"], asked)
        return await self._writer.run_aside(read_rows, SQL["list_outbox_of"], (conversation_id, *asked))

    async def handoffs(self) -> list[dict[str, Any]]:
        """Return the conversations that people have: id, channel, contact, state."""
        return await self._writer.run_aside(read_rows, SQL["list_handoffs"], ())

    async def exchanged(self, conversation_id: str, begun: int, limit: int) -> tuple[list[Row], list[Row]]:
        """Return what was heard and what was said from inbox row `begun` on, newest first, `limit` of each at most."""
        values = (conversation_id, begun, limit)
        heard = await self._writer.run_aside(read_rows, SQL["heard_since"], values)
        return heard, await self._writer.run_aside(read_rows, SQL["said_since"], values)

    async def talkers(self, after: str = "", limit: int = 1000) -> list[Row]:
        """Return a page of all conversations: id, channel, contact, name, updated_at."""
        return await self._writer.run_aside(read_rows, SQL["list_talkers"], (after, limit))

    async def turns(self, conversation_id: str, after: int, limit: int) -> tuple[list[Row], list[Row], list[Row]]:
        """Return a page of what happened to a conversation: its events, their legs, and what the bot said to them."""
        events = await self._writer.run_aside(read_rows, SQL["list_turns"], (conversation_id, after, limit))
        if not events:
            return [], [], []
        span = (conversation_id, events[0]["id"], events[-1]["id"])
        legs = await self._writer.run_aside(read_rows, SQL["legs_of_turns"], span)
        return events, legs, await self._writer.run_aside(read_rows, SQL["said_in_turns"], span)

    async def begun_before(self, conversation_id: str, at: float) -> int | None:
        """Return the last event of a conversation up to a time at which nothing ran."""
        value: int | None = await self._writer.run_aside(_read_value, SQL["begun_before"], (conversation_id, at))
        return value

    async def results(
        self, flow: str, *, since: float = 0.0, after: int = 0, limit: int = 1000
    ) -> list[dict[str, Any]]:
        """Return a page of the rows that a flow recorded, oldest first: id, at, conversation_id, row."""
        return await self._writer.run_aside(read_rows, SQL["list_results"], (flow, after, since, limit))

    async def recorded(self) -> list[dict[str, Any]]:
        """Return the flows that recorded something, with how much: flow, rows."""
        return await self._writer.run_aside(read_rows, SQL["count_results"], ())

    async def live(self, after: str = "", limit: int = 1000) -> list[dict[str, Any]]:
        """Return a page of the conversations in which a flow runs or a reminder waits: id, channel, contact, state."""
        return await self._writer.run_aside(read_rows, SQL["list_live"], (after, limit))

    async def counts(self) -> dict[str, int]:
        """Return how many rows stand in: inbox_live, inbox_dead, outbox_pending, outbox_uncertain, conversations."""
        return (await self._writer.run_aside(read_rows, SQL["count_rows"], ()))[0]

    async def pragma(self, name: str) -> str:
        """Return a setting of the writer's connection, read now; raises UsageError for one not in PRAGMAS."""
        if name not in PRAGMAS:
            raise UsageError(f"no setting {name!r} can be read; choose from {', '.join(sorted(PRAGMAS))}")
        return str(await self._writer.run_aside(_read_value, f"PRAGMA {name}", ()))

    async def get_meta(self, name: str) -> str | None:
        """Return a fact about the store."""
        value: str | None = await self._writer.run_aside(_read_value, SQL["get_meta"], (name,))
        return value

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the store."""
        await self._writer.run(read_rows, SQL["set_meta"], (name, value))


def _read_value(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> Any:
    row = db.execute(statement, values).fetchone()
    return row[0] if row else None
