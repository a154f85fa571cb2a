"""The seam between the pure turn and the world: inbox row -> legs -> commits.

One task works through the rows of one conversation in order of arrival; conversations run beside each other. A leg is
committed before anything that it asked for is done: messages leave through the outbox, a handler is called after the
commit that says it is pending, and its result is the next event of the same turn. So a crash at any point repeats at
most a handler's call, with its same key.

An exception here is a defect of ours or a store that refuses: the row gets another try (0, 1, 5, 30, 120 s), then
goes to the dead letters, and the contact gets the `error` flow once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
import structlog

from botkit.errors import StaleLeg, StoreUnavailable
from botkit.flow.flowset import FlowSet
from botkit.ports import Arrival, Clock, InboxRow, InboxStore, Leg, Snapshot
from botkit.turn.codec import load_event
from botkit.turn.conversation import Conversation, PendingCall, dump_state, load_state
from botkit.turn.effect import Effect, Note, Record, Send, SetTimer
from botkit.turn.event import Apology, CallResult, Event, Inbound
from botkit.turn.kinds import KINDS
from botkit.turn.leg import contact_of
from botkit.turn.step import Outcome, turn

#: Seconds before each attempt at a row; after the last one it is a dead letter.
RETRY_S = (0.0, 1.0, 5.0, 30.0, 120.0)
#: Most rows kept in memory; beyond it they wait in the store, which loses nothing.
MAX_IN_HAND = 10_000
#: How often the store is asked for rows that nobody has in hand, in seconds.
SWEEP_S = 30.0
CLAIM_ROWS = 500
#: Conversations kept in memory, at some 2 KB each.
RECENT = 1_000
#: How long a conversation waits for a store that refuses work, in seconds.
STORE_RETRY_S = 1.0
APOLOGY = "apology"

log = structlog.get_logger("botkit.turn")


class Caller(Protocol):
    """What carries out pending calls (`calls.Calls`)."""

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the result of a call; never raises for what the handler does."""
        ...


