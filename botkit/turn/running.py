"""The top frame while it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botkit.flow.model import Flow
from botkit.turn.conversation import Frame, PendingCall, Undo


@dataclass(slots=True)
class Running:
    """A frame in hand: the fields of `Frame`, with the definition itself."""

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
        return cls(
            *(flow, frame.step, dict(frame.slots)),
            visits=frame.visits,
            tries=frame.tries,
            shown=frame.shown,
            pending_call=frame.pending_call,
            since=frame.since,
            page=frame.page,
            asked=frame.asked,
            above=frame.above,
            due=dict(frame.due),
            said=frame.said,
            parked=frame.parked,
            came=frame.came,
            gathered=frame.gathered,
            back=frame.back,
            open=frame.open,
            detour=frame.detour,
        )

    @property
    def digest(self) -> str:
        """Return the name of the definition."""
        return self.flow.digest

    def frame(self) -> Frame:
        """Return it as it is stored."""
        return Frame(
            *(self.flow.name, self.flow.digest, self.step, self.slots),
            visits=self.visits,
            tries=self.tries,
            shown=self.shown,
            pending_call=self.pending_call,
            since=self.since,
            page=self.page,
            asked=self.asked,
            above=self.above,
            due=self.due,
            said=self.said,
            parked=self.parked,
            came=self.came,
            gathered=self.gathered,
            back=self.back,
            open=self.open,
            detour=self.detour,
        )

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
