"""Flows to draw: those of this repository and of bots of other people, a line of 40 steps, a tangle of 150."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from bench.make_flows import make_flow
from botkit.flow.flowset import FlowSet
from botkit.flow.load import load
from botkit.flow.model import Flow
from botkit.flow.yaml_reader import read
from botkit.graph.drawing import Drawing, Point
from botkit.graph.drawing import Path as Way
from botkit.graph.layout import draw
from botkit.graph.picture import Box, Line, Picture
from botkit.graph.trace import trace
from botkit.project import load_project, shipped_flows
from botkit.turn.kinds import KINDS
from tests.flow.samples import BOT, HANDLERS

ROOT = Path(__file__).parents[2]
FOLDERS = {"repo": ROOT, **{path.parent.name: path.parent for path in sorted(ROOT.glob("tests/bots/*/config.yaml"))}}
#: Bots of one flow that is made.
MADE: dict[str, Callable[[], str]] = {"forty": lambda: make_flow(0, 40), "tangle": lambda: tangle()}
#: All of them; they are loaded when a test asks for one.
BOTS = (*FOLDERS, *MADE)
#: Points of a curve that are looked at.
POINTS = 24


def flows_of(text: str) -> FlowSet:
    """Return the flows of a text, which must be sound."""
    loaded = load([read(text, "f.yaml")], list(shipped_flows().values()), BOT, HANDLERS, KINDS)
    assert loaded.flows is not None, [f"{each.place}: {each.message('en')}" for each in loaded.problems]
    return loaded.flows


def traced(text: str, language: str = "en") -> Picture:
    """Return the picture of the first flow of a text."""
    flows = flows_of(text)
    return trace(flows, next(flow for flow in flows.flows.values() if not flow.builtin), language)


@cache
def flows_in(bot: str) -> FlowSet:
    """Return the flows of a bot of BOTS."""
    if bot in MADE:
        return flows_of(MADE[bot]())
    flows = load_project(FOLDERS[bot] / "config.yaml", {}).flows
    assert flows is not None
    return flows


def own_flows(bot: str) -> list[Flow]:
    """Return the flows of a bot; built-in ones are looked at once."""
    return [flow for flow in flows_in(bot).flows.values() if not flow.builtin or bot == "repo"]


@cache
def drawings(bot: str) -> dict[str, Drawing]:
    """Return the drawing of each flow of a bot."""
    return {flow.name: draw(trace(flows_in(bot), flow, "es")) for flow in own_flows(bot)}


def picture_of(count: int, pairs: list[tuple[int, int, str]], apart: frozenset[int] = frozenset()) -> Picture:
    """Return a picture of boxes by number, with lines (from, to, label) between them."""
    kinds = list(KINDS)
    boxes = [Box(f"b{n}", kinds[n % len(kinds)], "x", "y" * (n % 50), lane=int(n in apart)) for n in range(count)]
    lines = {(a, b): Line(f"b{a}", f"b{b}", label, dashed=(a + b) % 3 == 0) for a, b, label in pairs}
    return Picture("p", "P", tuple(boxes), tuple(lines.values()))


def points(way: Way) -> list[Point]:
    """Return points along a line, near to one another."""
    out, here = [way.start], way.start
    for hop in way.hops:
        control = [here, *hop] if len(hop) == 3 else [here, here, hop[0], hop[0]]
        out += [_bezier(control, step / POINTS) for step in range(1, POINTS + 1)]
        here = hop[-1]
    return out


def _bezier(control: list[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(w * point[axis] for w, point in zip(weights, control, strict=True)) for axis in (0, 1))
    return x, y


def tangle(sections: int = 6, length: int = 21) -> str:
    """Return a flow of 150 steps: a menu, sections that loop back, failures that all lead to one place."""
    lines = [
        *("flow: grande", "start: {words: [tienda], interrupts: true}", "anywhere: {humano: recepcion, menu: menu}"),
        *("silence: {after: 1d, then: despedida}", "steps:", "  - choose: ¿Qué necesitas?", "    id: menu"),
        *(
            "    options:",
            *(f"      Sección {section}: s{section}_0" for section in range(sections)),
            "      Nada: quit",
        ),
    ]
    for section in range(sections):
        for step in range(length):
            lines += _step(section, step, last=step == length - 1)
    asides = [
        *("asides:", "  disculpa:", "    - say: Algo salió mal.", "    - goto: recepcion", "  recepcion:"),
        *("    - handoff: recepcion", "    - goto: menu", "  despedida:", "    - say: Hasta luego."),
    ]
    return "\n".join([*lines, *asides, ""])


def _step(section: int, step: int, *, last: bool) -> list[str]:
    id = f"s{section}_{step}"
    then = "menu" if last else f"s{section}_{step + 1}"
    kinds = [
        [f"  - ask: ¿Cómo va la pregunta {step}, por favor?", f"    save: v{section}_{step}", f"    id: {id}"],
        [f"  - say: El texto {step}, con palabras de sobra para más de una línea de la caja.", f"    id: {id}"],
        [f"  - choose: ¿Seguimos con {step}?", f"    id: {id}", "    options:", f"      Sí: {then}"],
        [f"  - if: v{section}_{step - 3} == 'x'", f"    id: {id}", "    then:", "      - say: Una equis."],
        [f"  - http: GET https://example.com/{step}", f"    id: {id}", "    on_error: disculpa"],
        [f"  - wait: {step}m", f"    id: {id}"],
        [f"  - goto: {then}", f"    id: {id}"],
    ]
    more = {
        0: ["    invalid: {say: No entiendo., tries: 3, then: disculpa}"],
        2: [f"      No: s{section}_{step - 2}", "      Menú: menu", "    silence: {after: 2h, then: despedida}"],
    }
    return kinds[step % len(kinds)] + more.get(step % len(kinds), [])
