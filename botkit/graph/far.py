"""Lines that lead far are cut where there are too many: each ends at a small box beside its step that names its target.

A line takes a place at every rank that it passes. A few long ones are followed with the eye; thousands are read by
nobody, and take longer to lay out than all else. The longest are cut first, so that what is near stays connected.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from botkit.graph.picture import Box, Picture
from botkit.graph.ranks import Ranking

#: Most ranks that all lines together may pass; those to the same box share theirs.
MOST_PASSED = 2_000


def cut_far(picture: Picture, ranking: Ranking) -> tuple[Picture, Ranking]:
    """Return a picture whose lines pass no more than MOST_PASSED ranks; boxes that stay keep their rank."""
    reach = _reach(picture, ranking)
    far = [line for line in picture.lines if ranking.span(line) > reach]
    if not far:
        return picture, ranking
    boxes = {box.id: box for box in picture.boxes}
    jumps = {line: _jump(picture, boxes[line.source], boxes[line.target]) for line in far}
    lines = tuple(replace(line, target=jumps[line].id) if line in jumps else line for line in picture.lines)
    ranks = {**ranking.ranks, **{jump.id: ranking.ranks[line.source] + 1 for line, jump in jumps.items()}}
    shown = replace(picture, boxes=(*picture.boxes, *jumps.values()), lines=lines)
    return shown, Ranking(ranks, ranking.back - jumps.keys())


def _reach(picture: Picture, ranking: Ranking) -> int:
    """Return the longest span of lines that are drawn: all of it and below pass few enough ranks."""
    spans: dict[tuple[str, bool], set[int]] = {}
    for line in picture.lines:
        spans.setdefault((line.target, line in ranking.back), {1}).add(max(ranking.span(line), 1))
    more = Counter[int]()
    for each in spans.values():
        for shorter, longer in pairwise(sorted(each)):
            more[longer] += longer - shorter
    passed, reach = 0, 1
    for span, ranks in sorted(more.items()):
        passed += ranks
        if passed > MOST_PASSED:
            break
        reach = span
    return reach


def _jump(picture: Picture, source: Box, target: Box) -> Box:
    """Return the box that stands for another one beside the source."""
    name = target.step or target.text
    whole = f"{picture.jump} {name}".strip()
    id = f"{source.id}·{target.id}"
    return Box(id, "jump", picture.jump, name, whole, lane=source.lane, step=target.step, dashed=source.dashed)
