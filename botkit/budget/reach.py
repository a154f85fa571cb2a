"""Which flows come to which: by a call, or by going to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow


def reached(flows: FlowSet, flow: Flow) -> set[str]:
    """Return the digests of the flows that a flow comes to, however far on; its own only if it comes back."""
    found: set[str] = set()
    todo = [flow]
    while todo:
        for each in _next(flows, todo.pop()):
            if each.digest not in found:
                found.add(each.digest)
                todo.append(each)
    return found


def callees_first(flows: FlowSet, own: Iterable[Flow]) -> list[Flow]:
    """Return flows with all that they come to, each behind those it comes to, as far as none comes back."""
    done: dict[str, Flow] = {}
    begun: set[str] = set()
    for root in own:
        stack = [(root, _next(flows, root))] if root.digest not in begun else []
        begun.add(root.digest)
        while stack:
            flow, left = stack[-1]
            after = next(left, None)
            if after is None:
                done[flow.digest] = stack.pop()[0]
            elif after.digest not in begun:
                begun.add(after.digest)
                stack.append((after, _next(flows, after)))
    return [*done.values()]


def _next(flows: FlowSet, flow: Flow) -> Iterator[Flow]:
    for step in flow.steps.values():
        names = [need.name for need in step.needs if need.what == "flow"]
        names += [way.target.removeprefix("@flow:") for way in step.exits if way.target.startswith("@flow:")]
        for name in names:
            after = flows.called(flow, name)
            if after is not None:
                yield after
