"""A talk of a search, played on the whole runtime with a real store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from botkit.explore.scene import Move, Scene, inbound, named
from botkit.project import Project
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import CHANNEL, CONTACT, Heard, Rehearsal
from botkit.testing.stubs import StubbedCalls
from botkit.turn.conversation import Conversation
from botkit.turn.event import Begin, Release


async def rehearse(project: Project, scene: Scene) -> list[tuple[Move, Heard]]:
    """Play the talk that led to a moment; return its moves, each with what came of it."""
    assert project.flows is not None  # who explores has checked that the flows are sound
    start = scene.start
    clock = FakeClock(start["at"].replace(tzinfo=ZoneInfo(project.flows.bot.timezone)).timestamp())
    stubs = {name: results for name, results in scene.given.items() if results}
    calls = StubbedCalls(project.handlers, stubs, clock.advance)
    rehearsal = Rehearsal(project.flows, calls, clock, start.get("name"))
    rehearsal.load = start.get("load", "green")
    stage = _Stage(rehearsal, start)
    try:
        await rehearsal.open({key: start[key] for key in ("language",) if key in start})
        return [(move, await stage.make(move)) for move in scene.path()]
    finally:
        await rehearsal.close()
        await calls.real.close()


@dataclass(slots=True)
class _Stage:
    """A rehearsal, and the menus that it has shown."""

    rehearsal: Rehearsal
    start: Mapping[str, Any]
    menus: list[Any] = field(default_factory=list)

    async def make(self, move: Move) -> Heard:
        """Make a move; a tap on what is not on show is written."""
        heard = await self._make(move)
        self.menus += [row["message"]["options"] for row in heard.rows if "options" in row["message"]]
        return heard

    async def _make(self, move: Move) -> Heard:
        if move.kind == "wait":
            return await self.rehearsal.wait(move.told)
        if move.kind == "load":
            self.rehearsal.load = move.told
            return Heard((), ())
        if move.kind == "event":
            return await self.rehearsal.happen(named(move.told))
        if move.kind == "begin":
            return await self.rehearsal.happen(Begin(**move.told))
        if move.kind == "operator":
            return await self.rehearsal.happen(Release())
        scene = Scene(Conversation("", CHANNEL, CONTACT), 0.0, menus=tuple(self.menus), start=self.start)
        message = inbound(move, scene) or inbound(Move("user", str(move.told)), scene)
        assert message is not None  # a text can always be written
        return await self.rehearsal.say(message)
