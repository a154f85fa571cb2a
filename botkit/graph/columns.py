"""Where vertices stand from left to right: lines as straight as the order of the ranks and the sizes allow.

Each rank in turn is put where its neighbours want it: first at the mean of all, which brings everything near its place,
then, going down, at the median of those above and, going up, of those below, which makes lines straight. The longest
way through the flow wants it most. At last, what ends soon and branches follow what they hang from. What is wanted and
the distances that have to be kept make an isotonic regression, solved exactly by pooling neighbours that press upon one
another (Ayer et al. 1955).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter

from botkit.graph.layers import Layers
from botkit.graph.pulls import NOTHING, Pulls, hanging, pulls

#: Least distance of two boxes or labels, and of passing lines, in pixels.
APART_BOXES, APART_LINES = 28.0, 14.0
#: How often all ranks are gone through, by means and by medians; the last time goes up.
MEANS, MEDIANS = 24, 9

#: Places that a vertex is wanted at, each with its weight.
Wanted = list[tuple[float, float]]
#: The vertices of a rank, each with how far its middle is from that of the first, at least.
Row = Sequence[tuple[int, float]]
#: Places -> the best one for all, and what is kept of them for when others join.
Centre = Callable[[Wanted], tuple[float, Wanted]]


def place_columns(layers: Layers, lane: int) -> dict[int, float]:
    """Return the middle of each vertex of a lane, the leftmost edge at 0."""
    ranks = [_row(layers, [number for number in rank if layers.vertices[number].lane == lane]) for rank in layers.ranks]
    at = {number: offset - row[-1][1] / 2 for row in ranks for number, offset in row}
    above, below = pulls(layers, lane)
    both = {number: [*above[number], *below[number]] for number in above}
    for turn in range(MEANS + MEDIANS):
        down = turn % 2 == 1
        for rank in ranks if down else reversed(ranks):
            if turn < MEANS:
                _settle(rank, at, both, mean)
            else:
                _settle(rank, at, above if down else below, median)
    loose = hanging(layers, lane, above)
    for rank in ranks:
        _settle(rank, at, loose, median)
    left = min((x - layers.vertices[number].width / 2 for number, x in at.items()), default=0.0)
    return {number: round(x - left, 1) for number, x in at.items()}


def _row(layers: Layers, rank: Sequence[int]) -> Row:
    """Return the vertices of a rank with their distances."""
    vertices = [layers.vertices[number] for number in rank]
    offsets = [0.0] if rank else []
    for left, right in pairwise(vertices):
        gap = APART_LINES if left.passes and right.passes else APART_BOXES
        offsets.append(offsets[-1] + (left.width + right.width) / 2 + gap)
    return [*zip(rank, offsets, strict=True)]


def _settle(row: Row, at: dict[int, float], pulls: Pulls, centre: Centre) -> None:
    """Put a rank where its neighbours want it; a vertex without any stays."""
    wanted = [
        [(at[near] - offset, weight) for near, weight in pulls[number]] or [(at[number] - offset, NOTHING)]
        for number, offset in row
    ]
    for (number, offset), x in zip(row, pool(wanted, centre), strict=True):
        at[number] = x + offset


def mean(wanted: Wanted) -> tuple[float, Wanted]:
    """Return the weighted mean, and one place that stands for all of them."""
    weight = sum(weight for _, weight in wanted)
    x = sum(x * weight for x, weight in wanted) / weight
    return x, [(x, weight)]


def median(wanted: Wanted) -> tuple[float, Wanted]:
    """Return the weighted median, the middle of what is as good if several are, and all places in order."""
    ordered = sorted(wanted)
    sums = list(accumulate(map(itemgetter(1), ordered)))
    at = min(bisect_right(sums, sums[-1] / 2), len(ordered) - 1)
    x = ordered[at][0]
    return ((ordered[at - 1][0] + x) / 2 if at and sums[at - 1] == sums[-1] / 2 else x), ordered


def pool(wanted: Sequence[Wanted], centre: Centre) -> list[float]:
    """Return the places nearest to the wanted ones that do not fall from left to right."""
    blocks: list[tuple[float, Wanted, int]] = []
    for each in wanted:
        (x, together), count = centre(each), 1
        while blocks and blocks[-1][0] > x:
            _, earlier, number = blocks.pop()
            count += number
            x, together = centre(earlier + together)
        blocks.append((x, together, count))
    return [x for x, _, count in blocks for _ in range(count)]
