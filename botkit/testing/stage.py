"""A stage for one test: what its lines say is done in a rehearsal and compared with what the bot does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from botkit.flow.duration import show_duration
from botkit.logs.quiet import Kept
from botkit.project import Project
from botkit.testing.alike import alike
from botkit.testing.clock import FakeClock
from botkit.testing.enclosed import Printed
from botkit.testing.facts import part_of
from botkit.testing.line import Line
from botkit.testing.rehearsal import CHANNEL, CONTACT, Heard, Rehearsal
from botkit.testing.requests import requests_of
from botkit.testing.result import Difference, describe, fits, logged, show_fact, shown, told
from botkit.testing.said import Expected, Tapped, Whole, of_message
from botkit.testing.script import Script
from botkit.testing.stubs import StubbedCalls
from botkit.turn.event import Filed, Inbound, OperatorSaid, Release, Tap


class Stage:
    """One test under way: its rehearsal, what was said since the last input, and what of it is not yet expected.

    With `restarts` the process ends and starts again after every input, while the conversation waits. `kept` is where
    warnings of the log go meanwhile.
    """

    def __init__(self, project: Project, script: Script, *, restarts: bool = False, kept: Kept | None = None) -> None:
        assert project.flows is not None  # the caller has checked that the flows are sound
        self.project = project
        self.flows = project.flows
        self.script = script
        self.restarts = restarts
        self._kept = kept or Kept()
        zone = ZoneInfo(self.flows.bot.timezone)
        clock = FakeClock(script.at.replace(tzinfo=zone).timestamp())
        self.calls = StubbedCalls(project.handlers, script.stubs, clock.advance)
        name = script.contact.get("name")
        self.rehearsal = Rehearsal(self.flows, self.calls, clock, str(name) if name else None)
        self.rehearsal.load = script.load
        self.transcript: list[str] = []
        self.printed = Printed()
        self.said: list[Mapping[str, Any]] = []
        self.pending: list[Mapping[str, Any]] = []
        self.may_be_said = False
        self.menus: list[list[dict[str, Any]]] = []

    async def open(self) -> None:
        """Set the stage, and give the contact what the test says of it."""
        await self.rehearsal.open({key: value for key, value in self.script.contact.items() if key != "name"})
        if self.script.given is not None:
            await self._happen(f"given: {self.script.given}", self.script.given.event())
            self.may_be_said = True
            self._refuse_unstubbed(None)

    async def close(self) -> None:
        """Let go of everything."""
        await self.rehearsal.close()
        await self.calls.real.close()

    def told(self) -> tuple[str, ...]:
        """Return the transcript, with all that handlers printed."""
        self._take_printed()
        return tuple(self.transcript)

    def _take_printed(self) -> None:
        self.transcript += [f"print: {line}" for line in self.printed.taken()]

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
        elif line.kind == "load":
            self.rehearsal.load = line.value
            self.transcript.append(f"load: {line.value}")
        elif line.kind == "undelivered":
            await self._lose(line)
        else:
            await self.rehearsal.restart()
        self._refuse_unstubbed(line)

    def _refuse_unstubbed(self, line: Line | None) -> None:
        if self.calls.unstubbed:
            raise Difference(line, "stub", self.calls.unstubbed[0], self._place(self.calls.unstubbed_at))

    def nothing_left(self) -> None:
        """Fail if the bot said something that no line expects.

        What it said on the way in (`given`) may go without: a test that begins with an input takes it as said.
        """
        if self.pending and not self.may_be_said:
            row = self.pending[0]
            raise Difference(None, "silence", shown(row["message"]), row["place"])
        self.pending.clear()

    def stubs_called(self) -> None:
        """Fail if nobody called one of the test's own stubs; those of the file are for all its tests."""
        for name, place in self.script.own_stubs.items():
            optional = any("optional" in result for result in self.script.stubs[name])
            if name not in self.calls.used and not optional:
                raise Difference(Line("stubs", place, None), name, "never_called")

    async def _tap(self, line: Line) -> None:
        tapped: Tapped = line.value
        shown = self.menus[-1:] if tapped.of is None else self.menus[tapped.of - 1 : tapped.of]
        menu = shown[0] if shown else []
        option = next((option for option in menu if option["title"] == tapped.label), None)
        if option is None:
            titles = ", ".join(option["title"] for option in menu) or "silence"
            raise Difference(line, tapped.label, titles, self._stands_at())
        tap = Tap(option["id"], option["title"])
        await self._say(Inbound(CHANNEL, "message", CONTACT, choice=tap), f"[{tapped.label}]")

    async def _say(self, message: Inbound, told: str) -> None:
        self._begin(f"user: {told}")
        await self._note(await self.rehearsal.say(message))

    async def _happen(self, told: str, event: Filed) -> None:
        """Let something happen that the person did not write."""
        self._begin(told)
        await self._note(await self.rehearsal.happen(event))

    def _begin(self, told: str) -> None:
        """Begin what a line of the script lets happen."""
        self.nothing_left()
        self.may_be_said = False
        self.transcript.append(told)
        self.calls.made.clear()
        self.said.clear()

    async def _operate(self, event: OperatorSaid | Release) -> None:
        text = event.text if isinstance(event, OperatorSaid) else "[release]"
        await self._happen(f"operator: {text}", event)

    async def _lose(self, line: Line) -> None:
        losable = self.rehearsal.seen.losable
        if losable is None:
            raise Difference(line, "losable", "silence", self._stands_at())
        await self._happen(f"undelivered: {line.value}", replace(losable, reason=line.value))

    async def _wait(self, seconds: float) -> None:
        self._begin(f"wait: {show_duration(seconds)}")
        await self._note(await self.rehearsal.wait(seconds))

    async def _note(self, heard: Heard) -> None:
        """Put down what the bot did; then it waits."""
        self._take_printed()
        noted = {note.event for note in heard.notes}
        self.transcript += [
            line for entry in self._kept.take() if entry["event"] not in noted for line in logged(entry)
        ]
        self.transcript += [f"log:  {told(note)}" for note in heard.notes]
        for row in heard.rows:
            self.transcript.append(f"bot:  {shown(row['message'])}")
            if "options" in row["message"]:
                self.menus.append(row["message"]["options"])
        self.said += heard.rows
        self.pending += heard.rows
        if self.restarts:
            await self.rehearsal.restart()

    def _expect_bubbles(self, line: Line) -> None:
        self.may_be_said = False
        if isinstance(line.value, Whole):
            self._expect_whole(line, line.value)
            return
        if not line.value:
            self.nothing_left()
        for expected in self._bubbles(line):
            if not self.pending:
                raise Difference(line, describe(expected), "silence", self._stands_at())
            row = self.pending.pop(0)
            if not fits(expected, row["message"]):
                raise Difference(line, describe(expected), shown(row["message"], expected), row["place"])

    def _expect_whole(self, line: Line, wanted: Whole) -> None:
        messages = [row["message"] for row in self.pending]
        self.pending.clear()
        if not wanted.fits(messages):
            said = " ⏎ ".join(shown(each) for each in messages) or "silence"
            raise Difference(line, str(wanted), said, self._stands_at())

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
            raise Difference(line, f"step: {step}", f"step: {show_fact(top.step if top else None)}", self._stands_at())
        question = self.rehearsal.question()
        if question is None:
            raise Difference(line, f"step: {step}", "no_question", self._stands_at())
        return [of_message(message) for message in question]

    def _expect_call(self, line: Line) -> None:
        if line.value is None:
            if self.calls.made:
                raise Difference(line, "no_call", " · ".join(map(str, self.calls.made)), self._stands_at())
        elif not self.calls.take(line.value):
            made = " · ".join(map(str, self.calls.made)) or "no_call"
            raise Difference(line, str(line.value), made, self._stands_at())

    def _expect_state(self, line: Line) -> None:
        facts = self.rehearsal.facts()
        if "requests" in line.value:
            facts["requests"] = requests_of(self.project, [row["message"] for row in self.said])
        for key, wanted in line.value.items():
            found = part_of(facts[key], wanted)
            if not alike(found, wanted):
                wanted, found = (f"{key}: {show_fact(each)}" for each in (wanted, found))
                raise Difference(line, wanted, found, self._stands_at())

    # ── where it is in the flow ──

    def _stands_at(self) -> str:
        """Return the place of the step where the conversation stands; of the last that said something, if none does."""
        conversation = self.rehearsal.seen.conversation
        top = conversation.top if conversation else None
        if top is None:
            return str(self.said[-1]["place"]) if self.said else ""
        return self._place((top.flow, top.step))

    def _place(self, step: tuple[str, str] | None) -> str:
        """Return `file:line:column` of a step by the names of its flow and its own."""
        flow = self.flows.flows.get(step[0]) if step else None
        known = flow.steps.get(step[1]) if flow and step else None
        return str(known.place) if known else ""
