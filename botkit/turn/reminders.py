"""Reminders that come due: their flow begins on top of whatever runs, and gives the place back."""

from __future__ import annotations

from botkit.turn.effect import Note
from botkit.turn.interruption import interrupt
from botkit.turn.leg import Leg


def remind(leg: Leg, name: str) -> None:
    """Begin the flow of a reminder that is due, as it is now.

    A stale one, or one for somebody who opted out, does nothing. In quiet hours it is put off until they end.
    """
    reminder = leg.reminders.get(name)
    if reminder is None or reminder["at"] > leg.now:
        leg.rest()
        return
    at = leg.flows.bot.put_off(leg.now, leg.zone)
    if at > leg.now:
        leg.reminders[name] = {**reminder, "at": at}
        leg.rest()
        return
    del leg.reminders[name]
    flow = leg.flows.present(reminder["flow"])
    if flow is None or leg.conversation.opted_out:
        why = "opted_out" if flow else "flow_gone"
        leg.effects.append(Note("reminder_dropped", "info" if flow else "warning", {"reminder": name, "why": why}))
        leg.rest()
        return
    interrupt(leg, flow, {key: value for key, value in reminder["with"].items() if key in flow.inputs})
