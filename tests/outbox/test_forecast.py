"""When what waits is expected to leave: against a queue that is really sent, over virtual time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.outbox.forecast import REASONS, InAir, Queue, View, expect, in_air, key_reason, leaves_at
from botkit.outbox.key import dump_key
from botkit.outbox.rate import KeyState, Learned, Limits, Usage, Wait, decide
from botkit.outbox.retry import QUOTA_PROBES_S
from botkit.outbox.share import Share
from botkit.outbox.slots import Slots
from botkit.ports import Lane
from botkit.turn.effect import CLASSES

LIMITS = Limits(30, 60.0, 10.0)
NOW = 1_700_000_000.0
ROUND_TRIP_S = 0.2
SYSTEM, REPLY, TIMER, BULK = CLASSES.values()


def lane(name: str, rank: int, turn: int, count: int) -> Lane:
    """Return a lane of a contact."""
    return Lane(name, "bulk" if rank == BULK else "talk", rank, turn, count)


def many(count: int, rank: int, rows: int = 1) -> list[Lane]:
    """Return the lanes of as many contacts, each with so many rows."""
    return [lane(f"{rank}-{number}", rank, number, rows) for number in range(count)]


class World:
    """A key whose whole queue is sent: classes, turns, the share of bulk, one request per contact, the real gate."""

    def __init__(self, lanes: list[Lane], slots: Slots, key: KeyState) -> None:
        self._left = {each: each.rows for each in lanes}
        self._turns = {each: each.turn for each in lanes}
        self._busy: dict[str, float] = {}
        self._slots, self._key, self._share = slots, key, Share()
        self._answers: list[tuple[float, int]] = []

    def run(self) -> dict[tuple[Lane, int], float]:
        """Send everything; return when each row left."""
        now, request, at = NOW, 0, {}
        while any(self._left.values()):
            for answered_at, number in [each for each in self._answers if each[0] <= now]:
                self._slots.answer(number, answered_at)
                self._answers.remove((answered_at, number))
            head = self._head(now)
            word = None
            if head is not None:
                rank = self._share.rank(head.rank)
                word = decide(self._slots.limits, self._key, self._slots.usage(now), rank, now)
            if head is None or isinstance(word, Wait):
                until = word.until if isinstance(word, Wait) else float("inf")
                now = min([until, *(answered_at for answered_at, _ in self._answers)])
                continue
            at[head, head.rows - self._left[head]] = now
            self._share.spend(head.rank)
            self._slots.leave(request, now)
            self._answers.append((now + ROUND_TRIP_S, request))
            self._busy[head.conversation_id] = now + ROUND_TRIP_S
            self._left[head] -= 1
            self._turns[head] = 10**6 + request
            request += 1
        return at

    def _head(self, now: float) -> Lane | None:
        free = [each for each, left in self._left.items() if left and self._busy.get(each.conversation_id, 0) <= now]
        first = BULK if self._share.bulk == "first" else None
        return min(free, key=lambda each: (each.rank != first, each.rank, self._turns[each]), default=None)


QUEUES: dict[str, list[Lane]] = {
    "one": many(1, REPLY),
    "a burst": many(4, REPLY),
    "replies": many(90, REPLY),
    "several each": many(20, REPLY, 4),
    "of all lengths": [lane(f"c{n}", REPLY, n, 1 + n % 7) for n in range(30)],
    "all classes": [*many(2, SYSTEM), *many(10, REPLY, 3), *many(20, TIMER, 2)],
    "a broadcast": many(100, BULK),
    "a broadcast behind talk": [*many(60, REPLY), *many(60, BULK)],
    "one contact": many(1, REPLY, 40),
}


@pytest.mark.parametrize("taken", [0, 20])
@pytest.mark.parametrize("case", QUEUES)
def test_as_sent(case: str, taken: int) -> None:
    """Every row leaves within 4 s, or a tenth of its wait, of when it was expected to."""
    lanes = QUEUES[case]
    slots = Slots(LIMITS)
    slots.rebuild([(NOW - 50 + 2 * n, NOW - 49.8 + 2 * n) for n in range(taken)], NOW)
    view = View(LIMITS, KeyState(), slots.usage(NOW), slots.backs())
    queue = Queue(lanes)
    for (which, depth), left_at in World(lanes, slots, KeyState()).run().items():
        at = leaves_at(view, queue.spot(which, depth), NOW)
        assert at == pytest.approx(left_at, abs=max(4.0, 0.1 * (left_at - NOW)))


def test_order() -> None:
    """The first rows are listed as they leave: classes, then rounds, then turns."""
    queue = Queue([lane("b", REPLY, 2, 2), lane("a", REPLY, 1, 1), lane("t", TIMER, 0, 2), lane("s", SYSTEM, 9, 1)])
    first = [(spot.lane.conversation_id, spot.depth, spot.ahead) for spot in queue.first(5)]
    assert first == [("s", 0, 0), ("a", 0, 1), ("b", 0, 2), ("b", 1, 3), ("t", 0, 4)]


@pytest.mark.parametrize("count", [1, 7, 50])
def test_nobody_twice(count: int) -> None:
    """In one class no two rows have the same number of requests before them."""
    lanes = [lane(f"c{n}", REPLY, n, 1 + n % 5) for n in range(count)]
    ahead = [spot.ahead for spot in Queue(lanes).first(1000)]
    assert ahead == list(range(sum(each.rows for each in lanes)))


FREE = View(LIMITS, KeyState(), Usage(pace_at=NOW))
FULL = View(LIMITS, KeyState(), Usage(30, 0, NOW + 7, NOW), tuple(NOW + 7 + n for n in range(30)))
HELD = View(LIMITS, KeyState(held_until=NOW + 45, why="unavailable", probing=True), Usage(pace_at=NOW))
DOUBT = InAir("uncertain", 1, NOW + 12)

#: view, rows of its own before it, class, what is out to its contact -> seconds until it leaves, and why it has not
EXPECTED: dict[str, tuple[View, int, int, InAir | None, float | None, str]] = {
    "next": (FREE, 0, REPLY, None, 0, "next"),
    "no slot": (FULL, 0, REPLY, None, 7, "limit"),
    "behind its own": (FREE, 2, REPLY, None, 0, "behind"),
    "held": (HELD, 0, REPLY, None, 45, "unavailable"),
    "held, and behind its own": (HELD, 2, REPLY, None, 45, "unavailable"),
    "paused": (replace(FREE, paused_at=NOW - 9), 0, REPLY, None, None, "paused"),
    "stopped": (replace(FREE, key=KeyState(stopped=True, why="redirect")), 0, REPLY, None, None, "redirect"),
    "unlinked": (replace(FREE, key=KeyState(is_linked=False)), 0, REPLY, None, None, "unlinked"),
    "plan used up": (
        replace(FREE, key=KeyState(why="quota", probing=True, closed_since=NOW - 600)),
        *(0, BULK, None, 3000, "quota"),
    ),
    "behind a flight": (FREE, 0, REPLY, InAir("flying", 1), 0, "behind flying"),
    "behind a doubt": (FREE, 0, REPLY, DOUBT, 12, "behind uncertain"),
    "behind a doubt that is held": (
        replace(FREE, policy="hold"),
        *(0, REPLY, InAir("uncertain", 1, NOW - 1), None, "behind held"),
    ),
    "a doubt that is not yet held": (replace(FREE, policy="hold"), 0, REPLY, DOUBT, 12, "behind uncertain"),
}


@pytest.mark.parametrize("case", EXPECTED)
def test_reasons(case: str) -> None:
    """What holds a row up is named: the key's reason before the contact's, that before the row's own."""
    view, depth, rank, air, seconds, why = EXPECTED[case]
    mine = lane("me", rank, 1, depth + 1)
    told = expect(view, Queue([mine]).spot(mine, depth), air, "green", NOW)
    assert (told.at, told.why) == (seconds if seconds is None else pytest.approx(NOW + seconds, abs=0.1), why)


