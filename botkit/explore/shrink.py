"""The shortest talk that still shows a finding: moves are left out, one after the other, and it is played again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botkit.explore.finding import Finding
from botkit.explore.player import Player
from botkit.explore.results import FAILURE, USUAL
from botkit.explore.scene import Beat, Given, Move, Scene
from botkit.turn.conversation import PendingCall

#: Tells whether what came of a talk's last move still shows a finding.
Shows = Callable[[Beat], Finding | None]


@dataclass(frozen=True, slots=True)
class Scripted:
    """Gives calls what they were given before, in order; the last repeats."""

    given: Given

    def give(self, scene: Scene, name: str, call: PendingCall) -> tuple[Mapping[str, Any] | None, str]:
        """Return the next result of a call, the handler itself where that was called before."""
        results = self.given.get(name)
        if not results:
            return None, USUAL
        stub = results[min(len(scene.given.get(name) or ()), len(results) - 1)]
        failed = "error" in stub or "delay" in stub or stub.get("status", 200) >= 300
        return stub, FAILURE if failed else USUAL


async def replay(player: Player, start: Scene, moves: Sequence[Move], given: Given) -> list[Beat] | None:
    """Play a talk from its beginning; None if a move cannot be made any more."""
    beats: list[Beat] = []
    scene, giver = start, Scripted(given)
    for move in moves:
        beat = await player.play(scene, move, giver)
        if beat is None:
            return None
        beats.append(beat)
        scene = beat.after
    return beats


async def shrink(player: Player, finding: Finding, shows: Shows) -> Finding:
    """Return the same finding by the shortest talk that is found by leaving out what can be left out."""
    moves, start = finding.scene.path(), list(finding.scene.back())[-1]
    best = finding
    for length in (8, 4, 2, 1, 1):
        index = 0
        while index < len(moves) - 1:  # the last move is what shows it
            fewer = [*moves[:index], *moves[min(index + length, len(moves) - 1) :]]
            found = await _still(player, start, fewer, finding, shows)
            if found is None:
                index += 1
            else:
                moves, best = fewer, found
    return best


async def _still(player: Player, start: Scene, moves: Sequence[Move], finding: Finding, shows: Shows) -> Finding | None:
    given = finding.scene.given
    beats = await replay(player, start, moves, given)
    if not beats:
        return None
    found = shows(beats[-1])
    return replace(found, values=finding.values, wrong=finding.wrong) if found is not None else None
