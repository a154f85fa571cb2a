"""A drawing as SVG: light and dark, every box with its place in a tooltip and as a link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from botkit.graph.drawing import Drawing, Path, PlacedBox, PlacedLabel, Point, Rect
from botkit.graph.markup import Links, anchor, text
from botkit.graph.outline import PATHS, number
from botkit.graph.shape import HEADING, HEADING_LINE, LABEL, LABEL_LINE, LABEL_PADDING, PADDING, TEXT, TEXT_LINE

#: Half the width of an arrow's head, and its length, in pixels.
HEAD_HALF, HEAD = 4.0, 8.0
#: Between the drawings of several flows in one SVG, and the height of a drawing's title, in pixels.
BETWEEN, TITLE = 24.0, 34.0
#: How far above its line's lower edge a text stands, of the type size.
_BASE = 0.3

#: Boxes that look alike -> their kinds.
_TINTS: dict[str, tuple[str, ...]] = {
    "asks": ("ask", "choose"),
    "says": ("say",),
    "calls": ("run", "http", "call", "flow"),
    "decides": ("if",),
    "rests": ("wait", "schedule", "handoff"),
    "ends": ("end", "start"),
    "notes": ("set", "record", "goto", "jump", "anywhere"),
}
#: Name -> its colour by day and by night.
_COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#14181d"),
    "ink": ("#1d2733", "#e6ebf1"),
    "soft": ("#5b6878", "#9aa7b6"),
    "line": ("#66758a", "#8b99aa"),
    "edge": ("#8593a6", "#66758a"),
    "band": ("#f4f6f9", "#1b2128"),
    "asks": ("#e3f0ff", "#16324f"),
    "says": ("#ffffff", "#232b34"),
    "calls": ("#fff1d6", "#47350f"),
    "decides": ("#f0e8ff", "#372759"),
    "rests": ("#e2f6ec", "#143d2b"),
    "ends": ("#e9edf2", "#39424d"),
    "notes": ("#f7f8fa", "#20272f"),
}


def style() -> str:
    """Return the style sheet of drawings, which a page needs once."""
    day, night = (";".join(f"--{name}:{both[at]}" for name, both in _COLOURS.items()) for at in (0, 1))
    tints = "".join(
        ",".join(f".{kind} .shape" for kind in kinds) + f"{{fill:var(--{name})}}" for name, kinds in _TINTS.items()
    )
    faces = 'font-family:Arial,Helvetica,"Liberation Sans",sans-serif'
    return (
        f".picture{{{day};{faces};color-scheme:light dark}}"
        f"@media (prefers-color-scheme:dark){{.picture{{{night}}}}}"
        ".paper{fill:var(--paper)}.band{fill:var(--band);stroke:var(--edge);stroke-dasharray:2 4}"
        ".picture text{fill:var(--ink);text-anchor:middle;white-space:pre}.picture a{cursor:pointer}"
        ".picture text.heading{fill:var(--soft)}.picture text.note{fill:var(--soft);font-style:italic}"
        ".picture text.name{font-weight:bold;text-anchor:start}.picture text.title{fill:var(--soft);font-weight:bold}"
        f".shape{{stroke:var(--edge);stroke-width:1.3}}{tints}"
        ".end .shape,.start .shape{stroke:var(--soft);stroke-width:2.2}.dashed .shape{stroke-dasharray:5 3}"
        ".box:hover .shape,.box:focus-within .shape,.box:target .shape{stroke:var(--ink);stroke-width:2.4}"
        ".opens text{text-decoration:underline}"
        ".way{fill:none;stroke:var(--line);stroke-width:1.5}.way.dashed{stroke-dasharray:5 4}"
        ".way.back{stroke-width:2}.head{fill:var(--line)}.label>rect{fill:var(--paper)}.band~.label.apart>rect{fill:var(--band)}"
    )


def svg(drawings: Sequence[Drawing], links: Links) -> str:
    """Return one SVG document with the drawings one below another."""
    titled = len(drawings) > 1
    heights = [drawing.height + (TITLE if titled else 0) for drawing in drawings]
    width = max(drawing.width for drawing in drawings)
    height = sum(heights) + BETWEEN * (len(drawings) - 1)
    parts, y = [f'<rect class="paper" width="{number(width)}" height="{number(height)}"/>'], 0.0
    for drawing, own in zip(drawings, heights, strict=True):
        name = text(anchor(drawing.picture.name))
        parts.append(f'<g id="{name}" transform="translate(0 {number(y)})">')
        if titled:
            parts.append(f'<text class="name" x="16" y="26" font-size="18">{text(drawing.picture.title)}</text>')
        parts += [
            f'<g transform="translate(0 {number(TITLE)})">' if titled else "<g>",
            content(drawing, links),
            "</g></g>",
        ]
        y += own + BETWEEN
    return _document(width, height, "".join(parts), sheet=f"<style>{style()}</style>") + "\n"


def inline(drawing: Drawing, links: Links) -> str:
    """Return a drawing as an SVG element of a page that has the style sheet."""
    return _document(drawing.width, drawing.height, content(drawing, links))


def _document(width: float, height: float, inner: str, sheet: str = "") -> str:
    w, h = number(width), number(height)
    size = f'width="{w}" height="{h}" viewBox="0 0 {w} {h}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" {size}>{sheet}{inner}</svg>'


def content(drawing: Drawing, links: Links) -> str:
    """Return what is drawn: what stands apart, lines, their labels, boxes."""
    flow = drawing.picture.name
    apart = {placed.sized.box.id for placed in drawing.boxes if placed.sized.box.lane}
    return "\n".join(
        [
            *_band(drawing),
            *(_path(path) for path in drawing.paths),
            *(_label(label, within=label.line.source in apart) for label in drawing.labels),
            *(_box(flow, box, links) for box in drawing.boxes),
        ]
    )


def _band(drawing: Drawing) -> Iterator[str]:
    band = drawing.band
    if band is not None:
        yield f'<rect class="band" rx="8" {_rect(band)}/>'
        yield _text("title", drawing.picture.apart, band.x + band.width / 2, band.y + 18, LABEL)


def _path(path: Path) -> str:
    classes = "way" + " dashed" * path.line.dashed + " back" * path.back
    hops = "".join(("L" if len(hop) == 1 else "C") + " ".join(map(_point, hop)) for hop in _short(path))
    shown = f'<path class="{classes}" d="M{_point(path.start)}{hops}"/>'
    if path.tip is None:
        return shown
    heads = _head(path.tip, -1) + (_head(path.up, 1) if path.up else "")
    return f'{shown}<path class="head" d="{heads}"/>'


def _head(tip: Point, back: int) -> str:
    """Return an arrow's head; `back` is where its line comes from: -1 from above, 1 from below."""
    x, y = tip
    return f"M{_point(tip)}L{_point((x - HEAD_HALF, y + back * HEAD))}L{_point((x + HEAD_HALF, y + back * HEAD))}Z"


