"""How a chat looks: bubbles, and colours where there are any."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest

from botkit.chat.paint import Painter, bubble, note
from botkit.chat.standing import duration


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ({"type": "text", "text": "Hola"}, ["─ Hola"]),
        ({"type": "text", "text": "uno\n\ndos\n"}, ["╭ uno", "│ ", "╰ dos"]),
        ({"type": "text", "text": "uno dos tres cuatro cinco"}, ["╭ uno dos tres cuatro", "╰ cinco"]),
        ({"type": "text", "header": "De", "text": "A", "footer": "Fin"}, ["╭ De", "│ A", "╰ Fin"]),
        ({"type": "text", "text": "a\x1b[2Jb"}, ["─ a\\x1b[2Jb"]),
        ({"type": "text", "text": "👨‍👩‍👧"}, ["─ 👨‍👩‍👧"]),
        (
            {"type": "choices", "text": "¿?", "options": [{"title": "a b c d e f g h i"}]},
            ["╭ ¿?", "│   1  a b c d e f g h", "╰      i"],
        ),
        ({"type": "image", "url": "https://x.bo/f/a.png?k", "caption": "Mira"}, ["╭ [image a.png]", "╰ Mira"]),
        ({"type": "document", "file": "f/a.pdf"}, ["─ [document a.pdf]"]),
        ({"type": "location", "latitude": 1.5, "longitude": -2, "name": "Casa"}, ["╭ [location 1.5, -2]", "╰ Casa"]),
        ({"type": "contact", "name": "Ana", "phone": "+1"}, ["─ [contact Ana +1]"]),
    ],
)  # fmt: skip
def test_bubble(message: Mapping[str, Any], lines: list[str]) -> None:
    """A message is a bubble: broken between words, options with their numbers, media by their names."""
    assert [line.mark + line.text for line in bubble(message, 22)] == lines


@pytest.mark.parametrize(
    ("stream", "env", "colours"),
    [
        (Screen(), {}, True),
        (Screen(), {"NO_COLOR": "1"}, False),
        (Screen(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours(stream: io.StringIO, env: dict[str, str], colours: bool) -> None:
    """Colours are for terminals, and for people who did not ask for none."""
    Painter(stream, env).show([*bubble({"type": "text", "text": "Hola"}, 80), *note("así"), *note("mal", "wrong")])
    plain = "─ Hola\n· así\n✗ mal\n"
    painted = "\x1b[32m─\x1b[0m Hola\n\x1b[2m· así\x1b[0m\n\x1b[31m✗ mal\x1b[0m\n"
    assert stream.getvalue() == (painted if colours else plain)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0s"), (-5, "0s"), (59.6, "1m"), (90, "1m 30s"), (7140, "1h 59m"), (7200, "2h"), (93_784, "1d 2h")],
)
def test_duration(seconds: float, told: str) -> None:
    """A time is told in its two largest units."""
    assert duration(seconds) == told
