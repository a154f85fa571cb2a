"""What a deploy of a bot's files would do to each live conversation. Pure: `cli/deploy.py` gathers what it is given.

A conversation is *stranded* if it has no way on as its author meant it: its definition is lost or can no longer be
read, something that it can still come to calls a handler or service that is gone, or it should move and has no step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Need
from botkit.turn.conversation import Frame
from botkit.turn.versions import Fate, fate_of

#: What a deploy does to a conversation -> what that means; the worst of its frames decides, the last here is worst.
OUTCOMES: dict[str, str] = {
    "stays": "nothing changes for it",
    "keeps": "it finishes on old definitions",
    "moves": "it goes on in new definitions",
    "restarts": "a flow of it begins anew at the next message",
    "stranded": "it has no way on as its author meant it",
}
#: Why a conversation is stranded -> what that means; the reason's name says of what.
REASONS: dict[str, str] = {
    "lost": "the store has not the definition of this flow",
    "unsound": "the definition of this flow can no longer be read: an answer type of it is gone, say",
    "without step": "this step should move, and the new definition has none for it",
    "handler": "no module registers this handler any more, and an old definition needs it",
    "service": "config.yaml has this service no more, and an old definition needs it",
    "host": "config.yaml allows this host no more, and an old definition needs it",
    "flow": "there is no such flow any more, and an old definition or a reminder needs it",
}
#: fate of a frame -> outcome of a conversation that has no worse one
_OUTCOME_OF = {"removed": "keeps", "without step": "stranded", "ends": "restarts"}


class Reason(NamedTuple):
    """Why a conversation is stranded: one of REASONS, and of what."""

    why: str
    name: str


class Standing(NamedTuple):
    """A frame and what a deploy does to it: where it stands, where it goes on."""

    flow: str
    step: str
    fate: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a deploy does to one conversation: one of OUTCOMES, its frames from below, and why it is stranded."""

    id: str
    outcome: str
    frames: tuple[Standing, ...]
    reasons: tuple[Reason, ...] = ()
    contact: str | None = None


def digests_of(rows: Collection[Mapping[str, Any]]) -> set[str]:
    """Return the definitions that conversations, as the operation `live` tells them, are in the middle of."""
    return {frame["digest"] for row in rows for outer in row["frames"] for frame in (outer, *outer.get("above", ()))}


class Planner:
    """Plans conversations for the flows as they are now; `offered` are the handlers, services and hosts there are.

    The definitions that conversations began with must have been adopted, as far as they are kept.
    """

    def __init__(self, flows: FlowSet, offered: Collection[Need]) -> None:
        self._flows = flows
        self._offered = frozenset(offered)
        self._reached: dict[tuple[str, str], frozenset[Need]] = {}

    def plan(self, row: Mapping[str, Any]) -> Planned:
        """Return what becomes of a conversation, given as the operation `live` tells it."""
        frames = [_frame(raw) for raw in row["frames"]]
        fates = list(self._fates(frames))
        reasons = dict.fromkeys(
            [
                *(reason for frame, fate in fates for reason in self._reasons(frame, fate)),
                *(self._call_reasons(row["frames"][-1], frames[-1]) if frames else ()),
                *(Reason("flow", each["flow"]) for each in row["reminders"].values() if self._is_gone(each["flow"])),
            ]
        )
        outcomes = [_OUTCOME_OF.get(fate.name, fate.name) for _, fate in fates]
        worst = max(outcomes, key=list(OUTCOMES).index, default="stays")
        standing = tuple(_standing(frame, fate) for frame, fate in fates)
        return Planned(row["id"], "stranded" if reasons else worst, standing, tuple(reasons), row.get("contact"))

    def _fates(self, frames: list[Frame]) -> Iterator[tuple[Frame, Fate]]:
        """Yield each frame with its fate; what a flow that begins anew has called ends."""
        over = False
        for frame in frames:
            over = over and not frame.came
            fate = Fate("ends") if over else fate_of(self._flows, frame)
            yield frame, fate
            over = over or fate.name == "restarts"
            if not over:
                yield from ((above, fate_of(self._flows, above)) for above in frame.above)

    def _reasons(self, frame: Frame, fate: Fate) -> Iterator[Reason]:
        """Yield why a frame cannot go on as it should."""
        if fate.name == "without step" and frame.digest in self._flows.by_digest:
            yield Reason("without step", f"{frame.flow}/{frame.step}")
        if fate.name in ("keeps", "removed", "without step"):
            yield from self._reasons_of_old(frame)

    def _reasons_of_old(self, frame: Frame) -> Iterator[Reason]:
        old = self._flows.by_digest.get(frame.digest)
        if old is None or frame.step not in old.steps:
            yield Reason("lost", frame.flow)
        elif frame.digest in self._flows.unsound:
            yield Reason("unsound", frame.flow)
        else:
            needed = self._needs(old, frame.step) | (self._needs(old, frame.asked) if frame.asked else frozenset())
            yield from (Reason(*need) for need in sorted(needed - self._offered))

    def _call_reasons(self, raw: Mapping[str, Any], frame: Frame) -> Iterator[Reason]:
        """Yield why the call that is pending cannot be made again after a restart."""
        old = self._flows.by_digest.get(frame.digest)
        step = old.steps.get(frame.step) if old else None
        if "calls" in raw and step is not None:
            yield from (Reason(*need) for need in step.needs if need not in self._offered)

    def _needs(self, flow: Flow, step_id: str) -> frozenset[Need]:
        """Return what is called from a step of an old definition on, in the old ones that it calls too."""
        asked = flow.digest, step_id
        if asked not in self._reached:
            self._reached[asked] = frozenset(self._walk(flow, step_id))
        return self._reached[asked]

    def _walk(self, flow: Flow, step_id: str) -> Iterator[Need]:
        seen, todo = {(flow.digest, step_id)}, [(flow, step_id)]
        while todo:
            here, at = todo.pop()
            step = here.steps[at]
            targets = [way.target for way in step.exits]
            names = [need.name for need in step.needs if need.what == "flow"]
            names += [target.removeprefix("@flow:") for target in targets if target.startswith("@flow:")]
            called = [(name, self._flows.called(here, name)) for name in names]
            yield from (need for need in step.needs if need.what not in ("flow", "reminder"))
            yield from (Need("flow", name) for name, found in called if found is None)
            yield from (Need("flow", n) for what, n in step.needs if what == "reminder" and self._is_gone(n))
            old = [found for _, found in called if found is not None and not self._is_present(found)]
            ways = [(here, target) for target in targets] + [(found, found.first) for found in old]
            new = [way for way in ways if way[1] in way[0].steps and (way[0].digest, way[1]) not in seen]
            seen.update((each.digest, target) for each, target in new)
            todo += new

    def _is_present(self, flow: Flow) -> bool:
        present = self._flows.flows.get(flow.name)
        return present is not None and present.digest == flow.digest

    def _is_gone(self, flow: str) -> bool:
        return self._flows.present(flow) is None


def _frame(raw: Mapping[str, Any]) -> Frame:
    above = tuple(_frame(each) for each in raw.get("above", ()))
    told = {name: raw[name] for name in ("asked", "due", "came") if name in raw}
    return Frame(raw["flow"], raw["digest"], raw["step"], above=above, **told)


def _standing(frame: Frame, fate: Fate) -> Standing:
    to = f"{fate.flow.name}/{fate.step}" if fate.name in ("moves", "restarts") and fate.flow else None
    return Standing(frame.flow, frame.step, fate.name, to)
