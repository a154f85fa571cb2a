"""Outlines: one shape for each kind of box, so that kinds are told apart without colour."""

from __future__ import annotations

from collections.abc import Callable

from botkit.graph.drawing import Rect

#: How far slanted sides lean, and the size of cut corners, tabs, tails and waves, in pixels.
LEAN, POINT, CUT, TAB, WAVE = 12.0, 16.0, 9.0, 5.0, 6.0


def number(value: float) -> str:
    """Return a number as short as SVG takes it."""
    return f"{value:.1f}".removesuffix(".0")


def _polygon(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def _square(r: Rect) -> str:
    return _polygon((r.x, r.y), (r.right, r.y), (r.right, r.bottom), (r.x, r.bottom))


def _bubble(r: Rect) -> str:
    return _round(r, 10.0)


def _pill(r: Rect) -> str:
    return _round(r, min(r.height / 2, 20.0))


def _round(r: Rect, radius: float) -> str:
    x, y, right, bottom, corner = (number(each) for each in (r.x, r.y, r.right, r.bottom, radius))
    inner = [number(each) for each in (r.x + radius, r.right - radius, r.y + radius, r.bottom - radius)]
    arc = f"A{corner} {corner} 0 0 1 "
    return (
        f"M{inner[0]} {y}H{inner[1]}{arc}{right} {inner[2]}V{inner[3]}{arc}{inner[1]} {bottom}"
        f"H{inner[0]}{arc}{x} {inner[3]}V{inner[2]}{arc}{inner[0]} {y}Z"
    )


def _slanted(r: Rect) -> str:
    return _polygon((r.x + LEAN, r.y), (r.right, r.y), (r.right - LEAN, r.bottom), (r.x, r.bottom))


def _cut(r: Rect) -> str:
    x, right, y, bottom = r.x + CUT, r.right - CUT, r.y + CUT, r.bottom - CUT
    left = [(r.x, bottom), (r.x, y)]
    return _polygon((x, r.y), (right, r.y), (r.right, y), (r.right, bottom), (right, r.bottom), (x, r.bottom), *left)


def _pointed(r: Rect) -> str:
    x, right, middle = r.x + POINT, r.right - POINT, r.y + r.height / 2
    return _polygon((x, r.y), (right, r.y), (r.right, middle), (right, r.bottom), (x, r.bottom), (r.x, middle))


def _tabbed(r: Rect) -> str:
    x = number(r.x + TAB)
    return _square(r) + f"M{x} {number(r.y)}V{number(r.bottom)}"


def _barred(r: Rect) -> str:
    return _tabbed(r) + f"M{number(r.right - TAB)} {number(r.y)}V{number(r.bottom)}"


def _arrow(r: Rect) -> str:
    x, middle = r.right - POINT, r.y + r.height / 2
    return _polygon((r.x, r.y), (x, r.y), (r.right, middle), (x, r.bottom), (r.x, r.bottom))


def _delay(r: Rect) -> str:
    x, y, bottom, radius = number(r.right - POINT), number(r.y), number(r.bottom), number(r.height / 2)
    return f"M{number(r.x)} {y}H{x}A{number(POINT)} {radius} 0 0 1 {x} {bottom}H{number(r.x)}Z"


def _page(r: Rect) -> str:
    x, y, right, bottom = number(r.x), number(r.y), number(r.right), number(r.bottom - WAVE / 2)
    third, up, down = r.width / 3, number(r.bottom - 2 * WAVE), number(r.bottom + WAVE)
    return f"M{x} {y}H{right}V{bottom}C{number(r.right - third)} {up} {number(r.x + third)} {down} {x} {bottom}Z"


def _manual(r: Rect) -> str:
    return _polygon((r.x, r.y), (r.right, r.y), (r.right - POINT, r.bottom), (r.x + POINT, r.bottom))


#: name of an outline -> the `d` of its path.
PATHS: dict[str, Callable[[Rect], str]] = {
    "square": _square,
    "bubble": _bubble,
    "pill": _pill,
    "slanted": _slanted,
    "cut": _cut,
    "pointed": _pointed,
    "tabbed": _tabbed,
    "barred": _barred,
    "arrow": _arrow,
    "delay": _delay,
    "page": _page,
    "manual": _manual,
}
