"""How large boxes and labels are, and which outline tells kinds apart without colour."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.graph.picture import Box
from botkit.graph.widths import shorten, width_of, wrap

#: Type sizes and the distance of lines, in pixels.
TEXT, TEXT_LINE = 13.0, 17.0
HEADING, HEADING_LINE = 11.0, 15.0
LABEL, LABEL_LINE = 12.0, 15.0
#: Widest text in a box and on a line, in pixels, and most lines of it.
ROOM, MOST_LINES = 216.0, 3
LABEL_ROOM, LABEL_LINES = 170.0, 4
MOST_NOTES = 3
#: Between text and outline, above and below; around a label; narrowest box.
PADDING, LABEL_PADDING, NARROWEST = 8.0, 4.0, 84.0


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline: its name in `outline.py`, and how far its sides lean in, in pixels; lines end between these."""

    name: str
    inset: float


#: kind of box -> its outline. They are those of flow charts (ISO 5807) where that has one.
OUTLINES: dict[str, Outline] = {
    "say": Outline("bubble", 12),
    "ask": Outline("slanted", 22),
    "choose": Outline("cut", 16),
    "set": Outline("square", 12),
    "if": Outline("pointed", 26),
    "run": Outline("tabbed", 18),
    "http": Outline("tabbed", 18),
    "call": Outline("barred", 18),
    "goto": Outline("arrow", 22),
    "wait": Outline("delay", 22),
    "schedule": Outline("delay", 22),
    "record": Outline("page", 14),
    "handoff": Outline("manual", 26),
    "end": Outline("pill", 20),
    "start": Outline("pill", 22),
    "anywhere": Outline("square", 14),
    "flow": Outline("arrow", 22),
    "jump": Outline("arrow", 22),
}


@dataclass(frozen=True, slots=True)
class Sized:
    """A box with its texts fitted: heading, lines of text, notes, and its size in pixels."""

    box: Box
    heading: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    width: float
    height: float

    @property
    def outline(self) -> Outline:
        """Return the outline of its kind."""
        return OUTLINES[self.box.kind]


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its text fitted, and its size in pixels; without lines it has none."""

    lines: tuple[str, ...]
    width: float
    height: float


def fit(box: Box) -> Sized:
    """Return a box with its size."""
    heading = shorten(box.heading, HEADING, ROOM)
    lines = wrap(box.text, TEXT, ROOM, MOST_LINES)
    notes = tuple(shorten(note, HEADING, ROOM) for note in box.notes[:MOST_NOTES])
    widths = [width_of(heading, HEADING), *(width_of(line, TEXT) for line in lines)]
    widths += [width_of(note, HEADING) for note in notes]
    width = max(NARROWEST, max(widths) + 2 * OUTLINES[box.kind].inset)
    height = 2 * PADDING + TEXT_LINE * len(lines) + HEADING_LINE * (bool(heading) + len(notes))
    return Sized(box, heading, lines, notes, round(width), round(height))


def fit_label(text: str) -> Label:
    """Return a label with its size."""
    if not text:
        return Label((), 0, 0)
    lines = wrap(text, LABEL, LABEL_ROOM, LABEL_LINES)
    width = max(width_of(line, LABEL) for line in lines) + 2 * LABEL_PADDING
    return Label(lines, round(width), round(LABEL_LINE * len(lines) + LABEL_PADDING))
