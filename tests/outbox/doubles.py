"""An outbox store in memory and a gateway by script, for a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import orjson

from botkit.errors import EvaluationError, StoreUnavailable
from botkit.ports import (
    Answer,
    BulkTurn,
    Clock,
    Expired,
    Flight,
    LedgerEntry,
    OutboxRow,
    RequestStatus,
    Settlement,
    Verdict,
    WireRequest,
)
from botkit.turn.effect import CLASSES
from botkit.turn.event import UNDELIVERED


@dataclass(slots=True)
class Request:
    """A stored request: its flight as it last left, its rows, how it stands."""

    flight: Flight
    rows: tuple[int, ...]
    status: str
    due_at: float | None = None


class MemoryStore:
    """The OutboxStore of ports as far as a worker can tell; `is_down` makes it refuse work."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[OutboxRow, str]] = {}
        self.requests: dict[int, Request] = {}
        self.entries: list[LedgerEntry] = []
        self.state: bytes | None = None
        self.settled: list[Settlement] = []
        #: Entries that count as answered, and were not.
        self.unanswered: set[int] = set()
        self.is_down = False
        #: It stores an intent, and says that it refused it.
        self.is_unsure = False
        self.reads = 0
        self.listening: set[int] = set()
        self.told: list[tuple[int, str]] = []

    def put(
        self,
        contact: str,
        text: str,
        *,
        rank: int = CLASSES["interactive"],
        now: float = 0.0,
        expires_s: float | None = None,
        on_failed: bool = False,
    ) -> int:
        """Queue a text and return its row."""
        row_id = len(self.rows) + 1
        message = orjson.dumps({"type": "text", "text": text})
        lane = "bulk" if rank == CLASSES["bulk"] else "talk"
        expires_at = None if expires_s is None else now + expires_s
        row = OutboxRow(row_id, f"conversation-{contact}", contact, lane, row_id, rank, message, now, expires_at)
        self.rows[row_id] = (row, "pending")
        self.listening |= {row_id} if on_failed else set()
        return row_id

    def status(self, row_id: int) -> str:
        """Return how a row stands."""
        return self.rows[row_id][1]

    def _check(self) -> None:
        if self.is_down:
            raise StoreUnavailable("down")

    def _mark(self, row_id: int, status: str) -> None:
        self.rows[row_id] = (self.rows[row_id][0], status)

    async def head(self, key: str, now: float, bulk: BulkTurn = "last") -> OutboxRow | None:
        """Return the row to send next."""
        self._check()
        self.reads += 1
        busy = {self.rows[r.rows[0]][0].contact for r in self.requests.values() if r.status in ("flying", "uncertain")}
        waiting = [row for row, status in self.rows.values() if status == "pending" and row.contact not in busy]
        waiting = [row for row in waiting if row.expires_at is None or row.expires_at > now]
        first = (CLASSES["bulk"],) if bulk == "first" else ()
        waiting = [row for row in waiting if bulk != "never" or row.rank != CLASSES["bulk"]]
        return min(waiting, key=lambda row: (row.rank not in first, row.rank, row.id), default=None)

    async def followers(self, row: OutboxRow, now: float, most: int) -> list[OutboxRow]:
        """Return what waits behind a row."""
        self._check()
        behind = [
            each
            for each, status in self.rows.values()
            if (status, each.contact, each.rank) == ("pending", row.contact, row.rank) and each.id > row.id
        ]
        return behind[:most]

    async def talk_ahead(self, key: str, most: int) -> int:
        """Return to how many contacts something waits that they wait for."""
        self._check()
        waiting = [row for row, status in self.rows.values() if status == "pending"]
        return min(len({row.contact for row in waiting if row.rank <= CLASSES["interactive"]}), most)

    async def expire(self, key: str, now: float) -> Expired:
        """Mark rows that are too old, and tell of those that a flow listens for."""
        self._check()
        self.reads += 1
        waiting = [row for row, status in self.rows.values() if status == "pending" and row.expires_at is not None]
        late = [row for row in waiting if (row.expires_at or 0) <= now]
        for row in late:
            self._mark(row.id, "expired")
        ahead = [row.expires_at for row in waiting if row not in late and row.expires_at is not None]
        return Expired(self._tell(row.id for row in late), min(ahead, default=None))

    def _tell(self, rows: Iterable[int]) -> int:
        told = [row for row in rows if row in self.listening]
        self.told += [(row, self.status(row)) for row in told]
        return len(told)

    async def begin(self, key: str, owner: str, rows: Sequence[int], wire: WireRequest, now: float) -> Flight | None:
        """Commit the intent to send a row."""
        self._check()
        row = self.rows[rows[0]][0]
        if any(self.status(each) != "pending" for each in rows):
            return None
        flight = Flight(len(self.requests) + 1, len(self.entries), row.conversation_id, row.rank, wire, 1)
        self.requests[flight.request_id] = Request(flight, tuple(rows), "flying")
        self._leave(flight, owner, now)
        if self.is_unsure:
            raise StoreUnavailable("down")
        return flight

    async def resend(self, key: str, owner: str, request_id: int, now: float) -> Flight | None:
        """Commit the intent to send a request again."""
        self._check()
        request = self.requests[request_id]
        if request.status != "uncertain":
            return None
        flight = replace(request.flight, ledger_id=len(self.entries), attempts=request.flight.attempts + 1)
        request.flight = flight
        self._leave(flight, owner, now)
        return flight

    def _leave(self, flight: Flight, owner: str, now: float) -> None:
        self.entries.append(LedgerEntry(now, None, owner))
        self._end(flight.request_id, "flying", None)

    def _end(self, request_id: int, status: RequestStatus | str, due_at: float | None) -> None:
        request = self.requests[request_id]
        request.status, request.due_at = status, due_at
        for row in request.rows:
            self._mark(row, "pending" if status == "returned" else status)

    async def settle(self, flight: Flight, settlement: Settlement) -> int:
        """Mark a flight's request, row and ledger entry."""
        self._check()
        self.settled.append(settlement)
        answered_at = settlement.counted_at or settlement.at
        self.entries[flight.ledger_id] = replace(self.entries[flight.ledger_id], answered_at=answered_at)
        self._end(flight.request_id, settlement.status, settlement.due_at)
        self.state = settlement.key_state or self.state
        return self._told_of(flight.request_id, settlement)

    def _told_of(self, request_id: int, settlement: Settlement) -> int:
        return self._tell(self.requests[request_id].rows) if settlement.status in UNDELIVERED else 0

    async def give_up(self, request_id: int, settlement: Settlement) -> int:
        """Close an uncertain request."""
        self._check()
        self.settled.append(settlement)
        self._end(request_id, settlement.status, None)
        self.state = settlement.key_state or self.state
        return self._told_of(request_id, settlement)

    async def rows_of(self, request_id: int) -> list[int]:
        """Return the rows that a request carries."""
        self._check()
        return list(self.requests[request_id].rows)

    async def uncertain(self, key: str, now: float) -> list[tuple[int, int, float]]:
        """Return what is uncertain and due."""
        self._check()
        found = [(each.due_at, id_, each) for id_, each in self.requests.items() if each.status == "uncertain"]
        return [
            (id_, each.flight.attempts, at) for at, id_, each in sorted(found, key=str) if at is not None and at <= now
        ]

    async def ledger(self, key: str, since: float) -> list[LedgerEntry]:
        """Return what a key has out or was answered lately."""
        self._check()
        return [each for each in self.entries if each.answered_at is None or each.answered_at > since]

    async def repeated(self, key: str, since: float) -> tuple[int, int]:
        """Return how many requests were out, and how many of them again."""
        again = sum(request.flight.attempts > 1 for request in self.requests.values())
        return len(await self.ledger(key, since)), again

    async def begin_errand(self, key: str, owner: str, rank: int, now: float) -> int:
        """Enter a request that is no message in the ledger."""
        self._check()
        self.entries.append(LedgerEntry(now, None, owner))
        return len(self.entries) - 1

    async def end_errand(
        self, key: str, ledger_id: int, answered_at: float, http_status: int | None, key_state: bytes | None
    ) -> None:
        """Note its answer."""
        self._check()
        self.entries[ledger_id] = replace(self.entries[ledger_id], answered_at=answered_at)
        self.state = key_state or self.state

    async def key_state(self, key: str) -> bytes | None:
        """Return the state of the key."""
        self._check()
        return self.state

    async def save_key_state(self, key: str, state: bytes, now: float) -> None:
        """Store the state of the key."""
        self.state = state

    async def recall(self, owner: str, out: Collection[int], now: float) -> int:
        """Take back flights that nobody carries."""
        self._check()
        strays = [id_ for id_, each in self.requests.items() if each.status == "flying" and id_ not in out]
        for id_ in strays:
            self._end(id_, "returned", None)
        return len(strays)

    async def move_answers(self, key: str, most: int, now: float, latest: float, by_s: float) -> None:
        """Move answers."""
        self._check()
        found = [(at, number) for number, each in enumerate(self.entries) if (at := each.answered_at or inf) <= latest]
        for at, number in sorted(found)[-most:]:
            up_to = latest if number in self.unanswered else now
            self.entries[number] = replace(self.entries[number], answered_at=max(at, min(at + by_s, up_to)))

    async def bring_back_answers(self, key: str, latest: float) -> None:
        """Bring answers back."""
        self.entries = [
            replace(each, answered_at=latest) if each.answered_at is not None and each.answered_at > latest else each
            for each in self.entries
        ]

    async def ground(self, owner: str | None, now: float, answered_at: float, due_at: float) -> int:
        """Turn flights into uncertain requests."""
        self._check()
        flying = [id_ for id_, request in self.requests.items() if request.status == "flying"]
        for id_ in flying:
            self._end(id_, "uncertain", due_at)
        self.unanswered |= {number for number, each in enumerate(self.entries) if each.answered_at is None}
        self.entries = [replace(e, answered_at=answered_at) if e.answered_at is None else e for e in self.entries]
        return len(flying)


