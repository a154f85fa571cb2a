"""The cheapest and the dearest ways through an unfolded flow.

A sum never falls along a way, so the cheapest is found by going over the nodes until nothing changes. The dearest goes
no loop twice: ways that lead back to where they came from (by a depth-first search, exits in the order written) are
left out, and what such a loop takes is told apart, as the requests of a round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from botkit.budget.nodes import Node, Unfolded, Way
from botkit.budget.request import NONE, REQUEST, Sent, add, closed, count
from botkit.budget.speech import Reply

#: node -> the ways that are followed from it
Ways = Sequence[Sequence[Way]]
#: node -> requests (`request.add`)
Sums = dict[int, int]


class Dear(NamedTuple):
    """The most requests of something, and the nodes on the way, last first."""

    requests: int
    nodes: tuple[int, ...]


class _Carried(NamedTuple):
    """The most sums with which nodes are come to and left, and from where, and whether that was passed by."""

    arrived: Sums
    left: Sums
    via: dict[int, tuple[int, bool]]

    def path(self, number: int) -> tuple[int, ...]:
        """Return the nodes on the dearest way to a node and that itself, last first."""
        found, skipped = [number], False
        while number in self.via:
            number, skipped = self.via[number]
            found += [] if skipped else [number]
        return tuple(found)


@dataclass(slots=True)
class Order:
    """The nodes that can be reached by `ways`, each behind those that lead to it but for the ways `back`."""

    ways: Ways
    nodes: list[int]
    back: list[tuple[int, Way]]
    at: dict[int, int]


def order(ways: Ways, starts: Iterable[int]) -> Order:
    """Return the nodes in an order in which sums can be carried on."""
    done: list[int] = []
    back: list[tuple[int, Way]] = []
    state: dict[int, bool] = {}
    for start in starts:
        if start in state:
            continue
        state[start] = False
        stack: list[tuple[int, Iterator[Way]]] = [(start, iter(ways[start]))]
        while stack:
            number, left = stack[-1]
            way = next(left, None)
            if way is None:
                state[number] = True
                done.append(stack.pop()[0])
            elif way.target not in state:
                state[way.target] = False
                stack.append((way.target, iter(ways[way.target])))
            elif not state[way.target]:
                back.append((number, way))
    done.reverse()
    return Order(ways, done, back, {number: at for at, number in enumerate(done)})


def order_ways(unfolded: Unfolded) -> tuple[Order, Order]:
    """Return the orders of a conversation and of a turn."""
    whole = [[way for way in node.ways if not way.asks_again] for node in unfolded.nodes]
    turn = [[way for way in node.ways if not way.fresh] for node in unfolded.nodes]
    return order(whole, [0]), order(turn, range(len(unfolded.nodes)))


class Counter:
    """Counts on one unfolded flow, ordered; `merged` says that neighbouring texts of a turn share a request."""

    def __init__(self, unfolded: Unfolded, orders: tuple[Order, Order], *, merged: bool) -> None:
        self.nodes, self.end, self.merged = unfolded.nodes, unfolded.end, merged
        self.detours = unfolded.detours
        self.order, self.turns = orders
        self.replies = [(number, reply) for number in self.order.nodes for reply in self.nodes[number].saying.replies]
        self.stays = {number: self._stay(self.nodes[number]) for number in self.order.nodes}
        self.dear_turns = self._most(self.turns, self._beginnings())

    # ── a conversation ──

    def cheapest(self) -> int:
        """Return the least requests from the beginning to an end; where there is no end, to where a loop closes."""
        arrived, left = self._least(self.order, {0: NONE})
        ends = [arrived[self.end]] if self.end in arrived else []
        closing = [left[number] for number, _ in self.order.back]
        return min(ends or closing or left.values()) // REQUEST

    def dearest(self) -> Dear:
        """Return the most requests from the beginning to an end, without a loop; where there is no end, to any step."""
        carried = self._most(self.order, {0: NONE})
        if self.end in carried.left:
            return Dear(carried.left[self.end] // REQUEST, carried.path(self.end))
        sums = ((sum + self.stays[number], number) for number, sum in carried.left.items())
        sum, last = max(sums, key=_first)
        return Dear(sum // REQUEST, carried.path(last))

    def rounds(self) -> Dear:
        """Return the most requests of one round of a loop: back to a step, or to the question that is asked again."""
        found = [self._detour(), *(self._round(head) for head in {way.target: 0 for _, way in self.order.back})]
        for number, reply in self.replies:
            if reply.times is None:
                reminded = sum(self._total(each) for each in self.nodes[number].saying.reminders)
                found.append(Dear(self._count(reply.speech.most) + reminded, (number,)))
        return max(found, key=_first)

    # ── a turn ──

    def cheapest_turn(self) -> int:
        """Return the least requests of a turn in which the bot goes on, or says what was wrong."""
        arrived, left = self._least(self.turns, self._beginnings(least=True))
        ends = [sum // REQUEST for number, sum in left.items() if self.nodes[number].waits]
        ends += [arrived[self.end] // REQUEST] if self.end in arrived else []
        return min([*ends, *(self._count(reply.speech.least) for _, reply in self.replies)], default=0)

    def dearest_turn(self) -> Dear:
        """Return the most requests of a turn."""
        sum, last = max(((sum, number) for number, sum in self.dear_turns.left.items()), key=_first)
        found = [Dear(sum // REQUEST, self.dear_turns.path(last))]
        found += [Dear(self._count(reply.speech.most), (number,)) for number, reply in self.replies]
        return max(found, key=_first)

    def _beginnings(self, *, least: bool = False) -> Sums:
        """Return the nodes that a turn begins at, with what is sent on the way there."""
        found: Sums = {0: NONE}
        for number in self.order.nodes:
            for way in self.nodes[number].ways:
                if way.fresh:
                    sum = self._add(NONE, way.speech.least if least else way.speech.most)
                    old = found.get(way.target, sum)
                    found[way.target] = min(old, sum) if least else max(old, sum)
        return found

    # ── sums ──

    def _add(self, sum: int, sent: Sequence[Sent]) -> int:
        return add(sum, sent, merged=self.merged) if sent else sum

    def _count(self, sent: Sequence[Sent]) -> int:
        return count(sent, merged=self.merged)

    def _total(self, reply: Reply) -> int:
        return self._count(reply.speech.most) * (reply.times or 0)

    def _stay(self, node: Node) -> int:
        """Return the most that is sent in turns that leave a conversation where it is; those without end count not."""
        return REQUEST * sum(self._total(reply) for reply in node.saying.replies)

    def _least(self, order: Order, starts: Sums) -> tuple[Sums, Sums]:
        """Return the least sums with which nodes are come to, and left."""
        arrived, left, changed = dict(starts), Sums(), True
        while changed:
            changed = False
            for number in order.nodes:
                if number not in arrived:
                    continue
                begun = arrived[number]
                left[number] = out = self._add(begun, self.nodes[number].saying.first.least)
                for way in order.ways[number]:
                    sum = begun if way.skips else closed(out) if way.fresh else out
                    sum = self._add(sum, way.speech.least)
                    if way.target not in arrived or sum < arrived[way.target]:
                        arrived[way.target] = sum
                        changed = changed or order.at[way.target] <= order.at[number]
        return arrived, left

    def _most(self, order: Order, starts: Sums, head: int | None = None, last: int | None = None) -> _Carried:
        """Return the most that is carried through, from `head` on, what itself sends left out, to the place `last`."""
        carried = _Carried(dict(starts), {}, {})
        arrived, at = carried.arrived, order.at
        for number in order.nodes[at[head] if head is not None else 0 : last]:
            begun = arrived.get(number)
            if begun is None:
                continue
            said = () if number == head else self.nodes[number].saying.first.most
            carried.left[number] = self._add(begun, said)
            for way in order.ways[number]:
                if at[way.target] > at[number]:
                    sum = self._on(carried, number, way)
                    if sum > arrived.get(way.target, -1):
                        arrived[way.target], carried.via[way.target] = sum, (number, way.skips)
        return carried

    def _on(self, carried: _Carried, number: int, way: Way) -> int:
        """Return the sum with which a way from a node ends."""
        sum = carried.arrived[number] if way.skips else carried.left[number]
        if way.fresh:
            sum = closed(sum) + self.stays[number]
        return self._add(sum, way.speech.most)

    # ── rounds ──

    def _round(self, head: int) -> Dear:
        """Return the dearest loop through a node that is come back to."""
        tails = [(number, way) for number, way in self.order.back if way.target == head]
        last = 1 + max(self.order.at[number] for number, _ in tails)
        carried = self._most(self.order, {head: NONE}, head, last)
        asked = self.nodes[head].saying.first.most
        ends = [(self._add(self._on(carried, number, way), asked) // REQUEST, number) for number, way in tails]
        requests, number = max(ends)
        return Dear(requests, carried.path(number))

    def _detour(self) -> Dear:
        """Return the dearest way to ask a question again: by going back, behind a list, behind a flow on top."""
        detours = self._most(self.order, dict.fromkeys(self.detours, NONE))
        found = Dear(0, ())
        for number in self.order.nodes:
            for way in self.nodes[number].ways:
                if way.asks_again and way.target:
                    asked = self.nodes[way.target].saying.first.most
                    sums = [carried.left.get(number, 0) for carried in (self.dear_turns, detours)]
                    requests = max(self._add(sum, asked) + self.stays[way.target] for sum in sums) // REQUEST
                    found = max(found, Dear(requests, (way.target,)), key=_first)
        return found


def _first(pair: tuple[int, object]) -> int:
    return pair[0]
