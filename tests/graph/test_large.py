"""Large flows are drawn soon: lines that lead too far are cut."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from bench.make_flows import make_jumps
from botkit.graph import far
from botkit.graph.far import cut_far
from botkit.graph.layout import draw
from botkit.graph.markup import Links
from botkit.graph.picture import Line, Picture
from botkit.graph.ranks import rank_boxes
from botkit.graph.svg import svg
from botkit.graph.trace import trace
from tests.graph.samples import BOTS, flows_in, own_flows, picture_of, traced
from tests.graph.test_layout import TANGLES, ends, faults

#: A line of ten boxes, ways on and back over several of them.
CHAIN = [(n, n + 1, "") for n in range(9)]
FAR = [(0, 9, "far"), (0, 4, "near"), (1, 4, "joins"), (8, 2, "up")]


def cut(most: int, pairs: list[tuple[int, int, str]]) -> Picture:
    """Return the picture of ten boxes whose lines pass at most so many ranks."""
    picture = picture_of(10, pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(far, "MOST_PASSED", most)
        return cut_far(picture, rank_boxes(picture))[0]


def targets(picture: Picture) -> dict[str, str]:
    """Return where the lines with a label lead."""
    return {line.label: line.target for line in picture.lines if line.label}


@pytest.mark.parametrize(
    ("most", "kept"),
    [
        (16, {"far", "near", "joins", "up"}),  # 8 + 3 + none + 5 ranks are passed
        (15, {"near", "joins", "up"}),
        (7, {"near", "joins"}),
        (2, {"joins"}),
        (1, set()),
    ],
)
def test_cut(most: int, kept: set[str]) -> None:
    """The longest lines are cut first; those to the same box share the ranks that they pass."""
    whole = {line.label: line.target for line in picture_of(10, FAR).lines}
    found = targets(cut(most, [*CHAIN, *FAR]))
    assert {label for label, target in found.items() if target == whole[label]} == kept


def test_jump() -> None:
    """A line that is cut leads to a box of its own that names the step, and stays dashed or not."""
    picture = cut(0, [*CHAIN, (0, 3, "on"), (0, 4, "later")])
    jumps = [box for box in picture.boxes if box.kind == "jump" and "·" in box.id]
    lines = {line.label: line for line in picture.lines}
    assert [(box.id, box.text) for box in jumps] == [("b0·b3", "yyy"), ("b0·b4", "yyyy")]
    assert lines["on"] == Line("b0", "b0·b3", "on", dashed=True)
    assert not lines["later"].dashed


@pytest.mark.parametrize("bot", BOTS)
def test_whole(bot: str) -> None:
    """No line of the examples is cut, nor of a tangle of 150 steps."""
    for flow in own_flows(bot):
        picture = trace(flows_in(bot), flow, "es")
        assert cut_far(picture, rank_boxes(picture))[0] is picture


@settings(max_examples=40, deadline=None)
@given(TANGLES)
def test_no_cut_tangle_overlaps(given_: tuple[int, list[tuple[int, int, str]], frozenset[int]]) -> None:
    """Whatever is cut, nothing overlaps and nothing is left alone; what was drawn stands at the same rank."""
    picture = picture_of(*given_)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(far, "MOST_PASSED", 2)
        ranking = rank_boxes(picture)
        shown, ranks = cut_far(picture, ranking)
        drawing = draw(picture)
    assert {id: ranks.ranks[id] for id in ranking.ranks} == ranking.ranks
    assert drawing.picture == shown
    assert faults(drawing) == []
    assert ends(drawing) == []


def test_time() -> None:
    """700 menus with ways anywhere are drawn; each box names where it goes on, and leads there by a link."""
    picture = traced(make_jumps(700))
    began = time.process_time()
    drawing = draw(picture)
    assert time.process_time() - began < 10.0
    assert drawing.width < 2000
    (jump,) = [box for box in drawing.picture.boxes if box.id == "p0·p137"]
    assert (jump.heading, jump.text, jump.step) == ("goes to", "p137", "p137")
    assert 'href="#flow-saltos--p137"' in svg([drawing], Links())
