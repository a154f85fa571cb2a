"""The order of each rank from left to right: few crossings, by sweeps of barycentres and exchanges of neighbours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

from botkit.graph.layers import Layers

#: Sweeps over all ranks; they settle long before.
SWEEPS = 16

#: Where the neighbours of a vertex stand, above and below, from left to right.
Ends = tuple[Sequence[int], Sequence[int]]


def arrange(layers: Layers) -> None:
    """Put the vertices of every rank in order; a lane never mixes with another."""
    place = _visited(layers)
    for rank in layers.ranks:
        rank.sort(key=lambda number: (layers.vertices[number].lane, place[number]))
    best, fewest = [rank[:] for rank in layers.ranks], crossings(layers)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        _sweep(layers, down=sweep % 2 == 0)
        _exchange(layers)
        found = crossings(layers)
        if found < fewest:
            best, fewest = [rank[:] for rank in layers.ranks], found
    layers.ranks[:] = best


def crossings(layers: Layers) -> int:
    """Return how many lines cross between neighbouring ranks."""
    return sum(_between(layers, upper, lower) for upper, lower in pairwise(layers.ranks))


def _between(layers: Layers, upper: Sequence[int], lower: Sequence[int]) -> int:
    place = {number: index for index, number in enumerate(lower)}
    seen: list[int] = []
    found = 0
    for number in upper:
        ends = sorted(place[below] for below in layers.vertices[number].below)
        found += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return found


def _visited(layers: Layers) -> dict[int, int]:
    """Return when each vertex is met, following the ways of every step in the order written."""
    seen: dict[int, int] = {}
    todo = [number for number, vertex in reversed([*enumerate(layers.vertices)]) if not vertex.above]
    while todo:
        number = todo.pop()
        if number not in seen:
            seen[number] = len(seen)
            todo += reversed(layers.vertices[number].below)
    return seen


def _sweep(layers: Layers, *, down: bool) -> None:
    """Order each rank by where its neighbours stand in the rank that was ordered before it."""
    ranks = layers.ranks if down else [*reversed(layers.ranks)]
    for fixed, free in pairwise(ranks):
        place = {number: index for index, number in enumerate(fixed)}
        now = {number: index for index, number in enumerate(free)}

        def key(number: int, place: dict[int, int] = place, now: dict[int, int] = now) -> tuple[int, float, int]:
            vertex = layers.vertices[number]
            near = [place[each] for each in (layers.leading(number) if down else vertex.below)]
            return vertex.lane, sum(near) / len(near) if near else now[number], now[number]

        free.sort(key=key)


def _exchange(layers: Layers) -> None:
    """Exchange neighbours as long as that saves crossings."""
    for index, rank in enumerate(layers.ranks):
        beside = [layers.ranks[near] for near in (index - 1, index + 1) if 0 <= near < len(layers.ranks)]
        place = {number: at for other in beside for at, number in enumerate(other)}
        ends = {number: _ends(layers, number, place) for number in rank}
        for _ in rank:
            if not _exchange_once(layers, rank, ends):
                break


def _ends(layers: Layers, number: int, place: Mapping[int, int]) -> Ends:
    vertex = layers.vertices[number]
    return sorted(place[near] for near in vertex.above), sorted(place[near] for near in vertex.below)


def _exchange_once(layers: Layers, rank: list[int], ends: Mapping[int, Ends]) -> bool:
    changed = False
    for at in range(len(rank) - 1):
        left, right = rank[at : at + 2]
        if layers.vertices[left].lane == layers.vertices[right].lane and _saved(ends[left], ends[right]) > 0:
            rank[at], rank[at + 1] = right, left
            changed = True
    return changed


def _saved(left: Ends, right: Ends) -> int:
    """Return how many crossings fewer there are if two neighbours change places."""
    return sum(_pairs(one, other) - _pairs(other, one) for one, other in zip(left, right, strict=True))


def _pairs(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how often a place of the left one is beyond a place of the right one."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    return sum(bisect_left(right, place) for place in left)
