"""`graph`: flows as pictures."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from botkit.cli.messages import Language, say
from botkit.cli.options import config_option, existing, lang_option, spoken
from botkit.cli.trouble import told
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.flow.model import Flow
    from botkit.flow.problem import Place
    from botkit.graph.picture import Picture
    from botkit.project import Project

WRONG = 1
#: What a file's name ends in -> what is written into it.
_FORMS = {"": "svg", ".svg": "svg", ".html": "html", ".htm": "html", ".mmd": "mermaid", ".mermaid": "mermaid"}
_SUFFIXES = {"svg": ".svg", "html": ".html", "mermaid": ".mmd"}


@click.command("graph", help=say("graph"))
@click.argument("names", metavar="[FLOW]...", nargs=-1)
@click.option("--svg", "form", flag_value="svg", help=say("option svg"))
@click.option("--mermaid", "form", flag_value="mermaid", help=say("option mermaid"))
@click.option("--html", "form", flag_value="html", help=say("option html"))
@click.option("--open", "opened", is_flag=True, help=say("option open"))
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=say("option out graph"))
@config_option()
@lang_option()
@click.pass_context
def graph(
    ctx: click.Context, names: tuple[str, ...], form: str | None, opened: bool, out: Path | None, config: Path
) -> None:
    """Draw flows; at a terminal, without another wish, they open in the browser."""
    from botkit.project import load_project

    project = load_project(existing(config), os.environ)
    if project.flows is None:
        click.echo(told(project.problems, dict(project.lines)), err=True)
        ctx.exit(WRONG)
    flows = _chosen(project, names)
    opened = opened or (form is None and out is None and sys.stdout.isatty())
    form = form or (_form_of(out) if out else "html" if opened else "svg")
    if out is None and opened:
        out = Path(tempfile.mkdtemp(prefix="botkit-graph-")) / f"botkit{_SUFFIXES[form]}"
    drawn = _drawn(project, flows, form, out, far=opened)
    if out is None:
        click.echo(drawn, nl=False)
        return
    _write(out, drawn)
    click.echo(out)
    if opened:
        webbrowser.open(out.resolve().as_uri())


def _form_of(out: Path) -> str:
    """Return as what a file is written whose form no option says; raises UsageError if its name does not either."""
    form = _FORMS.get(out.suffix.lower())
    if form is None:
        values = {"path": out, "known": ", ".join(filter(None, _FORMS))}
        raise UsageError(say("no form", "en", **values), say("no form", "es", **values))
    return form


def _chosen(project: Project, names: Sequence[str]) -> list[Flow]:
    """Return the flows of these names in this order, else all of the bot's own; raises UsageError."""
    from botkit.flow.problem import nearest

    assert project.flows is not None
    known = project.flows.flows
    for name in names:
        if name not in known:
            near = nearest(name, known)
            raise UsageError(_unknown(name, near, "en"), _unknown(name, near, "es"))
    return [known[name] for name in dict.fromkeys(names)] or [each for each in known.values() if not each.builtin]


def _unknown(name: str, near: str | None, language: Language) -> str:
    return say("no flow to draw", language, flow=name) + (say("near flow", language, near=near) if near else "")


def _drawn(project: Project, flows: Sequence[Flow], form: str, out: Path | None, *, far: bool) -> str:
    """Return the picture; `far` is for a file that is looked at elsewhere than where it lies."""
    from botkit.graph.layout import draw
    from botkit.graph.markup import Links
    from botkit.graph.mermaid import mermaid
    from botkit.graph.page import page
    from botkit.graph.svg import svg
    from botkit.graph.trace import trace

    assert project.flows is not None
    pictures = [trace(project.flows, flow, spoken()) for flow in flows]

    def source(place: Place) -> str:
        return _address(place, out, far=far) if place.file in project.lines else ""

    links = Links(source, frozenset(flow.name for flow in flows))
    if form == "mermaid":
        return mermaid(pictures, links)
    for picture in pictures:
        _check_size(picture)
    drawings = [draw(picture) for picture in pictures]
    return page(drawings, links, spoken()) if form == "html" else svg(drawings, links)


def _check_size(picture: Picture) -> None:
    """Raise UsageError for a picture that is too large to draw."""
    from botkit.graph.layout import MOST_PARTS

    parts = len(picture.boxes) + len(picture.lines)
    if parts > MOST_PARTS:
        values = {"flow": picture.name, "n": parts, "most": MOST_PARTS}
        raise UsageError(say("too large to draw", "en", **values), say("too large to draw", "es", **values))


def _address(place: Place, out: Path | None, *, far: bool) -> str:
    """Return a place as a link: whole for a file that lies far away, else from where the picture lies."""
    if far:
        return f"{Path(place.file).resolve().as_uri()}#L{place.line}"
    path = Path(os.path.relpath(place.file, out.parent)) if out else Path(place.file)
    return f"{quote(path.as_posix())}#L{place.line}"


def _write(out: Path, drawn: str) -> None:
    try:
        out.write_text(drawn, encoding="utf-8")
    except OSError as error:
        values = {"path": out, "why": error.strerror}
        raise UsageError(say("not written", "en", **values), say("not written", "es", **values)) from None
