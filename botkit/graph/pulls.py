"""How much each vertex is drawn to those above and below it: lines are the straighter the longer they are.

The longest way through the flow wants it most. A short branch counts by its own length only: the many branches of a
long flow would together outweigh that way, and bend it at every step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from botkit.graph.layers import Layers

#: How much a line wants to be straight: one of the longest way, of a part of it, any other, one that only joins.
LONGEST, PART, OTHER, JOINING, NOTHING = 40.0, 3.0, 1.0, 0.3, 0.1
#: A line is short whose length is no greater part of the longest way's.
SHORT = 1 / 8

#: vertex -> its neighbours, each with the weight of the line between.
Pulls = Mapping[int, Sequence[tuple[int, float]]]
#: vertices of a lane -> how many boxes the longest way from there has
Lengths = Mapping[int, int]


def pulls(layers: Layers, lane: int) -> tuple[Pulls, Pulls]:
    """Return what pulls the vertices of a lane from above and from below."""
    up, down = lengths(layers, lane, upwards=True), lengths(layers, lane, upwards=False)
    most = max((up[number] + down[number] for number in up), default=1)
    weights = {(upper, lower): weight for upper, lower, weight in _weights(layers, up, down)}
    straight = _straight(layers, up, {line for line, weight in weights.items() if weight == LONGEST})
    above: dict[int, list[tuple[int, float]]] = {number: [] for number in up}
    below: dict[int, list[tuple[int, float]]] = {number: [] for number in up}
    for (upper, lower), weight in weights.items():
        own = straight[upper]
        whole = own if weight == LONGEST and own <= SHORT * most else up[upper] + down[lower]
        below[upper].append((lower, weight * whole / most))
        above[lower].append((upper, weight * whole / most))
    return above, below


def _weights(layers: Layers, up: Lengths, down: Lengths) -> Iterator[tuple[int, int, float]]:
    """Yield each line and how much it wants to be straight, before its length is reckoned in."""
    leading = {number: layers.leading(number) for number in up if layers.vertices[number].above}
    before = {number: _longest(near, up) for number, near in leading.items()}
    led = {number: set(near) for number, near in leading.items()}
    for upper in up:
        below = layers.vertices[upper].below
        after = _longest(below, down) if below else None
        for lower in below:
            if lower not in up:
                continue
            longest = (lower == after) + (upper == before[lower])
            yield upper, lower, (OTHER, PART, LONGEST)[longest] if upper in led[lower] else JOINING


def _straight(layers: Layers, lane: Lengths, lines: Set[tuple[int, int]]) -> dict[int, float]:
    """Return how long the straight line through each vertex is, in boxes; `lines` are those that make it up."""
    first: dict[int, int] = {}
    count: dict[int, float] = {}
    for number in (number for rank in layers.ranks for number in rank if number in lane):
        upper = next((each for each in layers.vertices[number].above if (each, number) in lines), None)
        first[number] = number if upper is None else first[upper]
        count[first[number]] = count.get(first[number], 0.0) + 0.5  # boxes stand at every other rank
    return {number: count[top] for number, top in first.items()}


def hanging(layers: Layers, lane: int, above: Pulls) -> Pulls:
    """Return what pulls at last: what hangs from something follows it, all else stays."""
    down = lengths(layers, lane, upwards=False)
    loose = _hanging(layers, above, down)
    return {
        number: [(up, weight * NOTHING / LONGEST) for up, weight in near] if number in loose else [(number, LONGEST)]
        for number, near in above.items()
    }


def _hanging(layers: Layers, above: Pulls, down: Lengths) -> set[int]:
    """Return what ends soon, and the branches whose ways all end without meeting another."""
    ending: set[int] = set()
    for number in (number for rank in reversed(layers.ranks) for number in rank if number in above):
        vertex = layers.vertices[number]
        if len(vertex.above) == 1 and all(near in ending for near in vertex.below):
            ending.add(number)
    after = {number: _longest(layers.vertices[number].below, down) for number in above if layers.vertices[number].below}
    found: set[int] = set()
    for number in (number for rank in layers.ranks for number in rank if above.get(number)):
        upper = above[number][0][0]
        if down[number] <= 1 or (number in ending and (upper in found or after[upper] != number)):
            found.add(number)
    return found


def _longest(numbers: Sequence[int], lengths: Lengths) -> int:
    """Return the vertex of the longest way, of several the one in the middle: a menu stands above its branches."""
    most = max(lengths.get(number, -1) for number in numbers)
    alike = [number for number in numbers if lengths.get(number, -1) == most]
    return alike[(len(alike) - 1) // 2]


def lengths(layers: Layers, lane: int, *, upwards: bool) -> dict[int, int]:
    """Return how many boxes the longest way from a vertex has, up or down, in its lane."""
    found: dict[int, int] = {}
    for rank in layers.ranks if upwards else reversed(layers.ranks):
        for number in rank:
            vertex = layers.vertices[number]
            if vertex.lane == lane:
                ways = [found.get(near, 0) for near in (vertex.above if upwards else vertex.below)]
                found[number] = max(ways, default=0) + (vertex.box is not None)
    return found
