"""What a picture of a flow shows, whatever it is drawn with: boxes, and lines between them."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.flow.problem import Place

#: Boxes that stand for no step -> what they stand for.
OTHER_BOXES: dict[str, str] = {
    "start": "how the flow begins",
    "anywhere": "every question of the flow, where its `anywhere` words and its `silence` count",
    "flow": "another flow, which the line goes on in",
    "jump": "a step that is drawn elsewhere, or a reserved target",
}
#: Lanes, from left to right: the main line with all that belongs to it, and what stands apart.
MAIN, APART = 0, 1


@dataclass(frozen=True, slots=True)
class Box:
    """A box: `kind` is a kind of step or of OTHER_BOXES, `whole` all that it says, uncut.

    `flow` names the flow that it leads to, `step` the step of this flow; `dashed` marks what may happen or not.
    """

    id: str
    kind: str
    heading: str
    text: str
    whole: str = ""
    notes: tuple[str, ...] = ()
    lane: int = MAIN
    place: Place | None = None
    flow: str = ""
    step: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A way from a box to a box; `dashed` are those that nobody chooses: failures, silence, interruptions.

    `triggers` are those of the machine that it stands for.
    """

    source: str
    target: str
    label: str = ""
    dashed: bool = False
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A flow as it is drawn; the first box is where it begins.

    `apart` is the title of the right lane, `jump` the heading of boxes that stand for another one.
    """

    name: str
    title: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    place: Place | None = None
    apart: str = ""
    jump: str = ""
