"""What a message means while a step waits.

In this order: an opt-out word; exactly an offered option; a word of `anywhere`; a flow that interrupts, by its word or
its pattern; else it is the step's, which finds an answer in it or a wrong one. Words count as the whole message alone.
After a flow's silence ran out the first message is none of these, but for the opt-out word: it begins `welcome_back`.
"""

from __future__ import annotations

from collections.abc import Iterator

from botkit.answers.fold import fold
from botkit.flow.model import Flow
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.turn import menu
from botkit.turn.begin import command_of, may_start
from botkit.turn.event import Inbound
from botkit.turn.interruption import interrupt
from botkit.turn.kinds import KINDS
from botkit.turn.leg import Leg
from botkit.turn.versions import begin_anew

_OPT_OUT = frozenset(OPT_OUT_WORDS)


def hear(leg: Leg, message: Inbound) -> None:
    """Give a message to whom it is meant for."""
    word, was_parked = whole_word(message), leg.unpark()
    if opts_out(leg, word) or (was_parked and _comes(leg, "welcome_back", "again")):
        return
    step = leg.step
    kind = KINDS[step.kind]
    if word is not None and _is_called(leg, word, message, listens=kind.listens):
        return
    if leg.anew is not None:
        begin_anew(leg, leg.anew)
    else:
        kind.answer(leg, step.body, message)


def whole_word(message: Inbound) -> str | None:
    """Return a message as a word that may be known: the whole text folded, or the command that it begins with."""
    if not message.text or message.media or (message.choice is not None and message.choice.id):
        return None
    folded = fold(message.text)
    return command_of(folded) or folded


def opts_out(leg: Leg, word: str | None, came: str = "") -> bool:
    """Begin `opt_out` if the word asks for it; False where it does not, or the bot is in it. `came` as `interrupt`."""
    return word in _OPT_OUT and _comes(leg, "opt_out", came)


def _comes(leg: Leg, name: str, came: str) -> bool:
    """Begin a flow on top; False where the bot has no such flow, or is in it."""
    flow = leg.flows.flows.get(name)
    if flow is None or _runs(leg, flow):
        return False
    interrupt(leg, flow, came=came)
    return True


def _is_called(leg: Leg, word: str, message: Inbound, *, listens: bool) -> bool:
    """Go where a word leads; False if it leads nowhere, or is exactly an option on show.

    The words first: few are known anywhere, and whether an option is meant takes longer to find out.
    """
    is_known = listens and leg.knows(word)
    flows = leg.flows
    called = None
    if not is_known and (word in flows.interrupting or flows.interrupting_patterns):
        called = next(_interrupting(leg, word, message.text or ""), None)
    if (called is None and not is_known) or menu.offers(leg.current.shown, message):
        return False
    if called is None:
        leg.hear(word)
    else:
        interrupt(leg, *called)
    return True


def _interrupting(leg: Leg, word: str, text: str) -> Iterator[tuple[Flow, dict[str, str]]]:
    """Yield flows that a message calls on top of what runs, with the slots that a pattern gives: own ones first."""
    by_word = [flow for flow in leg.flows.interrupting.get(word, ()) if _may_interrupt(leg, flow)]
    yield from ((flow, {}) for flow in by_word if not flow.builtin)
    for flow in leg.flows.interrupting_patterns:
        groups = flow.start.pattern.search(text) if flow.start.pattern is not None else None
        if groups is not None and _may_interrupt(leg, flow):
            yield flow, groups
    yield from ((flow, {}) for flow in by_word if flow.builtin)


def _may_interrupt(leg: Leg, flow: Flow) -> bool:
    """Tell whether a flow may begin on top: one that runs already does not interrupt itself."""
    return not _runs(leg, flow) and may_start(leg, flow)


def _runs(leg: Leg, flow: Flow) -> bool:
    if leg.running is None:
        return False
    return leg.current.flow.name == flow.name or any(frame.flow == flow.name for frame in leg.below)
