"""Definitions stand on one another: a flow is pinned to those that it can call or go to.

A conversation finishes on the definitions it began with, flows that it has not called yet included. So the digest of a
flow covers the flows that it can reach, however far, and the flow names the digests of those next to it (`calls`). A
flow's own digest, that of its text, is made first: so flows may call each other in a circle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from botkit.flow.model import Flow
from botkit.flow.reach import reached


def pin(flows: Iterable[Flow], calls: Mapping[str, Collection[str]]) -> list[Flow]:
    """Return flows under digests that cover what they can reach; `calls` are the names next to each.

    A flow that reaches no other keeps its own digest.
    """
    own = {flow.name: flow for flow in flows}
    nearby = {name: _nearby(flow, calls[name]) & own.keys() for name, flow in own.items()}
    digests = {name: _digest(flow, _reached(name, nearby), own) for name, flow in own.items()}
    return [
        replace(flow, digest=digests[name], calls={each: digests[each] for each in sorted(nearby[name])})
        for name, flow in own.items()
    ]


def _nearby(flow: Flow, called: Collection[str]) -> set[str]:
    targets = (way.target for step in flow.steps.values() for way in step.exits)
    return {*called, *(target.removeprefix("@flow:") for target in targets if target.startswith("@flow:"))}


def _reached(name: str, nearby: Mapping[str, Collection[str]]) -> set[str]:
    """Return the names that can be reached from a flow, itself left out."""
    return reached([name], nearby.__getitem__) - {name}


def _digest(flow: Flow, reached: Collection[str], own: Mapping[str, Flow]) -> str:
    if not reached:
        return flow.digest
    raw = json.dumps([flow.digest, [[name, own[name].digest] for name in sorted(reached)]])
    return hashlib.sha256(raw.encode()).hexdigest()[:32]
