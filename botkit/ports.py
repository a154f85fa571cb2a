"""The protocols that the runtime, the outbox worker and the server need of the world, and the rows they exchange.

Times are UTC seconds since 1970 (float); bytes fields hold JSON. A protocol is owned by its caller and small:
the inbox side and the outbox side of a store are two protocols, which one object may fulfil.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from botkit.turn.effect import Record, Send, SetTimer
from botkit.turn.event import Inbound


class Clock(Protocol):
    """Time as an argument: the wall clock, the monotonic clock, and a way to wait on it."""

    def now(self) -> float:
        """Return UTC seconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock."""
        ...


# ── inbox side ──────────────────────────────────────────────────────────────────────────────────────────────────


class Arrival(NamedTuple):
    """Something that happened, on its way into the inbox.

    Unique on (channel, kind, gateway_id, discriminator) for `unique_for_s` seconds. `contact` None files the row
    without a conversation. `turn` False files it: stored, never a turn, and journaled only by a `journal` entry of its
    own, as leg 0. `parsed` is what `event` says, where the caller has it at hand: it is not stored, only handed on.
    """

    channel: str
    source: str
    kind: str
    contact: str | None
    gateway_id: str
    discriminator: str
    digest: bytes
    event: bytes
    raw: bytes | None = None
    turn: bool = True
    unique_for_s: float = 14 * 86400.0
    parsed: Inbound | None = None
    journal: bytes | None = None


class Snapshot(NamedTuple):
    """A conversation's row as it stood when it was read."""

    id: str
    channel: str
    contact: str
    version: int
    epoch: int
    state: bytes
    created_at: float


class InboxRow(NamedTuple):
    """An inbox row that was claimed: `attempts` counts this claim; `legs` are those already committed."""

    id: int
    kind: str
    source: str
    event: bytes
    received_at: float
    attempts: int
    legs: int
    conversation: Snapshot
    parsed: Inbound | None = None


class Receipt(NamedTuple):
    """What `accept` did with one arrival.

    `row` is claimed for the caller (attempt 1) and None when it is no turn, or a copy; for an echo that is not ours it
    is what the echo means. `copy` says that the event
    was known; `same_body` is False when it came with another content under the same id.
    """

    inbox_id: int
    row: InboxRow | None
    copy: bool = False
    same_body: bool = True


class Leg(NamedTuple):
    """Everything that one leg commits, whole or not at all.

    `leg` counts from 1 within the inbox row; `closes` marks the row done, else it stays open for a call.
    `cancels` are names of timers. `redacted`, when given, takes the place of the row's event, and its raw body goes.
    """

    inbox_id: int
    leg: int
    closes: bool
    conversation_id: str
    channel: str
    version: int
    epoch: int
    state: bytes
    journal: bytes
    at: float
    sends: Sequence[Send] = ()
    timers: Sequence[SetTimer] = ()
    cancels: Sequence[str] = ()
    records: Sequence[Record] = ()
    redacted: bytes | None = None


class DefinitionStore(Protocol):
    """What keeping definitions needs. Every method raises StoreUnavailable when the store refuses work."""

    async def save_definitions(self, sources: Mapping[str, tuple[str, bytes]], now: float) -> None:
        """Keep definitions: digest -> (flow, source)."""
        ...

    async def definitions(self) -> dict[str, tuple[str, ...]]:
        """Return the definitions that are kept: digest -> those that it is pinned to."""
        ...

    async def definitions_in_use(self) -> set[str]:
        """Return the definitions that a conversation's state names."""
        ...

    async def drop_definitions(self, digests: Sequence[str]) -> None:
        """Forget definitions."""
        ...

    async def definition(self, digest: str) -> bytes | None:
        """Return the source of a definition."""
        ...


class InboxStore(DefinitionStore, Protocol):
    """What intake and runtime need. Every method raises StoreUnavailable when the store refuses work."""

    async def accept(self, arrivals: Sequence[Arrival], now: float) -> list[Receipt]:
        """Store arrivals durably, in order, each once; return a receipt for each.

        An echo is told apart: one that is not ours makes a row of its own (`turn.event.OperatorSaid`), now or when
        nothing to its contact is in the air any more.
        """
        ...

    async def commit(self, leg: Leg) -> None:
        """Commit a leg; raises StaleLeg, with nothing changed, when version or epoch moved on.

        So it does when this leg of its inbox row was applied before (an event counts once), and when an older row of
        its conversation is live (they are applied in order of arrival).
        """
        ...

    async def commit_each(self, legs: Sequence[Leg]) -> list[Exception | None]:
        """Commit legs of different conversations as `commit` does; return what each failed with, None where it did not.

        One that fails takes no other along.
        """
        ...

    async def claim(
        self, now: float, limit: int, skip: frozenset[str], *, suspects: bool = False, waits_s: Sequence[float] = ()
    ) -> list[InboxRow]:
        """Claim live rows that are due, counting an attempt: per conversation its oldest one only.

        `skip` are conversations that the caller has in hand. Rows that were claimed twice before come only as
        `suspects`: they may be what ended the process. With `waits_s` a row's next attempt is put off as it is claimed,
        by the entry of its attempts, so that a process that dies of it does not die of it again at once.
        """
        ...

    async def next_due(self, skip: frozenset[str] = frozenset()) -> float | None:
        """Return when the earliest row that `claim` could take falls due; `skip` as there."""
        ...

    async def put_off(self, inbox_id: int, due_at: float, error: str, place: str) -> None:
        """Give a failed row another try at `due_at`."""
        ...

    async def bury(self, inbox_id: int, now: float, error: str, place: str) -> None:
        """Move a row to the dead letters."""
        ...


