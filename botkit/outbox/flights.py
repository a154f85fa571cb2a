"""Flights: requests that are out, and what is written down when one is answered.

A flight's intent is committed before `fly`; its answer changes the key at once and the store as soon as that takes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from botkit.errors import StoreUnavailable
from botkit.outbox.gate import Gate
from botkit.outbox.key import dump_key
from botkit.outbox.report import report
from botkit.outbox.retry import UNCERTAIN_S
from botkit.ports import Answer, Clock, Flight, Gateway, OutboxStore, Settlement
from botkit.turn.effect import CLASSES

log = structlog.get_logger("botkit.outbox")

#: Flights out at once, whatever the limit: each holds a connection.
FLIGHTS_LIMIT = 64
STORE_PAUSE_S, STORE_PAUSE_CAP_S = 0.1, 2.0


class Flights:
    """The flights of one key.

    `on_landed` is called when one is over, `on_told` when flows were told of messages that will not arrive, and
    `on_doubt` with the time at which an uncertain request is to be decided.
    """

    def __init__(
        self,
        store: OutboxStore,
        gateway: Gateway,
        gate: Gate,
        clock: Clock,
        *,
        on_landed: Callable[[], None],
        on_told: Callable[[], None],
        on_doubt: Callable[[float], None],
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._gate = gate
        self._clock = clock
        self._on_landed, self._on_told, self._on_doubt = on_landed, on_told, on_doubt
        #: What is out: the task that carries it -> the request.
        self.out: dict[asyncio.Task[None], int] = {}

    @property
    def is_full(self) -> bool:
        """Whether no further request may be out."""
        return len(self.out) >= FLIGHTS_LIMIT

    def fly(self, flight: Flight, queued_at: float | None) -> None:
        """Send a flight; `queued_at` is when its row was, None for one that is sent again."""
        self._gate.take(flight.ledger_id, is_talk=flight.rank == CLASSES["interactive"])
        task = asyncio.create_task(self._carry(flight, queued_at))
        self.out[task] = flight.request_id
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self.out.pop(task, None)
        self._on_landed()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("flight_lost", exc_info=error)

    async def _carry(self, flight: Flight, queued_at: float | None) -> None:
        left_at = self._clock.now()
        answer = await self._send(flight)
        before = self._gate.key
        outcome, late_s = self._gate.land(flight, answer)
        now = self._clock.now()
        due_at = now + UNCERTAIN_S if outcome.status == "uncertain" else None
        end = Settlement(
            outcome.status,
            now,
            answer.http_status,
            answer.gateway_id,
            answer.detail,
            due_at,
            dump_key(outcome.key) if outcome.key != before else None,
            self._gate.ledger_at(late_s),
        )
        report(flight, answer, outcome, before, left_at - queued_at if queued_at is not None else None)
        await self.write_down(flight, end)
        if due_at is not None:  # only now: before it is stored nobody finds it
            self._on_doubt(due_at)

    async def _send(self, flight: Flight) -> Answer:
        try:
            return await self._gateway.send(flight.wire)
        except Exception as error:
            # A bug in a gateway: nobody knows what was sent, and the slot and the contact must come free again.
            log.exception("gateway_failed", request=flight.request_id)
            return Answer("silent", self._clock.now(), detail=type(error).__name__)

    async def write_down(self, flight: Flight, end: Settlement) -> None:
        """Write down what came of a flight, as soon as the store takes it."""
        pause_s = STORE_PAUSE_S
        while True:
            try:
                told = await self._store.settle(flight, end)
                break
            except StoreUnavailable:
                # The answer is known; losing it would send the message twice.
                await self._clock.sleep(pause_s)
                pause_s = min(pause_s * 2, STORE_PAUSE_CAP_S)
                # Others were judged meanwhile; what is stored last must be the latest state.
                end = replace(end, key_state=dump_key(self._gate.key))
        if told:
            self._on_told()
