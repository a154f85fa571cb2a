"""Lines that lead up: each box that such lines lead to has one vertical trunk, in a gap through all that is between.

They leave below their label, run to the trunk between two ranks, up, and between two ranks to their box. Trunks stand
beside one another where they overlap; a shorter one is nearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from botkit.graph.layers import Layers, Route

#: Distance of a trunk from boxes and labels, and from another trunk, in pixels.
BESIDE, BETWEEN = 12.0, 10.0


@dataclass(frozen=True, slots=True)
class Trunk:
    """The way up to a box: where it stands, and its lines from the lowest to the highest."""

    target: int
    x: float
    routes: tuple[Route, ...]


def trunks(layers: Layers, at: Mapping[int, float]) -> list[Trunk]:
    """Return the trunks of all lines that lead up."""
    by_target: dict[int, list[Route]] = {}
    for route in layers.routes:
        if route.back:
            by_target.setdefault(route.target, []).append(route)
    taken: list[tuple[range, float]] = []
    found = []
    for target, routes in sorted(by_target.items(), key=lambda item: (len(_span(layers, *item)), item[0])):
        span = _span(layers, target, routes)
        x = min(_choices(layers, at, span, taken), key=lambda x: _length(at, target, routes, x))
        taken.append((span, x))
        lowest_first = sorted(routes, key=lambda route: -layers.vertices[route.vertices[-1]].rank)
        found.append(Trunk(target, x, tuple(lowest_first)))
    return found


def _span(layers: Layers, target: int, routes: Sequence[Route]) -> range:
    """Return the ranks that a trunk passes."""
    lowest = max(layers.vertices[route.vertices[-1]].rank for route in routes)
    return range(layers.vertices[target].rank, lowest + 1)


def _choices(
    layers: Layers, at: Mapping[int, float], span: range, taken: Sequence[tuple[range, float]]
) -> Iterator[float]:
    """Yield where a trunk may stand: at either end of every gap that goes through all its ranks."""
    beside = [x for ranks, x in taken if ranks.start < span.stop and span.start < ranks.stop]
    for low, high in _gaps(layers, at, span):
        for x, away in ((low, BETWEEN), (high, -BETWEEN)):
            while low <= x <= high and any(abs(x - other) < BETWEEN for other in beside):
                x += away
            if low <= x <= high and isfinite(x):
                yield x


def _gaps(layers: Layers, at: Mapping[int, float], span: range) -> Iterator[tuple[float, float]]:
    """Yield the gaps between all that stands at some ranks, from left to right; the outermost have one end."""
    numbers = [number for rank in span for number in layers.ranks[rank]]
    halves = {number: layers.vertices[number].width / 2 + BESIDE for number in numbers}
    low = -inf
    for left, right in sorted((at[number] - half, at[number] + half) for number, half in halves.items()):
        if left > low:
            yield low, left
        low = max(low, right)
    yield low, inf


def _length(at: Mapping[int, float], target: int, routes: Sequence[Route], x: float) -> float:
    return abs(at[target] - x) + sum(abs(at[route.vertices[-1]] - x) for route in routes)
