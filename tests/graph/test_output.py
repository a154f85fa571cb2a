"""What is written: SVG, HTML and Mermaid are sound whatever authors write, and every box leads to its place."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from botkit.graph.drawing import Drawing
from botkit.graph.layout import draw
from botkit.graph.markup import Links, anchor
from botkit.graph.mermaid import escape, mermaid
from botkit.graph.page import page
from botkit.graph.picture import Box, Line, Picture
from botkit.graph.shape import LABEL, LABEL_ROOM, fit, fit_label
from botkit.graph.svg import svg
from botkit.graph.trace import trace
from botkit.graph.widths import ELLIPSIS, shorten, width_of, wrap
from tests.graph.samples import BOTS, drawings, flows_in, traced

SVG = "{http://www.w3.org/2000/svg}"
#: What would end a text, a tag, an attribute, a comment or a style, and what XML cannot hold.
NASTY = "<script>alert(1)</script> \"'&amp; --> ]]> </style> `x` #quot; %% \x07 \ud800 end"
LINKS = Links(lambda place: f"{place.file}#L{place.line}", frozenset({"pedido"}))


def nasty() -> Drawing:
    """Return the drawing of a picture in which every text is nasty."""
    boxes = tuple(Box(f"b{n}{NASTY}", "say", NASTY, NASTY, NASTY, (NASTY,), flow="p", step=NASTY) for n in range(2))
    return draw(Picture(NASTY, NASTY, boxes, (Line(boxes[0].id, boxes[1].id, NASTY),), None, NASTY))


def parsed(text: str) -> ElementTree.Element:
    """Return the root of an SVG, which must be well-formed XML."""
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("bot", BOTS)
def test_svg(bot: str) -> None:
    """Every flow is sound SVG, with a box for each, a label for each, and no script."""
    for drawing in drawings(bot).values():
        root = parsed(svg([drawing], LINKS))
        classes = [(each.get("class") or "").partition(" ")[0] for each in root.iter(f"{SVG}g")]
        assert classes.count("box") == len(drawing.picture.boxes)
        assert classes.count("label") == len([line for line in drawing.picture.lines if line.label])
        assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("bot", BOTS)
def test_links(bot: str) -> None:
    """Each step links to its file and line, and says its place in its tooltip."""
    for drawing in drawings(bot).values():
        root = parsed(svg([drawing], LINKS))
        groups = {state: each for each in root.iter(f"{SVG}g") if (state := each.get("data-state"))}
        steps = {box.id: box for box in drawing.picture.boxes if box.place and box.step}
        assert groups.keys() == steps.keys()
        for id, group in groups.items():
            place = steps[id].place
            assert place is not None
            assert f"{place.file}#L{place.line}" in [link.get("href") for link in group.iter(f"{SVG}a")]
            assert place.row in "".join(title.text or "" for title in group.iter(f"{SVG}title"))


def test_ids() -> None:
    """On a page of several flows no id is there twice, and every link within leads to one."""
    shown = list(drawings("prestamo").values())
    html = page(shown, Links(drawn=frozenset(each.picture.name for each in shown)), "es")
    ids = re.findall(r' id="([^"]*)"', html)
    inner = re.findall(r'href="#([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(inner) <= set(ids)
    assert anchor("ingreso") in inner


def test_index() -> None:
    """A page of several flows has an index of their titles, and says it is Spanish or English."""
    shown = [drawings("repo")["citas"], drawings("repo")["pedido"]]
    html = page(shown, LINKS, "es")
    assert '<html lang="es">' in html
    assert "<nav" in html
    assert [f'href="#{anchor(name)}"' in html for name in ("citas", "pedido")] == [True, True]
    assert "<nav" not in page(shown[:1], LINKS, "es")
    assert "volver al índice" not in page(shown[:1], LINKS, "es")
    assert "volver al índice" in html


def test_only_drawn_flows_are_linked() -> None:
    """A call leads to the flow's drawing where that is shown, else nowhere."""
    picture = traced("flow: f\nstart: {words: [x]}\nsteps:\n  - call: g\n---\nflow: g\nsteps:\n  - say: g\n")
    assert 'href="#flow-g"' in svg([draw(picture)], Links(drawn=frozenset({"g"})))
    assert 'href="#flow-g"' not in svg([draw(picture)], Links())


def test_nasty_svg() -> None:
    """Nothing that an author writes is taken for markup."""
    root = parsed(svg([nasty(), nasty()], LINKS))
    assert not list(root.iter(f"{SVG}script"))
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)


def test_nasty_page() -> None:
    """Nor in a page."""
    html = page([nasty(), nasty()], LINKS, "en")
    assert "<script" not in html
    html.encode()


