"""What shows only once much was tried: questions that take no answer, rounds without an end, conditions never true."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from botkit.answers.types import ANSWER_TYPES
from botkit.errors import EvaluationError
from botkit.explore.asked import Asked
from botkit.explore.finding import Finding
from botkit.explore.reading import saves_of
from botkit.explore.scene import Beat, Move, Scene
from botkit.explore.taken import was_taken
from botkit.flow.flowset import FlowSet
from botkit.flow.locale import Locale
from botkit.flow.model import Flow, Step
from botkit.flow.reach import reached
from botkit.flow.scope import Scope
from botkit.flow.text import Expression
from botkit.turn.options import Option

#: A question where a conversation stands, of a flow; OUT is no question: the talk ended, or people have it.
At = tuple[str, str]
OUT: At = ("", "")
#: Fewest answers that a question must have refused before it counts as one that takes none.
TRIED = 6
#: Most times that a talk goes round to show that nothing leads out.
ROUNDS = 6
#: Most values of a slot, and most combinations of values, that a condition is tried with.
VALUES, COMBINATIONS = 60, 4_000


@dataclass(slots=True)
class Tally:
    """What was tried at each question, and what came of it."""

    flows: FlowSet
    tried: dict[At, dict[str, Beat]] = field(default_factory=lambda: defaultdict(dict))
    taken: set[At] = field(default_factory=set)
    ways: dict[At, dict[At, Beat]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[At, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    asked: dict[At, Asked] = field(default_factory=dict)
    led: dict[At, dict[str, tuple[Move, At]]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, beat: Beat, asked: Asked | None) -> None:
        """Take up what came of a move."""
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
            self.led[at].setdefault(beat.move.key, (beat.move, target))
            self._keep_value(asked, beat)
        elif beat.move.aim in ("answer", "edge") and beat.after.at == at:
            self.tried[at].setdefault(beat.move.key, beat)

    def _keep_value(self, asked: Asked, beat: Beat) -> None:
        saves = saves_of(asked.step)
        top = beat.after.conversation.top
        slots = top.slots if top is not None else beat.ended[-1].slots if beat.ended else {}
        if saves is not None and saves.bare and saves.bare in slots:
            kept = self.values[asked.flow.name, saves.bare]
            if len(kept) < VALUES:
                kept[repr(slots[saves.bare])] = slots[saves.bare]

    # ── questions that take no answer ──

    def refused(self) -> Iterator[Finding]:
        """Yield the questions that took no answer."""
        for at, beats in self.tried.items():
            asked = self.asked[at]
            if at in self.taken or len(beats) < TRIED or not _can_be_known(asked):
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

    # ── conditions that are never true ──

    def never(self) -> Iterator[Finding]:
        """Yield the conditions that no answers make true, where they read nothing but answers."""
        for flow in self.flows.flows.values():
            for step in () if flow.builtin else flow.steps.values():
                for condition in _conditions(step):
                    if self._is_never(flow, condition):
                        beat = self._before(flow, condition)
                        if beat is not None:
                            values = {"condition": condition.text}
                            wrong = self._wrong(flow, step)
                            yield Finding("never", str(condition.place), beat.after, values, wrong)

    def _is_never(self, flow: Flow, condition: Expression) -> bool:
        names = sorted(condition.names)
        pools = [self._pool(flow, name) for name in names]
        if not names or any(pool is None or len(pool) < 2 for pool in pools):
            return False
        sets = [pool for pool in pools if pool is not None]
        for count, values in enumerate(product(*sets)):
            if count > COMBINATIONS:
                return False
            scope = Scope(dict(zip(names, values, strict=True)), {}, {}, Locale(self.flows.bot.language, "BOB", "BO"))
            try:
                if condition.holds(scope):
                    return False
            except EvaluationError:
                return False
        return True

    def _pool(self, flow: Flow, name: str) -> list[Any] | None:
        """Return the values of a slot that only answers set; None for any other name, and for few values."""
        for step in flow.steps.values():
            saves = saves_of(step)
            sets = [] if step.kind != "set" else [slot for slot, _ in step.body]
            parts = [slot for slot, _ in saves.parts] if saves is not None else []
            if name in sets or name in parts or (saves is not None and saves.bare == name and not step.asks):
                return None
        if name in flow.inputs or (flow.start.pattern is not None and name in flow.start.pattern.names):
            return None
        known = self.values.get((flow.name, name))
        return list(known.values()) if known else None

    def _before(self, flow: Flow, condition: Expression) -> Beat | None:
        """Return a talk in which the answers were given that the condition reads."""
        slots = condition.names
        for (name, target), beats in self.ways.items():
            asked = self.asked[name, target]
            saves = saves_of(asked.step)
            if name == flow.name and saves is not None and saves.bare in slots:
                found = [beat for beat in beats.values() if was_taken(beat, asked)]
                if found:
                    return min(found, key=lambda beat: len(beat.after.path()))
        return None

    def _wrong(self, flow: Flow, step: Step) -> dict[str, Any]:
        """Return what must be said once the condition is true: the first words behind it."""
        target = next((way.target for way in step.exits if way.trigger == "then"), step.id)
        behind = flow.steps.get(target)
        message = getattr(behind, "body", None)
        return {"behind": message}


def _can_be_known(asked: Asked) -> bool:
    """Tell whether answers could be made up: the reader of a bot's own type may want anything."""
    ask = asked.ask
    return ask is None or ask.expected.type in ANSWER_TYPES or ask.expected.type in ("any", "location", "media")


def _conditions(step: Step) -> Iterator[Expression]:
    if isinstance(step.body, Expression):
        yield step.body
    if step.guard is not None:
        yield step.guard
    for option in getattr(step.body, "options", ()):
        if isinstance(option, Option) and option.guard is not None:
            yield option.guard
