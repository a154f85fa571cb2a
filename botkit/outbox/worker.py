"""The outbox worker of one key: what may leave leaves, and every answer is written down.

One loop asks the gate, claims the row that goes next, commits the intent and lets it fly; flights of many contacts
are out at once, one per contact, which the store sees to. The loop sleeps until the gate's word, the next uncertain
request or a `wake`: there is nothing to poll for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from heapq import heappop, heappush

import orjson
import structlog

from botkit.errors import EvaluationError, StoreUnavailable, message_of
from botkit.outbox.errand import Errands
from botkit.outbox.expiry import Expiry
from botkit.outbox.gate import Gate
from botkit.outbox.rate import KeyState, Limits, Wait
from botkit.outbox.report import report
from botkit.outbox.retry import UNCERTAIN_S, decide_due, dump_key, forget_taken
from botkit.ports import Answer, Clock, Flight, Gateway, OutboxRow, OutboxStore, Settlement, WireRequest
from botkit.turn.effect import CLASSES
from botkit.waiting import sleep_until_woken

log = structlog.get_logger("botkit.outbox")

#: Flights out at once, whatever the limit: each holds a connection.
FLIGHTS_LIMIT = 64
#: How long a stop waits for flights.
GRACE_S = 10.0
#: How long the loop sleeps with nothing in sight, should a wake ever be missed.
IDLE_S = 30.0
#: Timers are no finer.
GRAIN_S = 0.001
#: How long the loop leaves a row to a sibling that was quicker.
RACE_PAUSE_S = 0.05
STORE_PAUSE_S, STORE_PAUSE_CAP_S = 0.1, 5.0

_FOREVER = float("inf")
_NOTHING = WireRequest("POST", "/", "application/json", b"")
_POISON = (EvaluationError, ValueError, LookupError, TypeError, AttributeError)


class OutboxWorker:
    """Sends what waits in the outbox of `key`. `owner` names this worker and stays the same over restarts.

    `on_told` is called when flows were told, through the inbox, of messages that will not arrive.
    """

    def __init__(
        self,
        store: OutboxStore,
        gateway: Gateway,
        clock: Clock,
        *,
        key: str,
        owner: str,
        limits: Limits,
        on_told: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._key = key
        # One process has a worker for each key: what one of them grounds at its start must not be another's flight.
        self._owner = f"{owner}/{key}"
        self._limits = limits
        self._on_told = on_told
        self._gate = Gate(limits, clock)
        #: Holds a slot of the key for a request that is no message.
        self.slot = Errands(store, self._gate, clock, key=key, owner=self._owner, on_back=self.wake).slot
        self._expiry = Expiry(store, key, clock, self._gate, on_told)
        self._flights: set[asyncio.Task[None]] = set()
        self._due: list[float] = []
        self._wakened = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False
        self._recovered = False
        self._paused = False

    @property
    def key_state(self) -> KeyState:
        """What the gate knows about the key: whether and why it is held."""
        return self._gate.key

    @property
    def flying(self) -> int:
        """How many requests are out or being written down."""
        return len(self._flights)

    @property
    def paused(self) -> bool:
        """Whether nothing new leaves, by an operator's word."""
        return self._paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._paused = paused
        self.wake()

    def wake(self) -> None:
        """Look at the outbox now: rows were added."""
        self._wakened.set()

    def reload(self) -> None:
        """Probe at once what a new configuration may have mended."""
        self._gate.reload()
        self.wake()

    async def start(self) -> None:
        """Begin to work; what an earlier run left in the air is settled before the first send."""
        self._loop = asyncio.create_task(self._run(), name=f"outbox {self._key}")

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Claim nothing more and give flights `grace_s` to land; the next start finds those that did not."""
        self._stopping = True
        self.wake()
        left = {*self._flights, *([self._loop] if self._loop else [])}
        deadline = asyncio.create_task(self._clock.sleep(grace_s))
        while left and not deadline.done():
            await asyncio.wait({*left, deadline}, return_when=asyncio.FIRST_COMPLETED)
            left = {task for task in {*left, *self._flights} if not task.done()}
        for task in (*left, deadline):
            task.cancel()
        await asyncio.gather(*left, deadline, return_exceptions=True)

    # ── the loop ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        pause_s = STORE_PAUSE_S
        while not self._stopping:
            self._wakened.clear()
            try:
                until = await self._work()
                pause_s = STORE_PAUSE_S
            except StoreUnavailable as error:
                log.warning("outbox_waits_for_store", error=str(error), pause_s=pause_s)
                until, pause_s = self._gate.now() + pause_s, min(pause_s * 2, STORE_PAUSE_CAP_S)
            except Exception:
                # A bug of ours: said loudly, and no reason to leave everybody else's messages where they are.
                log.exception("outbox_failed", pause_s=pause_s)
                until, pause_s = self._gate.now() + pause_s, min(pause_s * 2, STORE_PAUSE_CAP_S)
            delay_s = min(max(until - self._gate.now(), GRAIN_S), IDLE_S)
            await sleep_until_woken(self._clock, delay_s, self._wakened)

    async def _work(self) -> float:
        """Send all that may leave now; return when to look again."""
        if not self._recovered:
            await self._recover()
        until = await self._expiry.look()
        if self._paused:
            return until
        until = min(until, await self._settle_due())
        row = None
        while not self._stopping and len(self._flights) < FLIGHTS_LIMIT:
            # Nobody may leave if the highest class may not: no need to ask the store who is next.
            if isinstance(word := self._gate.decide(CLASSES["system"]), Wait):
                return min(until, word.until)
            row = row or await self._next()
            if row is None:
                return until
            async with self._gate.asking:
                if isinstance(word := self._gate.decide(row.rank), Wait):
                    return min(until, word.until)
                # The next row is asked for behind the commit of this one: one trip to the disk for both.
                is_ours, row = await asyncio.gather(self._dispatch(row), self._next())
            if not is_ours:
                return min(until, self._gate.now() + RACE_PAUSE_S)
        return until

    async def _next(self) -> OutboxRow | None:
        return await self._store.head(self._key, self._clock.now())

    async def _recover(self) -> None:
        """Count what an earlier run left in the air as uncertain, and take up the key's slots."""
        now = self._clock.now()
        grounded = await self._store.ground(self._owner, now, now + self._limits.given_up_s, now + UNCERTAIN_S)
        entries = await self._store.ledger(self._key, now - self._limits.held_s)
        self._gate.restore(await self._store.key_state(self._key), entries)
        self._due = sorted(due_at for _, _, due_at in await self._store.uncertain(self._key, _FOREVER))
        self._recovered = True
        log.info("outbox_ready", key_held=self._gate.key.why or None, slots=len(entries), grounded=grounded)

    # ── what goes out ───────────────────────────────────────────────────────────────────────────────────────────

    async def _dispatch(self, row: OutboxRow) -> bool:
        """Commit the intent to send a row and let it fly; return False if somebody else was quicker."""
        wire, why = _NOTHING, None
        try:
            wire = self._gateway.render(row.contact, orjson.loads(row.message))
        except _POISON as error:
            # Sentences of ours name files and kinds of messages; others may repeat what is in the message.
            why = message_of(error) if isinstance(error, EvaluationError) else type(error).__name__
        now = self._clock.now()
        flight = await self._store.begin(self._key, self._owner, (row.id,), wire, now)
        if flight is None:
            return False
        if why is not None:
            detail = f"cannot be written for this gateway: {why}"
            await self._write_down(flight, Settlement("failed", now, detail=detail))
            log.error("message_unwritable", conversation=row.conversation_id, request=flight.request_id, why=why)
        else:
            self._fly(flight, row.created_at)
        return True

    async def _settle_due(self) -> float:
        """Decide the uncertain requests whose wait is over; return when to look again."""
        now = self._clock.now()
        if self._due and self._due[0] <= now:
            for request_id, attempts, _ in await self._store.uncertain(self._key, now):
                what = decide_due(request_id, attempts, self._gate.key)
                if what != "resend":
                    self._gate.key = forget_taken(self._gate.key, request_id)
                    end = Settlement(what, now, key_state=dump_key(self._gate.key))
                    if await self._store.give_up(request_id, end):
                        self._on_told()
                    log.warning("send_decided", request=request_id, status=what)
                elif (until := await self._resend(request_id)) > 0:
                    return until
            while self._due and self._due[0] <= now:
                heappop(self._due)
        return self._gate.now() + self._due[0] - now if self._due else _FOREVER

    async def _resend(self, request_id: int) -> float:
        """Send an uncertain request again; return when to ask again if it may not leave now, else 0."""
        if len(self._flights) >= FLIGHTS_LIMIT:
            return _FOREVER
        async with self._gate.asking:
            if isinstance(word := self._gate.decide(CLASSES["interactive"]), Wait):
                return word.until
            if flight := await self._store.resend(self._key, self._owner, request_id, self._clock.now()):
                self._fly(flight, None)
        return 0.0

    def _fly(self, flight: Flight, queued_at: float | None) -> None:
        self._gate.take(flight.ledger_id, flight.rank)
        task = asyncio.create_task(self._carry(flight, queued_at))
        self._flights.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flights.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("flight_lost", exc_info=error)

    async def _carry(self, flight: Flight, queued_at: float | None) -> None:
        left_at = self._clock.now()
        answer = await self._send(flight)
        before = self._gate.key
        outcome, late_s = self._gate.land(flight, answer)
        now = self._clock.now()
        due_at = now + UNCERTAIN_S if outcome.status == "uncertain" else None
        if due_at is not None:
            heappush(self._due, due_at)
        end = Settlement(
            outcome.status,
            now + late_s,
            answer.http_status,
            answer.gateway_id,
            answer.detail,
            due_at,
            dump_key(outcome.key) if outcome.key != before else None,
        )
        report(flight, answer, outcome, before, left_at - queued_at if queued_at is not None else None)
        await self._write_down(flight, end)

    async def _send(self, flight: Flight) -> Answer:
        try:
            return await self._gateway.send(flight.wire)
        except Exception as error:
            # A bug in a gateway: nobody knows what was sent, and the slot and the contact must come free again.
            log.exception("gateway_failed", request=flight.request_id)
            return Answer("silent", self._clock.now(), detail=type(error).__name__)

    async def _write_down(self, flight: Flight, end: Settlement) -> None:
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
