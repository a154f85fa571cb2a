"""A stage for one test: the same runtime and a real store as `botkit run`, on a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from botkit.legs import Player
from botkit.ports import Arrival, InboxRow
from botkit.ports import Leg as CommittedLeg
from botkit.project import Project
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.testing.clock import FakeClock
from botkit.testing.facts import Seen, facts_of, part_of
from botkit.testing.result import Difference, describe, fits, shown, told
from botkit.testing.said import Expected, Tapped, of_message
from botkit.testing.script import Line, Script
from botkit.testing.stubs import StubbedCalls
from botkit.timers import Timers
from botkit.turn.codec import dump_event, dump_filed
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Effect, Ended, Note, Record
from botkit.turn.event import FILED_KINDS, Filed, Inbound, OperatorSaid, Release, Tap
from botkit.turn.leg import Leg
from botkit.turn.question import Question, render

CHANNEL, CONTACT = "test", "59170000001"
#: The least that the clock is moved, in seconds: what is due has then fallen due, however numbers are rounded.
GRAIN_S = 0.001


class Stage:
    """One test under way: store, runtime, clock, what was said and not yet expected."""

    def __init__(self, project: Project, script: Script) -> None:
        assert project.flows is not None  # the caller has checked that the flows are sound
        self.flows = project.flows
        self.script = script
        zone = ZoneInfo(self.flows.bot.timezone)
        self.clock = FakeClock(script.at.replace(tzinfo=zone).timestamp())
        self.calls = StubbedCalls(project.handlers, script.stubs, self.clock.advance)
        self.seen = Seen()
        self.transcript: list[str] = []
        self.pending: list[dict[str, Any]] = []
        self.menus: list[list[dict[str, Any]]] = []
        self.conversation_id = ""
        self.event_id = ""
        self.fired = False
        self.shown = 0
        self.count = 0

    async def open(self) -> None:
        """Open the store and give the contact what the test says of it."""
        self.store = await SqliteStore.open(":memory:")
        await self._start()
        fields = {key: value for key, value in self.script.contact.items() if key != "name"}
        if fields:
            row = await self._arrive("given", b"{}")
            given = row.conversation
            state = orjson.dumps({"fields": fields})
            now = self.clock.now()
            await self.store.commit(
                CommittedLeg(row.id, 1, True, given.id, CHANNEL, given.version, given.epoch, state, b"{}", now)
            )

    async def _start(self) -> None:
        player = Player(self.store, self.flows, self.calls, self.clock, observe=self._observe)
        self.runtime = Runtime(self.store, player, self.clock)
        self.timers = Timers(self.store, self.clock, self._note_fired)
        await self.runtime.start()

    async def close(self) -> None:
        """Let go of everything."""
        if hasattr(self, "runtime"):
            await self.runtime.stop(1.0)
        if hasattr(self, "store"):
            await self.store.close()
        await self.calls.real.close()

    async def perform(self, line: Line) -> None:
        """Do what a line says; raises Difference."""
        if line.kind == "user":
            said = line.value
            message = Inbound(CHANNEL, "message", CONTACT, text=said.text, media=said.media, location=said.location)
            await self._say(message, str(said))
        elif line.kind == "tap":
            await self._tap(line)
        elif line.kind == "bot":
            self._expect_bubbles(line)
        elif line.kind == "called":
            self._expect_call(line)
        elif line.kind == "expect":
            self._expect_state(line)
        elif line.kind == "wait":
            await self._wait(line.value)
        elif line.kind == "event":
            await self._happen(f"event: {line.value.name}", line.value)
        elif line.kind == "operator":
            await self._operate(line.value)
        else:
            await self.runtime.stop(1.0)
            await self._start()

        if self.calls.unstubbed:
            raise Difference(line, "stub", self.calls.unstubbed[0])

    def nothing_left(self) -> None:
        """Fail if the bot said something that no line expects."""
        if self.pending:
            message = self.pending[0]
            raise Difference(None, "silence", shown(message["message"]), message["place"])

    def stubs_called(self) -> None:
        """Fail if nobody called one of the test's own stubs; those of the file are for all its tests."""
        for name, place in self.script.own_stubs.items():
            if name not in self.calls.used:
                raise Difference(Line("stubs", place, None), name, "never_called")

    async def _tap(self, line: Line) -> None:
        tapped: Tapped = line.value
        shown = self.menus[-1:] if tapped.of is None else self.menus[tapped.of - 1 : tapped.of]
        menu = shown[0] if shown else []
        option = next((option for option in menu if option["title"] == tapped.label), None)
        if option is None:
            raise Difference(line, tapped.label, ", ".join(option["title"] for option in menu) or "silence")
        tap = Tap(option["id"], option["title"])
        await self._say(Inbound(CHANNEL, "message", CONTACT, choice=tap), f"[{tapped.label}]")

    async def _say(self, message: Inbound, told: str) -> None:
        name = self.script.contact.get("name")
        event = message._replace(at=self.clock.now(), name=str(name) if name else None)
        self._begin(f"user: {told}")
        await self._play(await self._arrive("message", dump_event(event)))

    async def _happen(self, told: str, event: Filed) -> None:
        """Let something happen that the person did not write."""
        self._begin(told)
        await self._play(await self._arrive(FILED_KINDS[type(event)], dump_filed(event)))

    def _begin(self, told: str) -> None:
        """Begin what a line of the script lets happen."""
        self.nothing_left()
        self.transcript.append(told)
        self.calls.made.clear()

    async def _play(self, row: InboxRow) -> None:
        """Bring a row to its end, and what falls due meanwhile."""
        self.runtime.notify([row])
        await self.runtime.idle()
        self.conversation_id = row.conversation.id
        await self._play_due()
        await self._collect()

    async def _operate(self, event: OperatorSaid | Release) -> None:
        text = event.text if isinstance(event, OperatorSaid) else "[release]"
        await self._happen(f"operator: {text}", event)

    async def _wait(self, seconds: float) -> None:
        """Let time pass; what falls due in it happens in its order."""
        self.nothing_left()
        self.transcript.append(f"wait: {seconds:g} s")
        self.calls.made.clear()
        end = self.clock.now() + seconds
        next_at = await self._play_due()
        while next_at is not None and next_at <= end:
            await self.clock.advance(max(GRAIN_S, next_at - self.clock.now()))
            next_at = await self._play_due()
        await self.clock.advance(max(0.0, end - self.clock.now()))
        await self._collect()

    async def _play_due(self) -> float | None:
        """Play what is due now; return when the next timer is."""
        while True:
            self.fired = False
            next_at = await self.timers.fire()
            if not self.fired:
                return next_at
            await self.runtime.look_now()
            await self.runtime.idle()

    def _note_fired(self) -> None:
        self.fired = True

    async def _arrive(self, kind: str, event: bytes) -> InboxRow:
        self.count += 1
        arrival = Arrival(CHANNEL, "api", kind, CONTACT, str(self.count), "", b"", event)
        receipt = (await self.store.accept([arrival], self.clock.now()))[0]
        assert receipt.row is not None  # every id here is new
        self.event_id = str(receipt.inbox_id)
        return receipt.row

    async def _collect(self) -> None:
        if not self.conversation_id:
            return
        rows = await self.store.outbox_rows(conversation_id=self.conversation_id, status=None, limit=10_000)
        new = [row for row in reversed(rows) if row["seq"] > self.shown]
        for row in new:
            self.shown = row["seq"]
            self.transcript.append(f"bot:  {shown(row['message'])}")
            if "options" in row["message"]:
                self.menus.append(row["message"]["options"])
        self.pending += new

    def _observe(self, conversation: Conversation, effects: Sequence[Effect]) -> None:
        self.seen.conversation = conversation
        for effect in effects:
            if isinstance(effect, Ended):
                self.seen.ended = effect
            elif isinstance(effect, Record):
                self.seen.records.append(effect.row)
            elif isinstance(effect, Note):
                self.transcript.append(f"log:  {told(effect)}")

    def _expect_bubbles(self, line: Line) -> None:
        if not line.value:
            self.nothing_left()
        for expected in self._bubbles(line):
            if not self.pending:
                raise Difference(line, describe(expected), "silence")
            row = self.pending.pop(0)
            if not fits(expected, row["message"]):
                raise Difference(line, describe(expected), shown(row["message"], expected), row["place"])

    def _bubbles(self, line: Line) -> Iterator[Expected]:
        for expected in line.value:
            if expected.step is None:
                yield expected
            else:
                yield from self._question(line, expected.step)

    def _question(self, line: Line, step: str) -> list[Expected]:
        """Return the bubbles of the question that the conversation waits at."""
        conversation = self.seen.conversation
        top = conversation.top if conversation else None
        if conversation is None or top is None or top.step != step:
            raise Difference(line, f"step: {step}", f"step: {top.step if top else None}")
        leg = Leg(self.flows, conversation, self.clock.now(), self.event_id)
        leg.resume()
        question = getattr(leg.step.body, "question", None)
        if not isinstance(question, Question):
            raise Difference(line, f"step: {step}", "no_question")
        return [of_message(message) for message in render(leg, question)]

    def _expect_call(self, line: Line) -> None:
        if line.value is None:
            if self.calls.made:
                raise Difference(line, "no_call", " · ".join(map(str, self.calls.made)))
        elif not self.calls.take(line.value):
            raise Difference(line, str(line.value), " · ".join(map(str, self.calls.made)) or "no_call")

    def _expect_state(self, line: Line) -> None:
        facts = facts_of(self.seen, self.flows.bot)
        for key, wanted in line.value.items():
            found = part_of(facts[key], wanted)
            if found != wanted:
                raise Difference(line, f"{key}: {wanted}", f"{key}: {found}")
