"""An unfolded flow: nodes, ways between them, and the frames that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from botkit.budget.request import NOTHING, Speech
from botkit.budget.speech import Saying
from botkit.flow.model import Flow, Step


class Way(NamedTuple):
    """A way from a node: what is sent on it, besides.

    `skips`: the step is passed by, and sends nothing. `fresh`: a turn begins with it. `asks_again`: it only closes a
    loop, so it leads on a turn but no conversation.
    """

    target: int
    speech: Speech = NOTHING
    skips: bool = False
    fresh: bool = False
    asks_again: bool = False


@dataclass(slots=True)
class Node:
    """A place that a conversation comes to; without a step a place where ways meet. `waits`: a turn ends here."""

    step: Step | None = None
    saying: Saying = field(default_factory=Saying)
    waits: bool = False
    ways: list[Way] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Frame:
    """A flow as it is come to: `how` it came on its `caller`, and at which step of it.

    `running` is itself with the frames below it, by the digests of their flows; of several the nearest. `listening`
    are its callers, each with the step that calls, where words or silence mean something while it runs.
    """

    flow: Flow
    how: str = ""
    caller: Frame | None = None
    site: str = ""
    running: Mapping[str, Frame] = field(init=False, repr=False)
    listening: Sequence[tuple[Frame, Step]] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        below = self.caller.running if self.caller else {}
        self.running = {**below, self.flow.digest: self}
        if self.caller is not None and self.how == "call":
            at = self.caller.flow.steps[self.site]
            listens = self.caller.flow.silence is not None or any(way.trigger == "anywhere" for way in at.exits)
            self.listening = [(self.caller, at)] * listens + [*self.caller.listening]


@dataclass(slots=True)
class Unfolded:
    """The nodes: the flow begins at the first and has ended at the one called `end`.

    `detours` are where lists behind words of `anywhere` and flows on top begin. `cut` says that there is
    more than MAX_NODES, or that flows of which this was known, `beyond`, are left out.
    """

    nodes: list[Node]
    end: int
    detours: list[int]
    cut: bool = False
    beyond: Sequence[Flow] = ()


def callers(frame: Frame) -> Iterator[Frame]:
    """Yield a frame and those below it, as far as one called the other."""
    each: Frame | None = frame
    while each is not None:
        yield each
        each = each.caller if each.how == "call" else None