class Fitting(Protocol):
    """Cuts a message into what a channel's gateway takes in one request each."""

    def __call__(self, channel: str, message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Return the messages to queue for one message."""
        ...


def as_it_is(channel: str, message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Queue a message whole."""
    return [message]


@dataclass(slots=True)
class Tally:
    """What one turn did, for its log line. `began_at` is monotonic seconds."""

    began_at: float
    before: str | None
    legs: int = 0
    messages: int = 0


@dataclass(slots=True)
class Work:
    """The rows of one conversation that are in hand, and its state once it is known.

    `legs` are those committed of the first row. `look_again` says that the store may hold more rows behind these.
    """

    rows: deque[InboxRow] = field(default_factory=deque)
    conversation: Conversation | None = None
    legs: int = 0
    task: asyncio.Task[None] | None = None
    look_again: bool = False


class Recent:
    """The conversations that moved last and still run, so that the next message need not read their JSON."""

    def __init__(self, size: int = RECENT) -> None:
        self._size = size
        self._kept: dict[str, Conversation] = {}

    def find(self, snapshot: Snapshot) -> Conversation | None:
        """Return the conversation if it is known in this very version."""
        kept = self._kept.get(snapshot.id)
        same = kept is not None and kept.version == snapshot.version and kept.epoch == snapshot.epoch
        return kept if same else None

    def keep(self, conversation: Conversation) -> None:
        """Keep a conversation that runs, in place of the one that moved longest ago; let go of one that ended."""
        self._kept.pop(conversation.id, None)
        if conversation.frames:
            self._kept[conversation.id] = conversation
            if len(self._kept) > self._size:
                del self._kept[next(iter(self._kept))]


class Runtime:
    """Applies what is in the inbox. `on_queued(channel)` is called when messages were queued."""

    def __init__(
        self,
        store: InboxStore,
        flows: FlowSet,
        calls: Caller,
        clock: Clock,
        *,
        fit: Fitting = as_it_is,
        on_queued: Callable[[str], None] = lambda channel: None,
        observe: Callable[[Conversation, Sequence[Effect]], None] | None = None,
    ) -> None:
        self.flows = flows
        self._store = store
        self._calls = calls
        self._clock = clock
        self._fit = fit
        self._on_queued = on_queued
        self._observe = observe
        self._work: dict[str, Work] = {}
        self._recent = Recent()
        self._in_hand = 0
        self._behind = False
        self._stopping = False
        self._sweep_now = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self) -> None:
        """Keep the definitions, take up what a former process left, and watch for rows that nobody has in hand."""
        sources = {
            flow.digest: (flow.name, orjson.dumps({"file": flow.place.file, "text": flow.text}))
            for flow in self.flows.flows.values()
        }
        await self._store.save_definitions(sources, self._clock.now())
        await self._sweep()
        self._sweeper = asyncio.create_task(self._keep_sweeping())

    def notify(self, rows: Sequence[InboxRow]) -> None:
        """Take claimed rows in hand. Rows beyond MAX_IN_HAND wait in the store."""
        if self._stopping or self._behind:
            return
        for row in rows:
            self._take(row)
        if self._in_hand > MAX_IN_HAND:
            self._behind = True
            log.warning("runtime_behind", in_hand=self._in_hand)

    async def idle(self) -> None:
        """Return when no row is in hand."""
        await self._idle.wait()

    async def stop(self, timeout_s: float) -> None:
        """Finish the leg in hand of every conversation, at most `timeout_s`; what is left waits in the store."""
        self._stopping = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        tasks = [work.task for work in self._work.values() if work.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # ── taking rows in hand ──

    def _take(self, row: InboxRow, *, look_again: bool = False) -> None:
        work = self._work.get(row.conversation.id)
        if work is None:
            work = self._work[row.conversation.id] = Work(look_again=look_again)
            work.task = asyncio.create_task(self._work_through(row.conversation.id, work))
            self._idle.clear()
        work.rows.append(row)
        self._in_hand += 1

    async def _work_through(self, conversation_id: str, work: Work) -> None:
        try:
            while work.rows and not self._stopping:
                work.legs = work.rows[0].legs
                if not await self._settle(work.rows[0], work):
                    break
                work.rows.popleft()
                self._in_hand -= 1
        finally:
            self._in_hand -= len(work.rows)
            del self._work[conversation_id]
            if work.rows or work.look_again or (self._behind and self._in_hand < MAX_IN_HAND // 2):
                self._sweep_now.set()
            elif not self._work:
                self._idle.set()

    async def _settle(self, row: InboxRow, work: Work) -> bool:
        """Bring one row to its end, however many attempts it takes; False when others must look at it anew."""
        while not self._stopping:
            if row.attempts > len(RETRY_S):
                await self._bury(row)
                return True
            try:
                await self._attempt(row, work)
                return True
            except StaleLeg:
                # Somebody else applied this row, or moved the conversation on: the store knows better.
                log.info("leg_stale")
                return False
            except StoreUnavailable as error:
                log.error("store_unavailable", error=str(error))
                await self._clock.sleep(STORE_RETRY_S)
            except Exception as error:  # our own defect: this row waits, others go on
                row = await self._put_off(row, error)
        return False

    async def _put_off(self, row: InboxRow, error: Exception) -> InboxRow:
        """Wait for the next attempt; the wait is stored first, for a process that ends meanwhile."""
        log.error("turn_crashed", attempt=row.attempts, exc_info=error)
        if row.attempts < len(RETRY_S):
            wait_s = RETRY_S[row.attempts]
            with contextlib.suppress(StoreUnavailable):  # the row is still there, and the next attempt meets the same
                await self._store.put_off(row.id, self._clock.now() + wait_s, repr(error)[:500], "")
            await self._clock.sleep(wait_s)
        return row._replace(attempts=row.attempts + 1)

    async def _bury(self, row: InboxRow) -> None:
        """Give a row up: the contact gets the `error` flow by a row of its own, which is given up in silence."""
        now = self._clock.now()
        snapshot = row.conversation
        bind_log(restore(snapshot), row.id)
        log.error("dead_letter", attempts=row.attempts - 1)
        if row.kind != APOLOGY:
            event = orjson.dumps({"inbox": row.id})
            arrival = Arrival(
                *(snapshot.channel, "api", APOLOGY, snapshot.contact, str(row.id), "", b"", event), turn=True
            )
            receipts = await self._store.accept([arrival], now)
            await self._store.bury(row.id, now, f"gave up after {row.attempts - 1} attempts", "")
            self.notify([receipt.row for receipt in receipts if receipt.row is not None])
        else:
            await self._store.bury(row.id, now, "the apology failed too", "")

    # ── one row ──

    async def _attempt(self, row: InboxRow, work: Work) -> None:
        conversation = work.conversation or self._recent.find(row.conversation) or restore(row.conversation)
        bind_log(conversation, row.id)
        await self._adopt(conversation)
        tally = Tally(self._clock.monotonic(), where(conversation), work.legs)
        call = conversation.top.pending_call if conversation.top else None
        event: Event
        if work.legs > 0 and call is not None:
            event = await self._calls.call(conversation, call, contact_of(self.flows, conversation))
        else:
            event = event_of(row)
        while True:
            outcome = turn(self.flows, conversation, event, self._clock.now(), str(row.id))
            tally.legs += 1
            await self._commit(row, conversation, outcome, tally, event)
            conversation = work.conversation = outcome.conversation
            work.legs = tally.legs
            self._recent.keep(conversation)
            if not outcome.open:
                break
            bind_log(conversation, row.id)
            assert conversation.top is not None  # an open outcome has a pending call on top
            assert conversation.top.pending_call is not None
            call = conversation.top.pending_call
            event = await self._calls.call(conversation, call, contact_of(self.flows, conversation))
        self._log_turn(row, conversation, tally)

    async def _adopt(self, conversation: Conversation) -> None:
        """Make sure that the definitions a conversation began with are known."""
        for frame in conversation.frames:
            if frame.digest not in self.flows.by_digest:
                source = await self._store.definition(frame.digest)
                kept = orjson.loads(source) if source else None
                if kept is None or self.flows.adopt(kept["text"], kept["file"], KINDS) is None:
                    log.error("definition_lost", flow=frame.flow, digest=frame.digest)

    async def _commit(self, row: InboxRow, before: Conversation, outcome: Outcome, tally: Tally, event: Event) -> None:
        after = outcome.conversation
        sends = self._sends(after.channel, outcome.effects)
        leg = Leg(
            inbox_id=row.id,
            leg=tally.legs,
            closes=not outcome.open,
            conversation_id=before.id,
            channel=before.channel,
            version=before.version,
            epoch=before.epoch,
            state=orjson.dumps(dump_state(after)),
            journal=orjson.dumps(journal_entry(before, outcome, event)),
            at=self._clock.now(),
            sends=sends,
            timers=[effect for effect in outcome.effects if isinstance(effect, SetTimer)],
            records=[effect for effect in outcome.effects if isinstance(effect, Record)],
        )
        await self._store.commit(leg)
        tally.messages += len(sends)
        for effect in outcome.effects:
            if isinstance(effect, Note):
                log.log(_LEVELS[effect.level], effect.event, **effect.fields)
        if self._observe is not None:
            self._observe(after, outcome.effects)
        if sends:
            self._on_queued(before.channel)

    def _sends(self, channel: str, effects: Sequence[Effect]) -> list[Send]:
        sends: list[Send] = []
        for effect in effects:
            if isinstance(effect, Send):
                parts = self._fit(channel, effect.message)
                whole = len(parts) == 1 and parts[0] is effect.message
                sends += [effect] if whole else [effect._replace(message=dict(part)) for part in parts]
        return sends

    def _log_turn(self, row: InboxRow, conversation: Conversation, tally: Tally) -> None:
        top = conversation.top
        log.info(
            "turn",
            flow=top.flow if top else None,
            step=top.step if top else None,
            came_from=tally.before,
            now_at=where(conversation),
            legs=tally.legs,
            messages=tally.messages,
            duration_ms=round((self._clock.monotonic() - tally.began_at) * 1000, 2),
            **({"attempt": row.attempts} if row.attempts > 1 else {}),
        )

    # ── rows that nobody has in hand ──

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._sweep_now.wait()
            except TimeoutError:
                pass
            self._sweep_now.clear()
            try:
                await self._sweep()
            except StoreUnavailable as error:
                log.error("store_unavailable", error=str(error))

    async def _sweep(self) -> None:
        """Claim the rows that are due and that nobody has in hand, the oldest of each conversation."""
        while not self._stopping and self._in_hand < MAX_IN_HAND:
            # New rows are taken again from before the last look on, so that none falls between.
            self._behind = False
            rows = await self._store.claim(self._clock.now(), CLAIM_ROWS, frozenset(self._work))
            for row in rows:
                if row.conversation.id not in self._work:
                    self._take(row, look_again=True)
            if len(rows) < CLAIM_ROWS:
                break
        if not self._work:
            self._idle.set()


_LEVELS = {"info": 20, "warning": 30, "error": 40}


def bind_log(conversation: Conversation, event_id: int) -> None:
    """Bind what every line of this turn carries; the task of a conversation has a context of its own."""
    top = conversation.top
    structlog.contextvars.bind_contextvars(
        conversation=conversation.id,
        event_id=event_id,
        flow=top.flow if top else None,
        step=top.step if top else None,
    )


def restore(snapshot: Snapshot) -> Conversation:
    """Return the conversation that a row of the store holds."""
    base = Conversation(snapshot.id, snapshot.channel, snapshot.contact, snapshot.version, snapshot.epoch)
    return load_state(base, orjson.loads(snapshot.state))


def event_of(row: InboxRow) -> Event:
    """Return the event that an inbox row holds."""
    if row.kind == APOLOGY:
        return Apology("a message could not be handled")
    return row.parsed or load_event(row.event)


def where(conversation: Conversation) -> str | None:
    """Return where a conversation stands, as `flow/step`."""
    top = conversation.top
    return f"{top.flow}/{top.step}" if top else None


def journal_entry(before: Conversation, outcome: Outcome, event: Event) -> dict[str, Any]:
    """Return what the journal keeps of a leg: way, outcome, and a call's result (the event itself is in the inbox)."""
    entry: dict[str, Any] = {"from": where(before), "to": where(outcome.conversation)}
    if isinstance(event, CallResult):
        entry["call"] = {"key": event.key, "value": event.value, "error": event.error}
    elif isinstance(event, Inbound):
        entry["event"] = event.kind
    else:
        entry["event"] = APOLOGY
    top = outcome.conversation.top
    if outcome.open and top is not None and top.pending_call is not None:
        entry["pending"] = {"key": top.pending_call.key, "handler": top.pending_call.handler}
    return entry
