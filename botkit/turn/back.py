"""`back`: the question before, slots as they were when it was asked, across calls and interruptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botkit.turn.interruption import give_back, leave
from botkit.turn.undo import applied
from botkit.turn.way import has_asked, is_there, last_question, stand, stands_at

if TYPE_CHECKING:
    from botkit.turn.position import Position


def go_back(position: Position) -> None:
    """Ask the question before: before the one it is called from, else the last that was answered.

    A stretch that has asked nothing yet is over, and what it interrupted goes back; from the first question of one it
    leads to the question that it interrupted. Before the first question of all there is none: it is asked again.
    """
    if not has_asked(position) and position.base:
        leave(position, "done")
    if not has_asked(position):
        give_back(position, "again")
        return
    frames, questions = last_question(position), position.before[0].back
    if stands_at(position, frames):
        if questions:
            frames, questions = applied(questions[-1], frames), questions[:-1]
        elif position.base:
            leave(position, "done")
            give_back(position, "again")
            return
    if not all(is_there(position, frame) for frame in frames):  # its definition has changed meanwhile
        frames, questions = last_question(position), ()
    stand(position, frames, questions)
