"""From a picture to a drawing: layers, their order, columns, the sides, rows, and the lines through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from botkit.graph.columns import place_columns
from botkit.graph.drawing import Drawing, Path, PlacedBox, PlacedLabel, Point, Rect
from botkit.graph.far import cut_far
from botkit.graph.layers import Layers, Route, layer
from botkit.graph.order import arrange
from botkit.graph.picture import APART, MAIN, Picture
from botkit.graph.ports import Ports, ports
from botkit.graph.ranks import rank_boxes
from botkit.graph.rows import Rows, place_rows
from botkit.graph.sides import BESIDE, BETWEEN, Trunk, trunks

#: Around the drawing; above it where a part that stands apart has its title; around that part, in pixels.
MARGIN, TITLE, INSIDE = 16.0, 26.0, 14.0
#: Most boxes and lines of a picture that is drawn: more would take minutes, for a drawing that nobody reads.
MOST_PARTS = 10_000
#: How round the corners of lines around the side are, in pixels.
ROUND = 7.0
#: How far a line is drawn along the trunk that it joins, in pixels.
JOINT = 9.0


def draw(picture: Picture) -> Drawing:
    """Return where everything of a picture stands."""
    picture, ranking = cut_far(picture, rank_boxes(picture))
    layers = layer(picture, ranking)
    arrange(layers)
    at = _columns(layers)
    ways_up = trunks(layers, at)
    edges = [at[number] + side * v.width / 2 for number, v in enumerate(layers.vertices) for side in (-1, 1)]
    edges += [trunk.x for trunk in ways_up]
    split = any(vertex.lane == APART for vertex in layers.vertices)
    shift = MARGIN + (INSIDE if split else 0) - min(edges)
    at = {number: x + shift for number, x in at.items()}
    ways_up = [Trunk(trunk.target, trunk.x + shift, trunk.routes) for trunk in ways_up]
    rows = place_rows(layers, at, ways_up, MARGIN + (TITLE if split else 0))
    return _Drawer(picture, layers, at, ways_up, rows).drawing(max(edges) + shift + MARGIN + (INSIDE if split else 0))


def _columns(layers: Layers) -> dict[int, float]:
    """Return the columns of both lanes side by side, with room for trunks between them."""
    at = place_columns(layers, MAIN)
    right = max((x + layers.vertices[number].width / 2 for number, x in at.items()), default=0.0)
    between = 2 * BESIDE + 2 * INSIDE + 2 * BETWEEN * len({route.target for route in layers.routes if route.back})
    at.update({number: x + right + between for number, x in place_columns(layers, APART).items()})
    return at


class _Drawer:
    """Draws what has its columns and rows."""

    def __init__(
        self, picture: Picture, layers: Layers, at: dict[int, float], ways_up: Sequence[Trunk], rows: Rows
    ) -> None:
        self.picture = picture
        self.layers = layers
        self.at = at
        self.ways_up = ways_up
        self.rows = rows
        self.leaving: Ports
        self.entering: Ports
        self.leaving, self.entering = ports(layers, at, {trunk.target: trunk.x for trunk in ways_up})

    def drawing(self, width: float) -> Drawing:
        """Return the whole drawing."""
        vertices = enumerate(self.layers.vertices)
        boxes = tuple(PlacedBox(v.box, self._rect(number)) for number, v in vertices if v.box)
        paths = (*self._forward(), *self._back())
        height = round(self.rows.height + MARGIN, 1)
        return Drawing(self.picture, round(width, 1), height, boxes, tuple(self._labels()), paths, self._band(height))

    def _rect(self, number: int) -> Rect:
        vertex = self.layers.vertices[number]
        x, y = self.at[number] - vertex.width / 2, self.rows.tops[vertex.rank]
        return Rect(round(x, 1), round(y, 1), vertex.width, vertex.height)

    def _labels(self) -> Iterator[PlacedLabel]:
        for route in self.layers.routes:
            vertex = self.layers.vertices[route.vertices[1]]
            if vertex.label is not None and vertex.label.lines:
                yield PlacedLabel(route.line, vertex.label, self._rect(route.vertices[1]))

    def _band(self, height: float) -> Rect | None:
        rects = [self._rect(number) for number, v in enumerate(self.layers.vertices) if v.lane == APART]
        if not rects:
            return None
        left, right = min(rect.x for rect in rects) - INSIDE, max(rect.right for rect in rects) + INSIDE
        return Rect(round(left, 1), MARGIN / 2, round(right - left, 1), round(height - MARGIN, 1))

    # ── lines that lead down ──

    def _forward(self) -> Iterator[Path]:
        """Yield the lines that lead down; each ends where it meets one that goes the same way, dashed ones last."""
        met: set[int] = set()
        for route in sorted(self.layers.routes, key=lambda route: route.line.dashed):
            way: list[int] = []
            for number in route.vertices:
                way.append(number)
                if number in met and self.layers.vertices[number].box is None:
                    break
            met.update(way[1:])
            yield self._down(route, way)

    def _down(self, route: Route, way: Sequence[int]) -> Path:
        source = self._rect(way[0])
        x = self.leaving[way[0], way[1]]
        hops: list[tuple[Point, ...]] = []
        for upper, lower in pairwise(way):
            hops += self._hop(x, self._enter(upper, lower), lower)
            x = self._enter(upper, lower)
        last = self._rect(way[-1])
        box = self.layers.vertices[way[-1]].box is not None
        if route.back and way[-1] == route.vertices[-1]:
            hops.append(((x, last.bottom),))
        start, tip = (self.leaving[way[0], way[1]], source.bottom), (x, last.y) if box else None
        return Path(route.line, start, tuple(hops), tip, back=route.back)

    def _enter(self, upper: int, lower: int) -> float:
        return self.entering.get((lower, upper), self.at[lower])

    def _hop(self, x: float, to: float, lower: int) -> Iterator[tuple[Point, ...]]:
        """Yield the hops to a vertex from above: down, over to its column, down."""
        room = self.rows.rooms[self.layers.vertices[lower].rank]
        if abs(x - to) >= 0.1:
            middle = (room.curves + room.end) / 2
            yield ((x, room.curves),)
            yield (x, middle), (to, middle), (to, room.end)
        yield ((to, self._rect(lower).y),)

    # ── lines that lead up ──

    def _back(self) -> Iterator[Path]:
        for trunk in self.ways_up:
            for index, route in enumerate(trunk.routes):
                yield self._up(trunk, route, whole=index == 0)

    def _up(self, trunk: Trunk, route: Route, *, whole: bool) -> Path:
        """Draw a line to its trunk; the lowest one is drawn on to the box."""
        label = self._rect(route.vertices[-1])
        track = self.rows.rooms[self.layers.vertices[route.vertices[-1]].rank + 1].leaving[trunk.target]
        start = self.at[route.vertices[-1]], label.bottom
        corners = [(start[0], track), (trunk.x, track)]
        if not whole:
            return Path(route.line, start, _rounded(start, [*corners, (trunk.x, track - JOINT)]), None, back=True)
        target = self._rect(trunk.target)
        height = self.rows.rooms[self.layers.vertices[trunk.target].rank].arriving[trunk.target]
        port = self.entering[trunk.target, trunk.target]
        corners += [(trunk.x, height), (port, height), (port, target.y)]
        middle = trunk.x, round((track + height) / 2, 1)
        return Path(route.line, start, _rounded(start, corners), (port, target.y), back=True, up=middle)


def _rounded(start: Point, corners: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
    """Return the hops along corners, each of which is rounded."""
    hops: list[tuple[Point, ...]] = []
    before = start
    for corner, after in pairwise(corners):
        near, on = _towards(corner, before), _towards(corner, after)
        hops += [(near,), (corner, corner, on)]
        before = corner
    return (*hops, (corners[-1],))


def _towards(corner: Point, other: Point) -> Point:
    """Return the point on the way from a corner to another one where the rounding ends."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    part = min(ROUND, length / 2) / length if length else 0.0
    return round(corner[0] + (other[0] - corner[0]) * part, 1), round(corner[1] + (other[1] - corner[1]) * part, 1)
