"""Interruptions, and the way back: what a stretch of the stack is, how one begins, how another is taken up.

The stack is a row of stretches: a flow, and those that it called. Every stretch but the lowest interrupted the one
below it, which gets its place back. `Position.base` is where the running one begins.

For `back` the lowest frame of a stretch keeps an undo (`undo.py`) for each question but the first, which leads from it
to the one before (`Frame.back`), and one that leads from here to the last question (`Frame.open`; none while it stands
there). `visits` only ever count up, so that a call that is made again gets another key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from botkit.turn.conversation import Frame, Undo
from botkit.turn.effect import Ended, Note
from botkit.turn.undo import applied, composed, is_large, undo

if TYPE_CHECKING:
    from botkit.flow.model import Flow
    from botkit.turn.position import Position
    from botkit.turn.running import Running

#: How a stretch came on top (`Frame.came`) -> what the one below does when it ends.
CAME: dict[str, str] = {
    "ask": "asks its question again, after `resumed`",
    "again": "asks its question again, without a word before it",
    "silent": "waits on without a word",
    "anew": "begins from its first step: a deploy changed it",
}
#: Most stretches that wait for their place. Who was interrupted more often has long forgotten the first one.
MAX_INTERRUPTED = 4
#: Most questions that one can go back.
MAX_BACK = 12
#: Most bytes that a stretch keeps for it, as JSON; beyond it the oldest questions are forgotten.
MAX_BYTES = 8_192


# ── coming on top ──


def interrupt(position: Position, flow: Flow, slots: Mapping[str, Any] | None = None, came: str = "") -> None:
    """Begin a flow on top of what runs; with nothing running it begins alone.

    `came` is of CAME; by default the flow's `start.resume`.
    """
    if position.running is None:
        position.start(flow, slots)
        return
    keep(position)
    running = position.current
    running.stop_waiting()
    position.below.append(running.frame())
    _forget_oldest(position)
    position.base, position.before = len(position.below), ()
    position.start(flow, slots, visits=running.visits, came=came or flow.start.resume)


def _forget_oldest(position: Position) -> None:
    """End the lowest stretch where too many wait."""
    bases = [index for index, frame in enumerate(position.below) if frame.came]
    if len(bases) < MAX_INTERRUPTED:
        return
    lowest = position.below[: bases[0]]
    position.effects.append(Note("place_forgotten", "info", {"flow": lowest[0].flow, "step": lowest[-1].step}))
    _end(position, lowest, "cancelled")
    del position.below[: bases[0]]
    position.below[0] = replace(position.below[0], came="")


def _end(position: Position, frames: Sequence[Frame], outcome: str) -> None:
    position.effects += [Ended(frame.flow, outcome, frame.slots) for frame in reversed(frames)]


def give_back(position: Position, came: str) -> None:
    """Let the stretch in hand have its place again; the one above, which came by `came`, has ended."""
    if came == "anew":
        start_anew(position)
        return
    resumed = position.flows.flows.get("resumed") if came == "ask" else None
    if resumed is not None and not resumed.first.startswith("@"):
        interrupt(position, resumed, came="again")
        return
    position.resting = False
    step = position.step
    if step.waits and not step.asks:  # it waits for no answer: so it goes on
        position.again = True
    elif came == "silent" and step.asks:
        position.resting = True
    else:
        _ask_last(position)


def _ask_last(position: Position) -> None:
    """Ask the last question of the stretch as it was asked; where none was, the flow is done."""
    if _has_asked(position):
        _stand(position, _last(position), position.before[0].back)
    else:
        position.finish("done")


# ── the way back ──


def go_back(position: Position) -> None:
    """Ask the question before: before the one it is called from, else the last that was answered.

    A stretch that has asked nothing yet is over, and what it interrupted goes back; from the first question of one it
    leads to the question that it interrupted. Before the first question of all there is none: it is asked again.
    """
    if not _has_asked(position) and position.base:
        leave(position, "done")
    if not _has_asked(position):
        give_back(position, "again")
        return
    frames, questions = _last(position), position.before[0].back
    if _stands_at(position, frames):
        if questions:
            frames, questions = applied(questions[-1], frames), questions[:-1]
        elif position.base:
            leave(position, "done")
            give_back(position, "again")
            return
    if not all(_is_there(position, frame) for frame in frames):  # its definition has changed meanwhile
        frames, questions = _last(position), ()
    _stand(position, frames, questions)


def leave(position: Position, outcome: str) -> None:
    """End the running stretch, and take the one below in hand as it stands."""
    running = position.current
    _end(position, [*position.below[position.base :], running.frame()], outcome)
    del position.below[position.base :]
    position.take_stretch()
    position.resume()
    position.current.visits = running.visits


def _stand(position: Position, frames: Sequence[Frame], questions: tuple[Undo, ...]) -> None:
    """Stand at a question again, with what was known when it was asked."""
    visits, came = position.current.visits, _first(position).came
    is_another = frames[-1] is not position.before[-1]
    first, *rest = frames
    position.before = (replace(first, came=came, back=questions, open=None), *rest)
    position.below[position.base :] = position.before[:-1]
    running = position.running = position.opened(position.before[-1])
    running.visits = visits
    running.stop_waiting()
    if is_another:
        running.leave_step()
        running.pending_call = None
    position.returned, position.again, position.resting = None, True, False


def _first(position: Position) -> Any:
    """Return the lowest frame of the running stretch."""
    return position.below[position.base] if len(position.below) > position.base else position.current


def _last(position: Position) -> list[Frame]:
    """Return the frames as they were when the last question was asked."""
    way = position.before[0].open
    return applied(way, position.before) if way else list(position.before)


def _has_asked(position: Position) -> bool:
    """Tell whether the stretch had asked a question before this leg."""
    before = position.before
    return bool(before) and (before[0].open is not None or _is_there(position, before[-1], asks=True))


def _is_there(position: Position, frame: Frame, *, asks: bool = False) -> bool:
    flow = position.flows.by_digest.get(frame.digest)
    step = flow.steps.get(frame.step) if flow else None
    return step is not None and (step.asks or not asks)


def _stands_at(position: Position, asked: Sequence[Frame]) -> bool:
    """Tell whether the last question is called from: by one of its own ways, or by a list in one of them."""
    running, question = position.current, asked[-1]
    if running.asked is not None and running.detour == 0:  # in a list of `anywhere`, before it asks anything itself
        return True
    is_here = len(position.below) - position.base == len(asked) - 1 and running.flow.digest == question.digest
    return is_here and question.step in (running.step, running.flow.held.get(running.step))


# ── what is kept for it ──


def keep(position: Position) -> None:
    """Note how to get back from here: at the end of a leg, and before an interruption."""
    if position.running is None or not _has_asked(position):
        return
    first = position.before[0]
    stretch: list[Frame | Running] = [*position.below[position.base :], position.running]
    way, questions = composed(undo(position.before, stretch), first.open), first.back
    if position.asked:
        again = position.again
        questions = _asked_again(position, way) if again else _bounded((*questions, way or [0] * len(stretch)))
        way = None
    last = way if way is not None else questions[-1] if questions else None
    if last is not None and is_large(last) and _holds_secret(position, last, stretch):
        questions, way = (), None  # what is sensitive goes with its flow: no way leads back behind it
    _note(position, questions, way)


def _holds_secret(position: Position, way: Undo, stretch: Sequence[Frame | Running]) -> bool:
    """Tell whether an undo would keep a sensitive answer."""
    for index, entry in enumerate(way):
        if entry and "slots" in entry:
            flow = position.flows.by_digest.get(entry.get("digest") or stretch[index].digest)
            if flow is not None and not flow.secrets.isdisjoint(entry["slots"]):
                return True
    return False


def _asked_again(position: Position, way: Undo | None) -> tuple[Undo, ...]:
    """Return the questions before one that is asked again, those of a detour (an `anywhere` list) left out."""
    questions: tuple[Undo, ...] = position.before[0].back
    count = max(0, len(questions) - position.detour)
    for older in reversed(questions[count:]):
        way = composed(way, older)
    questions = questions[:count]
    behind = composed(way, questions[-1]) if questions and way else None
    return (*questions[:-1], behind) if behind is not None else questions


def _bounded(questions: tuple[Undo, ...]) -> tuple[Undo, ...]:
    questions = questions[-MAX_BACK:]
    if is_large(questions[-1]):
        while questions and len(orjson.dumps(questions)) > MAX_BYTES:
            questions = questions[1:]
    return questions


def _note(position: Position, questions: tuple[Undo, ...], way: Undo | None) -> None:
    if position.asked and not position.again and position.current.asked is not None:
        position.current.detour += 1
    first = _first(position)
    if first is position.running:
        position.current.back, position.current.open = questions, way
    elif first.back != questions or first.open != way:
        position.below[position.base] = replace(first, back=questions, open=way)


def forget_way(position: Position) -> None:
    """Let the running stretch begin without questions to go back to."""
    first = _first(position)
    if first is not position.running and (first.back or first.open is not None):
        position.below[position.base] = replace(first, back=(), open=None)
    position.before = ()


def restart(position: Position) -> None:
    """Begin the bottom flow anew, with the inputs and the groups of a pattern that it began with."""
    visits = position.current.visits
    bottom = position.below[0] if position.below else position.current.frame()
    flow = position.flows.present(bottom.flow) or position.definition(bottom)
    position.quit("cancelled")
    position.start(flow, given(flow, bottom.slots), visits=visits)


def given(flow: Flow, slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a flow's slots what it began with: inputs, and the groups of its pattern."""
    begun = {*flow.inputs, *(flow.start.pattern.names if flow.start.pattern else ())}
    return {name: value for name, value in slots.items() if name in begun}


def start_anew(position: Position) -> None:
    """Begin the running flow from its first step, with nothing to go back to."""
    running = position.current
    forget_way(position)
    position.start(running.flow, running.slots, visits=running.visits, came=running.came)
