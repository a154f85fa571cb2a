"""Playing a recorded talk on the files as they are now: the same words at the same times, the same results of calls.

It is played where everything else is rehearsed, under the ids that it had, so that variants are drawn as they were. A
clock that was due while the bot was down is heard when the bot was up again, as then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from botkit.flow.flowset import FlowSet
from botkit.ports import Snapshot
from botkit.talks.calls import RecordedCalls
from botkit.talks.compare import LATE_S, Answer, Change, Fit, changes, same_place
from botkit.talks.menus import Menus
from botkit.talks.recorded import DUE, Exchange, Talk, exchanges
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import Rehearsal
from botkit.turn.event import Inbound

#: How much of rounding may lie between a time on record and the rehearsal's, in seconds.
SLACK_S = 0.05

#: Why a talk can be played no further -> what that means.
STOPS: dict[str, str] = {
    "blank": "the answer to a `sensitive` step is not kept",
    "start": "what was known when it began is not on record",
    "open": "it waits for a call",
    "ways part": "it goes another way now",
}


class Replay:
    """A talk under way once more; made by `opened`."""

    def __init__(self, talk: Talk, flows: FlowSet, begin: Snapshot) -> None:
        self.clock = FakeClock(begin.created_at - 1.0)
        self.calls = RecordedCalls(self.clock.advance)
        self.rehearsal = Rehearsal(flows, self.calls, self.clock)
        self._begin = begin
        self._menus = Menus()

    @classmethod
    @asynccontextmanager
    async def opened(cls, talk: Talk, flows: FlowSet, begin: Snapshot) -> AsyncIterator[Replay]:
        """Yield the talk as it stood when it began."""
        made = cls(talk, flows, begin)
        try:
            await made.rehearsal.open(whose=begin)
            yield made
        finally:
            await made.rehearsal.close()

    async def play(self, exchange: Exchange) -> Answer:
        """Return what is answered now."""
        first = exchange.first
        self.calls.expect(exchange.calls)
        early: list[Mapping[str, Any]] = []
        if first.kind == DUE:
            rows = await self._fall_due(exchange)
        else:
            early = list((await self.rehearsal.wait(max(0.0, first.at - self.clock.now()))).rows)
            self.rehearsal.loads = deque(exchange.loads)
            await self.rehearsal.store.number(first.id)
            event = first.input()
            if isinstance(event, Inbound):
                rows = list((await self.rehearsal.say(self._as_now(event))).rows)
            else:
                rows = list((await self.rehearsal.happen(event)).rows)
        self._menus.note((said.message for said in exchange.said), (row["message"] for row in rows))
        return Answer(rows, where(self.rehearsal), early, tuple(self.calls.unrecorded))

    async def _fall_due(self, exchange: Exchange) -> list[Mapping[str, Any]]:
        """Let the time come at which something was due; if that was heard late, only then."""
        first = exchange.first
        if first.at - first.time > LATE_S:
            await self.rehearsal.wait(max(0.0, first.time - SLACK_S - self.clock.now()))
            await self.clock.advance(max(0.0, first.at - self.clock.now()))
        self.rehearsal.loads = deque(exchange.loads)
        await self.rehearsal.store.number(first.id)
        return list((await self.rehearsal.wait(max(0.0, first.time + SLACK_S - self.clock.now()))).rows)

    def _as_now(self, message: Inbound) -> Inbound:
        tap = message.choice
        return message if tap is None else message._replace(choice=self._menus.tap(tap))


def where(rehearsal: Rehearsal) -> str | None:
    """Return where a rehearsed conversation stands, as `flow/step`."""
    conversation = rehearsal.seen.conversation
    top = conversation.top if conversation else None
    return f"{top.flow}/{top.step}" if top else None


@dataclass(slots=True)
class Played:
    """How far a talk was played: `stop` is why no further, one of STOPS, or None for to its end.

    `same` are the ids of the exchanges that were answered as they were.
    """

    exchanges: int = 0
    same: set[int] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    stop: str | None = None


async def replay(talk: Talk, flows: FlowSet, fit: Fit) -> Played:
    """Play a talk up to where it ends, or where it can no longer be compared."""
    played, begin = Played(), talk.snapshot()
    if begin is None:
        played.stop = "start"
        return played
    async with Replay.opened(talk, flows, begin) as again:
        for exchange in exchanges(talk.turns):
            if stop := barrier(exchange):
                played.stop = stop
                break
            answer = await again.play(exchange)
            found = changes(exchange, answer, flows, lambda message: fit(talk.channel, message))
            played.exchanges += 1
            played.changes += found
            if not found:
                played.same.add(exchange.first.id)
            if found and (answer.unrecorded or not same_place(exchange.now_at, answer.now_at, flows)):
                played.stop = "ways part"
                break
    return played


def barrier(exchange: Exchange) -> str | None:
    """Return why an exchange cannot be played, one of STOPS."""
    turns = (exchange.first, *exchange.others)
    if any(turn.blank for turn in turns):
        return "blank"
    return "open" if any(turn.status != "done" for turn in turns) else None
