"""Drawings as one HTML page: an index, the legend of shapes, and every flow below. No script, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence

from botkit.graph.drawing import Drawing, Rect
from botkit.graph.markup import Links, anchor, text
from botkit.graph.outline import PATHS
from botkit.graph.shape import HEADING, OUTLINES
from botkit.graph.svg import inline, style
from botkit.graph.words import HEADINGS, PHRASES, word

#: A shape of the legend, in pixels.
_SHAPE = Rect(2, 2, 150, 36)
_STYLE = (
    "body{margin:0 auto;padding:1rem 1.5rem 4rem;background:var(--paper);color:var(--ink);line-height:1.5}"
    "a{color:inherit}nav ul{columns:16rem;padding-left:1.2rem}"
    "section{margin-top:2.5rem;border-top:1px solid var(--edge)}"
    "h1{font-size:1.5rem}h2{font-size:1.25rem;margin:.8rem 0 .4rem}small{color:var(--soft);font-weight:normal}"
    ".scroll{overflow-x:auto}.legend svg{margin:.2rem .6rem .2rem 0}summary{cursor:pointer;color:var(--soft)}"
)


def page(drawings: Sequence[Drawing], links: Links, language: str) -> str:
    """Return the page, in `es` or `en`."""
    title = ", ".join(each.picture.title for each in drawings) if len(drawings) < 3 else _phrase("flows", language)
    head = (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{style()}{_STYLE}</style>\n</head>\n"
    )
    up = f' <small><a href="#top">↑ {text(_phrase("to top", language))}</a></small>' if len(drawings) > 1 else ""
    sections = "\n".join(_section(drawing, links, up) for drawing in drawings)
    body = f'<h1 id="top">{text(title)}</h1>\n{_index(drawings, language)}{_legend(language)}\n{sections}'
    return f'{head}<body class="picture">\n{body}\n</body>\n</html>\n'


def _phrase(key: str, language: str) -> str:
    return word(PHRASES, key, language)


def _index(drawings: Sequence[Drawing], language: str) -> str:
    if len(drawings) == 1:
        return ""
    entries = (
        f'<li><a href="#{text(anchor(each.picture.name))}">{text(each.picture.title)}</a> '
        f"<small>{text(each.picture.name)}</small></li>"
        for each in drawings
    )
    return f'<nav aria-label="{text(_phrase("flows", language))}"><ul>{"".join(entries)}</ul></nav>\n'


def _legend(language: str) -> str:
    shapes = "".join(_shape(kind, language) for kind in OUTLINES if kind != "jump")  # looks like goto
    return f'<details class="legend"><summary>{text(_phrase("shapes", language))}</summary>{shapes}</details>'


def _shape(kind: str, language: str) -> str:
    outline = PATHS[OUTLINES[kind].name](_SHAPE)
    heading = text(word(HEADINGS, kind, language))
    return (
        f'<svg class="picture" width="154" height="40"><g class="box {kind}"><path class="shape" d="{outline}"/>'
        f'<text x="77" y="24" font-size="{HEADING:.0f}">{heading}</text></g></svg>'
    )


def _section(drawing: Drawing, links: Links, up: str) -> str:
    picture = drawing.picture
    source = links.source(picture.place) if picture.place else ""
    file = text(picture.place.file) if picture.place else ""
    where = f'<small><a href="{text(source)}">{file}</a></small>' if source else f"<small>{file}</small>"
    heading = f"<h2>{text(picture.title)} <small>{text(picture.name)}</small> {where}{up}</h2>"
    shown = inline(drawing, links)
    return f'<section id="{text(anchor(picture.name))}">{heading}\n<div class="scroll">{shown}</div></section>'
