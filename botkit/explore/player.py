"""Playing a move: the turn itself, driven from one moment to the next without a store.

Clocks are read off the conversation (`turn/clocks.py`), as a restart would; calls go through the stubs of conversation
tests. What is found here is proved on the whole runtime (`proof.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from botkit.explore.results import GUESSED, ODD
from botkit.explore.scene import Beat, Move, Scene, Way, inbound, named
from botkit.flow.flowset import FlowSet
from botkit.flow.machine import FlowMachine
from botkit.handlers import Handler
from botkit.testing.stubs import StubbedCalls
from botkit.turn.clocks import clocks_of
from botkit.turn.conversation import PendingCall
from botkit.turn.effect import Ended, Note, Send
from botkit.turn.event import Begin, Due, Event, Meanwhile, Release
from botkit.turn.leg import contact_of
from botkit.turn.step import turn

#: Most clocks that run out in one move: who writes on and on to nobody is found by fewer.
MOST_FIRED = 24
#: Most legs of one row: calls that follow one another without a question.
MOST_LEGS = 120
#: The least that time moves to a clock that is due, in seconds.
GRAIN_S = 0.001


class Giver(Protocol):
    """Decides what a call gives."""

    def give(self, scene: Scene, name: str, call: PendingCall) -> tuple[Mapping[str, Any] | None, str]:
        """Return a stub (None: the handler itself is called), and how plausible it is."""
        ...


class Traced(FlowMachine):
    """A flow's machine that notes the ways that are taken."""

    __slots__ = ("flow", "inner", "taken")

    def __init__(self, flow: str, inner: FlowMachine, taken: list[Way]) -> None:
        self.flow, self.inner, self.taken = flow, inner, taken

    def move(self, state: str, trigger: str, key: str | None = None) -> str:
        """Move, and note it."""
        target = self.inner.move(state, trigger, key)
        self.taken.append(Way(self.flow, state, trigger, key, target))
        return target


@dataclass(slots=True)
class _Played:
    """What was gathered while a move is played."""

    said: list[Send] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    fired: int = 0


class Player:
    """Plays moves of one bot. `flows` are the bot's, with machines that note the ways."""

    def __init__(self, flows: FlowSet, handlers: Mapping[str, Handler]) -> None:
        self._taken: list[Way] = []
        traced: dict[str, FlowMachine] = {
            digest: Traced(flows.by_digest[digest].name, machine, self._taken)
            for digest, machine in flows.machines.items()
        }
        self.flows = replace(flows, machines=traced)
        self._now = 0.0
        self._calls = StubbedCalls(handlers, {}, self._sleep)
        self.turns = 0

    async def close(self) -> None:
        """Let go of what handlers opened."""
        await self._calls.real.close()

    async def _sleep(self, seconds: float) -> None:
        self._now += seconds

    async def play(self, scene: Scene, move: Move, giver: Giver) -> Beat | None:
        """Return what comes of a move; None for one that cannot be made there."""
        self._taken.clear()
        self._now = scene.now
        played = _Played()
        after = replace(scene, move=move, before=scene)
        crash = ""
        try:
            begun = await self._begin(after, move, played, giver)
        except Exception as error:  # the turn never raises: this is a defect of ours
            begun, crash = after, f"{type(error).__name__}: {error}"
        if begun is None:
            return None
        menus = tuple(tuple(send.message["options"]) for send in played.said if "options" in send.message)
        likely = {result[2] for result in played.results}
        after = replace(
            begun,
            now=self._now,
            menus=(*scene.menus, *menus),
            ways=tuple(self._taken),
            odd=scene.odd or ODD in likely,
            guessed=scene.guessed or GUESSED in likely,
        )
        kept = (tuple(played.said), tuple(played.notes), tuple(played.ended), tuple(self._taken))
        return Beat(scene, after, *kept, tuple(played.results), played.fired, crash)

    async def _begin(self, scene: Scene, move: Move, played: _Played, giver: Giver) -> Scene | None:
        if move.kind == "wait":
            return await self._wait(scene, scene.now + move.told, played, giver)
        if move.kind == "load":
            return replace(scene, load=move.told)
        event: Event
        if move.kind in ("user", "tap"):
            message = inbound(move, scene)
            if message is None:
                return None
            event = message
        elif move.kind == "event":
            event = named(move.told)
        elif move.kind == "begin":
            event = Begin(**move.told)
        else:
            event = Release()
        return await self._wait(await self._row(scene, event, played, giver), self._now, played, giver)

    async def _wait(self, scene: Scene, until: float, played: _Played, giver: Giver) -> Scene:
        """Let time pass; what falls due happens in its order."""
        while played.fired < MOST_FIRED:
            due = [(clock.due_at, name, clock.kind) for name, clock in clocks_of(scene.conversation).items()]
            at, name, kind = min(due, default=(float("inf"), "", ""))
            if at > until:
                break
            self._now = max(self._now, at)
            played.fired += 1
            scene = await self._row(scene, Due(name, kind), played, giver)
        self._now = max(self._now, until)
        return scene

    async def _row(self, scene: Scene, event: Event, played: _Played, giver: Giver) -> Scene:
        """Play a row of the inbox: a leg, and one for each call that it comes to."""
        scene = replace(scene, count=scene.count + 1)
        next_event: Event | None = event
        for _ in range(MOST_LEGS):
            if next_event is None:
                break
            scene, call = self._leg(scene, next_event, played)
            next_event = None
            if call is not None:
                scene, began = scene, self._now
                scene, next_event = await self._call(scene, call, played, giver)
                if call.meanwhile_s is not None and self._now - began >= call.meanwhile_s:
                    scene, _ = self._leg(scene, Meanwhile(call.key), played)
        return scene

    def _leg(self, scene: Scene, event: Event, played: _Played) -> tuple[Scene, PendingCall | None]:
        self.turns += 1
        outcome = turn(self.flows, scene.conversation, event, self._now, str(scene.count), scene.load)
        for effect in outcome.effects:
            if isinstance(effect, Send):
                played.said.append(effect)
            elif isinstance(effect, Note):
                played.notes.append(effect)
            elif isinstance(effect, Ended):
                played.ended.append(effect)
        top = outcome.conversation.top
        call = top.pending_call if outcome.open and top is not None else None
        return replace(scene, conversation=outcome.conversation), call

    async def _call(self, scene: Scene, call: PendingCall, played: _Played, giver: Giver) -> tuple[Scene, Event]:
        name = " ".join(call.handler.split())
        stub, likely = giver.give(scene, name, call)
        self._calls.stubs = {name: [stub]} if stub is not None else {}
        self._calls.made.clear()
        self._calls.unstubbed.clear()
        contact = contact_of(self.flows, scene.conversation)
        result = await self._calls.call(scene.conversation, call, contact)
        played.results.append((name, stub, likely, result.error))
        before = scene.given.get(name) or ()
        now = (*before, *[stub] * max(1, len(self._calls.made))) if stub is not None else None
        return replace(scene, given={**scene.given, name: now}), result
