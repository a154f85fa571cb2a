"""What may happen at any moment: words that are known everywhere, time, events, people who give a talk back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from botkit.explore.invented import by_use
from botkit.explore.patterns import fitting
from botkit.explore.scene import Move, Scene
from botkit.explore.shapes import shape_of_result
from botkit.explore.texts import TYPICAL
from botkit.flow.flowset import FlowSet
from botkit.flow.level import LEVELS, Level
from botkit.flow.model import Flow
from botkit.turn.clocks import clocks_of
from botkit.turn.kinds.wait import Wait

#: Words of people in the middle of something -> as in the built-in flows, by language.
WORDS = ("hola", "ayuda", "atrás", "empezar de nuevo", "cancelar", "help", "back", "/salir", "baja")
#: How many times as long as the next clock nobody writes: whoever is written to for ever is written to that often.
VERY_LONG = 30


@dataclass(slots=True)
class Around:
    """Makes up what happens besides answers."""

    flows: FlowSet
    _data: dict[tuple[str, str], list[object]] = field(default_factory=dict)
    _known_levels: tuple[Level, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Look what the flows read."""
        self._known_levels = levels(self.flows)

    def moves(self, scene: Scene) -> list[Move]:
        """Return what may happen now besides an answer."""
        found = [*self._clocks(scene), *self._events(scene), *self._levels(scene)]
        if scene.conversation.handoff is not None:
            return [*found, Move("operator", {"release": True}, "event"), Move("user", "hola", "word")]
        if scene.conversation.top is not None:
            found += self._words(scene)
        return found

    def _clocks(self, scene: Scene) -> Iterator[Move]:
        due = sorted(clock.due_at - scene.now for clock in clocks_of(scene.conversation).values())
        for seconds in due[:2]:
            yield Move("wait", max(1, math.ceil(seconds)), "time")
        if due:
            yield Move("wait", max(60, math.ceil(due[0])) * VERY_LONG, "time")

    def _levels(self, scene: Scene) -> Iterator[Move]:
        yield from (Move("load", each, "event") for each in self._known_levels if each != scene.load)

    def _events(self, scene: Scene) -> Iterator[Move]:
        for frame in scene.conversation.frames:
            flow = self.flows.by_digest.get(frame.digest)
            step = flow.steps.get(frame.step) if flow else None
            if flow is not None and step is not None and isinstance(step.body, Wait) and step.body.event:
                key = (flow.name, step.id)
                if key not in self._data:
                    self._data[key] = list(by_use(shape_of_result(flow, step, ("event",))))
                for data in self._data[key]:
                    yield Move("event", {"name": step.body.event, "data": data}, "event")
        if scene.conversation.top is not None:
            yield from (beginning(flow, self.flows)[0] for flow in _own(self.flows) if flow.start.event)

    def _words(self, scene: Scene) -> Iterator[Move]:
        for frame in scene.conversation.frames:
            flow = self.flows.by_digest.get(frame.digest)
            if flow is not None:
                yield from (Move("user", word, "word") for word in sorted(flow.anywhere))
        yield from (Move("user", word, "word") for word in WORDS)
        yield from (Move("user", flow.start.label, "word") for flow in _own(self.flows) if flow.start.label)


def levels(flows: FlowSet) -> tuple[Level, ...]:
    """Return how loaded the channel may be: green alone, where no flow reads it."""
    return LEVELS if flows.mentions("load") else LEVELS[:1]


def _own(flows: FlowSet) -> list[Flow]:
    return [flow for flow in flows.flows.values() if not flow.builtin]


def beginning(flow: Flow, flows: FlowSet) -> list[Move]:
    """Return the moves that begin a flow; none for one that only others begin."""
    start, found = flow.start, []
    if start.label:
        found.append(Move("user", start.label))
        found.append(Move("user", f"hola, {start.label} por favor"))
    if start.pattern is not None:
        found += [Move("user", text) for text in fitting(start.pattern, Random(flow.name))]
    if start.event:
        values = {name: f"{name}-7" for name in flow.inputs}
        found.append(Move("event", {"name": start.event, "data": values} if values else start.event, "event"))
    if start.any:
        found += [Move("user", TYPICAL[0]), Move("user", {"image": "foto.jpg"})]
    return found
