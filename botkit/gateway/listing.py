"""What a gateway lists when it is asked what is new: from an answer's bytes to arrivals, and to the mark. Pure.

A listing differs from a webhook: it repeats what it has listed, it may begin with the newest, and the first one tells
of talks that were over before the bot was there. So items are taken oldest first, each counts once by its id (the
inbox sees to that, over webhooks of the same channel, too), and what was said before the bot first asked is left alone.
The *mark* says how far the listing was read. It is kept only after its events are: between the two a kill costs nothing
but a listing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from math import floor
from typing import Any, overload

import orjson

from botkit.errors import IntakeError
from botkit.gateway.inbound import ITEMS_LIMIT, Mapped, Mapper, arrival_of
from botkit.gateway.neutral import to_text
from botkit.gateway.path import compile_path
from botkit.gateway.syntax import parse_body
from botkit.gateway.ways_in import Poll
from botkit.ports import Arrival
from botkit.turn.event import Inbound

#: What was said so many seconds before the bot first asked is still answered: clocks differ.
BEFORE_S = 60.0
#: How far a gateway's clock may be ahead, in seconds.
AHEAD_S = 60.0
#: Items of an answer: an inbox of some days at a gateway that lists all it has. One with more is no listing.
LISTED_LIMIT = 20_000
#: Characters of a gateway's mark.
CURSOR_LIMIT = 4_096
#: Integers from here on are no JSON that everybody reads.
INTEGER_END = 1 << 63

#: What the templates of a request can name.
NAMES: dict[str, str] = {
    "last.id": "the id of the newest event that was read; nothing before the first",
    "last.at": "when that was, in seconds since 1970; before the first, when the bot first asked",
    "last.at_ms": "the same in milliseconds",
    "last.at_iso": "the same as 2026-11-23T14:05:00Z",
    "cursor": "what the last answer's `cursor` found; nothing before the first",
    "now": "the time, in seconds since 1970",
    "now_ms": "the same in milliseconds",
    "now_iso": "the same as 2026-11-23T14:05:00Z",
    "omit": "drops its key",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a channel's listing was read; kept as JSON.

    `began` is when the bot first asked, `is_new` until it has read a listing to its end; `id` and `at` are the newest
    event's, `cursor` is the gateway's own mark. `of` is a digest of the request: where that changes, they say nothing.
    """

    of: str
    began: float
    is_new: bool = True
    id: str | None = None
    at: float | None = None
    cursor: str | int | float | None = None

    def dump(self) -> str:
        """Return it as JSON."""
        return orjson.dumps(asdict(self)).decode()


class Arrivals(Sequence[Arrival]):
    """Arrivals, each made when it is asked for: as bytes they take some 8 KB, and there may be thousands."""

    def __init__(self, events: Sequence[Mapped], mark: Mark) -> None:
        self._events, self._mark = events, mark

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> Arrival: ...

    @overload
    def __getitem__(self, index: slice) -> list[Arrival]: ...

    def __getitem__(self, index: int | slice) -> Arrival | list[Arrival]:
        """Return one, or some of them."""
        if isinstance(index, slice):
            return [self._arrival(each) for each in self._events[index]]
        return self._arrival(self._events[index])

    def _arrival(self, mapped: Mapped) -> Arrival:
        return _filed_if(arrival_of(mapped, is_listed=True), mapped.event, self._mark)


@dataclass(frozen=True, slots=True)
class Listed:
    """What an answer tells: arrivals, oldest first; the mark behind them; if there is more.

    `old` is how many were too old, `refused` how many were left out that no rule takes.
    """

    arrivals: Sequence[Arrival]
    mark: Mark
    more: bool = False
    old: int = 0
    refused: int = 0


