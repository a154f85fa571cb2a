"""Calls of flows: that what they return and how they end is what the caller takes them for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from botkit.flow.flow_reader import FlowReader
from botkit.flow.graph import FLOW, Flows, Linked
from botkit.flow.kind import Draft
from botkit.flow.problem import nearest
from botkit.flow.reader import Reading, Use
from botkit.flow.source import Text

#: Outcomes that every flow has.
PLAIN = frozenset(("done", "cancelled", "error"))


def check_calls(flows: Flows, own: Iterable[str]) -> None:
    """Report what calls take from a flow that never returns it, and endings that no caller tells from any other."""
    for linked in flows.values():
        _check_returned(linked.reader, flows)
    _check_outcomes(flows, own)


# ── what comes back ──


def _check_returned(reader: FlowReader, flows: Flows) -> None:
    calls = [draft for draft in reader.drafts if draft.calls is not None]
    if not calls:
        return
    uses: dict[str, list[Use]] = defaultdict(list)
    for use in reader.reading.uses:
        if use.read.attribute is not None:
            uses[use.name].append(use)
    for use in uses["returned"]:
        if isinstance(use.step, Draft) and "returned" in use.extra:
            _check_part(reader.reading, use, [use.step], flows)
    for slot in dict.fromkeys(draft.saves for draft in calls if draft.saves in reader.reading.slots):
        steps = [setter.step for setter in reader.reading.setters if setter.slot == slot]
        savers = [step for step in steps if isinstance(step, Draft) and step.calls is not None and step.saves == slot]
        if len(savers) == len(steps) and slot is not None:
            for use in uses[slot]:
                if slot not in use.extra:
                    _check_part(reader.reading, use, savers, flows)


def _check_part(reading: Reading, use: Use, calls: Sequence[Draft], flows: Flows) -> None:
    """Report a part of what calls return that none of them has."""
    part = use.read.attribute or ""
    known: dict[str, int] = {}
    for draft in calls:
        called = flows.get(draft.calls.name.value) if draft.calls is not None else None
        if called is None or called.reader.reading.jumps:
            return  # it could not be linked, or another flow may end in its place
        for each in called.drafts.values():
            if each.ending is not None:
                known |= {name: node.place.line for name, node in each.ending.returned.items()}
    if part not in known:
        near = nearest(part, known)
        at = (use.read.start + len(use.name) + 1, len(part))
        flow = next(draft.calls.name.value for draft in calls if draft.calls is not None)
        reading.report(
            "returned-never", use.text, at=at, flow=flow, part=part, known=", ".join(known) or "–", near=near
        )


# ── how it ends ──


def _check_outcomes(flows: Flows, own: Iterable[str]) -> None:
    """Report outcomes of flows that are only called, where no caller tells them from the flow's plain end."""
    callers: dict[str, list[Draft]] = defaultdict(list)
    #: flows that begin in another way than by a call, or whose outcome may be told by what a caller saves
    apart: set[str] = set()
    for linked in flows.values():
        apart |= {text.value for text in linked.reader.reading.jumps}
        apart |= {use.name.value for use in linked.reader.flow_calls if use.later}
        setters = {id(setter.step) for setter in linked.reader.reading.setters}
        for draft in linked.reader.drafts:
            if draft.calls is not None:
                callers[draft.calls.name.value].append(draft)
                apart |= {draft.calls.name.value} if draft.saves or id(draft) in setters else set()
    for name in own:
        calls, linked = callers.get(name, []), flows[name]
        if not calls or name in apart or linked.flow.start.begins or not _ends_plainly(linked):
            continue
        for text in _named_outcomes(linked):
            if not any(draft.calls is not None and text.value in draft.calls.outcomes for draft in calls):
                row = calls[0].place.row
                linked.reader.reading.report("outcome-unhandled", text, flow=name, outcome=text.value, row=row)


def _named_outcomes(linked: Linked) -> Iterator[Text]:
    for draft in linked.drafts.values():
        ending = draft.ending
        if ending is not None and ending.outcome is not None and not ending.all and ending.outcome.value not in PLAIN:
            yield ending.outcome


def _ends_plainly(linked: Linked) -> bool:
    """Tell whether a flow may end without a name for it, or go on in another flow."""
    ways = {way.target for step in linked.flow.steps.values() for way in step.exits}
    plain = any(
        draft.ending is not None and (draft.ending.outcome is None or draft.ending.outcome.value == "done")
        for draft in linked.drafts.values()
    )
    return plain or "@end" in ways or any(way.startswith(FLOW) for way in ways)
