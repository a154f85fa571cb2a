"""A bot and one person: the runtime and a real store of `botkit run`, on a clock that is moved by hand.

Conversation tests, `chat`, `explore` and `replay` all play here; none has a way of its own through a flow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from botkit.flow.flowset import FlowSet
from botkit.legs import Caller, Player
from botkit.ports import Arrival, InboxRow
from botkit.ports import Leg as CommittedLeg
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.testing.clock import FakeClock
from botkit.testing.facts import Seen, facts_of
from botkit.timers import Timers
from botkit.turn.codec import dump_event, dump_filed
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Effect, Ended, Note, Record
from botkit.turn.event import FILED_KINDS, Filed, Inbound

CHANNEL, CONTACT = "test", "59170000001"
#: What the log calls a turn that ended in the flow `error`.
FAILED = "turn_failed"
#: The least that the clock is moved, in seconds: what is due has then fallen due, however numbers are rounded.
GRAIN_S = 0.001


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one input: the outbox rows that it queued, in order, and what the log said of it."""

    rows: Sequence[Mapping[str, Any]]
    notes: Sequence[Note]


class Rehearsal:
    """One conversation under way; nothing of it leaves this process.

    `seen` is how things stand. Each input returns what the bot said to it, or while it waited; inputs come one at a
    time, and one is over when its turn, and whatever fell due with it, is.
    """

    def __init__(self, flows: FlowSet, calls: Caller, clock: FakeClock, name: str | None = None) -> None:
        self.flows = flows
        self.clock = clock
        self.seen = Seen()
        self.event_id = ""
        self._calls = calls
        self._name = name
        self._conversation_id = ""
        self._fired = False
        self._shown = 0
        self._count = 0
        self._notes: list[Note] = []

    async def open(self, fields: Mapping[str, Any] | None = None) -> None:
        """Open the store, with what is known of the contact from the beginning."""
        self.store = await SqliteStore.open(":memory:")
        await self._start()
        if fields:
            row = await self._arrive("given", b"{}")
            given = row.conversation
            state = orjson.dumps({"fields": dict(fields)})
            now = self.clock.now()
            await self.store.commit(
                CommittedLeg(row.id, 1, True, given.id, CHANNEL, given.version, given.epoch, state, b"{}", now)
            )

    async def restart(self) -> None:
        """End the process and start it again, as far as a conversation can tell."""
        await self.runtime.stop(1.0)
        await self._start()

    async def close(self) -> None:
        """Let go of everything; of one that was never opened, too."""
        if hasattr(self, "runtime"):
            await self.runtime.stop(1.0)
        if hasattr(self, "store"):
            await self.store.close()

    async def say(self, message: Inbound) -> Heard:
        """Let the person send a message."""
        event = message._replace(channel=CHANNEL, contact=CONTACT, at=self.clock.now(), name=self._name)
        return await self._play(await self._arrive("message", dump_event(event)))

    async def happen(self, event: Filed) -> Heard:
        """Let something happen that the person did not write."""
        return await self._play(await self._arrive(FILED_KINDS[type(event)], dump_filed(event)))

    async def wait(self, seconds: float) -> Heard:
        """Let time pass; what falls due in it happens in its order."""
        end = self.clock.now() + seconds
        next_at = await self._play_due()
        while next_at is not None and next_at <= end:
            await self.clock.advance(max(GRAIN_S, next_at - self.clock.now()))
            next_at = await self._play_due()
        await self.clock.advance(max(0.0, end - self.clock.now()))
        return await self._collect()

    def facts(self) -> dict[str, Any]:
        """Return how things stand, by the keys of `expect`."""
        return facts_of(self.seen, self.flows.bot)

    async def _start(self) -> None:
        player = Player(self.store, self.flows, self._calls, self.clock, observe=self._observe)
        self.runtime = Runtime(self.store, player, self.clock)
        self.timers = Timers(self.store, self.clock, self._note_fired)
        await self.runtime.start()

    async def _arrive(self, kind: str, event: bytes) -> InboxRow:
        self._count += 1
        arrival = Arrival(CHANNEL, "api", kind, CONTACT, str(self._count), "", b"", event)
        receipt = (await self.store.accept([arrival], self.clock.now()))[0]
        assert receipt.row is not None  # every id here is new
        self.event_id = str(receipt.inbox_id)
        return receipt.row

    async def _play(self, row: InboxRow) -> Heard:
        """Bring a row to its end, and what falls due meanwhile."""
        self.runtime.notify([row])
        await self.runtime.idle()
        self._conversation_id = row.conversation.id
        await self._play_due()
        return await self._collect()

    async def _play_due(self) -> float | None:
        """Play what is due now; return when the next timer is."""
        while True:
            self._fired = False
            next_at = await self.timers.fire()
            if not self._fired:
                return next_at
            await self.runtime.look_now()
            await self.runtime.idle()

    def _note_fired(self) -> None:
        self._fired = True

    async def _collect(self) -> Heard:
        """Return what is new since the last time."""
        new: list[dict[str, Any]] = []
        if self._conversation_id:
            rows = await self.store.outbox_rows(conversation_id=self._conversation_id, status=None, limit=10_000)
            new = [row for row in reversed(rows) if row["seq"] > self._shown]
        self._shown = max((row["seq"] for row in new), default=self._shown)
        notes, self._notes = self._notes, []
        return Heard(new, notes)

    def _observe(self, conversation: Conversation, effects: Sequence[Effect]) -> None:
        self.seen.conversation = conversation
        for effect in effects:
            if isinstance(effect, Ended):
                self.seen.ended = effect
            elif isinstance(effect, Record):
                self.seen.records.append(effect.row)
            elif isinstance(effect, Note):
                self._notes.append(effect)
                self.seen.failed |= effect.event == FAILED