class ScriptedGateway:
    """The Gateway of ports: each send takes `latency_s` and gives the next verdict of the script, then `sent`."""

    def __init__(self, clock: Clock, *script: Verdict, latency_s: float = 0.2) -> None:
        self._clock = clock
        self.script = list(script)
        self.latency_s = latency_s
        self.retry_after_s: float | None = None
        self.spent_s: float | None = None
        self.sent: list[tuple[float, str, str]] = []
        self.flying = 0
        self.most_flying = 0

    def fit(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the message as it is."""
        return [message]

    def render(self, to: str, message: Mapping[str, Any]) -> WireRequest:
        """Return the request, but not for the text `poison`."""
        if message["text"] == "poison":
            raise EvaluationError("no")
        return WireRequest("POST", "/messages", "application/json", orjson.dumps({"to": to, "text": message["text"]}))

    async def send(self, wire: WireRequest) -> Answer:
        """Note the request, take the time, answer as the script says."""
        body = orjson.loads(wire.body)
        self.sent.append((self._clock.now(), body["to"], body["text"]))
        verdict: Verdict = self.script.pop(0) if self.script else "sent"
        self.flying += 1
        self.most_flying = max(self.flying, self.most_flying)
        try:
            await self._clock.sleep(self.latency_s)
        finally:
            self.flying -= 1
        gateway_id = f"g{len(self.sent)}" if verdict == "sent" else None
        return Answer(verdict, self._clock.now(), None, gateway_id, "", self.retry_after_s, self.spent_s)
