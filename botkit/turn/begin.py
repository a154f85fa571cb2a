"""Which flow a message or an event begins, with nothing running.

A message, in this order: the bot's own start words, its own patterns, opt-out words (as the whole message) and the
words of built-in flows, a flow that takes any message, then `hello` (the contact's first message) or `unknown`. A tap
is on an old menu here, and starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from botkit.answers.fold import fold, has_word
from botkit.flow.model import Flow
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.turn.effect import Note
from botkit.turn.event import Inbound, Named
from botkit.turn.interruption import interrupt
from botkit.turn.leg import Leg


def begin(leg: Leg, message: Inbound) -> None:
    """Start the flow that a message asks for; without one (switched off) the bot is silent."""
    flow, slots = _asked_for(leg, message)
    flow = flow or leg.flows.flows.get("hello" if leg.last["new"] else "unknown")
    if flow is None:
        leg.rest()
        return
    leg.start(flow, slots)


def _asked_for(leg: Leg, message: Inbound) -> tuple[Flow | None, dict[str, str]]:
    """Return the flow that a message asks for, and the slots that its pattern gives."""
    if message.choice is not None and message.choice.id:
        return None, {}
    text = message.text or (message.choice.title if message.choice else "")
    flow = by_word(leg, text, leg.flows.starts)
    if flow is None and (found := _by_pattern(leg, text)) is not None:
        return found
    return flow or _opt_out(leg, text) or by_word(leg, text, leg.flows.builtin_starts) or _by_any(leg), {}


def _opt_out(leg: Leg, text: str) -> Flow | None:
    return leg.flows.flows.get("opt_out") if fold(text) in OPT_OUT_WORDS else None


def begin_by_event(leg: Leg, event: Named) -> bool:
    """Start the first flow that an event begins, on top of what runs where it may; False where none may.

    Its data are the flow's inputs, as far as it has them; one that lacks an input does not begin.
    """
    flows = leg.flows.events.get(event.name, ())
    flow = next((flow for flow in flows if _may_begin_now(leg, flow) and may_start(leg, flow)), None)
    if flow is None:
        return False
    data = event.data if isinstance(event.data, dict) else {}
    given = {name: data[name] for name in flow.inputs if data.get(name) is not None}
    missing = sorted(name for name, default in flow.inputs.items() if default is None and name not in given)
    if missing:
        fields = {"name": event.name, "flow": flow.name, "missing": ", ".join(missing)}
        leg.effects.append(Note("event_incomplete", "warning", fields))
        leg.rest()
    else:
        interrupt(leg, flow, given)
    return True


def _may_begin_now(leg: Leg, flow: Flow) -> bool:
    return flow.start.may_interrupt if leg.running is not None else not flow.start.only_interrupts


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
        if position >= 0 and (best is None or rank < best) and may_start(leg, flow):
            best, found = rank, flow
    return found


def _by_pattern(leg: Leg, text: str) -> tuple[Flow, dict[str, str]] | None:
    """Return the first own flow whose pattern fits a text, and the named groups that took part."""
    for flow in leg.flows.flows.values():
        pattern = flow.start.pattern
        asked = pattern is not None and text and not flow.builtin and not flow.start.only_interrupts
        groups = pattern.search(text) if asked and pattern is not None else None
        if groups is not None and may_start(leg, flow):
            return flow, groups
    return None


def _by_any(leg: Leg) -> Flow | None:
    flows = leg.flows.flows.values()
    return next((flow for flow in flows if flow.start.any and may_start(leg, flow)), None)


def command_of(folded: str) -> str | None:
    """Return the command that a folded text begins with, without `@bot` behind it: `/cita`; else None."""
    return folded.split(" ")[0].partition("@")[0] if folded.startswith("/") else None


def may_start(leg: Leg, flow: Flow) -> bool:
    """Tell whether the `if` of a flow's `start` holds."""
    return flow.start.guard is None or flow.start.guard.holds(leg.scope())
