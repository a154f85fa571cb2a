"""The parts of a graph in which every node leads to every other one: Tarjan's algorithm, without recursion."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

_N = TypeVar("_N", bound=Hashable)


def cycles(edges: Mapping[_N, Iterable[_N]]) -> list[list[_N]]:
    """Return the strongly connected parts that hold a cycle, each in no order."""
    return [part for part in components(edges) if len(part) > 1 or part[0] in edges[part[0]]]


def components(edges: Mapping[_N, Iterable[_N]]) -> list[list[_N]]:
    """Return the strongly connected parts, what a part leads to before it; edges to what is no node count nothing."""
    search = _Search(edges)
    for root in edges:
        if root not in search.number:
            search.run(root)
    return search.found


class _Search(Generic[_N]):
    """One walk through a graph; `number` is the order of entry, `_low` the earliest open node that is reached."""

    def __init__(self, edges: Mapping[_N, Iterable[_N]]) -> None:
        self.edges = edges
        self.number: dict[_N, int] = {}
        self.found: list[list[_N]] = []
        self._low: dict[_N, int] = {}
        self._open: dict[_N, None] = {}
        self._path: list[tuple[_N, Iterator[_N]]] = []

    def run(self, root: _N) -> None:
        """Walk over everything that a node leads to."""
        self._enter(root)
        while self._path:
            node, rest = self._path[-1]
            target = next((each for each in rest if self._is_new(node, each)), None)
            if target is not None:
                self._enter(target)
            else:
                self._leave(node)

    def _enter(self, node: _N) -> None:
        self.number[node] = self._low[node] = len(self.number)
        self._open[node] = None
        self._path.append((node, iter(self.edges[node])))

    def _is_new(self, node: _N, target: _N) -> bool:
        if target in self._open:
            self._low[node] = min(self._low[node], self.number[target])
        return target in self.edges and target not in self.number

    def _leave(self, node: _N) -> None:
        self._path.pop()
        if self._path:
            above = self._path[-1][0]
            self._low[above] = min(self._low[above], self._low[node])
        if self._low[node] == self.number[node]:
            part: list[_N] = []
            while not part or part[-1] != node:
                part.append(self._open.popitem()[0])
            self.found.append(part)
