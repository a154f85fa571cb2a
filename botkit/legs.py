"""Playing one inbox row: legs, each committed before anything that it asked for is done.

Messages leave through the outbox; a handler is called after the commit that says it is pending, and its result is the
next event of the same turn. So a crash at any point repeats at most a handler's call, with its same key. A call that
takes long and has a `meanwhile` gets a leg of its own for that message, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

import orjson
import structlog

from botkit.committed import by_kind
from botkit.definitions import adopt, kept
from botkit.errors import StoreUnavailable
from botkit.flow.flowset import FlowSet
from botkit.flow.level import Level
from botkit.journal import journal_entry, where
from botkit.ongoing import Ongoing
from botkit.outbox.alert import Alert, Tell
from botkit.ports import FORGET, Clock, InboxRow, InboxStore, Leg
from botkit.progress import Progress
from botkit.recent import Recent
from botkit.rows import event_of, redacted, restore
from botkit.turn.conversation import Conversation, PendingCall, dump_state
from botkit.turn.effect import Effect, Note, Send
from botkit.turn.event import CallResult, Event, Meanwhile
from botkit.turn.leg import contact_of
from botkit.turn.secret import holds_secret
from botkit.turn.step import Outcome, turn
from botkit.turn_log import log_fields, log_notes, log_turn

#: What a turn notes that a person must know.
ALERTING: dict[str, Alert] = {"conversation_parked": "loop"}

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


class Played(NamedTuple):
    """A leg that is played and not yet committed; `notes` are what it tells once it is."""

    leg: Leg
    outcome: Outcome
    notes: Sequence[Note]


class Player:
    """Plays rows.

    `load` tells how loaded a channel is, at once; it is asked as each leg begins. `on_queued(channel)` is called when
    messages were queued, `on_timer(due_at)` when a timer was set, `on_alert` with what a person must know; `observe`
    sees every committed leg.
    """

    def __init__(
        self,
        store: InboxStore,
        flows: FlowSet,
        calls: Caller,
        clock: Clock,
        *,
        fit: Fitting = as_it_is,
        load: Callable[[str], Level] = lambda channel: "green",
        on_queued: Callable[[str], None] = lambda channel: None,
        on_timer: Callable[[float], None] = lambda due_at: None,
        observe: Callable[[Conversation, Sequence[Effect]], None] | None = None,
        on_alert: Tell = lambda alert, fields: None,
    ) -> None:
        self.flows = flows
        self._store = store
        self._calls = calls
        self._clock = clock
        self._fit = fit
        self._load = load
        self._on_queued = on_queued
        self._on_timer = on_timer
        self._observe = observe
        self._on_alert = on_alert
        self._recent = Recent()

    async def play(self, row: InboxRow, progress: Progress) -> None:
        """Bring a row to its end from where its progress stands.

        Raises StaleLeg when the store knows better, StoreUnavailable when it refuses, and whatever is a defect of ours;
        progress then says what is committed. While the store refuses a call's result, the call is not made again.
        """
        over, ongoing = False, Ongoing(self._clock)
        try:
            while not over:
                conversation = self._take_up(row, progress)
                call = conversation.top.pending_call if conversation.top else None
                event: Event = event_of(row)
                if progress.legs > 0 and call is not None:
                    known = progress.result if progress.result and progress.result.key == call.key else None
                    event = known or await self._call(row, conversation, call, ongoing)
                try:
                    flows = await self._adopt(conversation)  # a reload may have come while a call was under way
                    played = self._play_leg(flows, row, conversation, event, progress)
                    await self._store.commit(played.leg)
                except StoreUnavailable:
                    progress.result = await ongoing.result(event)
                    raise
                over = self.settle(row, played, progress)
        finally:
            await ongoing.end()

    def begin(self, row: InboxRow, progress: Progress) -> Played | None:
        """Play a row's first leg, for a caller that commits it; raises whatever is a defect of ours.

        None when that takes a wait (a call is pending, a definition is not known), which is for `play`, or is no turn.
        """
        if row.kind == FORGET:
            return None
        conversation = self._take_up(row, progress)
        if progress.legs or not conversation.digests().keys() <= self.flows.by_digest.keys():
            return None
        return self._play_leg(self.flows, row, conversation, event_of(row), progress)

    def let_go(self, conversation_id: str) -> None:
        """Keep nothing of a conversation that is no more."""
        self._recent.drop(conversation_id)

    def settle(self, row: InboxRow, played: Played, progress: Progress) -> bool:
        """Count a leg that is committed now and tell whom it concerns; return whether its turn is over."""
        leg, outcome, notes = played
        after = progress.conversation = outcome.conversation
        progress.legs = leg.leg
        progress.messages += len(leg.sends)
        self._recent.keep(after)
        if notes:
            self._tell(row, after, notes)
        if self._observe is not None:
            self._observe(after, outcome.effects)
        if leg.sends:
            self._on_queued(leg.channel)
        for timer in leg.timers:
            self._on_timer(timer.due_at)
        if leg.closes:
            log_turn(row, after, progress, self._clock.monotonic())
        return leg.closes

    def _tell(self, row: InboxRow, after: Conversation, notes: Sequence[Note]) -> None:
        log_notes(row, after, notes)
        for note in notes:
            if note.event in ALERTING:
                self._on_alert(ALERTING[note.event], {"channel": after.channel, "conversation": after.id})

    def _take_up(self, row: InboxRow, progress: Progress) -> Conversation:
        """Return the conversation as it stands."""
        conversation = progress.conversation
        if conversation is None:
            conversation = progress.conversation = self._recent.find(row.conversation) or restore(row.conversation)
        if progress.began_at is None:
            progress.began_at, progress.came_from = self._clock.monotonic(), where(conversation)
        return conversation

    async def _call(
        self, row: InboxRow, conversation: Conversation, call: PendingCall, ongoing: Ongoing
    ) -> CallResult | Meanwhile:
        """Make a pending call, or wait on for it; whatever it logs carries the turn's fields."""
        structlog.contextvars.bind_contextvars(**log_fields(conversation, row.id))
        contact = contact_of(self.flows, conversation)
        return await ongoing.event(call, lambda: self._calls.call(conversation, call, contact))

    async def _adopt(self, conversation: Conversation) -> FlowSet:
        """Return the flows as they are now, which know the definitions that a conversation began with."""
        flows = self.flows
        for digest in await adopt(flows, conversation.digests(), partial(kept, self._store.definition)):
            log.error("definition_lost", conversation=conversation.id, digest=digest)
        return flows

    def _play_leg(
        self, flows: FlowSet, row: InboxRow, before: Conversation, event: Event, progress: Progress
    ) -> Played:
        now, load = self._clock.now(), self._load(before.channel)
        outcome = turn(flows, before, event, now, str(row.id), load)
        did = by_kind(outcome.effects)
        leg = Leg(
            inbox_id=row.id,
            leg=progress.legs + 1,
            closes=not outcome.open,
            conversation_id=before.id,
            channel=before.channel,
            version=before.version,
            epoch=before.epoch,
            state=orjson.dumps(dump_state(outcome.conversation)),
            journal=orjson.dumps(
                journal_entry(before, outcome, event, load, is_private=_is_private(flows, before, event))
            ),
            at=now,
            sends=self._fitting(before.channel, did.sends),
            timers=did.timers,
            cancels=did.cancels,
            records=did.records,
            redacted=redacted(row) if did.forgets else None,
            muted=did.muted,
        )
        return Played(leg, outcome, did.notes)

    def _fitting(self, channel: str, sends: Sequence[Send]) -> list[Send]:
        fitting: list[Send] = []
        for send in sends:
            parts = self._fit(channel, send.message)
            if len(parts) == 1 and parts[0] is send.message:
                fitting.append(send)
            else:
                fitting += [send._replace(message=dict(part)) for part in parts]
        return fitting


def _is_private(flows: FlowSet, before: Conversation, event: Event) -> bool:
    """Tell whether what a call says is not to be kept."""
    return isinstance(event, CallResult) and holds_secret(flows, before.frames)
