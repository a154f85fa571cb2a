"""A recorded talk as conversation tests: what is written is what a rehearsal of it says, line by line.

The talk is played as the test will be, with masks where there are any: so time passes by the same waits, menus have the
same ids, and what does not depend on the files is as in the test. Where that differs from what was said then, the files
decide: answered as then by a true replay (`replay.py`), the test has the rehearsal's words; else those of then, and it
fails, as it should.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botkit.flow.duration import show_duration
from botkit.flow.flowset import FlowSet
from botkit.flow.level import Level
from botkit.talks.calls import RecordedCalls
from botkit.talks.compare import Fit, plain, same_place
from botkit.talks.lines import event_line, event_of, given_of, message_of, user_line
from botkit.talks.mask import Masks
from botkit.talks.menus import Menus
from botkit.talks.recorded import DUE, Exchange, Said, Talk, Turn, exchanges
from botkit.talks.replay import barrier, replay, where
from botkit.talks.stubs import stubs_of
from botkit.testing import written
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import Rehearsal
from botkit.turn.clocks import REMINDER, clocks_of
from botkit.turn.event import FILED_KINDS, Begin, Filed, Inbound, Told

BEGIN = FILED_KINDS[Begin]

#: Time that passes without a line of its own, in seconds, while nothing falls due.
UNSAID_S = 60.0
#: How much later than then something may fall due in a test, in seconds: no line says that seconds passed.
LATER_S = 2 * UNSAID_S

#: Why a test ends before its talk does -> what that means. Those of `replay.STOPS` are meant, too.
ENDS: dict[str, str] = {
    "delivery": "a message did not arrive, which no line of a test says",
    "begin": "`botkit start` began a flow on top of another, which no line of a test says",
    "apology": "a defect of botkit broke off a turn",
    "old menu": "somebody tapped a menu that was shown before",
    "reminder": "a reminder fell due that was set before the test begins, which no line of a test says",
    "astray": "in a test it takes another way: with its stand-ins, or for what came before it",
}


@dataclass(slots=True)
class Written:
    """A test that was written, and why it ends where it ends: of ENDS or STOPS, None at the end of what was held.

    `untold` counts texts of `botkit send`, which are no part of it.
    """

    talk: written.Talk
    end: str | None = None
    untold: int = 0


@dataclass(slots=True)
class _Group:
    """Talks that become one test, and the exchanges of theirs that the files answer as then."""

    talks: list[Talk] = field(default_factory=list)
    same: set[int] = field(default_factory=set)


class Scripts:
    """Writes talks as tests; `name` is what a test is called, with its time as `{at}`."""

    def __init__(self, flows: FlowSet, fit: Fit, masks: Masks, name: str) -> None:
        self.flows, self.fit, self.masks, self._name = flows, fit, masks, name
        self._reads_load = flows.mentions("load")
        self._zone = ZoneInfo(flows.bot.timezone)

    async def tests(self, talks: AsyncIterator[Talk]) -> AsyncIterator[Written]:
        """Yield a test for all of a contact's talks; where one cannot go on, another begins with the next talk.

        Who they tell of must be known to the masks (`source.meet`).
        """
        group = _Group()
        async for talk in talks:
            if talk.turns[0].kind == BEGIN:  # `given` stands only at the beginning
                async for test in self._write_all(group):
                    yield test
                group = _Group()
            group.talks.append(talk)
            group.same |= (await replay(talk, self.flows, self.fit)).same
        async for test in self._write_all(group):
            yield test

    async def _write_all(self, group: _Group) -> AsyncIterator[Written]:
        """Yield a test of talks; where it ends before they do, another one of those that follow."""
        while group.talks:
            first = group.talks[0]
            if first.snapshot() is None or first.turns[0].kind == DUE:
                del group.talks[0]
                continue
            test, played = await self._write(group)
            yield test
            del group.talks[:played]

    async def _write(self, group: _Group) -> tuple[Written, int]:
        """Return a test, and how many talks it has, the last one perhaps in part."""
        first = group.talks[0].turns[0]
        at = datetime.fromtimestamp(first.at, self._zone).replace(second=0, microsecond=0)
        contact = self._contact(group.talks[0])
        playing = _Playing(self, group, FakeClock(at.timestamp()), str(contact.get("name") or "") or None)
        end, played = None, 0
        try:
            await playing.rehearsal.open({name: value for name, value in contact.items() if name != "name"})
            while end is None and played < len(group.talks):
                end = await playing.talk(group.talks[played])
                played += 1
            if end is None:
                playing.finish()
        finally:
            await playing.rehearsal.close()
        name = self._name.format(at=f"{at:%Y-%m-%d %H:%M}")
        stubs = stubs_of(playing.calls.given)
        lines, load = tuple(playing.lines), self.load(first)
        held = written.Talk(
            *(name, at.replace(tzinfo=None), contact), given=playing.given, stubs=stubs, lines=lines, load=load
        )
        return Written(held, end, playing.untold), played

    def load(self, turn: Turn) -> Level:
        """Return how loaded the channel was when a turn began; green where no flow reads it."""
        return turn.loads[0] if self._reads_load and turn.loads else "green"

    def _contact(self, talk: Talk) -> dict[str, Any]:
        """Return what is known of the contact when the test begins."""
        known = dict(talk.turns[0].begin or {})
        named = [turn.event.get("name") for turn in talk.turns if turn.kind == "message"]
        name = next((each for each in named if each), None) or known.get("last", {}).get("name")
        fields = self.masks.value(dict(known.get("fields", {})))
        if self.masks.personal and talk.contact.isdigit():
            fields = {"phone": f"+{talk.contact}", **fields}
        if known.get("last", {}).get("message") and self.flows.mentions("contact.new"):
            fields = {**fields, "new": False}
        return {**({"name": self.masks.text(name)} if name else {}), **fields}


class _Playing:
    """A test under way: its rehearsal, and its lines so far."""

    def __init__(self, scripts: Scripts, group: _Group, clock: FakeClock, name: str | None) -> None:
        self.clock = clock
        self.calls = RecordedCalls(clock.advance, takes_time=False)
        self.rehearsal = Rehearsal(scripts.flows, self.calls, clock, name)
        self.lines: list[Mapping[str, Any]] = []
        self.given: Mapping[str, Any] = {}
        self.untold = 0
        self._as_then = True
        self._scripts, self._same, self._first = scripts, group.same, group.talks[0].turns[0]
        self.rehearsal.load = scripts.load(self._first)
        self._menus = Menus()

    async def talk(self, talk: Talk) -> str | None:
        """Play a talk and write its lines; return why it goes no further (ENDS, STOPS), None where it does."""
        for exchange in exchanges(talk.turns):
            if end := self._end_before(exchange) or await self._exchange(talk, exchange):
                return end
        return None

    def finish(self) -> None:
        """Write where the talk came to, where all that the test has of it went as then."""
        if self.lines and self._as_then:
            self.lines.append(written.end_line(self.rehearsal.facts()))

    def _end_before(self, exchange: Exchange) -> str | None:
        """Return why a test ends before an exchange; None where it goes on, or begins."""
        first = exchange.first
        begins = first.kind == BEGIN and first is self._first
        if first.kind == DUE and first.event.get("kind") == REMINDER and not self._is_set(first.event["name"]):
            return barrier(exchange) or "reminder"
        return barrier(exchange) or (first.kind if first.kind in ENDS and not begins else None)

    def _is_set(self, reminder: str) -> bool:
        """Tell whether a reminder is set in the rehearsal, by the name of its clock."""
        conversation = self.rehearsal.seen.conversation
        return conversation is not None and reminder in clocks_of(conversation)

    async def _exchange(self, talk: Talk, exchange: Exchange) -> str | None:
        """Play an exchange and write its lines; return why that cannot be (ENDS)."""
        event = None if exchange.first.kind == DUE else exchange.first.input()
        if isinstance(event, Told):
            self.untold += 1
            return None
        line = self._line(event)
        if line is None and isinstance(event, Inbound):
            return "old menu"
        lines, given = len(self.lines), len(self.calls.given)
        rows = await self._rows(exchange, event, line)
        if exchange.first.id in self._same and self._is_astray(exchange):
            del self.lines[lines:], self.calls.given[given:]
            return "astray"
        self._as_then = self._as_then and exchange.first.id in self._same
        if told := self._expected(talk, exchange, rows):
            self.lines.append(written.bot_line(told))
        return None

    def _line(self, event: Inbound | Filed | None) -> Mapping[str, Any] | None:
        """Return the line of an event; None for what has none: a clock, `given`, a tap on a menu not seen."""
        masks = self._scripts.masks
        if isinstance(event, Inbound):
            return user_line(event, masks, self._menus)
        if isinstance(event, Begin):
            self.given = given_of(event, masks)
            return None
        return None if event is None else event_line(event, masks)

    async def _rows(
        self, exchange: Exchange, event: Inbound | Filed | None, line: Mapping[str, Any] | None
    ) -> list[Mapping[str, Any]]:
        """Play an exchange as the test will; return what the bot says."""
        masks = self._scripts.masks
        self.calls.expect(
            replace(call, value=masks.value(call.value), error=masks.text(call.error or "") or None)
            for call in exchange.calls
        )
        load = self._scripts.load(exchange.first)
        if load != self.rehearsal.load:
            self.rehearsal.load = load
            self.lines.append({"load": load})
        rows = await self._pass_time(exchange)
        if line is not None:
            self.lines.append(line)
        if event is not None:
            rows += await self._say(line, event)
        self._menus.note((said.message for said in exchange.said), (row["message"] for row in rows))
        return rows

    def _is_astray(self, exchange: Exchange) -> bool:
        """Tell whether the rehearsal stands elsewhere than the talk did, or called what nobody called."""
        is_there = same_place(exchange.now_at, where(self.rehearsal), self._scripts.flows)
        return bool(self.calls.unrecorded) or not is_there

    async def _say(self, line: Mapping[str, Any] | None, event: Inbound | Filed) -> list[Mapping[str, Any]]:
        if isinstance(event, Inbound):
            assert line is not None
            return list((await self.rehearsal.say(message_of(line, self._menus))).rows)
        return list((await self.rehearsal.happen(event_of(event, self._scripts.masks))).rows)

    async def _pass_time(self, exchange: Exchange) -> list[Mapping[str, Any]]:
        """Let time pass as far as it must: until something is due, or because that much did."""
        now, first = self.clock.now(), exchange.first
        due_at = await self.rehearsal.timers.fire()
        lag_s = first.time - now
        if first.kind == DUE and due_at is not None and due_at <= first.at + LATER_S:
            seconds = _whole(due_at - now)
        elif lag_s < UNSAID_S:
            return []
        else:
            seconds = lag_s // UNSAID_S * UNSAID_S
            if due_at is not None and now + seconds - UNSAID_S < due_at <= now + seconds:
                seconds = max(0.0, (due_at - now - 1) // 1)
        if seconds <= 0:
            return []
        self.lines.append({"wait": show_duration(seconds)})
        return list((await self.rehearsal.wait(seconds)).rows)

    def _expected(
        self, talk: Talk, exchange: Exchange, rows: Sequence[Mapping[str, Any]]
    ) -> Sequence[Mapping[str, Any]]:
        """Return the rows that the test is to expect."""
        then = [self._masked(said) for said in exchange.said]
        fitted = [plain(part) for row in rows for part in self._scripts.fit(talk.channel, row["message"])]
        is_as_then = fitted == [plain(message) for message in then]
        if is_as_then or exchange.first.id in self._same:
            return rows
        return [{"message": message} for message in then]

    def _masked(self, said: Said) -> dict[str, Any]:
        masked: dict[str, Any] = self._scripts.masks.value(dict(said.message))
        return masked


def _whole(seconds: float) -> float:
    """Return the next whole number of seconds, but for what rounding adds."""
    return float(-(-round(seconds, 3) // 1))
