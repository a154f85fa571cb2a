"""What commands and pages read of a store."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from botkit.ports.inbox import InboxRow


class Copy(NamedTuple):
    """What a copy of a store holds: its bytes, its rows in all, its conversations, and the seconds that it took."""

    size: int
    rows: int
    conversations: int
    seconds: float


class LetterStore(Protocol):
    """What became of events that were given up: the dead letters, until somebody deals with them."""

    async def letters(self, limit: int) -> list[dict[str, Any]]:
        """Return the dead letters, the newest first.

        Each: id, conversation_id, channel, contact, name, source, kind, event, received_at, closed_at, attempts, legs
        (those that were committed), error, place (file:line:column) and step (`flow/step`) where they are known.
        """
        ...

    async def letter(self, letter: int) -> dict[str, Any] | None:
        """Return one dead letter; None if there is none, or it was dealt with."""
        ...

    async def retry_letter(self, letter: int, now: float) -> InboxRow | None:
        """Put a letter's event behind all that its conversation has, claimed; None if it was dealt with."""
        ...

    async def drop_letter(self, letter: int) -> bool:
        """Deal with a letter by doing nothing more; False if it was dealt with."""
        ...


class DeskStore(LetterStore, Protocol):
    """What the control API reads. Rows are plain mappings of JSON types, for printing."""

    async def conversation(self, channel: str | None, contact: str) -> list[dict[str, Any]]:
        """Return the conversations of a contact key, or the one of an id, with its state."""
        ...

    async def outbox_rows(
        self, *, conversation_id: str | None, status: str | None, limit: int, channel: str | None = None
    ) -> list[dict[str, Any]]:
        """Return outbox rows, newest first: id, conversation_id, contact, lane, seq, status, message, times, reason."""
        ...

    async def handoffs(self) -> list[dict[str, Any]]:
        """Return the conversations that people have, the one whose time is over first: id, channel, contact, state."""
        ...

    async def exchanged(
        self, conversation_id: str, begun: int, limit: int
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return what was heard and what was said from inbox row `begun` on, newest first, `limit` of each at most.

        Heard: id, inbox_id, kind, event, at (messages and what was typed on the phone). Said: id, inbox_id, message,
        flow (empty where no flow said it), status, at.
        """
        ...

    async def talkers(self, after: str = "", limit: int = 1000) -> list[dict[str, Any]]:
        """Return all conversations: id, channel, contact, name (None: not known), updated_at.

        In the order of their ids, `limit` at most, behind the one whose id is `after`.
        """
        ...

    async def turns(
        self, conversation_id: str, after: int, limit: int
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        """Return what happened to a conversation, oldest first: `limit` events at most, behind the one called `after`.

        Events: id, kind, source, status, event, at. Legs: inbox_id, leg, version, at, entry (as in the journal). Said:
        id, inbox_id, leg, message, flow, step, place, status, at. Legs and said are those of these events, in order.
        """
        ...

    async def begun_before(self, conversation_id: str, at: float) -> int | None:
        """Return the last event of a conversation, received by then, at which nothing ran; None if none is known."""
        ...

    async def results(
        self, flow: str, *, since: float = 0.0, after: int = 0, limit: int = 1000
    ) -> list[dict[str, Any]]:
        """Return rows that a flow recorded, whatever its definition then, oldest first: id, at, conversation_id, row.

        Those from `since` on, `limit` at most, behind the one whose id is `after` (0: from the first).
        """
        ...

    async def recorded(self) -> list[dict[str, Any]]:
        """Return the flows that recorded something, with how much, by name: flow, rows."""
        ...

    async def live(self, after: str = "", limit: int = 1000) -> list[dict[str, Any]]:
        """Return conversations in which a flow runs or a reminder waits: id, channel, contact, state.

        In the order of their ids, `limit` at most, behind the one whose id is `after`.
        """
        ...

    async def definition(self, digest: str) -> bytes | None:
        """Return the source of a definition."""
        ...

    async def counts(self) -> dict[str, int]:
        """Return how many rows stand in: inbox_live, inbox_dead, outbox_pending, outbox_uncertain, conversations."""
        ...

    async def pragma(self, name: str) -> str:
        """Return a setting of the writer's connection, read now (SQLite: `synchronous`, `journal_mode`)."""
        ...

    async def holdings(self, conversation_id: str) -> dict[str, int]:
        """Return how much there is of a conversation: events, turns, messages, results, timers."""
        ...

    async def examine(self) -> dict[str, Any]:
        """Return how the store is: check (`ok` or what is wrong), schema, knows, synchronous, size, log, newest."""
        ...

    async def get_meta(self, name: str) -> str | None:
        """Return a fact about the store."""
        ...

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the store."""
        ...