class Fired(NamedTuple):
    """What became of timers that were due: how many were moved, and when the next one is due (None: there is none)."""

    moved: int
    next_at: float | None


class TimerStore(Protocol):
    """What the loop of timers needs; raises StoreUnavailable when the store refuses work."""

    async def fire(self, now: float, limit: int) -> Fired:
        """Move timers that are due, the earliest first and `limit` at most, to their conversations' inbox, at once.

        Each becomes one pending row (source `timer`, kind `due`, `turn.event.Due`) for `claim`, and is gone.
        """
        ...


# ── outbox side ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A queued bubble; `message` is the JSON of an effect's message."""

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
RequestStatus = Literal["sent", "failed", "returned", "uncertain", "unconfirmed", "dropped"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a flight; `due_at` belongs to `uncertain`. `key_state` is stored with it when given."""

    status: RequestStatus
    at: float
    http_status: int | None = None
    gateway_id: str | None = None
    detail: str = ""
    due_at: float | None = None
    key_state: bytes | None = None


class Expired(NamedTuple):
    """What became too old to send: of how many rows a flow is told, and when the next row expires."""

    told: int
    next_at: float | None


class OutboxStore(Protocol):
    """What the outbox worker needs. `key` is the rate-limited key, which is the channel's name."""

    async def head(self, key: str, now: float) -> OutboxRow | None:
        """Return the row to send next: best class first, head of its contact's lane, contact not in flight.

        Rows past their `expires_at` are never returned.
        """
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

    async def uncertain(self, key: str, now: float) -> list[tuple[int, int, float]]:
        """Return (request id, attempts, due_at) of a key's uncertain requests that are due at `now`, oldest first."""
        ...

    async def ledger(self, key: str, since: float) -> list[LedgerEntry]:
        """Return the entries unanswered or answered after `since`, oldest first."""
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

    async def ground(self, owner: str | None, now: float, answered_at: float, due_at: float) -> int:
        """After a restart: turn flights without an answer into uncertain ones due at `due_at`; return how many.

        Their ledger entries, and those of errands, count as answered at `answered_at`. `owner` None means every owner
        (a SQLite file has one process).
        """
        ...


# ── desk: what commands and pages read ──────────────────────────────────────────────────────────────────────────


class DeskStore(Protocol):
    """What the control API reads. Rows are plain mappings of JSON types, for printing."""

    async def conversation(self, channel: str | None, contact: str) -> list[dict[str, Any]]:
        """Return the conversations of a contact key: id, channel, version, state, created_at, updated_at."""
        ...

    async def outbox_rows(self, *, conversation_id: str | None, status: str | None, limit: int) -> list[dict[str, Any]]:
        """Return outbox rows, newest first: id, conversation_id, lane, seq, status, message, times, reason."""
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

    async def get_meta(self, name: str) -> str | None:
        """Return a fact about the store."""
        ...

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the store."""
        ...


# ── gateway ─────────────────────────────────────────────────────────────────────────────────────────────────────

#: What a send came to, after reliability's answers table; one word per row of it.
Verdict = Literal[
    "sent",  # 2xx, well formed
    "unreadable",  # 2xx that is not the expected JSON
    "redirect",  # 3xx
    "refused",  # any other 4xx
    "unauthorized",  # 401, 403
    "throttled",  # 429
    "unavailable",  # 503
    "server_error",  # other 5xx
    "unreachable",  # DNS, connect, TLS: no byte was written
    "silent",  # timeout or reset after a byte was written
]


@dataclass(frozen=True, slots=True)
class Answer:
    """A gateway's answer to one request. `retry_after_s` is None unless the gateway named one."""

    verdict: Verdict
    at: float
    http_status: int | None = None
    gateway_id: str | None = None
    detail: str = ""
    retry_after_s: float | None = None


@dataclass(slots=True)
class Errand:
    """A request of a key that is no message; whoever makes it puts the `answer` in."""

    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can show: limits in characters and counts; `media` are the message types it takes.

    `media_from` are the ways in which it takes a medium, the best first: id (its own), inline, url. `header` and
    `footer` are characters, 0 where `choices` have no such place.
    """

    text: int = 4096
    buttons: int = 0
    button_title: int = 20
    list_rows: int = 0
    list_title: int = 24
    media: frozenset[str] = field(default_factory=frozenset)
    media_from: tuple[str, ...] = ("url",)
    header: int = 0
    footer: int = 0


class Gateway(Protocol):
    """A channel's way out. `fit` and `render` are pure; `send` never raises for what network or gateway do."""

    def fit(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the messages to queue for `message`: itself, or its parts when a text is too long for the gateway."""
        ...

    def render(self, to: str, message: Mapping[str, Any]) -> WireRequest:
        """Return the request that shows one fitted message; the same message always gives the same bytes."""
        ...

    async def send(self, wire: WireRequest) -> Answer:
        """Send a request once and classify what came of it."""
        ...
