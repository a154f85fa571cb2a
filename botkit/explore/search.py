"""The search: from which moment to go on, and by which move.

Ways not yet taken come first. A moment that showed something new is kept, and talks go on from it; at a question, the
move that was made least is made next. All chance comes from one seed, so that a run repeats exactly.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from botkit.explore.afterwards import Tally
from botkit.explore.answers import Answers
from botkit.explore.around import Around, beginning, levels
from botkit.explore.asked import Asked, asked
from botkit.explore.finding import Finding
from botkit.explore.judge import Judge
from botkit.explore.player import Player
from botkit.explore.reading import constants
from botkit.explore.results import Results
from botkit.explore.scene import Beat, Move, Scene
from botkit.explore.taken import against_words
from botkit.explore.unread import Unread
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow
from botkit.handlers import Handler
from botkit.turn.conversation import Conversation

#: How much of the moves each aim gets, as weights.
WEIGHTS: dict[str, float] = {"answer": 10, "edge": 4, "wrong": 2, "word": 1.5, "time": 2, "event": 3}
#: Most moves that are made in a row before another moment is taken, and in a talk as a whole.
ROW, LONGEST_TALK = 14, 60
#: When talks begin: working hours, and a night of a weekend.
BEGINNINGS = (datetime(2026, 1, 5, 9, 0), datetime(2026, 1, 10, 22, 30))
#: Who talks: a person that the gateway names, one that it does not.
PEOPLE: tuple[Mapping[str, Any], ...] = ({"name": "Ana"}, {})


@dataclass(slots=True)
class Kept:
    """A moment that showed something new, and how often talks went on from it."""

    scene: Scene
    times: int = 0


@dataclass(slots=True)
class Search:
    """One run over a bot's flows, or over `wanted` of them. `found` are the findings by their cause.

    `turns` are those that were played so far, `lasted` is how long the search took, in seconds. `kept` are the moments
    that showed something new, `made` counts the moves by place.
    """

    flows: FlowSet
    handlers: Mapping[str, Handler]
    seed: int
    stubs: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    wanted: Sequence[str] = ()
    found: dict[tuple[str, str], Finding] = field(default_factory=dict)
    turns: int = 0
    lasted: float = 0.0
    player: Player = field(init=False)
    results: Results = field(init=False)
    judge: Judge = field(init=False)
    tally: Tally = field(init=False)
    around: Around = field(init=False)
    answers: Answers = field(init=False)
    unread: Unread = field(init=False)
    _random: Random = field(init=False)
    kept: list[Kept] = field(default_factory=list)
    _seen: set[Any] = field(default_factory=set)
    made: Counter[Any] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Get everything ready that plays, answers and judges."""
        self._random = Random(self.seed)
        self.player = Player(self.flows, self.handlers)
        flows = self.player.flows
        self.results = Results(flows, self.handlers, self.stubs, self._random)
        self.judge, self.tally, self.around = Judge(flows), Tally(flows), Around(flows)
        self.unread = Unread(flows, self.handlers)
        helps = {name: each.help for name, each in self.flows.answer_types.items()}
        self.answers = Answers(ZoneInfo(self.flows.bot.timezone), constants(self.flows), helps)

    async def run(self, goes_on: Callable[[Search], bool]) -> None:
        """Search for as long as `goes_on` says; findings that show only afterwards come last."""
        began = time.monotonic()
        await self._open()
        while self.kept and goes_on(self):
            await self._walk(self._pick())
        self.lasted = time.monotonic() - began
        for finding in (*self.tally.refused(), *self.tally.conditions.never()):
            self._keep(finding)
        for finding in self.tally.rounds():
            await self._go_round(finding)

    async def _go_round(self, finding: Finding) -> None:
        """Keep a round that is gone once more, by every answer that leads back."""
        scene, beat = finding.scene, None
        for move in finding.then:
            beat = await self.player.play(scene, move, self.results)
            if beat is None:
                return
            scene = beat.after
        if beat is not None and scene.at == finding.scene.at and any(beat.texts()):
            said = next(text for text in reversed(beat.texts()) if text)
            wrong = {"never": f"(?m)^{re.escape(said.strip())}$"}
            self._keep(replace(finding, scene=scene, wrong=wrong, then=()))

    # ── where to go on ──

    async def _open(self) -> None:
        """Begin every flow in every way, for everybody."""
        flows = [flow for flow in self.flows.flows.values() if not flow.builtin]
        flows = [flow for flow in flows if not self.wanted or flow.name in self.wanted]
        for flow in flows:
            for start in self._starts():
                for move in self._beginning(flow):
                    await self._step(start, move)

    def _starts(self) -> Iterator[Scene]:
        zone = ZoneInfo(self.flows.bot.timezone)
        languages = {self.flows.bot.language, *(("en", "es") if self._speaks_both() else ())}
        for at in BEGINNINGS:
            for person in PEOPLE:
                for language in sorted(languages):
                    other = language != self.flows.bot.language
                    fields = {"language": language} if other else {}
                    now = at.replace(tzinfo=zone).timestamp()
                    conversation = Conversation("explore", "test", "59170000001", fields=dict(fields))
                    yield Scene(conversation, now, int(other), start={"at": at, **person, **fields})
        first = Scene(Conversation("explore", "test", "59170000001"), BEGINNINGS[0].replace(tzinfo=zone).timestamp())
        for load in levels(self.flows)[1:]:
            yield replace(first, start={"at": BEGINNINGS[0], **PEOPLE[0], "load": load}, load=load)

    def _speaks_both(self) -> bool:
        return any(not flow.builtin and {"es", "en"} <= flow.titles.keys() for flow in self.flows.flows.values())

    def _beginning(self, flow: Flow) -> list[Move]:
        found = beginning(flow, self.flows)
        called = any(flow.name in other.calls for other in self.flows.flows.values())
        if not found and not called and not flow.start.only_interrupts:
            inputs = {name: f"{name}-7" for name, default in flow.inputs.items() if default is None}
            found = [Move("begin", {"flow": flow.name, "inputs": inputs}, "event")]
        return found

    def _pick(self) -> Scene:
        weights = [1.0 / (1 + kept.times) ** 2 for kept in self.kept]
        kept = self._random.choices(self.kept, weights)[0]
        kept.times += 1
        return kept.scene

    # ── going on ──

    async def _walk(self, scene: Scene) -> None:
        for _ in range(self._random.randint(1, ROW)):
            waits = asked(self.player.flows, scene)
            move = self._choose(scene, waits)
            beat = await self._step(scene, move, waits) if move is not None else None
            if beat is None or beat.crash or len(beat.after.path()) >= LONGEST_TALK:
                return
            scene = beat.after
            if scene.conversation.top is None and not scene.conversation.reminders:
                return

    def _choose(self, scene: Scene, waits: Asked | None) -> Move | None:
        """Return the next move: an aim by its weight, and of its moves one that was made least here."""
        moves = self.around.moves(scene)
        if waits is not None and waits.step.asks:
            moves += self.answers.moves(waits, scene)
        elif waits is not None:
            moves.append(Move("user", "hola", "word"))
        aims: dict[str, list[Move]] = {}
        for move in moves:
            aims.setdefault(move.aim, []).append(move)
        if not aims:
            return None
        aim = self._random.choices(list(aims), [WEIGHTS[each] for each in aims])[0]
        place = scene.at
        least = min(self.made[place, move.key] for move in aims[aim])
        # The order says what is most plausible: among equals the first goes first, mostly.
        equal = [move for move in aims[aim] if self.made[place, move.key] == least]
        return equal[0] if self._random.random() < 0.5 else self._random.choice(equal)

    async def _step(self, scene: Scene, move: Move, waits: Asked | None = None) -> Beat | None:
        beat = await self.player.play(scene, move, self.results)
        self.turns = self.player.turns
        if beat is None:
            return None
        self.made[scene.at, move.key] += 1
        if move.kind == "load":
            return beat  # nothing is said to it, and nothing can be wrong with it
        if not beat.after.odd:
            self.tally.note(beat, waits)
        for finding in self.judged(beat, waits):
            self._keep(finding)
        if self._is_new(beat):
            # Talks of another language go on more seldom: they show the same, and are harder to follow.
            self.kept.append(Kept(beat.after, 2 * ("language" in scene.start)))
        return beat

    def judged(self, beat: Beat, waits: Asked | None) -> Iterator[Finding]:
        """Yield what is wrong with what came of one move; `waits` is what the conversation waited for."""
        yield from self.judge.findings(beat, waits)
        if waits is not None and not beat.after.odd:
            today = datetime.fromtimestamp(beat.before.now, self.answers.zone).date()
            yield from against_words(beat, waits, today)
        if not beat.after.odd:
            yield from self.unread.findings(beat)

    def _keep(self, finding: Finding) -> None:
        known = self.found.get(finding.key)
        if known is None or _cost(known) > _cost(finding):
            self.found[finding.key] = finding

    def _is_new(self, beat: Beat) -> bool:
        """Tell whether a move showed something new: a way, a place with more below it or under load, longer lists."""
        conversation = beat.after.conversation
        shown: set[Any] = set(beat.ways)
        frames = conversation.frames
        shown.add((beat.after.at, len(frames), bool(conversation.handoff)))
        shown.add((beat.after.at, beat.after.load))
        if conversation.top is not None:
            shown |= {(beat.after.at, "tries", conversation.top.tries), (beat.after.at, "said", conversation.top.said)}
            shown |= {(beat.after.at, name, _size(value)) for name, value in conversation.top.slots.items()}
        new = shown - self._seen
        self._seen |= new
        return bool(new) and (conversation.top is not None or bool(conversation.reminders))


def _cost(finding: Finding) -> int:
    """Return how hard a talk is to follow: its moves, another language, a channel that is loaded."""
    start = finding.scene.start
    return len(finding.scene.path()) + 2 * ("language" in start) + ("load" in start)


def _size(value: Any) -> Any:
    """Return what counts as the same value: none, true, the size of a list, the sign of a number."""
    if isinstance(value, list):
        return min(len(value), 3) if len(value) < 11 else 11
    if isinstance(value, (bool, type(None))):
        return value
    if isinstance(value, (int, float)):
        return (value > 0) - (value < 0)
    return "long" if isinstance(value, str) and len(value) > 1000 else type(value).__name__


def until(turns: int, seconds: float | None = None) -> Callable[[Search], bool]:
    """Return what lets a search go on for so many turns, or (the one given) for so long."""
    end = time.monotonic() + seconds if seconds is not None else None
    return lambda search: search.turns < turns if end is None else time.monotonic() < end
