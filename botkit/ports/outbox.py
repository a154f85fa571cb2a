"""What the outbox worker needs of a store, and the rows they exchange.

Times are UTC seconds since 1970 (float); bytes fields hold JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A queued bubble; `message` is the JSON of an effect's message, `rank` the class that it goes out as."""

    id: int
    conversation_id: str
    contact: str
    lane: str
    seq: int
    rank: int
    message: bytes
    created_at: float
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One HTTP request as it goes out, without the key: the same bytes each time it is sent."""

    method: str
    path: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Flight:
    """A request whose intent and ledger entry are committed; it may be sent now. `attempts` counts this sending."""

    request_id: int
    ledger_id: int
    conversation_id: str
    rank: int
    wire: WireRequest
    attempts: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """When a request of a key was sent and answered (None: still out). `owner` is the worker that sent it."""

    sent_at: float
    answered_at: float | None
    owner: str


#: What an attempt came to. `sent` and the four settled ends close the request; `returned` makes its rows pending
#: again; `uncertain` keeps it for reconciliation until `due_at`.
#: Why a key is held whose store came from a backup: for one period, since nobody knows what was sent in the last one.
RESTORED = "restored"
RequestStatus = Literal["sent", "failed", "returned", "uncertain", "unconfirmed", "dropped"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a flight at `at`; `due_at` belongs to `uncertain`. `key_state` is stored with it when given.

    `counted_at` is when the ledger has it answered, None for `at`: the gate knows best until when it holds its slot.
    """

    status: RequestStatus
    at: float
    http_status: int | None = None
    gateway_id: str | None = None
    detail: str = ""
    due_at: float | None = None
    key_state: bytes | None = None
    counted_at: float | None = None


#: When bulk may be the next to go: after everything else, before it (its share when others never end), or not at all.
BulkTurn = Literal["last", "first", "never"]


class Expired(NamedTuple):
    """What became too old to send: of how many rows a flow is told, and when the next row expires."""

    told: int
    next_at: float | None


class OutboxStore(Protocol):
    """What the outbox worker needs. `key` is the rate-limited key, which is the channel's name."""

    async def head(self, key: str, now: float, bulk: BulkTurn = "last") -> OutboxRow | None:
        """Return the row to send next: best class first, within a class contacts in turn, of each its lane's head.

        A contact's talk counts as the best class among it, replies older than two minutes as timers. Contacts with a
        request flying or uncertain are skipped, and so is the bulk of those whose talk waits. Rows past their
        `expires_at` are never returned.
        """
        ...

    async def followers(self, row: OutboxRow, now: float, most: int) -> list[OutboxRow]:
        """Return the rows behind one in its lane that wait, too: in order, up to the first of another class."""
        ...

    async def talk_ahead(self, key: str, most: int) -> int:
        """Return to how many contacts something is queued that they wait for, `most` if there are more."""
        ...

    async def expire(self, key: str, now: float) -> Expired:
        """Mark rows past their `expires_at`, and tell the flows that listen; what is left follows with the next call.

        A flow listens by `on_failed`; it is told by an inbox row that is stored in the same transaction.
        """
        ...

    async def begin(self, key: str, owner: str, rows: Sequence[int], wire: WireRequest, now: float) -> Flight | None:
        """Commit the intent: request, ledger entry and rows flying, at once; None if a row is no longer pending."""
        ...

    async def resend(self, key: str, owner: str, request_id: int, now: float) -> Flight | None:
        """Commit the intent to send an uncertain request again, byte for byte."""
        ...

    async def settle(self, flight: Flight, settlement: Settlement) -> int:
        """Mark a flight's request, rows and ledger entry; return how many rows this put into the inbox.

        Those are what flows are told of messages that will not arrive, and echoes that waited for this end.
        """
        ...

    async def give_up(self, request_id: int, settlement: Settlement) -> int:
        """Close an uncertain request without sending it again; return as `settle` does."""
        ...

    async def rows_of(self, request_id: int) -> list[int]:
        """Return the rows that a request carries, in order."""
        ...

    async def uncertain(self, key: str, now: float) -> list[tuple[int, int, float]]:
        """Return (request id, attempts, due_at) of a key's uncertain requests that are due at `now`, oldest first."""
        ...

    async def ledger(self, key: str, since: float) -> list[LedgerEntry]:
        """Return the entries unanswered or answered after `since`, oldest first."""
        ...

    async def repeated(self, key: str, since: float) -> tuple[int, int]:
        """Return how many requests of a key were out after `since`, and how many of them had been out before."""
        ...

    async def begin_errand(self, key: str, owner: str, rank: int, now: float) -> int:
        """Enter a request that is no message in the ledger, before it leaves; return the entry's id."""
        ...

    async def end_errand(
        self, key: str, ledger_id: int, answered_at: float, http_status: int | None, key_state: bytes | None
    ) -> None:
        """Note when such a request was answered, and the key's state where the answer changed it."""
        ...

    async def key_state(self, key: str) -> bytes | None:
        """Return what the gate stored about a key."""
        ...

    async def save_key_state(self, key: str, state: bytes, now: float) -> None:
        """Store what the gate knows about a key."""
        ...

    async def recall(self, owner: str, out: Collection[int], now: float) -> int:
        """Take back an owner's flying requests that are not `out`; return how many.

        Their intent was stored although the store said that it refused it, so none of them left: what was to be sent
        for the first time is pending again, what was to be sent once more is uncertain as before.
        """
        ...

    async def move_answers(self, key: str, most: int, now: float, latest: float, by_s: float) -> None:
        """Move the times of a key's last `most` answers until `latest` ahead: a clock was set.

        They move to `now` at most, those of what got no answer, and counts late, to `latest`.
        """
        ...

    async def bring_back_answers(self, key: str, latest: float) -> None:
        """Let a key's answers be no later than `latest`: a clock ran ahead."""
        ...

    async def ground(self, owner: str | None, now: float, answered_at: float, due_at: float) -> int:
        """After a restart: turn flights without an answer into uncertain ones due at `due_at`; return how many.

        Their ledger entries, and those of errands, count as answered at `answered_at`. `owner` None means every owner
        (a SQLite file has one process).
        """
        ...
