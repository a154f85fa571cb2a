"""The frames of a conversation by their place in the stack, 0 being the lowest: their clocks, and speaking for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from botkit.turn.interruption import leave
from botkit.turn.position import Position


class Places(Position):
    """A position whose frames below the running one can be reached, too."""

    def due(self, index: int) -> Mapping[str, float]:
        """Return the clocks of the frame at a place in the stack, 0 being the lowest."""
        return self.current.due if index == len(self.below) else self.below[index].due

    def set_due(self, index: int, kind: str, due_at: float | None) -> None:
        """Set a clock of a frame, or (None) stop it."""
        due = {name: at for name, at in self.due(index).items() if name != kind}
        if due_at is not None:
            due[kind] = due_at
        if index == len(self.below):
            self.current.due = due
        else:
            self.below[index] = replace(self.below[index], due=due)

    def is_parked(self, index: int) -> bool:
        """Tell whether a frame's own silence ran out and led nowhere."""
        return self.current.parked if index == len(self.below) else self.below[index].parked

    def park(self, index: int) -> None:
        """Let the next message begin `welcome_back`."""
        if index == len(self.below):
            self.current.parked = True
        else:
            self.below[index] = replace(self.below[index], parked=True)

    def unpark(self) -> bool:
        """Tell whether a frame of the running stretch is parked, and take that back.

        One that is covered stays as it is: its question is not the one that a message answers.
        """
        running, callers = self.current, self.below[self.base :]
        if not running.parked and not (callers and any(frame.parked for frame in callers)):
            return False
        running.parked = False
        for index in range(self.base, len(self.below)):
            self.below[index] = replace(self.below[index], parked=False)
        return True

    @contextmanager
    def at(self, index: int, *, keep: bool = False) -> Iterator[None]:
        """Speak and know as the flow at a place in the stack does; `keep` what changes in a frame below, else lose it.

        It must not move or end there.
        """
        top = self.running
        if index < len(self.below):
            self.running = self.opened(self.below[index])
        try:
            yield
        finally:
            if keep and index < len(self.below):
                self.below[index] = self.current.frame()
            self.running = top

    def come_down(self, index: int) -> None:
        """Take the frame at a place in the stack in hand; what stands on top of it ends as `cancelled`."""
        while index < self.base:
            leave(self, "cancelled")
        visits = self.current.visits
        while len(self.below) > index:
            self._ended("cancelled")
            self.resume()
        self.current.visits = visits
