"""Clocks of a conversation: what falls due without anybody writing.

A conversation's state says which clocks run (`Frame.due`, `Conversation.reminders`); the rows of the store's `timer`
table are an index of it, kept by the difference that each leg makes. So nothing that runs a step sets or cancels a
timer: it changes the state. A timer that fires is looked up in the state again; what is not due there is stale, and
nothing happens.
"""

from __future__ import annotations

from typing import NamedTuple

from botkit.turn.conversation import Conversation
from botkit.turn.effect import CancelTimer, SetTimer

#: The clock of a named reminder.
REMINDER = "reminder"
#: What a clock may be -> what runs out. The first four belong to a frame. While people have the conversation only
#: their own clock runs.
CLOCKS: dict[str, str] = {
    "silence": "nobody answered the question, for the step's `silence`",
    "idle": "nobody wrote, for the flow's `silence`",
    "together": "no more messages came that belong to one answer",
    "wait": "a `wait` step is over",
    "handoff": "people have had the conversation for long enough",
    REMINDER: "a named reminder of `schedule`",
    "held": "an event that came while people had the conversation",
}
#: Those of frames that quiet hours put off; `reminders.py` puts off its own.
QUIET = frozenset(("silence", "idle"))
#: Those that last for a while, whatever the wall clock is set to; a `wait` may be one for a time of day, too.
LASTING = ("silence", "idle", "together", "wait", "handoff")
#: How exactly a due time is kept where a clock was moved, in seconds.
EXACT_S = 0.001
#: Due time of a clock that ran out, or of an event that came, while another flow stood on top: it counts from then on,
#: and has no timer.
PASSED = 0.0


class Clock(NamedTuple):
    """A clock that runs: one of CLOCKS, and when it is due, in UTC seconds."""

    kind: str
    due_at: float


def clocks_of(conversation: Conversation) -> dict[str, Clock]:
    """Return the clocks by the name of their timer: `silence/INDEX` (the frame's place from below), `reminder/NAME`."""
    if conversation.handoff is not None:
        return {"handoff": Clock("handoff", conversation.handoff.until)}
    clocks: dict[str, Clock] = {}
    if conversation.held:
        clocks["held"] = Clock("held", conversation.held[0]["at"])
    for index, frame in enumerate(conversation.frames):
        for kind, due_at in frame.due.items():
            if due_at > PASSED:
                clocks[name_of(kind, index)] = Clock(kind, due_at)
    for name, reminder in conversation.reminders.items():
        clocks[f"{REMINDER}/{name}"] = Clock(REMINDER, reminder["at"])
    return clocks


def has_had_its_time(due_at: float, fired_for: float | None, now: float) -> bool:
    """Tell whether a clock of the state has run out; `fired_for` is the due time that its timer had."""
    return due_at <= now or (fired_for is not None and abs(due_at - fired_for) < EXACT_S)


def name_of(kind: str, index: int) -> str:
    """Return the name of the timer of a frame's clock."""
    return f"{kind}/{index}"


def changes(before: Conversation, after: Conversation, fired: str | None = None) -> list[SetTimer | CancelTimer]:
    """Return what makes the timers of `before` those of `after`; the timer `fired` is gone already."""
    if not (_run(before) or _run(after)):
        return []
    had, has = clocks_of(before), clocks_of(after)
    if fired is not None:
        had.pop(fired, None)
    if had == has:
        return []
    cancels = [CancelTimer(name) for name in had if name not in has]
    return [*cancels, *(SetTimer(name, *clock) for name, clock in has.items() if had.get(name) != clock)]


def _run(conversation: Conversation) -> bool:
    """Tell whether any clock may run: most conversations have none, and are asked twice for each message."""
    for frame in conversation.frames:
        if frame.due:
            return True
    return bool(conversation.reminders or conversation.handoff or conversation.held)
