"""What shows only once much was tried: questions that take no answer, and rounds without an end."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from botkit.answers.types import ANSWER_TYPES
from botkit.explore.asked import Asked
from botkit.explore.conditions import Conditions
from botkit.explore.finding import OUT, At, Finding
from botkit.explore.leading import has_words, leads_out
from botkit.explore.patterns import is_hopeless
from botkit.explore.scene import Beat, Move, Scene
from botkit.explore.taken import was_taken
from botkit.flow.flowset import FlowSet
from botkit.flow.reach import reached

#: Fewest answers that a question must have refused before it counts as one that takes none.
TRIED = 6
#: Most times that a talk goes round to show that nothing leads out.
ROUNDS = 6


@dataclass(slots=True)
class Tally:
    """What was tried at each question, and what came of it."""

    flows: FlowSet
    tried: dict[At, dict[str, Beat]] = field(default_factory=lambda: defaultdict(dict))
    taken: set[At] = field(default_factory=set)
    ways: dict[At, dict[At, Beat]] = field(default_factory=lambda: defaultdict(dict))
    conditions: Conditions = field(init=False)
    asked: dict[At, Asked] = field(default_factory=dict)
    led: dict[At, dict[str, tuple[Move, At]]] = field(default_factory=lambda: defaultdict(dict))

    def __post_init__(self) -> None:
        """Keep what conditions are tried with."""
        self.conditions = Conditions(self.flows)

    def note(self, beat: Beat, asked: Asked | None) -> None:
        """Take up what came of a move."""
        self.conditions.note(beat, asked, taken=asked is not None and was_taken(beat, asked))
        if asked is None or beat.move.aim == "word":
            return
        at = asked.at
        self.asked[at] = asked
        target = OUT if beat.after.at is None or beat.after.conversation.handoff else beat.after.at
        known = self.ways[at].get(target)
        if known is None or len(known.after.path()) > len(beat.after.path()):
            self.ways[at][target] = beat
        if not asked.step.asks:
            return
        if was_taken(beat, asked):
            self.taken.add(at)
            if beat.move.of is None:
                self.led[at].setdefault(beat.move.key, (beat.move, target))
        elif beat.move.aim in ("answer", "edge") and beat.after.at == at:
            self.tried[at].setdefault(beat.move.key, beat)

    # ── questions that take no answer ──

    def refused(self) -> Iterator[Finding]:
        """Yield the questions that took no answer."""
        for at, beats in self.tried.items():
            asked = self.asked[at]
            if at in self.taken or len(beats) < TRIED or not _can_be_known(asked, beats.values()):
                continue
            beat = next(iter(beats.values()))
            texts = beat.texts()
            wrong = {"never": f"(?m)^{re.escape(texts[0].strip())}$"} if texts else {"some": r"\S"}
            values = {"tried": len(beats), "told": f"'{beat.move.told}'"}
            yield Finding("refused", str(asked.step.place), beat.after, values, wrong)

    # ── rounds without an end ──

    def rounds(self) -> Iterator[Finding]:
        """Yield, of each ring of questions that no answer led out of, the first one, and in `then` a way around."""
        free = self._free()
        for at, asked in self.asked.items():
            ring = reached([at], lambda each: self.ways.get(each, {})) if at not in free else set()
            first = min(ring, key=self._depth, default=None)
            if at == first and asked.step.asks and not asked.flow.builtin and all(map(self._is_done, ring)):
                if has_words(self.flows, ring) and not leads_out(self.flows, ring):
                    continue  # its author means people to leave by a word
                scene = self._first_time(at)
                then = tuple(self._around(at, ring))
                if scene is not None and then:
                    yield Finding("round", str(asked.step.place), scene, then=then)

    def _free(self) -> set[At]:
        before: dict[At, list[At]] = defaultdict(list)
        for at, targets in self.ways.items():
            for target in targets:
                before[target].append(at)
        return reached([OUT], lambda each: before.get(each, ()))

    def _is_done(self, at: At) -> bool:
        """Tell whether a question took an answer, and each of its options was tried."""
        asked = self.asked.get(at)
        if asked is None or (asked.step.asks and at not in self.taken):
            return False
        keys = self.led[at].keys() | self.tried[at].keys()
        return all(Move("tap", str(row["title"])).key in keys for row in asked.shown[:9])

    def _depth(self, at: At) -> int:
        scene = self._first_time(at)
        return len(scene.path()) if scene is not None else 10**6

    def _first_time(self, at: At) -> Scene | None:
        """Return the moment, of all that were seen, at which a question was come to soonest."""
        found = [beat.before for beat in self.ways.get(at, {}).values()]
        return min(found, key=lambda scene: len(scene.path()), default=None)

    def _around(self, at: At, ring: set[At]) -> Iterator[Move]:
        """Yield answers that lead from a question around to itself, by every answer that leads back to it."""
        routes: dict[At, list[Move]] = {at: []}
        todo = [at]
        while todo:
            here = todo.pop(0)
            for move, target in self.led[here].values():
                if target not in routes and target in ring:
                    routes[target] = [*routes[here], move]
                    todo.append(target)
        rounds = 0
        for here, route in routes.items():
            for move, target in self.led[here].values():
                if target == at and rounds < ROUNDS and (move.kind == "tap" or not rounds):
                    rounds += 1
                    yield from (*route, move)


def _can_be_known(asked: Asked, tried: Iterable[Beat]) -> bool:
    """Tell whether answers could be made up: the reader of a bot's own type may want anything.

    So may a pattern that nothing was found to fit, or that only goes with answers of a type.
    """
    ask = asked.ask
    if ask is not None and ask.expected.pattern is not None:
        pattern, told = ask.expected.pattern, [str(beat.move.told) for beat in tried]
        if not any(pattern.search(each) is not None for each in told):
            return ask.expected.type == "text" and is_hopeless(pattern)
        return ask.expected.type in ("text", "integer")
    return ask is None or ask.expected.type in ANSWER_TYPES or ask.expected.type in ("any", "location", "media")
