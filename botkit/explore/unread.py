"""Answers that something else takes the place of before anybody has read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from botkit.explore.finding import At, Finding
from botkit.explore.judge import TAKEN
from botkit.explore.reading import reads, saves_of
from botkit.explore.scene import Beat, Scene, Way
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Step
from botkit.handlers import Handler

#: Ways by which a step has saved what it saves.
_SAVING = (*TAKEN, "ok", "next", "returned", "event")


@dataclass(slots=True)
class Unread:
    """Knows what the steps of a bot save and read."""

    flows: FlowSet
    handlers: Mapping[str, Handler]
    _saves: dict[At, set[str]] = field(default_factory=dict)
    _reads: dict[At, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather both; slots that only one step saves are left out."""
        for flow in self.flows.flows.values():
            found = {} if flow.builtin else {(flow.name, step.id): _slots(step) for step in flow.steps.values()}
            several = [slot for slots in found.values() for slot in slots]
            self._saves |= {at: {slot for slot in slots if several.count(slot) > 1} for at, slots in found.items()}
            self._reads |= {at: reads(flow.steps[at[1]]) for at in found}

    def findings(self, beat: Beat) -> Iterator[Finding]:
        """Yield where a step that was passed takes the place of an unread answer."""
        for index, way in enumerate(beat.ways):
            at = (way.flow, way.step)
            for slot in self._saves.get(at, set()) - self._reads.get(at, frozenset()):
                if way.trigger in _SAVING:
                    before = [*reversed(beat.ways[:index]), *_before(beat.before)]
                    yield from self._overwritten(beat, at, slot, self._unread(way.flow, slot, before))

    def _overwritten(self, beat: Beat, at: At, slot: str, first: Step | None) -> Iterator[Finding]:
        if first is None or first.id == at[1]:
            return
        now = beat.before.at == (at[0], first.id)
        held = beat.move.told if now and isinstance(beat.move.told, str) else _held(beat.before, slot)
        values = {"slot": slot, "first": f"'{first.id}' ({first.place.row})"}
        step = self.flows.flows[at[0]].steps[at[1]]
        yield Finding("overwritten", str(step.place), beat.after, values, {"slots": {slot: held}})

    def _unread(self, flow: str, slot: str, ways: Iterable[Way]) -> Step | None:
        """Return the question whose answer a slot holds, if no step read it since; `ways` are those before, back."""
        for way in ways:
            at = (way.flow, way.step)
            if way.flow != flow or at not in self._reads or self._may_read(at, slot):
                return None
            if slot in self._saves[at] and way.trigger in _SAVING:
                return self.flows.flows[flow].steps[way.step] if way.trigger in TAKEN else None
        return None

    def _may_read(self, at: At, slot: str) -> bool:
        step = self.flows.flows[at[0]].steps[at[1]]
        if slot in self._reads[at] or step.kind in ("handoff", "call"):
            return True
        handler = self.handlers.get(getattr(step.body, "handler", ""))
        return handler is not None and handler.wants_context


def _slots(step: Step) -> set[str]:
    """Return the slots that a step gives a value to, those of the contact left out."""
    saves = saves_of(step)
    slots = {slot for slot, _ in step.body} if step.kind == "set" else set()
    if saves is not None:
        slots |= {saves.bare} if saves.bare else {slot for slot, _ in saves.parts}
    return {slot for slot in slots if slot and not slot.startswith("contact.")}


def _before(scene: Scene) -> Iterator[Way]:
    """Yield the ways that led to a moment, the last one first."""
    for each in scene.back():
        yield from reversed(each.ways)


def _held(scene: Scene, slot: str) -> object:
    top = scene.conversation.top
    return top.slots.get(slot) if top is not None else None