def _short(path: Path) -> Sequence[tuple[Point, ...]]:
    """Return the hops of a line, which ends where its arrow's head begins."""
    if path.tip is None:
        return path.hops
    return [*path.hops[:-1], ((path.tip[0], path.tip[1] - HEAD + 1),)]


def _label(placed: PlacedLabel, *, within: bool) -> str:
    rect, x = placed.rect, placed.rect.x + placed.rect.width / 2
    first = rect.y + LABEL_PADDING / 2 + LABEL_LINE * (0.5 + _BASE)
    lines = (_text("", line, x, first + LABEL_LINE * at, LABEL) for at, line in enumerate(placed.label.lines))
    inner = f"<title>{text(placed.line.label)}</title><rect {_rect(rect)}/>" + "".join(lines)
    return f'<g class="label{" apart" * within}">{inner}</g>'


def _box(flow: str, placed: PlacedBox, links: Links) -> str:
    """Return a box: its outline and texts, a link to its place; what opens a flow's drawing is a link of its own."""
    box, rect = placed.sized.box, placed.rect
    outline = f'<path class="shape" d="{PATHS[placed.sized.outline.name](rect)}"/><title>{text(box.whole)}</title>'
    opened = anchor(box.flow) if box.flow in links.drawn else ""
    opened = anchor(flow, box.step) if box.kind == "jump" and box.step else opened
    source = links.source(box.place) if box.place else ""
    heading, lines, notes = _texts(placed)
    if opened:
        lines = f'<a class="opens" href="#{text(opened)}">{lines}</a>'
    if source:
        href = f'<a href="{text(source)}">'
        inner = (
            f"{href}{outline}{heading}</a>{lines}{notes}" if opened else f"{href}{outline}{heading}{lines}{notes}</a>"
        )
    else:
        inner = outline + heading + lines + notes
    state = f' data-state="{text(box.step)}"' if box.place and box.step else ""
    return f'<g class="box {box.kind}{" dashed" * box.dashed}" id="{text(anchor(flow, box.id))}"{state}>{inner}</g>'


def _texts(placed: PlacedBox) -> tuple[str, str, str]:
    """Return heading, lines and notes of a box."""
    sized, x, y = placed.sized, placed.rect.x + placed.rect.width / 2, placed.rect.y + PADDING
    heading = ""
    if sized.heading:
        heading = _text("heading", sized.heading, x, y + HEADING_LINE * (0.5 + _BASE), HEADING)
        y += HEADING_LINE
    first = y + TEXT_LINE * (0.5 + _BASE)
    lines = "".join(_text("", line, x, first + TEXT_LINE * at, TEXT) for at, line in enumerate(sized.lines))
    y += TEXT_LINE * len(sized.lines) + HEADING_LINE * (0.5 + _BASE)
    notes = "".join(_text("note", note, x, y + HEADING_LINE * at, HEADING) for at, note in enumerate(sized.notes))
    return heading, lines, notes


def _text(kind: str, value: str, x: float, y: float, size: float) -> str:
    classes = f' class="{kind}"' if kind else ""
    return f'<text{classes} x="{number(x)}" y="{number(y)}" font-size="{number(size)}">{text(value)}</text>'


def _rect(rect: Rect) -> str:
    x, y, width, height = (number(each) for each in (rect.x, rect.y, rect.width, rect.height))
    return f'x="{x}" y="{y}" width="{width}" height="{height}"'


def _point(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
