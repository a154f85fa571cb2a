"""Whether a conversation holds a `sensitive` answer, which is kept nowhere else: then nobody repeats what calls say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from botkit.flow.flowset import FlowSet


class Holder(Protocol):
    """A flow under way: the definition it began with, and its slots."""

    @property
    def digest(self) -> str:
        """The definition."""
        ...

    @property
    def slots(self) -> Mapping[str, Any]:
        """Slot -> value."""
        ...


def holds_secret(flows: FlowSet, frames: Iterable[Holder]) -> bool:
    """Tell whether one of the flows has a sensitive answer in its slots."""
    return any(
        flow is not None and any(frame.slots.get(name) is not None for name in flow.secrets)
        for frame in frames
        for flow in (flows.by_digest.get(frame.digest),)
    )


def kind_of(error: str) -> str:
    """Return what kind of error a call met, without its words: `ValueError` of `ValueError: no such code 1234`."""
    return error.partition(":")[0]
