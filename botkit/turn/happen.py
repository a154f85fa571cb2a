"""What happens without a message of the person: a clock runs out, a named event comes.

Both look at the conversation's state alone: a clock that is not due there is stale, an event that no step waits for is
filed, with a line in the log.
"""

from __future__ import annotations

from botkit.turn.effect import CLASSES, Note
from botkit.turn.event import Due, Named
from botkit.turn.leg import Leg


def take_due(leg: Leg, due: Due) -> None:
    """Do what a clock that ran out stands for."""
    leg.resume()
    leg.rank = CLASSES["timers"]
    leg.rest()


def take_named(leg: Leg, event: Named) -> None:
    """Give a named event to the step that waits for it."""
    leg.resume()
    leg.rank = CLASSES["timers"]
    leg.effects.append(Note("event_unheard", "info", {"name": event.name}))
    leg.rest()
