"""The way back: what the questions of a stretch leave behind, so that each can be asked again as it was.

The lowest frame of a stretch (`interruption.py`) keeps an undo (`undo.py`) for each question but the first, which leads
from it to the one before (`Frame.back`), and one that leads from here to the last question (`Frame.open`; none while it
stands there). `visits` only ever count up, so that a call that is made again gets another key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from botkit.turn.conversation import Frame, Undo
from botkit.turn.undo import applied, composed, is_large, undo

if TYPE_CHECKING:
    from botkit.turn.position import Position
    from botkit.turn.running import Running

#: Most questions that one can go back.
MAX_BACK = 12
#: Most bytes that a stretch keeps for it, as JSON; beyond it the oldest questions are forgotten.
MAX_BYTES = 8_192


def keep(position: Position) -> None:
    """Note how to get back from here: at the end of a leg, and before an interruption."""
    if position.running is None or not has_asked(position):
        return
    if position.asked and not position.again:
        count_detour(position, 1)
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
    running, first = position.current, _first(position)
    if first is running:
        running.back, running.open = questions, way
    elif first.back != questions or first.open != way:
        position.below[position.base] = replace(first, back=questions, open=way)


def count_detour(position: Position, questions: int) -> None:
    """Count questions to the `anywhere` list that runs, whether it asks them itself or by a flow that it calls."""
    running = position.current
    if running.asked is not None:
        running.detour += questions
        return
    for index in range(len(position.below) - 1, position.base - 1, -1):
        frame = position.below[index]
        if frame.asked is not None:
            position.below[index] = replace(frame, detour=frame.detour + questions)
            return


def forget_way(position: Position) -> None:
    """Let the running stretch begin without questions to go back to."""
    first = _first(position)
    if first is not position.running and (first.back or first.open is not None):
        position.below[position.base] = replace(first, back=(), open=None)
    position.before = ()


# ── standing at a question again ──


def ask_last(position: Position) -> None:
    """Ask the last question of the stretch as it was asked; where none was, the flow is done."""
    if has_asked(position):
        stand(position, last_question(position), position.before[0].back)
    else:
        position.finish("done")


def stand(position: Position, frames: Sequence[Frame], questions: tuple[Undo, ...]) -> None:
    """Stand at a question again, with what was known when it was asked."""
    visits, came = position.current.visits, _first(position).came
    is_another = frames[-1] is not position.before[-1]
    first, *rest = _on_clocks_of_now(position, frames)
    position.before = (replace(first, came=came, back=questions, open=None), *rest)
    position.below[position.base :] = position.before[:-1]
    running = position.running = position.opened(position.before[-1])
    running.visits = visits
    running.stop_waiting()
    if is_another:
        running.leave_step()
        running.pending_call = None
    position.returned, position.again, position.resting = None, True, False


def _on_clocks_of_now(position: Position, frames: Sequence[Frame]) -> list[Frame]:
    """Return frames as they were, with the clocks of now: one that has run out meanwhile would do so again."""
    present: list[Frame | Running] = [*position.below[position.base :], position.current]
    return [
        replace(frame, due=_clocks(frame, present[index] if index < len(present) else None), parked=False)
        for index, frame in enumerate(frames)
    ]


def _clocks(frame: Frame, present: Frame | Running | None) -> dict[str, float]:
    """Return the clock of the flow; that of the step begins anew with its question."""
    if present is None or present.digest != frame.digest:
        return {}
    return {name: due_at for name, due_at in present.due.items() if name == "idle"}


def _first(position: Position) -> Any:
    """Return the lowest frame of the running stretch."""
    return position.below[position.base] if len(position.below) > position.base else position.current


def last_question(position: Position) -> list[Frame]:
    """Return the frames as they were when the last question was asked."""
    way = position.before[0].open
    return applied(way, position.before) if way else list(position.before)


def has_asked(position: Position) -> bool:
    """Tell whether the stretch had asked a question before this leg."""
    before = position.before
    return bool(before) and (before[0].open is not None or is_there(position, before[-1], asks=True))


def is_there(position: Position, frame: Frame, *, asks: bool = False) -> bool:
    flow = position.flows.by_digest.get(frame.digest)
    step = flow.steps.get(frame.step) if flow else None
    return step is not None and (step.asks or not asks)


def stands_at(position: Position, asked: Sequence[Frame]) -> bool:
    """Tell whether the last question is called from: by one of its own ways, or by a list in one of them."""
    running, question = position.current, asked[-1]
    if running.asked is not None and running.detour == 0:  # in a list of `anywhere`, before it asks anything itself
        return True
    is_here = len(position.below) - position.base == len(asked) - 1 and running.flow.digest == question.digest
    return is_here and question.step in (running.step, running.flow.held.get(running.step))
