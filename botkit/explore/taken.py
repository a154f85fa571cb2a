"""What is wrong with an answer that was taken, or was not: by the question's own words, and by what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from botkit.answers.types import MESSAGE_TYPES
from botkit.explore.asked import Asked
from botkit.explore.finding import Finding
from botkit.explore.judge import TAKEN
from botkit.explore.prose import bounds, examples, refuses_the_past
from botkit.explore.reading import reads, saves_of
from botkit.explore.scene import Beat, Scene, Way
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step
from botkit.handlers import Handler

_NUMBERS = ("integer", "number", "money")
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})|(\d{4})-(\d\d)-(\d\d)")


def was_taken(beat: Beat, asked: Asked) -> bool:
    """Tell whether a move was taken as an answer to the question."""
    return any((way.flow, way.step) == asked.at and way.trigger in TAKEN for way in beat.ways)


def against_words(beat: Beat, asked: Asked, today: date) -> Iterator[Finding]:
    """Yield where a question does not keep what its words promise of this answer."""
    ask, told = asked.ask, beat.move.told
    if ask is None or beat.move.kind != "user" or not isinstance(told, str) or ask.expected.type in MESSAGE_TYPES:
        return
    taken = was_taken(beat, asked)
    refused = not taken and not beat.results and beat.after.at == asked.at
    hints, place = "\n".join(asked.hints), str(asked.step.place)
    words = "\n".join([*asked.words, hints])
    said = {"told": f"'{told}'"}
    if refused and told in _promised(words, asked):
        text = beat.texts()[0] if beat.texts() else ""
        yield Finding("not-taken", place, beat.after, said, {"never": f"(?m)^{re.escape(text.strip())}$"})
    elif taken and (told in _refused(hints, asked) or (_is_past(told, today) and refuses_the_past(hints))):
        yield Finding("taken", place, beat.after, said, {"step": asked.step.id})


def _promised(words: str, asked: Asked) -> list[str]:
    numbers = [each.answer for each in bounds(words) if each.taken] if _counts(asked) else []
    return numbers + [each for each in examples(words) if "{{" not in each]


def _refused(hints: str, asked: Asked) -> list[str]:
    return [each.answer for each in bounds(hints) if not each.taken] if _counts(asked) else []


def _counts(asked: Asked) -> bool:
    return asked.ask is not None and asked.ask.expected.type in _NUMBERS


def _is_past(told: str, today: date) -> bool:
    found = _DAY.search(told)
    if found is None:
        return False
    parts = [int(each) for each in found.groups() if each is not None]
    try:
        return (date(*parts) if parts[0] > 31 else date(parts[2], parts[1], parts[0])) < today
    except ValueError:
        return False


def overwritten(beat: Beat, asked: Asked, flows: FlowSet, handlers: Mapping[str, Handler]) -> Iterator[Finding]:
    """Yield where an answer takes the place of another question's, which nobody has read."""
    slot = _slot(asked.step)
    if slot is None or slot.startswith("contact.") or not was_taken(beat, asked):
        return
    if slot not in _twice(asked.flow):
        return
    for way in _before(beat.before):
        flow = flows.flows.get(way.flow)
        step = flow.steps.get(way.step) if flow is not None else None
        if flow is None or step is None or flow.name != asked.flow.name or _may_read(flow, step, slot, handlers):
            return
        if _slot(step) == slot and way.trigger in TAKEN:
            if step.id != asked.step.id and slot not in reads(asked.step):
                first = _held(beat.before, slot)
                values = {"slot": slot, "first": f"'{step.id}' ({step.place.row})"}
                wrong = {"slots": {slot: first}}
                yield Finding("overwritten", str(asked.step.place), beat.after, values, wrong)
            return


def _before(scene: Scene) -> Iterator[Way]:
    """Yield the ways that led to a moment, the last one first."""
    for each in scene.back():
        yield from reversed(each.ways)


def _slot(step: Step) -> str | None:
    saves = saves_of(step)
    return saves.bare if saves is not None and step.asks else None


def _twice(flow: Flow) -> set[str]:
    """Return the slots that several questions of a flow save in."""
    slots = [slot for step in flow.steps.values() if (slot := _slot(step)) is not None]
    return {slot for slot in slots if slots.count(slot) > 1}


def _may_read(flow: Flow, step: Step, slot: str, handlers: Mapping[str, Handler]) -> bool:
    if slot in reads(step) or step.kind in ("handoff", "call"):
        return True
    handler = handlers.get(getattr(step.body, "handler", ""))
    return handler is not None and handler.wants_context


def _held(scene: Scene, slot: str) -> object:
    top = scene.conversation.top
    return top.slots.get(slot) if top is not None else None
