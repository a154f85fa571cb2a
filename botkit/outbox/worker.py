"""The outbox worker of one key: what may leave leaves, and every answer is written down.

One loop asks the gate, claims the row that goes next, commits the intent and lets it fly; flights of many contacts
are out at once, one per contact, which the store sees to. The loop sleeps until the gate's word, the next uncertain
request or a `wake`: there is nothing to poll for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from botkit.errors import StoreUnavailable
from botkit.flow.level import Level
from botkit.outbox.alert import Tell
from botkit.outbox.doubt import Doubts
from botkit.outbox.errand import Errands
from botkit.outbox.expiry import Expiry
from botkit.outbox.flights import STORE_PAUSE_CAP_S, STORE_PAUSE_S, Flights
from botkit.outbox.gate import Gate
from botkit.outbox.key import dump_key
from botkit.outbox.learn import MARGIN_CAP_S
from botkit.outbox.loaded import Ahead, Load
from botkit.outbox.parcel import Parcels
from botkit.outbox.rate import ROUNDING_S, KeyState, Limits, Wait
from botkit.outbox.report import raise_alert
from botkit.outbox.retry import UNCERTAIN_S, OnUncertain
from botkit.outbox.share import Share
from botkit.ports import BulkTurn, Clock, Gateway, OutboxRow, OutboxStore, Settlement
from botkit.turn.effect import CLASSES
from botkit.waiting import both, sleep_until_woken

log = structlog.get_logger("botkit.outbox")

#: How long a stop waits for flights.
GRACE_S = 10.0
#: How long the loop sleeps with nothing in sight, should a wake ever be missed.
IDLE_S = 30.0
#: Timers are no finer.
GRAIN_S = 0.001
#: How long the loop leaves a row to a sibling that was quicker.
RACE_PAUSE_S = 0.05


class OutboxWorker:
    """Sends what waits in the outbox of `key`. `owner` names this worker and stays the same over restarts.

    `on_told` is called when flows were told, through the inbox, of messages that will not arrive, `on_alert` with what
    a person must know.
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
        on_uncertain: OnUncertain = "resend_once",
        on_told: Callable[[], None] = lambda: None,
        on_alert: Tell = lambda alert, fields: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._key = key
        # One process has a worker for each key: what one of them grounds at its start must not be another's flight.
        self._owner = f"{owner}/{key}"
        self._limits = limits
        self._gate = Gate(limits, clock, lambda alert, state: raise_alert(key, alert, state, on_alert))
        self._errands = Errands(
            *(store, self._gate, clock), key=key, owner=self._owner, wake=self.wake, head=self._next
        )
        #: Holds a slot of the key for a request that is no message.
        self.slot = self._errands.slot
        self._expiry = Expiry(store, key, clock, self._gate, on_told)
        self._flights = Flights(
            *(store, gateway, self._gate, clock),
            on_landed=self.wake,
            on_told=on_told,
            on_doubt=lambda due_at: self._doubts.add(due_at),
        )
        self._doubts = Doubts(
            *(store, self._gate, self._flights, clock),
            key=key,
            owner=self._owner,
            policy=on_uncertain,
            on_told=on_told,
            on_held=lambda rows: raise_alert(key, "doubt_held", self._gate.key, on_alert, messages=rows),
        )
        self._share = Share()
        self._load = Load(key, lambda: raise_alert(key, "overloaded", self._gate.key, on_alert))
        self._ahead = Ahead(store, key, self._gate, self._load)
        self._parcels = Parcels(store, gateway, clock, self._load)
        self._wakened = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False
        self._recovered = False
        #: Whether the store may hold an intent that it said it refused.
        self._is_refused = False
        self._paused = False

    @property
    def key_state(self) -> KeyState:
        """What the gate knows about the key: whether and why it is held."""
        return self._gate.key

    @property
    def held(self) -> str:
        """Why the key is held, or was when last it could be told; empty where it is not."""
        return self._gate.key.why or ("" if self._gate.key.is_linked else "unlinked")

    @property
    def load(self) -> Level:
        """How loaded the key is, by the wait of a reply that is queued now."""
        return "black" if self._paused else self._ahead.level

    @property
    def flying(self) -> int:
        """How many requests are out or being written down."""
        return len(self._flights.out)

    @property
    def paused(self) -> bool:
        """Whether nothing new leaves, by an operator's word."""
        return self._paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._paused = paused
        self.wake()

    def queued(self) -> None:
        """Look at the outbox now: rows that somebody waits for were added."""
        self._ahead.add()
        self.wake()

    def wake(self) -> None:
        """Look at the outbox now: rows were added."""
        self._ahead.outdate()
        self._wakened.set()

    def reload(self) -> None:
        """Probe at once what a new configuration may have mended."""
        self._gate.reload()
        self.wake()

    async def resume(self) -> None:
        """Let messages leave again after a pause, and probe at once what a person may have mended."""
        await self._gate.restored.wait()
        self._gate.reload()
        self.paused = False
        await self._keep_key()

    async def link(self, *, is_linked: bool, at: float | None = None) -> None:
        """Note that the gateway's session was linked to a phone, or lost it: then nothing leaves until it is again.

        `at` is when, by the gateway's clock (None: now); news that come late change nothing.
        """
        await self._gate.restored.wait()
        self._gate.link(is_linked=is_linked, at=at)
        log.info("session_linked" if self._gate.key.is_linked else "session_unlinked", channel=self._key)
        self.wake()
        await self._keep_key()

    async def start(self) -> None:
        """Begin to work; what an earlier run left in the air is settled before the first send."""
        self._loop = asyncio.create_task(self._run(), name=f"outbox {self._key}")

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Claim nothing more and give flights `grace_s` to land; the next start finds those that did not."""
        self._stopping = True
        self.wake()
        left = [*self._flights.out, *([self._loop] if self._loop else [])]
        deadline = asyncio.create_task(self._clock.sleep(grace_s))
        while left and not deadline.done():
            await asyncio.wait({*left, deadline}, return_when=asyncio.FIRST_COMPLETED)
            left = [task for task in dict.fromkeys((*left, *self._flights.out)) if not task.done()]
        for task in (*left, deadline):
            task.cancel()
        await asyncio.gather(*left, deadline, return_exceptions=True)

    async def _keep_key(self) -> None:
        await self._store.save_key_state(self._key, dump_key(self._gate.key), self._clock.now())

    # ── the loop ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        pause_s = STORE_PAUSE_S
        while not self._stopping:
            self._wakened.clear()
            try:
                until = await self._work()
                pause_s = STORE_PAUSE_S
            except StoreUnavailable as error:
                self._is_refused = True
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
        if self._is_refused:
            await self._recall()
        until = min(await self._expiry.look(), self._gate.watch())
        if self._paused:
            return until
        until = min(until, await self._doubts.settle())
        row = None
        while not self._stopping and not self._flights.is_full:
            # Nobody may leave if the highest class may not: no need to ask the store who is next.
            if isinstance(word := self._gate.decide(CLASSES["system"]), Wait):
                return min(until, word.until, await self._ahead.look_again())
            row = row or await self._next()
            if row is None:
                return until
            if self._errands.goes_before(row):
                return min(until, self._gate.now() + RACE_PAUSE_S)
            async with self._gate.asking:
                if isinstance(word := self._gate.decide(self._share.rank(row.rank)), Wait):
                    return min(until, word.until)
                self._share.spend(row.rank)
                # The next row is asked for behind the commit of this one: one trip to the disk for both.
                is_ours, row = await both(self._dispatch(row), self._next())
            if not is_ours:
                return min(until, self._gate.now() + RACE_PAUSE_S)
        return until

    async def _next(self) -> OutboxRow | None:
        if self._paused:
            return None
        await self._ahead.look()
        bulk: BulkTurn = "never" if self._load.level == "black" else self._share.bulk
        return await self._store.head(self._key, self._clock.now(), bulk)

    async def _recover(self) -> None:
        """Count what an earlier run left in the air as uncertain, and take up the key's slots."""
        now, latest = self._clock.now(), self._gate.ledger_at(self._limits.given_up_s)
        grounded = await self._store.ground(self._owner, now, latest, now + UNCERTAIN_S)
        state = await self._store.key_state(self._key)
        set_s = abs(self._gate.set_since(state))
        if set_s > ROUNDING_S:
            await self._store.move_answers(self._key, self._limits.limit, self._gate.now(), latest, set_s)
        await self._store.bring_back_answers(self._key, latest)
        entries = await self._store.ledger(self._key, self._gate.now() - self._limits.held_s - MARGIN_CAP_S)
        if self._gate.restore(state, entries):
            await self._store.save_key_state(self._key, dump_key(self._gate.key), now)
        await self._doubts.recover()
        self._recovered = True
        log.info("outbox_ready", key_held=self._gate.key.why or None, slots=len(entries), grounded=grounded)

    async def _recall(self) -> None:
        """Take back what the store began although it said that it refused to: nobody carries it."""
        if recalled := await self._store.recall(self._owner, self._flights.out.values(), self._clock.now()):
            await self._doubts.recover()
            log.warning("sends_recalled", count=recalled)
        self._is_refused = False

    # ── what goes out ───────────────────────────────────────────────────────────────────────────────────────────

    async def _dispatch(self, row: OutboxRow) -> bool:
        """Commit the intent to send a row, and what goes with it, and let it fly; False if somebody was quicker."""
        parcel = await self._parcels.of(row)
        now = self._clock.now()
        flight = await self._store.begin(self._key, self._owner, parcel.rows, parcel.wire, now)
        if flight is None:
            return False
        if parcel.why is not None:
            detail = f"cannot be written for this gateway: {parcel.why}"
            await self._flights.write_down(flight, Settlement("failed", now, detail=detail))
            log.error("message_unwritable", conversation=row.conversation_id, request=flight.request_id, why=parcel.why)
        else:
            self._flights.fly(flight, row.created_at)
        return True
