"""What the bot said then against what it would say now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botkit.flow.flowset import FlowSet
from botkit.talks.recorded import Exchange, Said

Message = Mapping[str, Any]
#: Cuts a message into what a channel's gateway takes: (channel, message) -> messages.
Fit = Callable[[str, Message], Sequence[Message]]

#: How much later or earlier something is said that nobody notices, in seconds.
NOTICED_S = 60.0
#: A clock that was heard so much later than it was due was due while the bot was down, in seconds.
LATE_S = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the files as they are now answer to an exchange.

    `early` are rows that were said before it, when nothing was said then; `unrecorded` are calls that nobody made then.
    """

    rows: Sequence[Mapping[str, Any]]
    now_at: str | None
    early: Sequence[Mapping[str, Any]] = ()
    unrecorded: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that would be another: then and now, as far as they differ.

    `kind` is `said`, `unasked` (said without having been asked, when then nothing was), `later` (said at another time)
    or `called` (a call of which no result is on record); `place` is the file:line that says it, or would.
    """

    kind: str
    exchange: Exchange
    at: float
    then: tuple[Message, ...] = ()
    now: tuple[Message, ...] = ()
    place: str = ""
    called: str = ""
    moved_s: float = 0.0


def changes(
    exchange: Exchange, answer: Answer, flows: FlowSet, fitted: Callable[[Message], Sequence[Message]]
) -> list[Change]:
    """Return how an answer differs from the one on record; `fitted` cuts messages as they were cut then."""
    found = []
    at = exchange.first.time
    if answer.early:
        rows = answer.early
        unasked = tuple(row["message"] for row in rows)
        found.append(Change("unasked", exchange, rows[0]["created_at"], now=unasked, place=rows[0]["place"]))
    if answer.unrecorded:
        name = answer.unrecorded[0]
        found.append(Change("called", exchange, at, place=_place_of(answer.now_at, flows), called=name))
        return found
    then = [(plain(said.message), said) for said in exchange.said]
    now = [(plain(part), row) for row in answer.rows for part in fitted(row["message"])]
    first, last = _apart([message for message, _ in then], [message for message, _ in now])
    old, new = then[first : len(then) - last], now[first : len(now) - last]
    if old or new:
        place = new[0][1]["place"] if new else _place_then(old[0][1], flows)
        told = tuple(message for message, _ in old), tuple(message for message, _ in new)
        found.append(Change("said", exchange, at, *told, place))
    elif now and exchange.first.due_at is not None:
        moved_s = now[0][1]["created_at"] - (exchange.first.time if _in_time(exchange) else exchange.first.at)
        if abs(moved_s) > NOTICED_S:
            place = now[0][1]["place"]
            found.append(Change("later", exchange, at, then=(then[0][0],), place=place, moved_s=moved_s))
    return found


def plain(message: Message) -> Message:
    """Return a message without what only the channel adds; options by what they say."""
    told = {name: value for name, value in message.items() if name != "shown"}
    if "options" in told:
        told["options"] = [option["title"] for option in told["options"]]
    return told


def same_place(then: str | None, now: str | None, flows: FlowSet) -> bool:
    """Tell whether a conversation stands where it stood, whatever flow and step are called by now."""
    return now == _renamed(then, flows)


def _renamed(place: str | None, flows: FlowSet) -> str | None:
    if place is None:
        return None
    name, _, step_id = place.partition("/")
    flow = flows.present(name)
    step = flow.heir(step_id) if flow else None
    return f"{flow.name}/{step.id}" if flow and step else place


def _apart(then: Sequence[Message], now: Sequence[Message]) -> tuple[int, int]:
    """Return how many messages are the same at the beginning and, of the rest, at the end."""
    shorter = min(len(then), len(now))
    first = next((index for index in range(shorter) if then[index] != now[index]), shorter)
    rest = shorter - first
    return first, next((index for index in range(rest) if then[-1 - index] != now[-1 - index]), rest)


def _in_time(exchange: Exchange) -> bool:
    return exchange.first.at - exchange.first.time <= LATE_S


def _place_then(said: Said, flows: FlowSet) -> str:
    """Return where a step stands that said something then; where it stood, if it is gone."""
    return _place_of(f"{said.flow}/{said.step}", flows) or said.place


def _place_of(place: str | None, flows: FlowSet) -> str:
    """Return the file:line of `flow/step`, empty where there is none."""
    name, _, step_id = (place or "").partition("/")
    flow = flows.present(name)
    step = flow.heir(step_id) if flow else None
    return step.place.row if step else ""
