"""What intake and runtime need of a store, and the rows they exchange.

Times are UTC seconds since 1970 (float); bytes fields hold JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from botkit.turn.effect import Mute, Record, Send, SetTimer
from botkit.turn.event import Inbound

#: How long an event with an identity of its own counts once, in seconds: two weeks.
UNIQUE_S = 14 * 86400.0


class Arrival(NamedTuple):
    """Something that happened, on its way into the inbox.

    Unique on (channel, kind, gateway_id, discriminator) for `unique_for_s` seconds. Less than `UNIQUE_S` is for what
    only its content tells apart: that is a copy of what was seen just before, and of nothing that a clock has marked
    which ran ahead; what has an identity stays unique whatever the clock says. `contact` None files the row without a
    conversation. `turn` False files it: stored, never a turn, and journaled only by a `journal` entry of its own, as
    leg 0. `parsed` is what `event` says, where the caller has it at hand: it is not stored, only handed on.
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
    unique_for_s: float = UNIQUE_S
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


class Failure(NamedTuple):
    """What an attempt at an inbox row ended with: an error, and which step was in hand.

    No error: the process ended before the turn did. `place` is the step's file:line:column, `step` its `flow/step`;
    they are empty where they are not known.
    """

    error: str = ""
    place: str = ""
    step: str = ""


class Receipt(NamedTuple):
    """What `accept` did with one arrival.

    `row` is claimed for the caller (attempt 1) and None when it is no turn, or a copy; for an echo that is not ours it
    is what the echo means. `copy` says that the event was known; `same_body` is False when it came with another content
    under the same id. `inbox_id` is 0 for a copy of what was somebody's who was forgotten: for a gateway's event
    `same_body` is then True, for any other False. `settles` says that it may have ended a message: another one may
    leave, and a flow may have to be told.
    """

    inbox_id: int
    row: InboxRow | None
    copy: bool = False
    same_body: bool = True
    settles: bool = False


class Leg(NamedTuple):
    """Everything that one leg commits, whole or not at all.

    `leg` counts from 1 within the inbox row; `closes` marks the row done, else it stays open for a call.
    `muted` are messages that are numbered and never sent, `cancels` names of timers. `redacted`, when given, takes the
    place of the row's event, and its raw body goes.
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
    muted: Sequence[Mute] = ()


#: The kind of the inbox row by which a contact is forgotten: no turn, but its conversation's next in order.
FORGET = "forget"


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

    async def copied(self, arrival: Arrival, now: float) -> Receipt | None:
        """Return the receipt that `accept` would give to a copy, with nothing stored; None for what is new to it."""
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
        by the entry of its attempts, so that a process that dies of it does not die of it again at once; behind the
        last entry it is due at once, for whoever buries it.
        """
        ...

    async def forget(self, conversation_id: str, upto: int | None, now: float) -> bool:
        """Erase a contact up to inbox row `upto`, None for all of it; return False while a request to it is out.

        What came after that row has its turn in a conversation of its own. Once more goes on where a crash ended it.
        """
        ...

    async def empty_log(self) -> bool:
        """Let nothing that was erased stay on the disk; return False while somebody still reads it."""
        ...

    async def next_due(self, skip: frozenset[str] = frozenset()) -> float | None:
        """Return when the earliest row that `claim` could take falls due; `skip` as there."""
        ...

    async def put_off(self, inbox_id: int, due_at: float, failure: Failure) -> None:
        """Give a failed row another try at `due_at`."""
        ...

    async def bury(
        self, inbox_id: int, now: float, attempts: int, failure: Failure, redacted: bytes | None = None
    ) -> None:
        """Move a row to the dead letters, with the failure that it met last; `failure` says what is not known of that.

        `redacted`, when given, takes the place of the row's event, and its raw body goes.
        """
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

    async def move_timers(self, now: float, by_s: float, spared: Sequence[float]) -> None:
        """Move timers of `clocks.LASTING` that are not due at `now`, but for those due at `spared`.

        Each tells when it fires when it was due first (`Due.due_at`).
        """
        ...
