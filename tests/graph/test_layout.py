"""Drawings are legible: nothing overlaps, lines cross no box and no label, the same flow gives the same drawing."""

from __future__ import annotations

import time
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.graph.drawing import Drawing, Path, Rect
from botkit.graph.layers import layer
from botkit.graph.layout import draw
from botkit.graph.order import arrange, crossings
from botkit.graph.picture import APART, Line
from botkit.graph.ranks import find_back, rank, rank_boxes
from botkit.graph.shape import MOST_LINES, ROOM
from botkit.graph.sides import BETWEEN
from botkit.graph.trace import trace
from tests.graph.samples import BOTS, drawings, flows_in, own_flows, picture_of, points, traced

EVERY_BOT = pytest.mark.parametrize("bot", BOTS)

#: (boxes, lines between them by number with a label or none, boxes that stand apart)
TANGLES = st.integers(2, 14).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from(["", "sí", "x " * 40])),
            max_size=30,
        ),
        st.frozensets(st.integers(1, count - 1), max_size=5),
    )
)


def inside(rect: Rect, x: float, y: float) -> bool:
    """Tell whether a point lies in a rectangle, more than on its edge."""
    return rect.x + 1 < x < rect.right - 1 and rect.y + 1 < y < rect.bottom - 1


def overlap(one: Rect, other: Rect) -> bool:
    """Tell whether two rectangles have more than an edge in common."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def faults(drawing: Drawing) -> list[str]:
    """Return what is wrong with a drawing."""
    boxes = [(placed.sized.box.id, placed.rect) for placed in drawing.boxes]
    labels = [(placed.line, placed.rect) for placed in drawing.labels]
    rects = [*boxes, *((f"'{line.label}'", rect) for line, rect in labels)]
    found = [f"{one} on {other}" for (one, a), (other, b) in combinations(rects, 2) if overlap(a, b)]
    whole = Rect(0, 0, drawing.width, drawing.height)
    found += [f"{name} is outside" for name, rect in rects if not _holds(whole, rect)]
    for path in drawing.paths:
        for x, y in points(path):
            found += [
                f"{path.line.source} > {path.line.target} through {id}" for id, rect in boxes if inside(rect, x, y)
            ]
            others = [(line, rect) for line, rect in labels if line is not path.line]
            found += [f"a line through '{line.label}'" for line, rect in others if inside(rect, x, y)]
            found += [f"{path.line} is outside"] * (not inside(whole, x, y))
    return sorted(set(found))


def _holds(whole: Rect, rect: Rect) -> bool:
    return rect.x > 0 and rect.y > 0 and rect.right < whole.right and rect.bottom < whole.bottom


@EVERY_BOT
def test_nothing_overlaps(bot: str) -> None:
    """Boxes and labels lie beside one another within the drawing, and no line runs through one that is not its own."""
    assert {name: faults(drawing) for name, drawing in drawings(bot).items() if faults(drawing)} == {}


@settings(max_examples=80, deadline=None)
@given(TANGLES)
def test_no_tangle_overlaps(given_: tuple[int, list[tuple[int, int, str]], frozenset[int]]) -> None:
    """Whatever leads to whatever, nothing overlaps."""
    drawing = draw(picture_of(*given_))
    assert faults(drawing) == []
    assert ends(drawing) == []


def test_a_fault_is_seen() -> None:
    """A label that is moved onto a box is seen, and so is a line through one."""
    drawing = draw(picture_of(2, [(0, 1, "sí")]))
    box, label, path = drawing.boxes[0], drawing.labels[0], drawing.paths[0]
    moved = Drawing(*(drawing.picture, drawing.width, drawing.height, drawing.boxes), (), (path,), None)
    onto = type(label)(label.line, label.label, box.rect)
    assert faults(moved) == []
    assert len(faults(Drawing(*(drawing.picture, drawing.width, drawing.height, (box,)), (onto,), (), None))) == 1
    under = type(path)(path.line, (box.rect.x, box.rect.y - 5), (((box.rect.right, box.rect.bottom),),), None)
    assert faults(Drawing(*(drawing.picture, drawing.width, drawing.height, (box,)), (), (under,), None)) != []


@EVERY_BOT
def test_lines_end_at_boxes(bot: str) -> None:
    """Each line begins below its box and comes to its target, alone or with one that it joins."""
    assert [fault for drawing in drawings(bot).values() for fault in ends(drawing)] == []


def ends(drawing: Drawing) -> list[str]:
    """Return which lines and boxes are not connected as they should be."""
    rects = {placed.sized.box.id: placed.rect for placed in drawing.boxes}
    found = []
    for path in drawing.paths:
        if path.tip is not None and not _touches(rects[path.line.target], path.tip[0], path.tip[1], top=True):
            found.append(f"{path.line} does not come to its box")
    tips = {path.line.target for path in drawing.paths if path.tip}
    starts = {p.line.source for p in drawing.paths if _touches(rects[p.line.source], *p.start, top=False)}
    found += [f"nothing comes to {line.target}" for line in drawing.picture.lines if line.target not in tips]
    return found + [f"nothing leaves {line.source}" for line in drawing.picture.lines if line.source not in starts]


def _touches(rect: Rect, x: float, y: float, *, top: bool) -> bool:
    return rect.x <= x <= rect.right and abs(y - (rect.y if top else rect.bottom)) < 0.2


@EVERY_BOT
def test_down(bot: str) -> None:
    """Every line but those marked as leading up ends below where it begins."""
    for drawing in drawings(bot).values():
        rects = {placed.sized.box.id: placed.rect for placed in drawing.boxes}
        for path in drawing.paths:
            assert path.back or rects[path.line.target].y > rects[path.line.source].bottom
        up = {path.line for path in drawing.paths if path.back}
        assert all(rects[line.target].y <= rects[line.source].y for line in up)


@EVERY_BOT
def test_ways_up_are_apart(bot: str) -> None:
    """Two ways up to different boxes never run into one another."""
    for drawing in drawings(bot).values():
        trunks = [(path.up[0], *_height(path, path.up[0])) for path in drawing.paths if path.up is not None]
        for (x, top, bottom), (other, above, below) in combinations(trunks, 2):
            assert abs(x - other) >= BETWEEN - 0.1 or bottom < above or below < top


def _height(path: Path, x: float) -> tuple[float, float]:
    """Return from where to where a line runs in a column."""
    ys = [y for at, y in points(path) if abs(at - x) < 0.1]
    return min(ys), max(ys)


@EVERY_BOT
def test_texts_fit(bot: str) -> None:
    """Texts are cut to few lines of a box that is not wide."""
    for placed in (placed for drawing in drawings(bot).values() for placed in drawing.boxes):
        assert len(placed.sized.lines) <= MOST_LINES
        assert placed.rect.width <= ROOM + 2 * placed.sized.outline.inset


def test_lanes() -> None:
    """What stands apart has the right side for itself, with a band behind it."""
    drawing = drawings("tangle")["grande"]
    band = drawing.band
    assert band is not None
    for placed in drawing.boxes:
        assert (placed.sized.box.lane == APART) == (placed.rect.x > band.x)
    assert drawings("forty")["flujo_0"].band is None


def test_main_line_is_straight() -> None:
    """The longest way of a flow in a line runs down without a bend."""
    middles = Counter(placed.rect.x + placed.rect.width / 2 for placed in drawings("forty")["flujo_0"].boxes)
    assert max(middles.values()) == len(drawings("forty")["flujo_0"].boxes)


def test_width() -> None:
    """A flow of forty steps is read without turning the page sideways, one of 150 on a large screen."""
    assert drawings("forty")["flujo_0"].width < 600
    assert drawings("tangle")["grande"].width < 3840


#: What stands behind a menu's way on.
BRANCHES = {
    "two ends": ["      No: end", "      Basta: quit"],
    "two branches": [
        *("      No:", "        - say: Que te vaya muy bien", "        - say: Gracias", "        - end: no"),
        *("      Basta:", "        - say: Que te vaya muy bien", "        - end: basta"),
    ],
    "ways past a menu": ["      No: end", "      Basta: quit", "      Luego: p{after}"],
}


@pytest.mark.parametrize("name", BRANCHES)
def test_narrow(name: str) -> None:
    """A long line of menus is no wider than a short one, whatever branches off."""
    assert draw(traced(_menus(60, name))).width == pytest.approx(draw(traced(_menus(12, name))).width, rel=0.1)


def _menus(count: int, name: str) -> str:
    lines = ["flow: menus", "start: {words: [menus]}", "steps:"]
    for step in range(count):
        lines += [f"  - choose: ¿Paso {step}?", f"    id: p{step}", "    options:"]
        after = min(step + (2 if step % 5 == 0 else 1), count - 1)
        lines += [f"      Sí: p{min(step + 1, count - 1)}", *(row.format(after=after) for row in BRANCHES[name])]
    return "\n".join([*lines, ""])


@pytest.mark.parametrize(("name", "most_s"), [("forty", 0.5), ("tangle", 2.0)])
def test_time(name: str, most_s: float) -> None:
    """Drawing takes no noticeable time; the bounds are far above what it takes, for a busy machine."""
    flows, (flow,) = flows_in(name), own_flows(name)
    began = time.process_time()
    draw(trace(flows, flow, "es"))
    assert time.process_time() - began < most_s


@EVERY_BOT
def test_same_again(bot: str) -> None:
    """The same flow gives the same drawing."""
    for flow in own_flows(bot):
        assert draw(trace(flows_in(bot), flow, "es")) == drawings(bot)[flow.name]


def test_deep() -> None:
    """A line of two thousand boxes, with a way back, is no trouble for the stack."""
    count = 2000
    drawing = draw(picture_of(count, [(n, n + 1, "") for n in range(count - 1)] + [(count - 1, 0, "otra vez")]))
    assert sum(path.back for path in drawing.paths if path.tip) == 1


def test_nothing() -> None:
    """A flow that has but its beginning is drawn."""
    assert len(draw(picture_of(1, [])).boxes) == 1


# ── the halves of it ──


def lines(*pairs: str) -> list[Line]:
    """Return lines between boxes of one letter."""
    return [Line(pair[0], pair[1]) for pair in pairs]


def test_back() -> None:
    """The lines that close a circle are those that lead to what leads to them."""
    back, order = find_back("abcd", lines("ab", "bc", "ca", "bd", "dd"))
    assert back == set(lines("ca", "dd"))
    assert order.index("a") < order.index("b") < min(order.index("c"), order.index("d"))


def test_rank() -> None:
    """A box stands below all that lead to it."""
    assert rank("abcd", lines("ab", "bc", "ac", "cd")) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_crossings() -> None:
    """Crossings are counted, and those that need not be are removed."""
    picture = picture_of(4, [(0, 3, ""), (1, 2, "")])
    layers = layer(picture, rank_boxes(picture))
    layers.ranks[-1].sort()
    assert crossings(layers) == 1
    arrange(layers)
    assert crossings(layers) == 0
