"""Slots that nothing reads: what people answered is lost when the flow ends.

Only what surely was forgotten: in a flow that uses others of its answers, and shows its slots to nobody. People who
take over see them, and so does a handler with a `ctx`. A choice is used by where it leads.
"""

from __future__ import annotations

from collections.abc import Mapping

from botkit.flow.graph import Linked
from botkit.flow.kind import Draft
from botkit.flow.model import Signature


def check_unread(linked: Linked, handlers: Mapping[str, Signature]) -> None:
    """Report the slots of answers that the flow asks for and never reads."""
    reader = linked.reader
    if any(draft.kind.name == "handoff" for draft in reader.drafts) or any(
        handlers[call.name.value].sees_slots for call in reader.calls if call.name.value in handlers
    ):
        return
    read = reader.reading.slots.keys() & {use.name for use in reader.reading.uses}
    if not read:
        return
    for slot, text in reader.reading.slots.items():
        if slot in read:
            continue
        setters = [setter.step for setter in reader.reading.setters if setter.slot == slot]
        if all(isinstance(step, Draft) and step.kind.asks and not _leads(step) for step in setters):
            reader.reading.report("slot-unread", text, name=slot)


def _leads(question: Draft) -> bool:
    """Tell whether what is chosen decides where to go."""
    return any(way.trigger == "chosen" and way.target is not None for way in question.exits)
