"""The top frame while it changes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from botkit.flow.model import Flow
from botkit.turn.conversation import Frame, PendingCall, Undo


@dataclass(slots=True)
class Running:
    """A frame in hand: the definition itself in place of its name and digest, then the fields of `Frame`, in order."""

    flow: Flow
    step: str
    slots: dict[str, Any]
    visits: int = 0
    tries: int = 0
    shown: tuple[dict[str, Any], ...] = ()
    pending_call: PendingCall | None = None
    since: int = 0
    page: int = 0
    asked: str | None = None
    above: tuple[Frame, ...] = ()
    due: dict[str, float] = field(default_factory=dict)
    said: int = 0
    parked: bool = False
    came: str = ""
    gathered: dict[str, Any] | None = None
    back: tuple[Undo, ...] = ()
    open: Undo | None = None
    detour: int = 0

    @classmethod
    def of(cls, frame: Frame, flow: Flow) -> Running:
        """Return a stored frame as it runs, with its definition."""
        running = cls(flow, frame.step, dict(frame.slots), *_shared(frame))
        running.due = dict(running.due)
        return running

    @property
    def digest(self) -> str:
        """Return the name of the definition."""
        return self.flow.digest

    def frame(self) -> Frame:
        """Return it as it is stored."""
        return Frame(self.flow.name, self.flow.digest, self.step, self.slots, *_shared(self))

    def stop_waiting(self) -> None:
        """Stop the clocks that run while a question waits: it is asked again, and waits anew."""
        self.said, self.gathered = 0, None
        for kind in ("silence", "together"):
            self.due.pop(kind, None)

    def leave_step(self) -> None:
        """Forget what belongs to the step alone: its menu, its wrong answers, its clocks."""
        self.tries, self.shown, self.page, self.said, self.parked, self.gathered = 0, (), 0, 0, False, None
        if self.due:
            self.due = {name: due_at for name, due_at in self.due.items() if name == "idle"}


#: The fields that both have, from `visits` on.
_shared = attrgetter(*(each.name for each in fields(Running)[3:]))
