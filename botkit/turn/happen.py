"""What happens without a message of the person: a clock runs out, a named event comes.

Both look at the conversation's state alone: a clock that is not due there is stale, an event that no step waits for is
filed, with a line in the log.
"""

from __future__ import annotations

from collections.abc import Callable

from botkit.turn import gather
from botkit.turn.begin import begin_by_event
from botkit.turn.clocks import PASSED, QUIET, REMINDER, has_had_its_time
from botkit.turn.effect import CLASSES, Note
from botkit.turn.event import Due, Named
from botkit.turn.kinds import KINDS
from botkit.turn.kinds.wait import Wait
from botkit.turn.leg import Leg
from botkit.turn.reminders import remind
from botkit.turn.silence import nobody_answered, nobody_wrote


def take_due(leg: Leg, due: Due) -> None:
    """Do what a clock that ran out stands for."""
    leg.rank = CLASSES["timers"]
    leg.resume()
    kind, _, place = due.name.partition("/")
    if kind == REMINDER:
        remind(leg, place)
        return
    index, out = int(place) if place.isdecimal() else -1, _OUT.get(kind)
    if out is None or not _is_due(leg, kind, index, due.due_at):
        leg.rest()
        return
    at = leg.flows.bot.put_off(leg.now, leg.zone) if kind in QUIET else leg.now
    if at > leg.now:
        leg.set_due(index, kind, at)
        leg.rest()
    else:
        out(leg, index)


def _is_due(leg: Leg, kind: str, index: int, fired_for: float | None) -> bool:
    """Tell whether a frame's clock has run out by the state; one for a time of day only when it is that late."""
    if leg.running is None or not 0 <= index <= len(leg.below):
        return False
    if kind == "wait" and not _lasts(leg, index):
        fired_for = None
    due_at = leg.due(index).get(kind, PASSED)
    return due_at > PASSED and has_had_its_time(due_at, fired_for, leg.now)


def _lasts(leg: Leg, index: int) -> bool:
    """Tell whether a frame, covered or not, waits for a while."""
    with leg.at(index):
        step = leg.current.flow.steps.get(leg.current.step)
    return step is not None and isinstance(step.body, Wait) and step.body.duration is not None


def _nothing_more_came(leg: Leg, index: int) -> None:
    """Read what came close together as one answer: a reply like any other."""
    leg.rank = CLASSES["interactive"]
    message = gather.over(leg, index)
    if message is None:
        leg.rest()
    else:
        KINDS[leg.step.kind].answer_whole(leg, leg.step.body, message)


def _time_is_over(leg: Leg, index: int) -> None:
    """Let the step go on whose time is over; one that is covered goes on when it gets its place back."""
    if index == len(leg.below):
        KINDS[leg.step.kind].elapsed(leg, leg.step.body)
    else:
        leg.set_due(index, "wait", PASSED)
        leg.rest()


#: clock of a frame -> what happens to the frame at this place in the stack when it has run out.
_OUT: dict[str, Callable[[Leg, int], None]] = {
    "silence": nobody_answered,
    "idle": nobody_wrote,
    gather.CLOCK: _nothing_more_came,
    "wait": _time_is_over,
}


def take_named(leg: Leg, event: Named) -> None:
    """Give a named event to the step that waits for it, the uppermost if several do; else it may begin a flow."""
    leg.rank = CLASSES["timers"]
    running = leg.resume()
    for index in range(len(leg.below), -1, -1) if running is not None else ():
        if _takes(leg, index, event):
            return
    if not begin_by_event(leg, event):
        leg.effects.append(Note("event_unheard", "info", {"named": event.name}))
        leg.rest()


def _takes(leg: Leg, index: int, event: Named) -> bool:
    """Give an event to the step of a frame, if it waits for it and has not got it; one that is covered keeps it."""
    with leg.at(index, keep=True):
        step, running = leg.current.flow.steps.get(leg.current.step), leg.current
        if step is None or KINDS[step.kind].awaits(step.body) != event.name or "event" in running.due:
            return False
        KINDS[step.kind].event(leg, step.body, event)
        if index < len(leg.below):
            running.due = {"event": PASSED, **{name: at for name, at in running.due.items() if name != "wait"}}
    if index == len(leg.below):
        leg.move("event")
    else:
        leg.rest()
    return True
