"""Playing conversation tests: the same runtime and a real store as `botkit run`, on a clock that a test moves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from botkit.calls import Calls
from botkit.flow.problem import Problem
from botkit.flow.values import plain
from botkit.handlers import Handler
from botkit.legs import Player
from botkit.ports import Arrival, InboxRow, Leg
from botkit.project import Project, read_file
from botkit.runtime import Runtime
from botkit.store.sqlite import SqliteStore
from botkit.testing.clock import FakeClock
from botkit.testing.files import test_files
from botkit.testing.script import Expected, Line, Script, read_scripts
from botkit.turn.codec import dump_event
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.effect import Effect, Ended, Note, Record
from botkit.turn.event import CallResult, Inbound, Tap

CHANNEL, CONTACT = "test", "59170000001"
#: Longest a test may take in real time, in seconds: only to end a hang.
HANG_S = 30.0

_TOLD = {
    "es": {
        "expected": "se esperaba",
        "got": "llegó",
        "silence": "(nada)",
        "line": "línea",
        "unexpected": "nadie esperaba este mensaje",
        "no_option": "no hay ninguna opción '{label}' a la vista",
        "hang": "la prueba no termina",
    },
    "en": {
        "expected": "expected",
        "got": "got",
        "silence": "(nothing)",
        "line": "line",
        "unexpected": "nobody expected this message",
        "no_option": "no option '{label}' is on show",
        "hang": "the test does not end",
    },
}


class Difference(Exception):
    """The first thing in a test that is not as its script says."""

    def __init__(self, line: Line | None, expected: str, got: str, place: str = "") -> None:
        super().__init__(expected, got)
        self.line = line
        self.expected = expected
        self.got = got
        self.place = place


@dataclass(frozen=True, slots=True)
class Result:
    """How one test went; `difference` None means that it passed. `transcript` is what was said."""

    script: Script
    transcript: tuple[str, ...]
    difference: Difference | None

    @property
    def passed(self) -> bool:
        """Tell whether everything was as the script says."""
        return self.difference is None

    def report(self, language: str) -> str:
        """Return the transcript and the first difference, for people."""
        told = _TOLD[language]
        out = [f"✗ {self.script.place.file}:{self.script.place.line}  {self.script.name}"]
        out += [f"    {line}" for line in self.transcript]
        if self.difference is not None:
            at = f" ({told['line']} {self.difference.line.place.line})" if self.difference.line else ""
            where = f"  [{self.difference.place}]" if self.difference.place else ""
            out.append(f"  {told['expected']}{at}: {told.get(self.difference.expected, self.difference.expected)}")
            out.append(f"  {told['got']}: {told.get(self.difference.got, self.difference.got)}{where}")
        return "\n".join(out)


def run_tests(
    project: Project, paths: Sequence[Path], pattern: str | None = None
) -> tuple[list[Result], list[Problem]]:
    """Play the tests of the given files and folders (none: the flows folder); return results and problems of files."""
    results: list[Result] = []
    problems: list[Problem] = []
    for path in test_files(project, paths):
        scripts, wrong = read_scripts(read_file(path, project))
        problems += wrong
        for script in scripts if not wrong else []:
            if pattern is None or pattern.casefold() in script.name.casefold():
                results.append(play(project, script))
    return results, problems


def play(project: Project, script: Script) -> Result:
    """Play one test."""
    return asyncio.run(_play(project, script))


async def _play(project: Project, script: Script) -> Result:
    stage = Stage(project, script)
    try:
        async with asyncio.timeout(HANG_S):
            await stage.open()
            for line in script.lines:
                await stage.perform(line)
            stage.nothing_left()
        return Result(script, tuple(stage.transcript), None)
    except TimeoutError:
        return Result(script, tuple(stage.transcript), Difference(None, "", "hang"))
    except Difference as difference:
        return Result(script, tuple(stage.transcript), difference)
    finally:
        await stage.close()


class StubbedCalls:
    """Handlers as a test says: stubs in order, the last one repeats; else the real one, unless it takes `ctx`."""

    def __init__(self, handlers: Mapping[str, Handler], stubs: Mapping[str, tuple[Mapping[str, Any], ...]]) -> None:
        self.real = Calls(handlers)
        self.stubs = {name: list(results) for name, results in stubs.items()}

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the stub's next result."""
        results = self.stubs.get(call.handler)
        if not results:
            known = self.real.handlers.get(call.handler)
            if known is not None and known.wants_context:
                return CallResult(call.key, error=f"the test has no stub for '{call.handler}', which takes ctx")
            return await self.real.call(conversation, call, contact)
        result = results.pop(0) if len(results) > 1 else results[0]
        if "error" in result:
            return CallResult(call.key, error=str(result["error"]))
        return CallResult(call.key, value=result["return"])


@dataclass(slots=True)
class Seen:
    """What the runtime's observer noted: the conversation, the last end of a flow, recorded rows."""

    conversation: Conversation | None = None
    ended: Ended | None = None
    records: list[dict[str, Any]] = field(default_factory=list)


