"""Where lines leave and enter boxes: straight above or below what they connect with, as far as the box reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from botkit.graph.layers import Layers

#: Least distance of two lines at a box, where there is room, and of a line from the end of the edge, in pixels.
SPREAD, CORNER = 14.0, 4.0

#: (box, neighbour) -> where the line stands at the box's edge; a line that comes around the side has its target twice.
Ports = dict[tuple[int, int], float]


def spread(wanted: Sequence[float], low: float, high: float) -> list[float]:
    """Return places between two ends, near to the wanted ones (which rise) and apart from one another."""
    last = len(wanted) - 1
    step = min(SPREAD, (high - low) / last) if last > 0 else 0.0
    out: list[float] = []
    for index, each in enumerate(wanted):
        x = min(max(each, low + index * step), high - (last - index) * step)
        out.append(max(x, out[-1] + step) if out else x)
    return out


def ports(layers: Layers, at: Mapping[int, float], sides: Mapping[int, float]) -> tuple[Ports, Ports]:
    """Return where lines leave boxes, and where they enter them; `sides` are boxes that a line comes around to."""
    leaving, entering = Ports(), Ports()
    for number, vertex in enumerate(layers.vertices):
        if vertex.box is None:
            continue
        half = max(vertex.width / 2 - vertex.box.outline.inset - CORNER, 0.0)
        low, high = at[number] - half, at[number] + half
        below = sorted((at[near], near) for near in vertex.below)
        above = sorted([(at[near], near) for near in vertex.above] + _around(number, sides, at))
        for table, near in ((leaving, below), (entering, above)):
            places = spread([x for x, _ in near], low, high)
            table.update({(number, other): x for (_, other), x in zip(near, places, strict=True)})
    return leaving, entering


def _around(number: int, sides: Mapping[int, float], at: Mapping[int, float]) -> list[tuple[float, int]]:
    """Return where a line wants to enter that comes around the side: at that end of the edge."""
    if number not in sides:
        return []
    return [(float("-inf") if sides[number] < at[number] else float("inf"), number)]
