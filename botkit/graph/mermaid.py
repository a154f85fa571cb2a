"""Pictures as Mermaid flow charts, for pages that draw these themselves: GitHub, GitLab, Notion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from botkit.graph.markup import Links
from botkit.graph.picture import APART, MAIN, Box, Line, Picture
from botkit.graph.shape import fit, fit_label

#: kind of box -> what stands before and behind its text.
SHAPES: dict[str, tuple[str, str]] = {
    "say": ("(", ")"),
    "ask": ("[/", "/]"),
    "choose": ("{{", "}}"),
    "set": ("[", "]"),
    "if": ("{", "}"),
    "run": ("[", "]"),
    "http": ("[", "]"),
    "call": ("[[", "]]"),
    "goto": (">", "]"),
    "wait": ("[\\", "\\]"),
    "schedule": ("[\\", "\\]"),
    "record": ("[(", ")]"),
    "handoff": ("[\\", "/]"),
    "end": ("([", "])"),
    "start": ("([", "])"),
    "anywhere": ("[", "]"),
    "flow": (">", "]"),
    "jump": (">", "]"),
}
#: Signs besides letters and digits that mean nothing to Mermaid within quotes.
_PLAIN = frozenset(" .,:!?¿¡()-_/·«»“”…'=+")
_DASHED = "stroke-dasharray: 5 3"


def mermaid(pictures: Sequence[Picture], links: Links) -> str:
    """Return one flow chart of all pictures."""
    lines = ["flowchart TD", f"  classDef apart {_DASHED}"]
    for number, picture in enumerate(pictures):
        chart = _Chart(picture, f"f{number}", links)
        inner = list(chart.lines())
        if len(pictures) > 1:
            head = [f'subgraph f{number}["{escape(picture.title)}"]', "  direction TB"]
            inner = [*head, *(f"  {line}" for line in inner), "end"]
        lines += [f"  {line}" for line in inner]
    return "\n".join(lines) + "\n"


def escape(value: str) -> str:
    """Return a text as it stands in quotes: every sign that could mean something by its number."""
    return "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in " ".join(value.split()))


class _Chart:
    """The lines of one picture."""

    def __init__(self, picture: Picture, prefix: str, links: Links) -> None:
        self.picture = picture
        self.prefix = prefix
        self.links = links
        self.names = {box.id: f"{prefix}n{number}" for number, box in enumerate(picture.boxes)}

    def lines(self) -> Iterator[str]:
        """Yield boxes, those that stand apart in a group of their own, then lines and links."""
        yield from (self._box(box) for box in self.picture.boxes if box.lane == MAIN)
        apart = [box for box in self.picture.boxes if box.lane == APART]
        if apart:
            yield f'subgraph {self.prefix}apart["{escape(self.picture.apart)}"]'
            yield from (f"  {self._box(box)}" for box in apart)
            yield "end"
        yield from map(self._line, self.picture.lines)
        for box in self.picture.boxes:
            source = self.links.source(box.place) if box.place else ""
            if source:
                yield f'click {self.names[box.id]} href "{source}"'

    def _box(self, box: Box) -> str:
        sized = fit(box)
        before, behind = SHAPES[box.kind]
        told = "<br/>".join(escape(line) for line in (sized.heading, *sized.lines, *sized.notes) if line)
        return f'{self.names[box.id]}{before}"{told}"{behind}{":::apart" * box.dashed}'

    def _line(self, line: Line) -> str:
        label = "<br/>".join(escape(each) for each in fit_label(line.label).lines)
        arrow = ("-.->" if line.dashed else "-->") + (f'|"{label}"|' if label else "")
        return f"{self.names[line.source]} {arrow} {self.names[line.target]}"
