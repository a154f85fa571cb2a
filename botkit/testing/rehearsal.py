"""A bot and one person: the runtime and a real store of `botkit run`, on a clock that is moved by hand.

Conversation tests, `chat`, `transcript` and `replay` all play here; none has a way of its own through a flow. What
`explore` finds on the turn alone (`explore/player.py`) it proves here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from botkit.definitions import adopt, kept
from botkit.flow.flowset import FlowSet
from botkit.flow.level import Level
from botkit.legs import Caller, Player
from botkit.ports import Arrival, InboxRow, Snapshot
from botkit.rows import restore
from botkit.runtime import Runtime
from botkit.testing.clock import FakeClock
from botkit.testing.facts import Seen, facts_of
from botkit.testing.rehearsed_store import RehearsedStore
from botkit.timers import Timers
from botkit.turn.codec import dump_event, dump_filed
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Effect, Ended, Note, Record, Send
from botkit.turn.event import FILED_KINDS, Delivery, Filed, Inbound, Redefined
from botkit.turn.leg import Leg
from botkit.turn.question import Question, render
from botkit.turn.step import Outcome, turn
from botkit.turn.versions import carry

#: Who talks, unless somebody else is told: always the same, so that the same variants are drawn.
CONVERSATION, CHANNEL, CONTACT = "rehearsal", "test", "59170000001"
#: Rows of the outbox that are read at first to find those that are new.
FEW = 16
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

    `seen` is how things stand, `load` how loaded the channel is; `loads` are the levels of the next legs, if they have
    some of their own. Each input returns what the bot said to it, or while it waited; inputs come one at a time, and
    one is over when its turn, and whatever fell due with it, is.
    """

    def __init__(self, flows: FlowSet, calls: Caller, clock: FakeClock, name: str | None = None) -> None:
        self.flows = flows
        self.clock = clock
        self.seen = Seen()
        self.event_id = ""
        self.load: Level = "green"
        self.loads: deque[Level] = deque()
        self._calls = calls
        self._name = name
        self._whose = Snapshot(CONVERSATION, CHANNEL, CONTACT, 0, 0, b"{}", 0.0)
        self._fired = False
        self._shown = 0
        self._count = 0
        self._notes: list[Note] = []

    async def open(self, fields: Mapping[str, Any] | None = None, *, whose: Snapshot | None = None) -> None:
        """Open the store, with what is known of the contact from the beginning.

        `whose` is the conversation as it once stood, in the place of one that is new.
        """
        state = orjson.dumps({"fields": dict(fields or {}), "last": {"name": self._name} if self._name else {}})
        self._whose = whose or self._whose._replace(state=state, created_at=self.clock.now())
        self.store = await RehearsedStore.open(":memory:")
        await self.store.place(self._whose)
        self.seen.conversation = restore(self._whose)
        await self._start()

    async def replace(self, flows: FlowSet) -> None:
        """Play with other flows from the next leg on, as a reload does; who is in a flow finds its old definition."""
        await self.runtime.replace(flows)
        if self.seen.conversation is not None:
            await adopt(flows, self.seen.conversation.digests(), partial(kept, self.store.definition))
        self.flows = flows

    async def take_up(self, flows: FlowSet) -> Heard:
        """Play with other flows, and stand in them at once; what the question is now is said, if it is another.

        A question that cannot be asked any more (its text fails, it is skipped by now) is not asked.
        """
        former, before = self.flows, self.seen.conversation
        await self.replace(flows)
        if before is None or before.top is None:
            return Heard((), ())
        was, asked = (self._redefined(each, before, ask=True) for each in (former, flows))
        outcome = self._redefined(flows, before, ask=False)
        if _stands_like(asked, outcome) and _question_of(asked) != _question_of(was):
            outcome = asked
        await self.store.stand(outcome.conversation, outcome.effects, self.clock.now())
        self._observe(outcome.conversation, outcome.effects)
        notes, self._notes = self._notes, []
        return Heard([each._asdict() for each in outcome.effects if isinstance(each, Send)], notes)

    def _redefined(self, flows: FlowSet, before: Conversation, *, ask: bool) -> Outcome:
        return turn(flows, before, Redefined(ask), self.clock.now(), self.event_id, self.load)

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
        """Let the person send a message, at the time and under the name that it tells, if it does."""
        at, name = self.clock.now() if message.at is None else message.at, message.name or self._name
        event = message._replace(channel=self._whose.channel, contact=self._whose.contact, at=at, name=name)
        return await self._play(await self._arrive("message", dump_event(event)))

    async def happen(self, event: Filed) -> Heard:
        """Let something happen that the person did not write."""
        return await self._play(await self._arrive(FILED_KINDS[type(event)], dump_filed(event)))

    async def wait(self, seconds: float) -> Heard:
        """Let time pass; what falls due in it happens in its order."""
        end = self.clock.now() + seconds
        next_at = await self._play_due()
        while next_at is not None and next_at <= end:
            await self.clock.leap(max(GRAIN_S, next_at - self.clock.now()))
            next_at = await self._play_due()
        await self.clock.leap(max(0.0, end - self.clock.now()))
        return await self._collect()

    def question(self) -> list[dict[str, Any]] | None:
        """Return the bubbles of the question that the conversation waits at, as the flows say it now; None: at none."""
        conversation = self.seen.conversation
        if conversation is None or conversation.top is None:
            return None
        now, carried = self.clock.now(), carry(self.flows, conversation).conversation
        leg = Leg(self.flows, carried, now, self.event_id, self.load)
        leg.resume()
        question = getattr(leg.step.body, "question", None)
        return render(leg, question) if isinstance(question, Question) else None

    def facts(self) -> dict[str, Any]:
        """Return how things stand, by the keys of `expect`."""
        return facts_of(self.seen, self.flows.bot)

    async def _start(self) -> None:
        player = Player(self.store, self.flows, self._calls, self.clock, load=self._level, observe=self._observe)
        self.runtime = Runtime(self.store, player, self.clock)
        self.timers = Timers(self.store, self.clock, self._note_fired)
        await self.runtime.start()

    def _level(self, _: str) -> Level:
        """Return how loaded the channel is as a leg begins; it stays so."""
        if self.loads:
            self.load = self.loads.popleft()
        return self.load

    async def _arrive(self, kind: str, event: bytes) -> InboxRow:
        self._count += 1
        arrival = Arrival(self._whose.channel, "api", kind, self._whose.contact, str(self._count), "", b"", event)
        receipt = (await self.store.accept([arrival], self.clock.now()))[0]
        assert receipt.row is not None  # every id here is new
        self.event_id = str(receipt.inbox_id)
        return receipt.row

    async def _play(self, row: InboxRow) -> Heard:
        """Bring a row to its end, and what falls due meanwhile."""
        self.runtime.notify([row])
        await self.runtime.idle()
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
        limit, rows = FEW, await self._last(FEW)
        while len(rows) == limit and rows[-1]["seq"] > self._shown:
            limit *= FEW
            rows = await self._last(limit)
        new = [row for row in reversed(rows) if row["seq"] > self._shown]
        self._shown = max((row["seq"] for row in new), default=self._shown)
        notes, self._notes = self._notes, []
        return Heard([row for row in new if row["status"] != "muted"], notes)

    async def _last(self, limit: int) -> list[dict[str, Any]]:
        return await self.store.outbox_rows(conversation_id=self._whose.id, status=None, limit=limit)

    def _observe(self, conversation: Conversation, effects: Sequence[Effect]) -> None:
        self.seen.conversation = conversation
        self.seen.stood.update((frame.flow, frame.step) for frame in conversation.frames)
        for effect in effects:
            if isinstance(effect, Ended):
                self.seen.ended = effect
                self.seen.stood.add((effect.flow, ""))
            elif isinstance(effect, Send) and effect.on_failed is not None:
                self.seen.losable = Delivery(effect.flow, effect.on_failed, "failed", "", conversation.version)
            elif isinstance(effect, Record):
                self.seen.records.append(effect.row)
            elif isinstance(effect, Note):
                self._notes.append(effect)
                self.seen.failed |= effect.event == FAILED


def _stands_like(asked: Outcome, unasked: Outcome) -> bool:
    """Tell whether a question that is asked again leaves the conversation where it stood."""
    one, other = asked.conversation.top, unasked.conversation.top
    return one is not None and other is not None and (one.digest, one.step) == (other.digest, other.step)


def _question_of(asked: Outcome) -> Any:
    """Return what a question says and takes: its texts, and its options without their ids and ways."""
    top = asked.conversation.top
    said = [{**each.message, "options": None} for each in asked.effects if isinstance(each, Send)]
    return said, [{**row, "id": "", "key": ""} for row in top.shown] if top else []
