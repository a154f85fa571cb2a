"""Requests that nobody knows the fate of: each is decided once its wait for news is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from heapq import heappop, heappush
from typing import Literal

import structlog

from botkit.outbox.flights import Flights
from botkit.outbox.gate import Gate
from botkit.outbox.key import dump_key, forget_taken
from botkit.outbox.rate import ROUNDING_S, Wait
from botkit.outbox.retry import RESENDS_WINDOW_S, UNCERTAIN_S, OnUncertain, decide_due, may_resend
from botkit.ports import Clock, OutboxStore, Settlement
from botkit.turn.effect import CLASSES

log = structlog.get_logger("botkit.outbox")

#: When to look again whether enough else was sent, in seconds.
RESENDS_LOOK_S = 10.0

#: Requests that wait for a person of which it is known that one was told: more than anybody leaves lying.
ASKED_KEPT = 1000

_FOREVER = float("inf")


class Doubts:
    """The uncertain requests of `key`; `on_told` is called when flows were told of messages that will not arrive.

    `on_held` is called once with the messages of each request that waits for a person.
    """

    def __init__(
        self,
        store: OutboxStore,
        gate: Gate,
        flights: Flights,
        clock: Clock,
        *,
        key: str,
        owner: str,
        policy: OnUncertain,
        on_told: Callable[[], None],
        on_held: Callable[[list[int]], None],
    ) -> None:
        self._store = store
        self._gate = gate
        self._flights = flights
        self._clock = clock
        self._key = key
        self._owner = owner
        self._policy = policy
        self._on_told, self._on_held = on_told, on_held
        #: When to look, on the gate's clock.
        self._due: list[float] = []

    def add(self, due_at: float) -> None:
        """Look at the uncertain requests at `due_at`, too."""
        heappush(self._due, self._gate.now() + self._wait_s(due_at))

    async def recover(self) -> None:
        """Take up what the store has."""
        self._due = []
        for _, _, due_at in await self._store.uncertain(self._key, _FOREVER):
            self.add(due_at)

    def _wait_s(self, due_at: float) -> float:
        """Return how long a request has still to wait for news: one due later than any can be has a clock set back."""
        wait_s = due_at - self._clock.now()
        return max(0.0, wait_s) if wait_s <= UNCERTAIN_S else 0.0

    async def settle(self) -> float:
        """Decide the requests whose wait is over; return when to look again, on the gate's clock."""
        now = self._clock.now()
        if self._due and self._due[0] <= self._gate.now():
            until, early = 0.0, list[float]()
            found = await self._store.uncertain(self._key, _FOREVER)
            self._forget_but({request_id for request_id, _, _ in found})
            for request_id, attempts, due_at in found:
                if self._wait_s(due_at) > ROUNDING_S:
                    early.append(due_at)
                    continue
                what = decide_due(request_id, attempts, self._gate.key, self._policy)
                if what == "hold":
                    await self._hold(request_id)
                elif what != "resend":
                    await self._close(request_id, what, now)
                elif not until:
                    until = await self._resend(request_id)
            if until:
                return until
            while self._due and self._due[0] <= self._gate.now():
                heappop(self._due)
            for due_at in early:
                self.add(due_at)
        return self._due[0] if self._due else _FOREVER

    def _forget_but(self, uncertain: set[int]) -> None:
        """Keep in mind of requests of which a person was told only those that are not decided."""
        if not uncertain.issuperset(asked := self._gate.key.asked):
            self._gate.key = replace(self._gate.key, asked=tuple(each for each in asked if each in uncertain))

    async def _hold(self, request_id: int) -> None:
        """Have a person told of a request that waits for one."""
        if request_id in self._gate.key.asked:
            return
        log.warning("send_held", request=request_id)
        self._on_held(await self._store.rows_of(request_id))
        self._gate.key = replace(self._gate.key, asked=(*self._gate.key.asked, request_id)[-ASKED_KEPT:])
        await self._store.save_key_state(self._key, dump_key(self._gate.key), self._clock.now())

    async def _close(self, request_id: int, what: Literal["sent", "unconfirmed", "dropped"], now: float) -> None:
        self._gate.key = forget_taken(self._gate.key, request_id)
        end = Settlement(what, now, key_state=dump_key(self._gate.key))
        if await self._store.give_up(request_id, end):
            self._on_told()
        log.warning("send_decided", request=request_id, status=what)

    async def _resend(self, request_id: int) -> float:
        """Send an uncertain request again; return when to ask again if it may not leave now, else 0."""
        if self._flights.is_full:
            return _FOREVER
        async with self._gate.asking:
            if isinstance(word := self._gate.decide(CLASSES["interactive"]), Wait):
                return word.until
            now = self._clock.now()
            if not may_resend(*await self._store.repeated(self._key, now - RESENDS_WINDOW_S)):
                return self._gate.now() + RESENDS_LOOK_S
            if flight := await self._store.resend(self._key, self._owner, request_id, now):
                self._flights.fly(flight, None)
        return 0.0
