"""A talk as inbox, journal and outbox keep it: turn by turn, with what was called and what was said.

A *talk* begins where nothing ran and goes on until nothing runs again; a contact's conversation is many of them. An
*exchange* is what moved one of them: a message, or a clock, with what fell due at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from botkit.flow.level import Level
from botkit.ports import Snapshot
from botkit.turn.codec import load_event, load_filed
from botkit.turn.event import FILED, Filed, Inbound

DUE, MESSAGE = "due", "message"
#: What a message says with.
_CONTENT = ("text", "choice", "media", "location")


@dataclass(frozen=True, slots=True)
class Said:
    """A bubble as it was queued; `flow` is empty where no flow said it. `place` is the step's file:line then."""

    message: Mapping[str, Any]
    flow: str
    step: str
    place: str
    status: str
    at: float


@dataclass(frozen=True, slots=True)
class Called:
    """A call and its result; `told` says that the person was told to wait for it."""

    name: str
    value: Any
    error: str | None
    took_s: float
    told: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happened to a conversation, and what came of it.

    `at` is when its turn began, `ended` when its last leg did; `came_from` and `now_at` are `flow/step`, None with
    nothing running. `begin` is what was known where nothing ran, None elsewhere; `version` is the conversation's before
    it. `handed` are the queues that took the conversation, and None where it was given back. `loads` says of each leg
    how loaded the channel was.
    """

    id: int
    kind: str
    status: str
    event: Mapping[str, Any]
    at: float
    ended: float
    came_from: str | None = None
    now_at: str | None = None
    begin: Mapping[str, Any] | None = None
    blank: bool = False
    due_at: float | None = None
    version: int | None = None
    handed: tuple[str | None, ...] = ()
    said: tuple[Said, ...] = ()
    calls: tuple[Called, ...] = ()
    loads: tuple[Level, ...] = ()

    @property
    def time(self) -> float:
        """When it would have happened, had the bot not been down."""
        return self.at if self.due_at is None else min(self.at, self.due_at)

    @property
    def starts(self) -> bool:
        """Tell whether a talk begins with it, of which all is known that came before."""
        return self.begin is not None or self.version == 0

    @property
    def is_turn(self) -> bool:
        """Tell whether it moved the conversation, or was to."""
        return self.kind in (MESSAGE, *FILED) and self.status not in ("filed", "dead")

    def input(self) -> Inbound | Filed:
        """Return the event as a leg takes it."""
        data = orjson.dumps(self.event)
        return load_filed(self.kind, data) if self.kind in FILED else load_event(data)


def turn_of(row: Mapping[str, Any]) -> Turn:
    """Return a turn from a row of the operation `turns`."""
    legs = [leg for leg in row["legs"] if leg["leg"] > 0]
    first, last = (legs[0], legs[-1]) if legs else ({}, {})
    said = tuple(
        Said(**{name: each[name] for name in ("message", "flow", "step", "place", "status", "at")})
        for each in row["said"]
    )
    empty = row["kind"] == MESSAGE and not any(row["event"].get(name) for name in _CONTENT)
    return Turn(
        *(row["id"], row["kind"], row["status"], row["event"]),
        *(first.get("at", row["at"]), last.get("at", row["at"])),
        came_from=first.get("from"),
        now_at=last.get("to"),
        begin=first.get("begin"),
        blank=empty or any(leg.get("blank") for leg in legs),
        due_at=first.get("due_at"),
        version=first["version"] - 1 if first else None,
        handed=tuple(leg["handed"] for leg in legs if "handed" in leg),
        said=said,
        calls=tuple(_calls(legs)),
        loads=tuple(leg.get("load", "green") for leg in legs),
    )


def _calls(legs: Sequence[Mapping[str, Any]]) -> Iterator[Called]:
    """Yield the calls of a turn: asked for in one leg, answered in another, maybe with a word between."""
    name, began, told = "", 0.0, False
    for leg in legs:
        if result := leg.get("call"):
            yield Called(" ".join(name.split()), result["value"], result["error"], max(0.0, leg["at"] - began), told)
            name, told = "", False
        if pending := leg.get("pending"):
            told = bool(name)
            name, began = pending["handler"], began if told else leg["at"]


@dataclass(slots=True)
class Talk:
    """A talk of one conversation: its turns, the first of which began it (unless the store has forgotten that)."""

    conversation: str
    channel: str
    contact: str
    turns: list[Turn] = field(default_factory=list)

    def snapshot(self) -> Snapshot | None:
        """Return how the conversation stood before it; None where that is not known."""
        first = self.turns[0]
        if not first.starts:
            return None
        state = orjson.dumps(first.begin or {})
        return Snapshot(self.conversation, self.channel, self.contact, first.version or 0, 0, state, first.time)

    def flows(self) -> set[str]:
        """Return the names of the flows that took part in it."""
        places = [place for turn in self.turns for place in (turn.came_from, turn.now_at) if place]
        return {place.partition("/")[0] for place in places} | {said.flow for turn in self.turns for said in turn.said}


async def talks_of(row: Mapping[str, Any], turns: AsyncIterable[Turn]) -> AsyncIterator[Talk]:
    """Yield the talks of a conversation (a row of `talkers` or `conversations`), each once it is whole."""
    talk = Talk(row["id"], row["channel"], row["contact"])
    async for turn in turns:
        if not turn.is_turn:
            continue
        if turn.starts and talk.turns:
            yield talk
            talk = Talk(row["id"], row["channel"], row["contact"])
        talk.turns.append(turn)
    if talk.turns:
        yield talk


@dataclass(frozen=True, slots=True)
class Exchange:
    """What moved a talk, and what fell due at once behind it."""

    first: Turn
    others: tuple[Turn, ...] = ()

    @property
    def said(self) -> list[Said]:
        """What the bot said to it, as it was sent: what was muted was not."""
        return [said for turn in (self.first, *self.others) for said in turn.said if said.status != "muted"]

    @property
    def calls(self) -> list[Called]:
        """What was called for it."""
        return [call for turn in (self.first, *self.others) for call in turn.calls]

    @property
    def loads(self) -> list[Level]:
        """How loaded the channel was, leg by leg."""
        return [load for turn in (self.first, *self.others) for load in turn.loads]

    @property
    def now_at(self) -> str | None:
        """Where the conversation stood behind it."""
        return (self.first, *self.others)[-1].now_at


def exchanges(turns: Sequence[Turn]) -> Iterator[Exchange]:
    """Yield the exchanges of a talk."""
    group: list[Turn] = []
    for turn in turns:
        if group and not (turn.kind == DUE and turn.time <= group[-1].ended):
            yield Exchange(group[0], tuple(group[1:]))
            group = []
        group.append(turn)
    if group:
        yield Exchange(group[0], tuple(group[1:]))
