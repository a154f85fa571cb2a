"""Layers: every box stands at its rank, every line is a chain of vertices through the ranks that it passes.

The first half of a layered drawing (Sugiyama, Tagawa, Toda 1981). Boxes stand at even ranks, labels at the odd ones
between: a label is a vertex with a size of its own, and so can no more overlap something than a box can. A line that
passes a rank has a vertex there too; lines to the same box share these, so that they join instead of running beside
one another. A line that would lead up (`back`) has only its label's vertex: it is led around the side (`routes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from botkit.graph.picture import Line, Picture
from botkit.graph.ranks import Ranking
from botkit.graph.shape import Label, Sized, fit, fit_label

#: How wide a passing line's place is, in pixels.
PASSING = 8.0


@dataclass(slots=True)
class Vertex:
    """A box (`box`), a label (`label`) or the place where lines pass a rank; `above` and `below` are its neighbours."""

    rank: int
    lane: int
    width: float
    height: float
    box: Sized | None = None
    label: Label | None = None
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)

    @property
    def passes(self) -> bool:
        """Tell whether lines only pass here."""
        return self.box is None and self.label is None


@dataclass(frozen=True, slots=True)
class Route:
    """A line and the vertices that it goes through: from box to box, or only to its label (`back`)."""

    line: Line
    vertices: tuple[int, ...]
    target: int
    back: bool


@dataclass(slots=True)
class Layers:
    """The vertices, which of them stand at each rank from left to right, and the ways of the lines."""

    vertices: list[Vertex]
    ranks: list[list[int]]
    routes: list[Route]

    def leading(self, number: int) -> list[int]:
        """Return what stands above a vertex; where lines join one that goes on past further ranks, only that one."""
        vertex = self.vertices[number]
        on = vertex.passes and self.vertices[vertex.below[0]].passes
        return [near for near in vertex.above if on and self.vertices[near].passes] or vertex.above


def layer(picture: Picture, ranking: Ranking) -> Layers:
    """Return the layers of a picture; the vertices of the boxes come first, in their order."""
    builder = _Builder([fit(box) for box in picture.boxes], ranking.ranks)
    for line in picture.lines:
        builder.add(line, back=line in ranking.back)
    return builder.layers()


class _Builder:
    """Makes the vertices of lines."""

    def __init__(self, boxes: Sequence[Sized], ranks: Mapping[str, int]) -> None:
        self.index = {box.box.id: number for number, box in enumerate(boxes)}
        self.vertices = [Vertex(2 * ranks[b.box.id], b.box.lane, b.width, b.height, box=b) for b in boxes]
        self.passing: dict[tuple[int, int], int] = {}
        self.routes: list[Route] = []

    def add(self, line: Line, *, back: bool) -> None:
        """Add the vertices of a line."""
        source, target = self.index[line.source], self.index[line.target]
        rank, last = self.vertices[source].rank + 1, self.vertices[target].rank
        way = [source]
        if line.label or back:
            way.append(self._label(source, fit_label(line.label)))
            rank += 1
        if not back:
            way += [self._pass(target, each) for each in range(rank, last)]
            way.append(target)
        for upper, lower in pairwise(way):
            self._join(upper, lower)
        self.routes.append(Route(line, tuple(way), target, back))

    def layers(self) -> Layers:
        """Return all that was made."""
        depth = max((vertex.rank for vertex in self.vertices), default=0)
        ranks: list[list[int]] = [[] for _ in range(depth + 1)]
        for number, vertex in enumerate(self.vertices):
            ranks[vertex.rank].append(number)
        return Layers(self.vertices, ranks, self.routes)

    def _label(self, source: int, label: Label) -> int:
        above = self.vertices[source]
        width = max(label.width, PASSING)
        self.vertices.append(Vertex(above.rank + 1, above.lane, width, label.height, label=label))
        return len(self.vertices) - 1

    def _pass(self, target: int, rank: int) -> int:
        """Return the vertex where lines to a box pass a rank."""
        known = self.passing.get((target, rank))
        if known is None:
            self.vertices.append(Vertex(rank, self.vertices[target].lane, PASSING, 0))
            known = self.passing[target, rank] = len(self.vertices) - 1
        return known

    def _join(self, upper: int, lower: int) -> None:
        if lower not in self.vertices[upper].below:
            self.vertices[upper].below.append(lower)
            self.vertices[lower].above.append(upper)