class Stage:
    """One test under way: store, runtime, clock, what was said and not yet expected."""

    def __init__(self, project: Project, script: Script) -> None:
        assert project.flows is not None  # the caller has checked that the flows are sound
        self.flows = project.flows
        self.script = script
        self.calls = StubbedCalls(project.handlers, script.stubs)
        zone = ZoneInfo(self.flows.bot.timezone)
        self.clock = FakeClock(script.at.replace(tzinfo=zone).timestamp())
        self.seen = Seen()
        self.transcript: list[str] = []
        self.pending: list[dict[str, Any]] = []
        self.menu: list[dict[str, Any]] = []
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
                Leg(row.id, 1, True, given.id, CHANNEL, given.version, given.epoch, state, b"{}", now)
            )

    async def _start(self) -> None:
        player = Player(self.store, self.flows, self.calls, self.clock, observe=self._observe)
        self.runtime = Runtime(self.store, player, self.clock)
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
            await self._say(Inbound(CHANNEL, "message", CONTACT, text=line.value), line.value)
        elif line.kind == "tap":
            await self._tap(line)
        elif line.kind == "bot":
            self._expect_bubbles(line)
        elif line.kind == "expect":
            self._expect_state(line)
        else:
            await self.runtime.stop(1.0)
            await self._start()

    def nothing_left(self) -> None:
        """Fail if the bot said something that no line expects."""
        if self.pending:
            message = self.pending[0]
            raise Difference(None, "silence", shown(message["message"]), message["place"])

    async def _tap(self, line: Line) -> None:
        option = next((option for option in self.menu if option["title"] == line.value), None)
        if option is None:
            raise Difference(line, line.value, ", ".join(option["title"] for option in self.menu) or "silence")
        tap = Tap(option["id"], option["title"])
        await self._say(Inbound(CHANNEL, "message", CONTACT, choice=tap), f"[{line.value}]")

    async def _say(self, message: Inbound, told: str) -> None:
        self.nothing_left()
        self.transcript.append(f"user: {told}")
        name = self.script.contact.get("name")
        event = Inbound(
            *(message.channel, message.kind, message.contact),
            at=self.clock.now(),
            name=str(name) if name else None,
            text=message.text,
            choice=message.choice,
        )
        row = await self._arrive("message", dump_event(event))
        self.runtime.notify([row])
        await self.runtime.idle()
        await self._collect(row.conversation.id)

    async def _arrive(self, kind: str, event: bytes) -> InboxRow:
        self.count += 1
        arrival = Arrival(CHANNEL, "api", kind, CONTACT, str(self.count), "", b"", event)
        receipt = (await self.store.accept([arrival], self.clock.now()))[0]
        assert receipt.row is not None  # every id here is new
        return receipt.row

    async def _collect(self, conversation_id: str) -> None:
        rows = await self.store.outbox_rows(conversation_id=conversation_id, status=None, limit=10_000)
        new = [row for row in reversed(rows) if row["seq"] > self.shown]
        for row in new:
            self.shown = row["seq"]
            self.transcript.append(f"bot:  {shown(row['message'])}")
            self.menu = row["message"].get("options", self.menu)
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
        for expected in line.value:
            if not self.pending:
                raise Difference(line, describe(expected), "silence")
            row = self.pending.pop(0)
            if not fits(expected, row["message"]):
                raise Difference(line, describe(expected), shown(row["message"], expected), row["place"])

    def _expect_state(self, line: Line) -> None:
        facts = self._facts()
        for key, wanted in line.value.items():
            found = facts[key]
            if isinstance(wanted, Mapping) and isinstance(found, Mapping):
                found = {name: found.get(name) for name in wanted}
            if found != wanted:
                raise Difference(line, f"{key}: {wanted}", f"{key}: {found}")

    def _facts(self) -> dict[str, Any]:
        conversation, ended = self.seen.conversation, self.seen.ended
        top = conversation.top if conversation else None
        slots = top.slots if top else ended.slots if ended else {}
        return {
            "step": top.step if top else None,
            "flow": top.flow if top else None,
            "running": top is not None,
            "outcome": conversation.last.get("outcome") if conversation else None,
            "slots": plain(dict(slots)),
            "contact": {**(conversation.last if conversation else {}), **(conversation.fields if conversation else {})},
            "records": self.seen.records,
        }


def fits(expected: Expected, message: Mapping[str, Any]) -> bool:
    """Tell whether a message is as expected."""
    text = str(message.get("text") or message.get("caption") or "")
    if expected.text is not None and text.strip() != expected.text:
        return False
    if expected.contains is not None and expected.contains not in text:
        return False
    if expected.matches is not None and not re.search(expected.matches, text):
        return False
    titles = tuple(option["title"] for option in message.get("options", ()))
    return expected.options is None or titles == expected.options


def told(note: Note) -> str:
    """Return what an operator would find in the log, on one line."""
    return " ".join([note.event, *(f"{name}={value}" for name, value in note.fields.items())])


def describe(expected: Expected) -> str:
    """Return what a line wants, for people."""
    parts = [expected.text or "", expected.contains and f"…{expected.contains}…", expected.matches]
    text = " ".join(f"/{part}/" if part is expected.matches else part for part in parts if part)
    return text if expected.options is None else f"{text} [{' | '.join(expected.options)}]".strip()


def shown(message: Mapping[str, Any], expected: Expected | None = None) -> str:
    """Return a message on one line, with its options unless they do not matter."""
    text = str(message.get("text") or message.get("caption") or message.get("url") or "").replace("\n", " ⏎ ")
    options = message.get("options")
    if options and (expected is None or expected.options is not None):
        text += f" [{' | '.join(option['title'] for option in options)}]"
    return text
