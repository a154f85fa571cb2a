"""When what waits is expected to leave, and why it has not left: pure arithmetic over the gate's state and the queue.

Classes are strict, contacts of a class take turns, and a contact's rows leave in order. So before the row that has
`depth` others of its lane before it leave: those `depth`; all that waits in better classes; of every other lane of its
class as many rows as rounds pass, `depth`, and one more where that lane's turn comes before. Bulk has one request of
ten. From the number of requests before it and the gate's state follows a time.

It is an estimate. It cannot know what will be queued meanwhile, how long answers take, which texts will go as one
request, nor when a gateway that failed comes back: a time behind a hold is that of the first probe.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, islice
from typing import NamedTuple, Self

from botkit.flow.level import Level
from botkit.outbox.key import load_key
from botkit.outbox.load import level_of, wait_s
from botkit.outbox.rate import QUOTA, QUOTA_BULK_S, KeyState, Limits, Usage, Wait, decide
from botkit.outbox.restored import held_anew
from botkit.outbox.retry import QUOTA_PROBES_S, OnUncertain
from botkit.outbox.share import EVERY
from botkit.outbox.slots import Slots
from botkit.ports import Lane
from botkit.turn.effect import CLASSES

#: About how long a gateway takes to answer, in seconds.
ANSWER_S = 0.2

#: Why a row that waits has not left -> what that means. Those up to `limit` are of the key, the others of its place.
REASONS: dict[str, str] = {
    "paused": "an operator paused the channel",
    "unlinked": "the gateway's session is not linked to a phone",
    "redirect": "the gateway answers with redirects; the key is stopped",
    "unauthorized": "the gateway refuses the key",
    "refused": "the gateway refused messages to many contacts",
    "throttled": "the gateway answered 429",
    "quota": "the key's plan is used up",
    "unavailable": "the gateway answered 503",
    "unreachable": "the gateway cannot be reached",
    "server_error": "the gateway answered with errors of its own",
    "silent": "the gateway did not answer",
    "unreadable": "the gateway's answers could not be read",
    "restored": "the store came from a backup; what was sent in the last period is not known",
    "probing": "a request asks whether the gateway is back",
    "limit": "the limit of the key is reached",
    "pace": "requests are spread over the period",
    "flying": "it is being sent",
    "uncertain": "nobody knows whether it arrived; that is decided when its wait for news is over",
    "uncertain paused": "nobody knows whether it arrived; that is decided when the channel is resumed",
    "held": "nobody knows whether it arrived, and it is for news or a person to say",
    "behind flying": "a message to the contact is being sent",
    "behind uncertain": "nobody knows whether a message to the contact before it arrived",
    "behind held": "nobody knows whether a message to the contact before it arrived, and a person has to say",
    "behind": "messages to the contact go before it",
    "black": "too many people wait for an answer: broadcasts stop",
    "turn": "others go first",
    "next": "it goes next",
    "not running": "no bot runs",
    "gone": "config.yaml has no such channel any more",
}


class Spot(NamedTuple):
    """The place of a row that waits: its lane, how many of that go before it, how many requests in all.

    `rank` is the class that the gate will be asked for: bulk in its turn is not paced as bulk.
    """

    lane: Lane
    depth: int
    ahead: int
    rank: int


class Queue:
    """All that waits under one key."""

    def __init__(self, lanes: Iterable[Lane]) -> None:
        ordered = sorted(lanes, key=lambda lane: (lane.rank, lane.turn))
        self._classes = {rank: list(members) for rank, members in groupby(ordered, key=lambda lane: lane.rank)}
        self.waiting = {rank: sum(lane.rows for lane in lanes) for rank, lanes in self._classes.items()}
        self._turns: dict[tuple[int, int], list[int]] = {}
        self._rounds = {rank: _rounds(lanes) for rank, lanes in self._classes.items()}

    def lanes(self, conversation_id: str) -> list[Lane]:
        """Return the lanes of a contact, the one that goes first first."""
        return [lane for lanes in self._classes.values() for lane in lanes if lane.conversation_id == conversation_id]

    def spot(self, lane: Lane, depth: int) -> Spot:
        """Return the place of the row that has `depth` others of its lane before it."""
        better, same = self._better(lane.rank), self._same(lane, depth)
        if lane.rank == CLASSES["bulk"]:
            shared = (EVERY - 1) * (same + 1)
            rank = CLASSES["interactive"] if shared <= better else lane.rank
            return Spot(lane, depth, same + min(better, shared), rank)
        talk = better + same
        return Spot(lane, depth, talk + min(self.waiting.get(CLASSES["bulk"], 0), talk // (EVERY - 1)), lane.rank)

    def first(self, count: int) -> list[Spot]:
        """Return the places of the first `count` rows, in about the order in which they leave."""
        spots = (self.spot(lane, depth) for lane, depth in self._in_order())
        return sorted(islice(spots, count), key=lambda spot: spot.ahead)

    @property
    def talk_ahead(self) -> int:
        """To how many contacts something is queued that they wait for."""
        return sum(len(lanes) for rank, lanes in self._classes.items() if rank <= CLASSES["interactive"])

    def _better(self, rank: int) -> int:
        return sum(count for each, count in self.waiting.items() if each < rank)

    def _same(self, lane: Lane, depth: int) -> int:
        """Return how many requests of its own class leave before a row."""
        rounds = self._rounds[lane.rank]
        before = rounds[min(depth, len(rounds) - 1)]
        return before + bisect_left(self._turns_of(lane.rank, depth), lane.turn)

    def _turns_of(self, rank: int, depth: int) -> list[int]:
        """Return the turns of the lanes of a class that have more than `depth` rows, in order."""
        if (rank, depth) not in self._turns:
            self._turns[rank, depth] = [lane.turn for lane in self._classes[rank] if lane.rows > depth]
        return self._turns[rank, depth]

    def _in_order(self) -> Iterator[tuple[Lane, int]]:
        for lanes in self._classes.values():
            for depth in range(max(lane.rows for lane in lanes)):
                yield from ((lane, depth) for lane in lanes if lane.rows > depth)


def _rounds(lanes: list[Lane]) -> list[int]:
    """Return how many rows of a class have left after 0, 1, 2 … whole rounds."""
    ends: defaultdict[int, int] = defaultdict(int)
    for lane in lanes:
        ends[lane.rows] += 1
    left, served = len(lanes), []
    for depth in range(1, max(ends) + 1):
        served.append(left)
        left -= ends[depth]
    return [0, *accumulate(served)]


@dataclass(frozen=True, slots=True)
class View:
    """A key at a moment: what may be sent with what was learned, its state, its slots, and what its operator says.

    `backs` are the times at which the slots that are taken come back, in order; `paused_at` is when an operator paused
    it, None where it runs; `policy` is what becomes of uncertain requests.
    """

    limits: Limits
    key: KeyState
    usage: Usage
    backs: tuple[float, ...] = ()
    paused_at: float | None = None
    policy: OnUncertain = "resend_once"

    @classmethod
    def stored(
        cls,
        limits: Limits,
        state: bytes | None,
        sendings: Iterable[tuple[float, float | None]],
        now: float,
    ) -> Self:
        """Return a key as the store has it: its state, and when what it sent lately left and was answered.

        What a clock noted that ran ahead until now is of no time: the gate goes by one that is never set.
        """
        key, latest = held_anew(load_key(state), limits), now + limits.given_up_s
        key = replace(key, held_until=min(key.held_until, now + QUOTA_PROBES_S[-1]))
        entries = [(min(sent, now), answered) for sent, answered in sendings if answered is None or answered <= latest]
        slots = Slots(limits.after(key.learned))
        slots.rebuild(entries, now)
        usage = replace(slots.usage(now), flying=sum(answered is None for _, answered in entries))
        return cls(slots.limits, key, usage, slots.backs())

    def level(self, queue: Queue, now: float) -> Level:
        """Return how loaded the key is, by the wait that a new reply would have."""
        return level_of(wait_s(self.limits, self.key, self.usage, queue.talk_ahead, now))


@dataclass(frozen=True, slots=True)
class InAir:
    """A request to a contact that is out or in doubt: its status, how often it left, when its doubt is decided."""

    status: str
    attempts: int
    due_at: float | None = None


class Leaving(NamedTuple):
    """When a row is expected to leave, in UTC seconds (None: not by itself), and why it has not: one of REASONS."""

    at: float | None
    why: str


def key_reason(view: View, now: float) -> str | None:
    """Return why nothing at all leaves under a key: one of REASONS, None if something may."""
    if view.paused_at is not None:
        return "paused"
    word = decide(view.limits, view.key, view.usage, CLASSES["system"], now)
    return word.why if isinstance(word, Wait) and word.why not in ("limit", "pace") else None


def expect(view: View, spot: Spot, air: InAir | None, level: Level, now: float) -> Leaving:
    """Return when a pending row is expected to leave; `air` is what is out to its contact."""
    blocked = key_reason(view, now)
    at = leaves_at(view, spot, now)
    if at is None:
        return Leaving(None, blocked or view.key.why)
    doubt = in_air(view, air, now) if air is not None else None
    if doubt is not None and doubt.why == "held":
        return Leaving(None, "behind held")
    if doubt is not None and doubt.at is not None:
        at = max(at, doubt.at)
    if blocked is not None:
        return Leaving(at, blocked)
    if doubt is not None:
        return Leaving(at, f"behind {doubt.why}")
    return Leaving(at, _own_reason(view, spot, level, now))


def _own_reason(view: View, spot: Spot, level: Level, now: float) -> str:
    """Return why a row has not left whose key and whose contact are free."""
    if spot.depth:
        return "behind"
    if spot.lane.rank == CLASSES["bulk"] and level == "black":
        return "black"
    word = decide(view.limits, view.key, view.usage, spot.rank, now)
    if spot.ahead:
        return "turn" if not isinstance(word, Wait) else word.why
    return word.why if isinstance(word, Wait) else "next"


def in_air(view: View, air: InAir, now: float) -> Leaving:
    """Return what is to be expected of a request that is out or in doubt."""
    if air.status == "flying":
        return Leaving(None, "flying")
    due_at = air.due_at if air.due_at is not None else now
    if view.policy == "hold" and due_at <= now:
        return Leaving(None, "held")
    if view.paused_at is not None:
        return Leaving(None, "uncertain paused")
    return Leaving(max(due_at, now), "uncertain")


def leaves_at(view: View, spot: Spot, now: float) -> float | None:
    """Return about when a row leaves that has so many requests before it; None while nothing can."""
    limits, key, usage, rank = view.limits, view.key, view.usage, spot.rank
    if view.paused_at is not None or key.stopped or not key.is_linked:
        return None
    start = max(now, key.held_until)
    if key.why == QUOTA and spot.lane.rank >= CLASSES["bulk"]:
        start = max(start, key.closed_since + QUOTA_BULK_S)
    slots = limits.free_for(rank)
    period, place = divmod(spot.ahead, slots)
    paced_at = max(usage.pace_at, start) + place * limits.spacing_s - limits.slack_s(rank)
    # Of the slots that are taken the first comes back to who finds none free; `slots` requests later it is free again.
    back_at = view.backs[min(back, len(view.backs) - 1)] if (back := place - slots + usage.taken) >= 0 else start
    return max(start, paced_at, back_at) + period * (limits.held_s + ANSWER_S)