class Listing:
    """A channel's listing: its rules and paths, compiled once."""

    def __init__(self, channel: str, poll: Poll) -> None:
        self._mapper = Mapper(channel, poll.rules)
        self._items = compile_path(poll.items)
        self._cursor = compile_path(poll.cursor) if poll.cursor else None
        self._more = compile_path(poll.more) if poll.more else None
        asked = [poll.request.model_dump(mode="json"), poll.cursor]
        self._of = sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]

    def mark(self, kept: str | None, now: float) -> Mark:
        """Return the mark that was kept, as far as it belongs to this request; without one it begins now."""
        if kept is None:
            return Mark(self._of, now)
        known = {field.name for field in fields(Mark)}
        mark = Mark(**{name: value for name, value in orjson.loads(kept).items() if name in known})
        return mark if mark.of == self._of else replace(mark, of=self._of, id=None, at=None, cursor=None)

    def read(self, body: bytes, mark: Mark, now: float) -> Listed:
        """Return what an answer tells; raises IntakeError for one that is no listing.

        Of what no rule takes so much is kept as of a webhook's body: enough to see what it is.
        """
        value = parse_body(body)
        found = self._items(value)
        if not isinstance(found, list):
            raise IntakeError(400, "'items' finds no list in the answer, not even an empty one")
        if len(found) > LISTED_LIMIT:
            raise IntakeError(413, f"more than {LISTED_LIMIT} items in one answer: ask for fewer at once")
        events, refused = _bounded(_oldest_first([self._mapper.map(item) for item in found]))
        new = [each for each in events if not _is_old(each.event, mark)]
        more = bool(self._more and self._more(value))
        return Listed(
            Arrivals(new, mark),
            self._moved(mark, [each.event for each in events if not _is_ahead(each.event, now)], value, more=more),
            more,
            len(events) - len(new),
            refused,
        )

    def _moved(self, mark: Mark, events: list[Inbound], value: Any, *, more: bool) -> Mark:
        """Return the mark behind an answer. The newest event is the one with the latest time, else the last."""
        named = [each for each in events if each.id]
        if named:
            newest = max(reversed(named), key=lambda event: float("-inf") if event.at is None else event.at)
            at = max((each for each in (mark.at, newest.at) if each is not None), default=None)
            is_newer = newest.at is None or mark.at is None or newest.at >= mark.at
            mark = replace(mark, at=at, id=newest.id if is_newer else mark.id)
        cursor = _cursor_of(self._cursor(value)) if self._cursor else None
        return replace(mark, cursor=mark.cursor if cursor is None else cursor, is_new=mark.is_new and more)


def values_of(mark: Mark, now: float) -> dict[str, Any]:
    """Return what the templates of a request can name. Times are rounded down.

    Before the first event there is no `last.id`, and `last.at` is when the bot first asked.
    """
    last = {"id": mark.id, **_times("at", mark.began if mark.at is None else mark.at)}
    return {"last": last, "cursor": mark.cursor, **_times("now", now)}


def _cursor_of(found: Any) -> str | int | float | None:
    """Return a gateway's mark as JSON can keep it: a text without NUL and lone surrogates, a long integer as text."""
    text = to_text(found)
    if not text or len(text) > CURSOR_LIMIT:
        return None
    is_kept = isinstance(found, float) or (isinstance(found, int) and abs(found) < INTEGER_END)
    return found if is_kept else text


def _times(name: str, at: float) -> Mapping[str, Any]:
    iso = datetime.fromtimestamp(floor(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {name: floor(at), f"{name}_ms": floor(at * 1000), f"{name}_iso": iso}


def _bounded(events: list[Mapped]) -> tuple[list[Mapped], int]:
    """Return events without those that no rule takes from the 1,001st of them on, and how many these are."""
    strays = [index for index, each in enumerate(events) if each.rule is None][ITEMS_LIMIT:]
    left_out = frozenset(strays)
    return [each for index, each in enumerate(events) if index not in left_out] if strays else events, len(strays)


def _oldest_first(events: list[Mapped]) -> list[Mapped]:
    """Return events in the order in which they happened, as far as their times tell; else as they are listed."""
    times = [each.event.at for each in events if each.event.at is not None]
    if len(times) < len(events) or not times:
        # What no rule takes has no time; it stays where it stands among the others.
        return events[::-1] if times and times[0] > times[-1] else events
    listed = events[::-1] if times[0] > times[-1] else events
    return sorted(listed, key=lambda each: each.event.at or 0.0)


def _is_old(event: Inbound, mark: Mark) -> bool:
    return event.at is not None and event.at < mark.began - BEFORE_S


def _is_ahead(event: Inbound, now: float) -> bool:
    """Tell whether an event's time has not come: a mark there would hide all that comes before it."""
    return event.at is not None and event.at > now + AHEAD_S


def _filed_if(arrival: Arrival, event: Inbound, mark: Mark) -> Arrival:
    """Return an arrival that is only filed if nobody knows whether it was said before the bot first asked."""
    return arrival._replace(turn=False) if mark.is_new and event.at is None else arrival
