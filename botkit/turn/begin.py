"""Which flow a message begins, with nothing running.

In this order: the bot's own start words, its own patterns, the words of built-in flows, a flow that takes any message,
then `hello` (the contact's first message) or `unknown`. A tap is on an old menu here, and starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from botkit.answers.fold import fold, has_word
from botkit.flow.model import Flow
from botkit.turn.event import Inbound
from botkit.turn.leg import Leg


def begin(leg: Leg, message: Inbound) -> None:
    """Start the flow that a message asks for; without one (switched off) the bot is silent."""
    flow = _asked_for(leg, message) or leg.flows.flows.get("hello" if leg.last["new"] else "unknown")
    if flow is None:
        leg.rest()
        return
    leg.start(flow)


def _asked_for(leg: Leg, message: Inbound) -> Flow | None:
    if message.choice is not None and message.choice.id:
        return None
    text = message.text or (message.choice.title if message.choice else "")
    own = [(word, flow) for word, flow in leg.flows.starts if not flow.builtin]
    shipped = [(word, flow) for word, flow in leg.flows.starts if flow.builtin]
    return by_word(leg, text, own) or by_word(leg, text, shipped) or _by_any(leg)


def by_word(leg: Leg, text: str, starts: Iterable[tuple[str, Flow]]) -> Flow | None:
    """Return the flow with the longest start word in a text; of equals the one that stands first in it."""
    folded = fold(text)
    command = command_of(folded)
    best: tuple[int, int] | None = None
    found: Flow | None = None
    for word, flow in starts:
        if command is not None or word.startswith("/"):
            position = 0 if command == word else -1
        else:
            position = has_word(folded, word)
        rank = (-len(word), position)
        if position >= 0 and (best is None or rank < best) and _may_start(leg, flow):
            best, found = rank, flow
    return found


def _by_any(leg: Leg) -> Flow | None:
    flows = leg.flows.flows.values()
    return next((flow for flow in flows if flow.start.any and _may_start(leg, flow)), None)


def command_of(folded: str) -> str | None:
    """Return the command that a folded text begins with, without `@bot` behind it: `/cita`; else None."""
    return folded.split(" ")[0].partition("@")[0] if folded.startswith("/") else None


def _may_start(leg: Leg, flow: Flow) -> bool:
    return flow.start.guard is None or flow.start.guard.holds(leg.scope())
