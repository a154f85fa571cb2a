"""Where ranks stand from top to bottom, and the rooms between them.

Between two ranks there are, from above: a track for every box that lines leave to by the side, the room where lines
curve from column to column, and a track for every box that such lines arrive at. Tracks are horizontal and apart, so
that lines cross there at right angles and never run into one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botkit.graph.layers import Layers
from botkit.graph.sides import Trunk

#: Height of a track; of the room for curves without and with curves, and at most; room above a box for an arrow.
TRACK, STRAIGHT, CURVED, MOST_CURVED, ARROW = 10.0, 12.0, 22.0, 64.0, 12.0
#: How much of a curve's width its height is.
STEEP = 0.16


@dataclass(frozen=True, slots=True)
class Room:
    """The room above a rank: where curves begin and end, and (box -> height) the tracks to the side and from it."""

    curves: float
    end: float
    leaving: Mapping[int, float]
    arriving: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Rows:
    """The upper edge of each rank, the room above each (the last one is below all), and the whole height."""

    tops: Sequence[float]
    rooms: Sequence[Room]
    height: float


def place_rows(layers: Layers, at: Mapping[int, float], trunks: Sequence[Trunk], top: float) -> Rows:
    """Return the rows, from `top` on."""
    y, tops, rooms = top, [], []
    for rank in range(len(layers.ranks) + 1):
        leaving = _leaving(layers, rank - 1, trunks)
        tracks = {target: y + TRACK * (index + 1) for index, target in enumerate(leaving)}
        y = curves = y + TRACK * (len(leaving) + 1) if leaving else y
        y = end = curves + _curved(layers, at, rank)
        arriving = [trunk.target for trunk in trunks if layers.vertices[trunk.target].rank == rank]
        ends = {target: y + TRACK * index for index, target in enumerate(arriving)}
        y += TRACK * len(arriving) + (ARROW if rank < len(layers.ranks) and rank % 2 == 0 else 0)
        rooms.append(Room(curves, end, tracks, ends))
        if rank < len(layers.ranks):
            tops.append(y)
            y += max((layers.vertices[number].height for number in layers.ranks[rank]), default=0)
    return Rows(tops, rooms, y)


def _leaving(layers: Layers, rank: int, trunks: Sequence[Trunk]) -> list[int]:
    """Return the boxes that lines leave to by the side below a rank."""
    return [
        trunk.target
        for trunk in trunks
        if any(layers.vertices[route.vertices[-1]].rank == rank for route in trunk.routes)
    ]


def _curved(layers: Layers, at: Mapping[int, float], rank: int) -> float:
    """Return how high the room for curves above a rank is."""
    if rank in (0, len(layers.ranks)):
        return 0.0
    shifts = [abs(at[up] - at[down]) for down in layers.ranks[rank] for up in layers.vertices[down].above]
    widest = max(shifts, default=0.0)
    return STRAIGHT if widest < 1 else min(CURVED + widest * STEEP, MOST_CURVED)
