"""What those who run the bot see of the outbox, and change in it.

Times are UTC seconds since 1970 (float). Rows are plain mappings of JSON types, for printing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from botkit.ports.outbox import LedgerEntry


class Lane(NamedTuple):
    """What waits for a contact in one lane: `rows` of them, which go out as class `rank`; `turn` is its place."""

    conversation_id: str
    lane: str
    rank: int
    turn: int
    rows: int
    channel: str = ""


#: How the reason of a row begins that was replaced by being sent again; the copy's number follows.
SENT_AGAIN_AS = "sent again as message "


class Dropped(NamedTuple):
    """What was dropped: the rows, and of how many of them a flow is told."""

    rows: list[int]
    told: int


class QueueStore(Protocol):
    """What is seen of the outbox.

    A row holds id, conversation_id, channel, contact, lane, seq, rank, status, message, flow, step, place, inbox_id,
    created_at, expires_at, settled_at, reason, delivery, and of its request request_id, request_status, attempts,
    sent_at, answered_at (None without an answer), due_at, http_status, gateway_id, detail.
    """

    async def lanes(self) -> list[Lane]:
        """Return every lane in which something waits."""
        ...

    async def waiting_rows(self, conversation_id: str, lane: str, limit: int) -> list[dict[str, Any]]:
        """Return the first rows that wait in a lane, in order."""
        ...

    async def rows_in_air(self, conversation_id: str | None = None) -> list[dict[str, Any]]:
        """Return the rows whose request is out or uncertain, oldest first: a contact's, or everybody's."""
        ...

    async def queued(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Return rows by id, whatever became of them, in the order asked for; those that are not there are left out."""
        ...

    async def rows_of(self, request_id: int) -> list[int]:
        """Return the rows that a request carries."""
        ...

    async def ended_rows(self, conversation_id: str, since: float, limit: int) -> list[dict[str, Any]]:
        """Return a contact's rows that ended since then without being sent, newest first."""
        ...

    async def requests_for(self, row: dict[str, Any], limit: int) -> list[dict[str, Any]]:
        """Return the requests that a row went out with, oldest first, as far as they were answered.

        Its own, and those to its contact since it was queued whose rows wait again: which row was in one of them is not
        known. id, status, attempts, created_at, sent_at, answered_at, http_status, gateway_id, detail, method, path.
        """
        ...

    async def key_state(self, key: str) -> bytes | None:
        """Return what the gate stored about a key."""
        ...

    async def ledger(self, key: str, since: float) -> list[LedgerEntry]:
        """Return the entries unanswered or answered after `since`, oldest first."""
        ...


class QueueControl(Protocol):
    """What is changed in the outbox."""

    async def requeue(self, rows: Sequence[int], now: float) -> dict[int, int]:
        """Have rows that ended without being sent, or are uncertain, wait again; return row -> the row that waits now.

        It is the same row, in its old place, if nothing behind it in its lane has left; else a copy at the end of the
        lane, and the row is `replaced`. What waits again has no deadline, and its flow, which was told, is not told
        again. Rows in any other state are left out.
        """
        ...

    async def waiting_ids(self, *, conversation_id: str | None, channel: str | None) -> list[int]:
        """Return the rows that wait or are uncertain, of a contact or of everybody, in one channel or in all."""
        ...

    async def drop(self, rows: Sequence[int], now: float, reason: str) -> Dropped:
        """Drop rows that wait, and whole requests that are uncertain; tell their flows. Other rows stay as they are."""
        ...

    async def save_key_state(self, key: str, state: bytes, now: float) -> None:
        """Store what the gate knows about a key."""
        ...
