"""Where everything of a picture stands, in pixels from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.graph.picture import Line, Picture
from botkit.graph.shape import Label, Sized

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box and where it stands."""

    sized: Sized
    rect: Rect


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """The label of a line and where it stands; its line runs behind it, from top to bottom through the middle."""

    line: Line
    label: Label
    rect: Rect


@dataclass(frozen=True, slots=True)
class Path:
    """A line as it is drawn: from point to point, each hop straight (one point) or curved (three: Bézier's).

    `tip` is where its arrow points to, from above; None for one that ends where it joins another line. `back`
    marks lines that lead up, `up` where such a line has another arrow's tip on its way.
    """

    line: Line
    start: Point
    hops: tuple[tuple[Point, ...], ...]
    tip: Point | None
    back: bool = False
    up: Point | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with all its places; `band` is what stands apart, None where nothing does."""

    picture: Picture
    width: float
    height: float
    boxes: tuple[PlacedBox, ...]
    labels: tuple[PlacedLabel, ...]
    paths: tuple[Path, ...]
    band: Rect | None
