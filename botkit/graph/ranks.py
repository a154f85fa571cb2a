"""Ranks: every box stands below all that lead to it, save by a line that closes a circle (`back`), which leads up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from botkit.graph.picture import Line, Picture


@dataclass(frozen=True, slots=True)
class Ranking:
    """The rank of each box, by its id, from 0 on, and the lines that lead up."""

    ranks: Mapping[str, int]
    back: Set[Line]

    def span(self, line: Line) -> int:
        """Return how many ranks a line leads on, or up."""
        return abs(self.ranks[line.target] - self.ranks[line.source])


def rank_boxes(picture: Picture) -> Ranking:
    """Return the ranks of a picture's boxes."""
    back, order = find_back([box.id for box in picture.boxes], picture.lines)
    return Ranking(rank(order, [line for line in picture.lines if line not in back]), back)


def find_back(ids: Sequence[str], lines: Sequence[Line]) -> tuple[set[Line], list[str]]:
    """Return the lines that close a circle, and the boxes in an order in which all other lines lead on."""
    ways: dict[str, list[Line]] = {id: [] for id in ids}
    for line in lines:
        ways[line.source].append(line)
    entered = {line.target for line in lines if line.target != line.source}
    back: set[Line] = set()
    done: dict[str, None] = {}
    for root in sorted(ids, key=entered.__contains__):
        _search(root, ways, back, done)
    return back, [*reversed(done)]


def _search(root: str, ways: Mapping[str, Sequence[Line]], back: set[Line], done: dict[str, None]) -> None:
    """Visit what can be reached, deepest first, without recursion: a flow may have thousands of steps."""
    open_ = {root: iter(ways[root])} if root not in done else {}
    while open_:
        id, rest = next(reversed(open_.items()))
        line = next(rest, None)
        if line is None:
            del open_[id]
            done[id] = None
        elif line.target in open_:
            back.add(line)
        elif line.target not in done:
            open_[line.target] = iter(ways[line.target])


def rank(order: Sequence[str], lines: Sequence[Line]) -> dict[str, int]:
    """Return the rank of each box: below all that lead to it."""
    ranks = dict.fromkeys(order, 0)
    ways: dict[str, list[str]] = {id: [] for id in order}
    for line in lines:
        ways[line.source].append(line.target)
    for id in order:
        for target in ways[id]:
            ranks[target] = max(ranks[target], ranks[id] + 1)
    return ranks
