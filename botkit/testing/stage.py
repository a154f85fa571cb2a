"""A stage for one test: what its lines say is done in a rehearsal and compared with what the bot does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from botkit.project import Project
from botkit.testing.clock import FakeClock
from botkit.testing.facts import part_of
from botkit.testing.rehearsal import CHANNEL, CONTACT, Heard, Rehearsal
from botkit.testing.result import Difference, describe, fits, shown, told
from botkit.testing.said import Expected, Tapped, Whole, of_message
from botkit.testing.script import Line, Script
from botkit.testing.stubs import StubbedCalls
from botkit.turn.event import Filed, Inbound, OperatorSaid, Release, Tap


class Stage:
    """One test under way: its rehearsal, and what was said and not yet expected."""

    def __init__(self, project: Project, script: Script) -> None:
        assert project.flows is not None  # the caller has checked that the flows are sound
        self.flows = project.flows
        self.script = script
        zone = ZoneInfo(self.flows.bot.timezone)
        clock = FakeClock(script.at.replace(tzinfo=zone).timestamp())
        self.calls = StubbedCalls(project.handlers, script.stubs, clock.advance)
        name = script.contact.get("name")
        self.rehearsal = Rehearsal(self.flows, self.calls, clock, str(name) if name else None)
        self.transcript: list[str] = []
        self.pending: list[Mapping[str, Any]] = []
        self.menus: list[list[dict[str, Any]]] = []

    async def open(self) -> None:
        """Set the stage, and give the contact what the test says of it."""
        await self.rehearsal.open({key: value for key, value in self.script.contact.items() if key != "name"})

    async def close(self) -> None:
        """Let go of everything."""
        await self.rehearsal.close()
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
            await self.rehearsal.restart()
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
        self._begin(f"user: {told}")
        self._note(await self.rehearsal.say(message))

    async def _happen(self, told: str, event: Filed) -> None:
        """Let something happen that the person did not write."""
        self._begin(told)
        self._note(await self.rehearsal.happen(event))

    def _begin(self, told: str) -> None:
        """Begin what a line of the script lets happen."""
        self.nothing_left()
        self.transcript.append(told)
        self.calls.made.clear()

    async def _operate(self, event: OperatorSaid | Release) -> None:
        text = event.text if isinstance(event, OperatorSaid) else "[release]"
        await self._happen(f"operator: {text}", event)

    async def _wait(self, seconds: float) -> None:
        self._begin(f"wait: {seconds:g} s")
        self._note(await self.rehearsal.wait(seconds))

    def _note(self, heard: Heard) -> None:
        """Put down what the bot did."""
        self.transcript += [f"log:  {told(note)}" for note in heard.notes]
        for row in heard.rows:
            self.transcript.append(f"bot:  {shown(row['message'])}")
            if "options" in row["message"]:
                self.menus.append(row["message"]["options"])
        self.pending += heard.rows

    def _expect_bubbles(self, line: Line) -> None:
        if isinstance(line.value, Whole):
            self._expect_whole(line, line.value)
            return
        if not line.value:
            self.nothing_left()
        for expected in self._bubbles(line):
            if not self.pending:
                raise Difference(line, describe(expected), "silence")
            row = self.pending.pop(0)
            if not fits(expected, row["message"]):
                raise Difference(line, describe(expected), shown(row["message"], expected), row["place"])

    def _expect_whole(self, line: Line, wanted: Whole) -> None:
        messages = [row["message"] for row in self.pending]
        self.pending.clear()
        if not wanted.fits(messages):
            raise Difference(line, str(wanted), " ⏎ ".join(shown(each) for each in messages) or "silence")

    def _bubbles(self, line: Line) -> Iterator[Expected]:
        for expected in line.value:
            if expected.step is None:
                yield expected
            else:
                yield from self._question(line, expected.step)

    def _question(self, line: Line, step: str) -> list[Expected]:
        """Return the bubbles of the question that the conversation waits at."""
        conversation = self.rehearsal.seen.conversation
        top = conversation.top if conversation else None
        if top is None or top.step != step:
            raise Difference(line, f"step: {step}", f"step: {top.step if top else None}")
        question = self.rehearsal.question()
        if question is None:
            raise Difference(line, f"step: {step}", "no_question")
        return [of_message(message) for message in question]

    def _expect_call(self, line: Line) -> None:
        if line.value is None:
            if self.calls.made:
                raise Difference(line, "no_call", " · ".join(map(str, self.calls.made)))
        elif not self.calls.take(line.value):
            raise Difference(line, str(line.value), " · ".join(map(str, self.calls.made)) or "no_call")

    def _expect_state(self, line: Line) -> None:
        facts = self.rehearsal.facts()
        for key, wanted in line.value.items():
            found = part_of(facts[key], wanted)
            if found != wanted:
                raise Difference(line, f"{key}: {wanted}", f"{key}: {found}")