def test_others_first() -> None:
    """Behind other contacts it says so; bulk says when broadcasts stop."""
    queue = Queue([lane("a", REPLY, 1, 1), lane("b", REPLY, 2, 1), lane("c", BULK, 3, 1)])
    second, bulk = (queue.spot(each, 0) for each in (queue.lanes("b") + queue.lanes("c")))
    assert expect(FREE, second, None, "green", NOW).why == "turn"
    assert expect(FREE, bulk, None, "black", NOW).why == "black"


def test_in_air() -> None:
    """What is out is being sent; what is in doubt is decided in time, or by a person."""
    assert in_air(FREE, InAir("flying", 1), NOW) == (None, "flying")
    assert in_air(FREE, DOUBT, NOW) == (NOW + 12, "uncertain")
    assert in_air(replace(FREE, paused_at=NOW), DOUBT, NOW) == (None, "uncertain paused")
    assert in_air(replace(FREE, policy="hold"), InAir("uncertain", 1, NOW - 1), NOW) == (None, "held")


def test_key_reason() -> None:
    """That the limit is reached is no reason of the key: others have their slots back soon."""
    assert [key_reason(view, NOW) for view in (FREE, FULL, HELD)] == [None, None, "unavailable"]


def test_stored() -> None:
    """A key is seen as the store has it: learned limits, slots that are taken, requests that are out."""
    state = dump_key(KeyState(learned=Learned(limit=10)))
    view = View.stored(LIMITS, state, [(NOW - 5, NOW - 4), (NOW - 1, None)], NOW)
    assert (view.limits.limit, view.usage.taken, view.usage.flying) == (10, 2, 1)
    assert View.stored(LIMITS, None, [], NOW).limits == LIMITS


def test_stored_by_a_clock_ahead() -> None:
    """What was noted by a clock that ran ahead takes no slot for as long, and holds nothing for longer than a probe."""
    ahead = NOW + 86_400.0
    state = dump_key(KeyState(held_until=ahead, why="unavailable"))
    view = View.stored(LIMITS, state, [(ahead, ahead + 1), (ahead, None), (NOW - 5, NOW - 4)], NOW)
    assert (view.usage.taken, view.usage.flying, view.key.held_until) == (2, 1, NOW + QUOTA_PROBES_S[-1])


def test_table() -> None:
    """Every reason of a key that can hold it is in the table."""
    whys = {"redirect", "unauthorized", "refused", "throttled", "quota", "unavailable", "unreachable", "server_error"}
    assert whys | {"silent", "unreadable", "unlinked", "probing", "limit", "pace"} <= REASONS.keys()
