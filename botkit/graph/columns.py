"""Where vertices stand from left to right: lines as straight as the order of the ranks and the sizes allow.

Each rank in turn is put where its neighbours want it: first at the mean of all, which brings everything near its place,
then, going down, at the median of those above and, going up, of those below, which makes lines straight. The longest
way through the flow wants it most. At last, what ends soon follows what it hangs from. What is wanted and the distances
that have to be kept make an isotonic regression, solved exactly by pooling neighbours that press upon one another
(Ayer et al. 1955).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from botkit.graph.layers import Layers, Vertex

#: Least distance of two boxes or labels, and of passing lines, in pixels.
APART_BOXES, APART_LINES = 28.0, 14.0
#: How often all ranks are gone through, by means and by medians; the last time goes up.
MEANS, MEDIANS = 24, 9
#: How much a line wants to be straight: one of the longest way, of a part of it, any other, one that only joins.
LONGEST, PART, OTHER, JOINING, NOTHING = 40.0, 3.0, 1.0, 0.3, 0.1

#: Places that a vertex is wanted at, each with its weight.
Wanted = list[tuple[float, float]]
#: vertex -> its neighbours, each with the weight of the line between.
Pulls = Mapping[int, Sequence[tuple[int, float]]]


def place_columns(layers: Layers, lane: int) -> dict[int, float]:
    """Return the middle of each vertex of a lane, the leftmost edge at 0."""
    ranks = [[number for number in rank if layers.vertices[number].lane == lane] for rank in layers.ranks]
    at: dict[int, float] = {}
    for rank in ranks:
        offsets = _offsets([layers.vertices[number] for number in rank])
        middle = offsets[-1] / 2 if offsets else 0.0
        at.update({number: offset - middle for number, offset in zip(rank, offsets, strict=True)})
    above, below = _pulls(layers, lane)
    both = {number: [*above[number], *below[number]] for number in above}
    for turn in range(MEANS + MEDIANS):
        down = turn % 2 == 1
        for rank in ranks if down else reversed(ranks):
            if turn < MEANS:
                _settle(layers, rank, at, both, mean)
            else:
                _settle(layers, rank, at, above if down else below, median)
    hanging = _hanging(layers, lane, above)
    for rank in ranks:
        _settle(layers, rank, at, hanging, median)
    left = min((x - layers.vertices[number].width / 2 for number, x in at.items()), default=0.0)
    return {number: round(x - left, 1) for number, x in at.items()}


def _hanging(layers: Layers, lane: int, above: Pulls) -> Pulls:
    """Return what pulls at last: what ends soon follows what is above it, all else stays."""
    lengths = _lengths(layers, lane, upwards=False)
    ends = {number for number, near in above.items() if near and lengths[number] <= 1}
    return {
        number: [(up, weight * NOTHING / LONGEST) for up, weight in near] if number in ends else [(number, LONGEST)]
        for number, near in above.items()
    }


def _settle(
    layers: Layers, rank: Sequence[int], at: dict[int, float], pulls: Pulls, centre: Callable[[Wanted], float]
) -> None:
    """Put a rank where its neighbours want it; a vertex without any stays."""
    wanted = [[(at[near], weight) for near, weight in pulls[number]] or [(at[number], NOTHING)] for number in rank]
    offsets = _offsets([layers.vertices[number] for number in rank])
    shifted = [[(x - offset, weight) for x, weight in each] for each, offset in zip(wanted, offsets, strict=True)]
    for number, x, offset in zip(rank, pool(shifted, centre), offsets, strict=True):
        at[number] = x + offset


def _pulls(layers: Layers, lane: int) -> tuple[Pulls, Pulls]:
    """Return what pulls the vertices of a lane from above and from below."""
    up, down = _lengths(layers, lane, upwards=True), _lengths(layers, lane, upwards=False)
    most = max((up[number] + down[number] for number in up), default=1)
    above: dict[int, list[tuple[int, float]]] = {number: [] for number in up}
    below: dict[int, list[tuple[int, float]]] = {number: [] for number in up}
    for number in up:
        for near in layers.vertices[number].below:
            if near in up:
                weight = _weight(layers, number, near, up, down) * (up[number] + down[near]) / most
                below[number].append((near, weight))
                above[near].append((number, weight))
    return above, below


def _weight(layers: Layers, upper: int, lower: int, up: Mapping[int, int], down: Mapping[int, int]) -> float:
    """Return how much a line wants to be straight, before the length of its whole way is reckoned in."""
    leading = layers.leading(lower)
    if upper not in leading:
        return JOINING
    longest_down = _longest(layers.vertices[upper].below, down) == lower
    longest_up = _longest(leading, up) == upper
    return LONGEST if longest_down and longest_up else PART if longest_down or longest_up else OTHER


def _longest(numbers: Sequence[int], lengths: Mapping[int, int]) -> int:
    """Return the vertex of the longest way, of several the one in the middle: a menu stands above its branches."""
    most = max(lengths.get(number, -1) for number in numbers)
    alike = [number for number in numbers if lengths.get(number, -1) == most]
    return alike[(len(alike) - 1) // 2]


def _lengths(layers: Layers, lane: int, *, upwards: bool) -> dict[int, int]:
    """Return how many boxes the longest way from a vertex has, up or down, in its lane."""
    lengths: dict[int, int] = {}
    for rank in layers.ranks if upwards else reversed(layers.ranks):
        for number in rank:
            vertex = layers.vertices[number]
            if vertex.lane == lane:
                ways = [lengths.get(near, 0) for near in (vertex.above if upwards else vertex.below)]
                lengths[number] = max(ways, default=0) + (vertex.box is not None)
    return lengths


def _offsets(vertices: Sequence[Vertex]) -> list[float]:
    """Return how far the middle of each vertex is from that of the first, at least."""
    offsets = [0.0] if vertices else []
    for left, right in pairwise(vertices):
        gap = APART_LINES if left.passes and right.passes else APART_BOXES
        offsets.append(offsets[-1] + (left.width + right.width) / 2 + gap)
    return offsets


def mean(wanted: Wanted) -> float:
    """Return the weighted mean."""
    return sum(x * weight for x, weight in wanted) / sum(weight for _, weight in wanted)


def median(wanted: Wanted) -> float:
    """Return the weighted median: the middle of what is as good, if several are."""
    ordered = sorted(wanted)
    half, below = sum(weight for _, weight in ordered) / 2, 0.0
    for index, (x, weight) in enumerate(ordered):
        below += weight
        if below > half:
            return x
        if below == half:
            return (x + ordered[min(index + 1, len(ordered) - 1)][0]) / 2
    return ordered[-1][0]


def pool(wanted: Sequence[Wanted], centre: Callable[[Wanted], float]) -> list[float]:
    """Return the places nearest to the wanted ones that do not fall from left to right."""
    blocks: list[tuple[float, Wanted, int]] = []
    for each in wanted:
        x, count, together = centre(each), 1, list(each)
        while blocks and blocks[-1][0] > x:
            _, earlier, number = blocks.pop()
            together, count = earlier + together, count + number
            x = centre(together)
        blocks.append((x, together, count))
    return [x for x, _, count in blocks for _ in range(count)]
