"""What the log says of a turn: its notes, and one line when it is over. Never what people wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from botkit.journal import where
from botkit.ports import InboxRow
from botkit.progress import Progress
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Note

_LEVELS = {"info": 20, "warning": 30, "error": 40}

log = structlog.get_logger("botkit.turn")


def log_fields(conversation: Conversation, event_id: int) -> dict[str, Any]:
    """Return what every line of a turn carries.

    Bound to the task only where foreign code may log (a handler): binding and merging costs as much as the line.
    """
    top = conversation.top
    return {
        "conversation": conversation.id,
        "event_id": event_id,
        "flow": top.flow if top else None,
        "step": top.step if top else None,
    }


def log_notes(row: InboxRow, after: Conversation, notes: Sequence[Note]) -> None:
    """Log what a leg noted; a note's own fields go before those of its turn."""
    for note in notes:
        log.log(_LEVELS[note.level], note.event, **{**log_fields(after, row.id), **note.fields})


def log_turn(row: InboxRow, after: Conversation, progress: Progress, now: float) -> None:
    """Log a turn that is over; `now` is monotonic seconds."""
    fields = log_fields(after, row.id)
    fields["came_from"] = progress.came_from
    fields["now_at"] = where(after)
    fields["legs"] = progress.legs
    fields["messages"] = progress.messages
    fields["duration_ms"] = 0.0 if progress.began_at is None else round((now - progress.began_at) * 1000, 2)
    if row.attempts > 1:
        fields["attempt"] = row.attempts
    log.info("turn", **fields)