def test_nasty_mermaid() -> None:
    """Nor in a chart: what stands in quotes is letters, digits, plain signs and numbers of others."""
    chart = mermaid([nasty().picture, nasty().picture], LINKS)
    texts = re.findall(r'"([^"]*)"', chart)
    assert texts
    assert all(re.fullmatch(r"(?:[\w .,:!?¿¡()\-/·«»“”…'=+]|#\d+;|<br/>)*", text) for text in texts)
    chart.encode()


def test_mermaid() -> None:
    """A chart has the boxes, the lines with their labels, and the links."""
    picture = traced(
        "flow: f\nstart: {words: [go]}\nsteps:\n  - choose: ¿Qué?\n    id: q\n    options: {Sí: end, No: lado}\n"
        "    silence: {after: 2h, then: lado}\nasides:\n  lado:\n    - say: a\n",
        "es",
    )
    assert mermaid([picture], LINKS).splitlines() == [
        "flowchart TD",
        "  classDef apart stroke-dasharray: 5 3",
        '  f0n0(["empieza<br/>con: go"])',
        '  f0n1{{"elige · q<br/>¿Qué?"}}',
        '  f0n3(["fin"])',
        '  subgraph f0apart["aparte"]',
        '    f0n2("dice · lado<br/>a"):::apart',
        '    f0n4(["fin"]):::apart',
        "  end",
        "  f0n0 --> f0n1",
        '  f0n1 -->|"«Sí»"| f0n3',
        '  f0n1 -->|"«No» · sin respuesta 2h"| f0n2',
        "  f0n2 --> f0n4",
        '  click f0n0 href "f.yaml#L1"',
        '  click f0n1 href "f.yaml#L4"',
        '  click f0n2 href "f.yaml#L10"',
    ]


@pytest.mark.parametrize(("text", "written"), [('a"b', "a#34;b"), ("end", "end"), ("{{x}}", "#123;#123;x#125;#125;")])
def test_escape(text: str, written: str) -> None:
    """A sign that could mean something is written by its number."""
    assert escape(text) == written


def test_both_lights() -> None:
    """Colours are by day and by night, and lines are told apart by dashes, not by colour alone."""
    text = svg([drawings("repo")["citas"]], LINKS)
    assert "@media (prefers-color-scheme:dark)" in text
    assert 'class="way dashed"' in text


def test_size() -> None:
    """A flow of 150 steps makes no file that is slow to open."""
    assert len(svg([drawings("tangle")["grande"]], LINKS)) < 400_000


def test_several_in_one_svg() -> None:
    """Several flows stand one below another, each with its title."""
    shown = [drawings("repo")["citas"], drawings("repo")["pedido"]]
    root = parsed(svg(shown, LINKS))
    assert float(root.get("height") or 0) > sum(each.height for each in shown)
    assert [each.text for each in root.iter(f"{SVG}text") if each.get("class") == "name"] == [
        *("Reservar una cita", "Pedir comida")
    ]


def test_same_words_in_english() -> None:
    """The pictures speak the language that they are asked for."""
    flows = flows_in("repo")
    english = svg([draw(trace(flows, flows.flows["citas"], "en"))], LINKS)
    assert "Book an appointment" not in english  # the title of one flow is the file's matter
    assert "What is your name?" in english
    assert "¿Cómo te llamas?" not in english


# ── texts ──


@pytest.mark.parametrize(
    ("text", "room"), [("corto", 500.0), ("x" * 500, 100.0), ("áé 日本 👍🏽" * 20, 90.0), ("", 10.0)]
)
def test_shorten(text: str, room: float) -> None:
    """A text is cut to its room, with an ellipsis if anything is lost."""
    short = shorten(text, 13, room)
    assert width_of(short, 13) <= room
    assert short == text or short.endswith(ELLIPSIS)


@pytest.mark.parametrize(
    "text", ["una frase con varias palabras", "https://example.com/" + "x" * 200, "a " * 300, "日" * 90]
)
def test_wrap(text: str) -> None:
    """No line is wider than the room, nor are there more than asked for; what fits is there whole."""
    for most in (1, 3, 100):
        lines = wrap(text, 13, 120, most)
        assert len(lines) <= most
        assert all(width_of(line, 13) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_long_label() -> None:
    """A long label is cut, and the box of a long text is no wider than its room."""
    label = fit_label("Sí, quiero que me llamen mañana por la mañana " * 9)
    assert label.lines[-1].endswith(ELLIPSIS)
    assert all(width_of(line, LABEL) <= LABEL_ROOM for line in label.lines)
    assert fit(Box("b", "say", "dice", "x" * 999)).lines[-1].endswith(ELLIPSIS)
