"""Which slots can have a value where: a name that is read where no path can have set it is a mistake.

A slot may be set at a step if some way from the flow's beginning leads through a step that sets it. Ways are the
machine's transitions, so asides, lists in place and loops are in it; whether a condition can hold is not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from botkit.flow.kind import Draft
from botkit.flow.model import Flow, Step
from botkit.flow.reader import START, Reading, Use

#: Ways out of a step that sets a slot by which it goes without having set it.
UNSET = frozenset(("skipped", "error", "exhausted", "else", "anywhere", "silence", "idle", "timeout"))
#: Ways that are taken when the conversation has long gone on: anything may have been set meanwhile.
LATE = frozenset(("failed",))

Slots = frozenset[str]


def check_set(reading: Reading, flow: Flow) -> None:
    """Report names that are read in steps before which nothing can have set them."""
    before = possible(flow, given(reading), set_by(reading))
    places: dict[tuple[int, int], list[Use]] = defaultdict(list)
    for use in reading.uses:
        if use.name in reading.slots and use.name not in use.extra:
            places[id(use.text), use.read.start].append(use)
    for uses in places.values():  # one text may stand in several steps, by an alias or as a default
        if all(_never(use, before, reading) for use in uses):
            _report(reading, uses[0])


def given(reading: Reading) -> Slots:
    """Return the slots that a flow begins with, and those that nothing is known of."""
    known = {setter.slot for setter in reading.setters if isinstance(setter.step, Draft)}
    return frozenset(slot for slot in reading.slots if slot not in known) | frozenset(
        setter.slot for setter in reading.setters if not isinstance(setter.step, Draft)
    )


def set_by(reading: Reading) -> dict[str, Slots]:
    """Return step id -> the slots that it sets."""
    found: dict[str, set[str]] = defaultdict(set)
    for setter in reading.setters:
        if isinstance(setter.step, Draft):
            found[setter.step.id].add(setter.slot)
    return {id: frozenset(slots) for id, slots in found.items()}


def possible(flow: Flow, first: Slots, sets: Mapping[str, Slots]) -> dict[str, Slots]:
    """Return step id -> the slots that may have a value when the step begins; only steps that can be reached."""
    everything = first.union(*sets.values())
    asked = [step.id for step in flow.steps.values() if step.leads("anywhere")]  # what `@again` goes back to
    before: dict[str, Slots] = {}
    todo = [(flow.first, first)]
    while todo:
        id, slots = todo.pop()
        known = before.get(id)
        if id.startswith("@") or (known is not None and slots <= known):
            continue
        before[id] = slots = slots | (known or frozenset())
        for target, after in _behind(flow.steps[id], slots, sets.get(id, frozenset()), everything):
            todo += [(id, after) for id in asked] if target == "@again" else [(target, after)]
    return before


def _behind(step: Step, slots: Slots, sets: Slots, everything: Slots) -> Iterable[tuple[str, Slots]]:
    for way in step.exits:
        if way.trigger in LATE:
            yield way.target, everything
        else:
            yield way.target, slots if way.trigger in UNSET else slots | sets


def _never(use: Use, before: Mapping[str, Slots], reading: Reading) -> bool:
    if use.step is START:
        return True  # nothing runs yet, so no slot has a value: an input or a group of the pattern neither
    if not isinstance(use.step, Draft) or use.step.id not in before or use.name in before[use.step.id]:
        return False
    if use.step.saves == use.name:  # a bare `save` comes when the step is done
        return True
    at = use.text.place
    above = [s for s in reading.setters if s.step is use.step and (s.text.place.line, s.text.place.column) < at[1:3]]
    return use.name not in {setter.slot for setter in above}  # `set` assigns from top to bottom


def _report(reading: Reading, use: Use) -> None:
    lines = sorted({setter.text.place.line for setter in reading.setters if setter.slot == use.name})
    at = (use.read.start, len(use.name))
    reading.report("never-set", use.text, at=at, name=use.name, lines=", ".join(map(str, lines)))
