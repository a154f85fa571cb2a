"""What the checker looks at: the store, what the gateway saw, what was answered 200."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

#: Seconds by which two clocks of one machine may tell an order wrong.
CLOCK_S = 0.005


class Heard(NamedTuple):
    """An event that was answered 200."""

    channel: str
    kind: str
    id: str
    discriminator: str = ""


class Seen(NamedTuple):
    """A request as the gateway saw it, in order of arrival: SHA-256 of the body, when, and its id for it if taken."""

    digest: str
    at: float
    id: str | None = None


class Window(NamedTuple):
    """What the gateway allows: so many requests in so many seconds."""

    limit: int
    period_s: float


class Attempt(NamedTuple):
    """One sending of a request, as the ledger has it; `status` is the HTTP status, None without a clear answer."""

    request: int
    at: float
    status: int | None
    is_last: bool


class Request(NamedTuple):
    """A request of the store; `first` and `last` are the numbers of its rows in `lane`, 0 without rows."""

    id: int
    conversation: str
    status: str
    digest: str
    gateway_id: str | None
    attempts: int
    lane: str
    first: int
    last: int


class Facts(NamedTuple):
    """All that an invariant looks at."""

    db: sqlite3.Connection
    seen: Sequence[Seen]
    heard: Sequence[Heard]
    window: Window | None
    now: float
    requests: dict[int, Request]
    attempts: dict[int, list[Attempt]]

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Return what a statement finds."""
        return self.db.execute(sql, values).fetchall()


def facts_of(
    db: sqlite3.Connection, seen: Sequence[Seen], heard: Sequence[Heard], window: Window | None, now: float
) -> Facts:
    """Read what the invariants need."""
    return Facts(db, seen, heard, window, now, _requests(db), _attempts(db))


def _requests(db: sqlite3.Connection) -> dict[int, Request]:
    found = db.execute(
        "SELECT r.id, r.conversation_id, r.status, r.body, r.gateway_id, r.attempts, coalesce(max(o.lane), ''),"
        " coalesce(min(o.seq), 0), coalesce(max(o.seq), 0)"
        " FROM request r LEFT JOIN outbox o ON o.request_id = r.id GROUP BY r.id ORDER BY r.id"
    )
    return {
        number: Request(number, whose, status, sha256(body).hexdigest(), gateway_id, *rest)
        for number, whose, status, body, gateway_id, *rest in found
    }


def _attempts(db: sqlite3.Connection) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = defaultdict(list)
    for request, at, status in db.execute(
        "SELECT request_id, sent_at, http_status FROM ledger WHERE request_id IS NOT NULL ORDER BY sent_at, id"
    ):
        found[request].append(Attempt(request, at, status, is_last=False))
    return {request: [*made[:-1], made[-1]._replace(is_last=True)] for request, made in found.items()}


def listed(ids: Sequence[int]) -> str:
    """Return ids for a line."""
    return ", ".join(map(str, ids)) or "none"
